//! What rules ask a case about IAM: who answers for a user, root users, roles and whom they trust.

use crate::model::{
    Administrative, Because, Credentials, Entitled, Entitlement, Evidence, IamAccount, IamRole, IamUser, Ix, NameKey,
    Person, RowRef, Standing, Subject, Trust,
};

use super::administrative::{self, Place};
use super::outside_organization;
use super::rule_context::Case;

impl<'a> Case<'a> {
    /// Who answers for an IAM user, as its row says, else as its tag does.
    pub(super) fn owner_of(&self, account: Ix<IamAccount>, user: Ix<IamUser>) -> Option<String> {
        let entry = self.iam_user(account, user);
        let rows = &self.world.expectation.iam_users;
        let row = match self.standing(Subject::IamUser(account, user)) {
            Standing::Expected(at) | Standing::Differs(at) => rows.look_up(at, |row| row.row).seen(),
            // Those that are not in order are few.
            Standing::Pending(_)
            | Standing::Unintended(_)
            | Standing::Missing(..)
            | Standing::Unknown(_)
            | Standing::Unlisted => {
                let id = self.world.snapshot.accounts[self.world.snapshot.iam[account.number()].account].id;
                let name = NameKey::of(&entry.name);
                rows.seen().find(|row| row.account == id && NameKey::of(&row.name) == name)
            }
        };
        entry.owner(row).map(str::to_owned)
    }

    /// The row of the person who answered for an IAM user and has left, whether or not a list speaks of IAM users.
    pub(super) fn owner_left(&self, account: Ix<IamAccount>, user: Ix<IamUser>) -> Option<RowRef> {
        match self.standing(Subject::IamUser(account, user)) {
            Standing::Unintended(Because::HolderLeft(row)) => Some(*row),
            Standing::Unlisted => Some(self.owners.left(&self.owner_of(account, user)?)?.decided_by()),
            Standing::Expected(_)
            | Standing::Unintended(Because::NotExpected(_) | Because::HolderHadLeft(_) | Because::Lapsed(_))
            | Standing::Pending(_)
            | Standing::Differs(_)
            | Standing::Missing(..)
            | Standing::Unknown(_) => None,
        }
    }

    /// Rows that say that the person who answers for an IAM user is still there, though another one says the opposite.
    pub(super) fn owner_contradicted(&self, account: Ix<IamAccount>, user: Ix<IamUser>) -> Vec<Evidence> {
        let owner = self.owner_of(account, user);
        let left = owner.as_deref().and_then(|owner| self.owners.left(owner));
        left.into_iter().flat_map(Person::contradicting).map(Evidence::SaidToBeThere).collect()
    }

    /// IAM users for whom somebody answers who has left, with the row that says so.
    pub(super) fn iam_users_of_leavers(&self) -> impl Iterator<Item = (Ix<IamAccount>, Ix<IamUser>, RowRef)> {
        self.judged.iter().filter_map(|judged| {
            let Subject::IamUser(account, user) = judged.subject else { return None };
            Some((account, user, self.owner_left(account, user)?))
        })
    }

    /// The IAM users that may be there: one that should not, or whose owner has left, is to be dealt with for that cause.
    pub(super) fn expected_iam_users(&self) -> impl Iterator<Item = (Ix<IamAccount>, Ix<IamUser>)> {
        let users = self.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
            (Subject::IamUser(..), Standing::Unintended(_)) => None,
            (Subject::IamUser(account, user), _) => Some((account, user)),
            _ => None,
        });
        users.filter(|&(account, user)| self.owner_left(account, user).is_none())
    }

    /// The root users of which it is known how they can sign in.
    pub(super) fn roots(&self) -> impl Iterator<Item = (Ix<IamAccount>, &'a Credentials)> {
        let accounts = self.world.snapshot.iam.iter().enumerate();
        accounts.filter_map(|(number, account)| Some((Ix::new(number), account.root.is()?)))
    }

    /// An IAM role.
    pub(super) fn iam_role(&self, account: Ix<IamAccount>, role: Ix<IamRole>) -> &'a IamRole {
        &self.world.snapshot.iam[account.number()].roles[role]
    }

    /// Somebody whom a role trusts.
    ///
    /// # Panics
    /// Where nobody knows whom the role trusts: then no such trust was judged.
    pub(super) fn trust(&self, account: Ix<IamAccount>, role: Ix<IamRole>, place: Ix<Trust>) -> &'a Trust {
        let trusts = self.iam_role(account, role).trusts.is().expect("an assessed trust was read");
        &trusts[place.number()]
    }

    /// Whether somebody whom a role trusts is seen to be outside the organization.
    pub(super) fn is_outside(&self, account: Ix<IamAccount>, role: Ix<IamRole>, place: Ix<Trust>) -> bool {
        let snapshot = &self.world.snapshot;
        let (entry, trust) = (self.iam_role(account, role), self.trust(account, role, place));
        let found = outside_organization::whereabouts(snapshot, &snapshot.iam[account.number()], entry, trust);
        matches!(found, outside_organization::Whereabouts::Outside)
    }

    /// Whether its policies make an IAM user an administrator.
    pub(super) fn administrative_user(&self, account: Ix<IamAccount>, user: Ix<IamUser>) -> Administrative {
        administrative::user(self.iam_user(account, user), self.place(account))
    }

    /// What an account is in the organization.
    pub(super) fn place(&self, account: Ix<IamAccount>) -> Place {
        let snapshot = &self.world.snapshot;
        Place::of(snapshot, snapshot.iam[account.number()].account)
    }

    /// Whether the role of an entitlement makes its holder an administrator.
    pub(super) fn administrative_entitlement(
        &self,
        entitled: Ix<Entitled>,
        entitlement: Ix<Entitlement>,
    ) -> Administrative {
        let entitled = &self.world.snapshot.entitled[entitled];
        administrative::entitlement(&self.world.snapshot, entitled.account, &entitled.entitlements[entitlement])
    }

    /// Whether its policies make whoever assumes a role an administrator.
    pub(super) fn administrative_role(&self, account: Ix<IamAccount>, role: &IamRole) -> Administrative {
        administrative::role(role, self.place(account))
    }
}
