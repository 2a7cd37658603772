//! The summary of an account: how much AWS counts of each kind that is listed, and the state of the root user right now.

use std::collections::BTreeSet;

use super::page_reader::{Reader, Wanted};
use crate::collect::api::responses::{GetAccountAuthorizationDetails, GetAccountSummary};
use crate::collect::journal::page::Parameters;
use crate::model::{AccountId, Credentials, Hides, What, aws_managed_path};

/// Counts by the names that AWS gives them (IAM API reference, `GetAccountSummary`).
pub(in crate::collect) struct Summary(GetAccountSummary);

/// The summary, where AWS gave it.
pub(super) fn read(reader: &mut Reader<'_>, account: AccountId, asked_of: Option<AccountId>) -> Option<Summary> {
    let wanted = Wanted::of(What::IamCounts.in_account(account), account.to_string(), Hides::Nothing);
    let read = reader.read::<GetAccountSummary>(asked_of, Parameters::default(), &wanted);
    read.seen.into_iter().next().map(Summary)
}

impl Summary {
    /// What this answer says.
    pub(in crate::collect) fn of(answer: GetAccountSummary) -> Self {
        Summary(answer)
    }

    /// What the listing of one kind lacks: what is listed fewer times than AWS counts it. More is no wonder, because the
    /// two are not asked at the same instant, and something may have been added in between; then the listing has it.
    pub(in crate::collect) fn lacking(&self, kind: Counted, listed: &Listed) -> Option<String> {
        let (key, noun) = match kind {
            Counted::Users => ("Users", "users"),
            Counted::Groups => ("Groups", "groups"),
            Counted::Roles => ("Roles", "roles"),
            Counted::Policies => ("Policies", "customer managed policies"),
        };
        let (counted, listed) = (usize::try_from(self.count(key)?).ok()?, listed.count(kind));
        (counted > listed).then(|| format!("AWS counts {counted} {noun} in the account but listed {listed}"))
    }

    /// Whether the summary says enough of the root user to do without a report.
    pub(super) fn knows_root(&self) -> bool {
        self.says("AccountAccessKeysPresent").is_some() && self.says("AccountMFAEnabled").is_some()
    }

    /// What a report says that the root user has, and the summary denies.
    pub(super) fn contradicts(&self, reported: &Credentials) -> Vec<What> {
        let denied = [
            (What::RootKey, reported.active_keys, "AccountAccessKeysPresent"),
            (What::RootCertificate, reported.active_certificates, "AccountSigningCertificatesPresent"),
        ];
        let is_denied = |(_, active, key): &(What, u8, &str)| *active > 0 && self.says(key) == Some(false);
        denied.into_iter().filter(is_denied).map(|(what, ..)| what).collect()
    }

    /// Puts what the summary says of the root user into what a report said, which may be hours old and knows so many of
    /// its keys and certificates. Whether one of these is active, only the report says; one that was made since is, as far as anybody
    /// knows.
    pub(super) fn renew(&self, root: &mut Credentials, (keys, certificates): (u8, u8)) {
        root.password = self.says("AccountPasswordPresent").or(root.password);
        root.mfa = self.says("AccountMFAEnabled").unwrap_or(root.mfa);
        match self.count("AccountAccessKeysPresent") {
            None => {}
            Some(0) => (root.active_keys, root.key_used, root.oldest_key) = (0, None, None),
            Some(present) => root.active_keys = with_younger(root.active_keys, present, keys),
        }
        match self.count("AccountSigningCertificatesPresent") {
            None => {}
            Some(0) => root.active_certificates = 0,
            Some(present) => root.active_certificates = with_younger(root.active_certificates, present, certificates),
        }
    }

    fn says(&self, key: &str) -> Option<bool> {
        self.count(key).map(|count| count > 0)
    }

    fn count(&self, key: &str) -> Option<i64> {
        self.0.summary_map.get(key).copied()
    }
}

/// How many are active, of so many that are there and so many that a report knows.
fn with_younger(active: u8, present: i64, reported: u8) -> u8 {
    active.saturating_add(u8::try_from(present).unwrap_or(u8::MAX).saturating_sub(reported))
}

/// What AWS counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::collect) enum Counted {
    Users,
    Groups,
    Roles,
    /// Those of the account, and none of AWS.
    Policies,
}

impl Counted {
    /// All of it.
    pub(in crate::collect) const ALL: [Counted; 4] =
        [Counted::Users, Counted::Groups, Counted::Roles, Counted::Policies];
}

/// The names of what was listed, each once.
#[derive(Debug, Default)]
pub(in crate::collect) struct Listed([BTreeSet<String>; 4]);

impl Listed {
    /// What these pages list.
    pub(in crate::collect) fn of(pages: &[GetAccountAuthorizationDetails]) -> Self {
        let mut listed = Listed::default();
        for page in pages {
            let [users, groups, roles, policies] = &mut listed.0;
            users.extend(page.user_detail_list.iter().map(|user| user.user_name.clone()));
            groups.extend(page.group_detail_list.iter().map(|group| group.group_name.clone()));
            roles.extend(page.role_detail_list.iter().flatten().map(|role| role.role_name.clone()));
            let own = page.policies.iter().filter(|policy| aws_managed_path(&policy.arn).is_none());
            policies.extend(own.map(|policy| policy.arn.clone()));
        }
        listed
    }

    fn count(&self, kind: Counted) -> usize {
        let [users, groups, roles, policies] = &self.0;
        match kind {
            Counted::Users => users.len(),
            Counted::Groups => groups.len(),
            Counted::Roles => roles.len(),
            Counted::Policies => policies.len(),
        }
    }
}
