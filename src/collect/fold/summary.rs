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
        format!("how many IAM users and groups there are in {account}, and the state of the root user"),
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

    /// Whether the summary says enough of the root user to do without a report.
    pub(super) fn knows_root(&self) -> bool {
        self.says("AccountAccessKeysPresent").is_some() && self.says("AccountMFAEnabled").is_some()
    }

    /// Puts what the summary says of the root user into what a report said, which may be hours old and knows so many of
    /// its keys. Whether one of these is active, only the report says; one that was made since is, as far as anybody
    /// knows.
    pub(super) fn renew(&self, root: &mut Credentials, reported: u8) {
        root.password = self.says("AccountPasswordPresent").or(root.password);
        root.mfa = self.says("AccountMFAEnabled").unwrap_or(root.mfa);
        match self.count("AccountAccessKeysPresent") {
            None => {}
            Some(0) => (root.active_keys, root.key_used, root.oldest_key) = (0, None, None),
            Some(present) => {
                let present = u8::try_from(present).unwrap_or(u8::MAX);
                root.active_keys = root.active_keys.saturating_add(present.saturating_sub(reported));
            }
        }
    }

    fn says(&self, key: &str) -> Option<bool> {
        self.count(key).map(|count| count > 0)
    }

    fn count(&self, key: &str) -> Option<i64> {
        self.0.summary_map.get(key).copied()
    }
}
