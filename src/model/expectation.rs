//! All that the expected lists say, each statement with its file and line.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    AccountId, ApplicationRow, AssignmentRow, DirectoryGroup, EntitlementRow, ExpectedFile, Extent, Gap, IamUserRow,
    IdleRow, Kind, Listing, NameKey, PermissionSetRow, Person, RowRef, Sight, Source, TrustRow, Waiver,
};

/// All that the expected lists say.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// The files, by name.
    pub files: Vec<ExpectedFile>,
    /// The kinds that a list speaks for. Of the others nothing is judged.
    pub speaks_for: BTreeSet<Kind>,
    /// Of these, the ones of which the lists name some only. What they do not name is not judged.
    pub speaks_in_part: BTreeSet<Kind>,
    /// Where nothing but the people in them names groups: how far it is known which groups are in others. Such lists do
    /// not name a group that nobody is in.
    pub groups_by_people: Option<Extent>,
    /// People, by name.
    pub people: Listing<Person>,
    /// Directory groups, by name.
    pub groups: Listing<DirectoryGroup>,
    /// Rows of `assignments.csv` that are in force, in file order: one for each account that a row means, and for each
    /// directory group that a naming convention fits.
    pub assignments: Listing<AssignmentRow>,
    /// The same of rows that have expired.
    pub lapsed: Listing<AssignmentRow>,
    /// Rows of `applications.csv`, in file order, lapsed ones among them.
    pub applications: Listing<ApplicationRow>,
    /// Rows of `entitlements.csv`, in file order, one for each account that a row means; lapsed ones among them.
    pub entitlements: Listing<EntitlementRow>,
    /// Rows of `permission-sets.csv`, in file order.
    pub permission_sets: Listing<PermissionSetRow>,
    /// Rows of `iam-users.csv`, in file order.
    pub iam_users: Listing<IamUserRow>,
    /// Rows of `trusts.csv`, in file order.
    pub trusts: Listing<TrustRow>,
    /// Accepted deviations, in file order.
    pub waivers: Vec<Waiver>,
    /// Rows that were understood and mean nothing that exists.
    pub idle: Vec<IdleRow>,
    /// Rows that could not be used.
    pub refused: Vec<Refusal>,
    /// What rows may mean besides what they are known to mean: patterns over names that are not known, and what else a
    /// refused row may have spoken about. It matters only where something is there that one of them may mean.
    pub undecided: Vec<Refusal>,
    /// All that could not be read although a list was to say it.
    pub gaps: Vec<Arc<Gap>>,
    /// All that was read to its end.
    pub sources: Vec<Arc<Source>>,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The row.
    pub row: RowRef,
    /// Why it was refused, for a reader.
    pub reason: String,
    /// What it may have spoken about.
    pub concerns: Concerns,
    /// The gap that it leaves.
    pub gap: Arc<Gap>,
}

/// What a refused row may have spoken about: what of it could be read. `None` means that it could have been anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerns {
    /// The kind of grant.
    pub kind: Kind,
    /// The principal: a user, a group or an IAM user.
    pub principal: Option<NameKey>,
    /// The account.
    pub account: Option<AccountId>,
    /// What is granted: a permission set, a group or a policy.
    pub what: Option<NameKey>,
}

/// What was looked up, by every name that a row may use for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The kind of grant.
    pub kind: Kind,
    /// The principal's names; none where there is no principal.
    pub principal: Vec<NameKey>,
    /// The account.
    pub account: Option<AccountId>,
    /// Names of what is granted; none where nothing is.
    pub what: Vec<NameKey>,
}

impl Expectation {
    /// Takes back an absence that a refused row could contradict: where a row that could not be read may have named
    /// what was looked up, nobody can say that the list does not name it.
    #[must_use]
    pub fn unless_refused<T>(&self, sight: Sight<T>, asked: impl FnOnce() -> Asked) -> Sight<T> {
        match sight {
            Sight::Absent(absence) if self.refused.is_empty() && self.undecided.is_empty() => Sight::Absent(absence),
            Sight::Absent(absence) => {
                let asked = asked();
                let mut rows = self.refused.iter().chain(&self.undecided);
                match rows.find(|refusal| refusal.concerns.may_be(&asked)) {
                    Some(refusal) => Sight::Unseen(Arc::clone(&refusal.gap)),
                    None => Sight::Absent(absence),
                }
            }
            Sight::Seen(_) | Sight::Unseen(_) => sight,
        }
    }
}

impl Concerns {
    /// Whether the refused row may have spoken about `asked`: nothing that both name differs.
    fn may_be(&self, asked: &Asked) -> bool {
        let fits = |own: &Option<NameKey>, asked: &[NameKey]| {
            own.as_ref().is_none_or(|own| asked.is_empty() || asked.contains(own))
        };
        self.kind == asked.kind
            && fits(&self.principal, &asked.principal)
            && self.account.zip(asked.account).is_none_or(|(own, asked)| own == asked)
            && fits(&self.what, &asked.what)
    }
}
