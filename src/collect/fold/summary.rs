//! The summary of an account: how many users and groups AWS counts, and the state of the root user right now.

use super::reader::{Reader, Wanted};
use crate::collect::answer::GetAccountSummary;
use crate::collect::page::Parameters;
use crate::model::{AccountId, Credentials, Hides};

/// Counts by the names that AWS gives them (IAM API reference, `GetAccountSummary`).
pub(super) struct Summary(GetAccountSummary);

/// The summary, where AWS gave it.
pub(super) fn read(reader: &mut Reader<'_>, account: AccountId, asked_of: Option<AccountId>) -> Option<Summary> {
    let wanted = Wanted::of(
        format!("how many IAM users and groups {account} has, and the state of its root user"),
        account.to_string(),
        Hides::Nothing,
    );
    let read = reader.read::<GetAccountSummary>(asked_of, Parameters::default(), &wanted);
    read.seen.into_iter().next().map(Summary)
}

impl Summary {
    /// What a listing lacks: what is listed fewer times than AWS counts it. More is no wonder, because the two are not
    /// asked at the same instant, and somebody may have been added in between; then the listing has them.
    pub(super) fn lacking(&self, users: usize, groups: usize) -> Option<String> {
        let lacking = |key: &str, noun: &str, listed: usize| {
            let counted = usize::try_from(self.count(key)?).ok()?;
            (counted > listed).then(|| format!("the account counts {counted} {noun}, and {listed} were listed"))
        };
        lacking("Users", "users", users).or_else(|| lacking("Groups", "groups", groups))
    }

    /// The root user, where the summary says enough of it.
    pub(super) fn root(&self) -> Option<Credentials> {
        let keys = self.says("AccountAccessKeysPresent")?;
        Some(Credentials {
            password: self.says("AccountPasswordPresent"),
            active_keys: keys.into(),
            mfa: self.says("AccountMFAEnabled")?,
            ..Credentials::default()
        })
    }

    /// Puts what the summary says of the root user into what a report said, which may be hours old. Whether a key that
    /// is present is active too, only the report says.
    pub(super) fn renew(&self, root: &mut Credentials) {
        root.password = self.says("AccountPasswordPresent").or(root.password);
        root.mfa = self.says("AccountMFAEnabled").unwrap_or(root.mfa);
    }

    fn says(&self, key: &str) -> Option<bool> {
        self.count(key).map(|count| count > 0)
    }

    fn count(&self, key: &str) -> Option<i64> {
        self.0.summary_map.get(key).copied()
    }
}
