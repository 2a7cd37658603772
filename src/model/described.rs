//! Whom and what a subject is about, taken from both halves of an audit's input: the one place that tells all subjects
//! apart by what they consist of.

use super::{
    Account, AccountId, Application, Group, IamPolicy, IamRole, IamUser, IdleRow, Ix, Kind, PermissionSet, Person,
    Principal, PrincipalName, RowRef, Subject, Trusted, Waiver, World,
};

/// Whom and what a subject is about.
#[derive(Debug, Clone, Copy)]
pub struct Described<'w> {
    /// What it is, as one stable word: `user`, `due-user`, `membership`.
    pub word: &'static str,
    /// Whom it is about.
    pub whom: Whom<'w>,
    /// What they have, are in or are expected to have.
    pub object: Object<'w>,
    /// The account that it is in.
    pub place: Place<'w>,
    /// The row that expects it, where that is why it is a subject at all.
    pub row: Option<RowRef>,
}

/// Whom a subject is about.
#[derive(Debug, Clone, Copy)]
pub enum Whom<'w> {
    /// No principal: a permission set as such, a list, a waiver.
    NoOne,
    /// Every user of Identity Center.
    Everyone,
    /// A user or group of Identity Center.
    Principal(Principal),
    /// A user or group that a row names.
    Named(&'w PrincipalName),
    /// A person of the lists.
    Person(Ix<Person>),
    /// An IAM user.
    IamUser(&'w IamUser),
    /// An IAM user that a row names.
    NamedIamUser(&'w str),
    /// An IAM role.
    Role(&'w IamRole),
    /// An IAM role that a row names.
    NamedRole(&'w str),
    /// The root user of an account.
    Root,
}

/// What a subject is about besides whom.
#[derive(Debug, Clone, Copy)]
pub enum Object<'w> {
    /// Nothing more.
    Nothing,
    /// The group of a membership.
    Group(Ix<Group>),
    /// A permission set.
    PermissionSet(Ix<PermissionSet>),
    /// A permission set that a row names.
    NamedPermissionSet(&'w str),
    /// An application of Identity Center.
    Application(Ix<Application>),
    /// An application that a row names.
    NamedApplication(&'w str),
    /// The IAM role of an entitlement.
    Role(&'w str),
    /// A policy of an IAM user.
    Policy(&'w IamPolicy),
    /// A policy that a row names.
    NamedPolicy(&'w str),
    /// Whom a role trusts; `None` where the trust is not there any more.
    Trusted(Option<&'w Trusted>),
    /// Whom a row expects a role to trust.
    NamedTrusted(&'w str),
    /// An expected list.
    List(&'w str),
    /// What a list that is gone spoke for.
    GoneList(Kind),
    /// A row that means nothing that exists.
    IdleRow(&'w IdleRow),
    /// A waiver.
    Waiver(&'w Waiver),
}

/// The account that a subject is in.
#[derive(Debug, Clone, Copy)]
pub enum Place<'w> {
    /// In none, or in whichever.
    Nowhere,
    /// In this one.
    In(&'w Account),
    /// In the account with this id, which a row names.
    Named(AccountId),
}

impl Place<'_> {
    /// The account's id.
    #[must_use]
    pub fn id(self) -> Option<AccountId> {
        match self {
            Place::Nowhere => None,
            Place::In(account) => Some(account.id),
            Place::Named(id) => Some(id),
        }
    }
}

impl Whom<'_> {
    /// The principal of Identity Center.
    #[must_use]
    pub fn principal(self) -> Option<Principal> {
        match self {
            Whom::Principal(principal) => Some(principal),
            Whom::NoOne
            | Whom::Everyone
            | Whom::Named(_)
            | Whom::Person(_)
            | Whom::IamUser(_)
            | Whom::NamedIamUser(_)
            | Whom::Role(_)
            | Whom::NamedRole(_)
            | Whom::Root => None,
        }
    }
}

impl<'w> Described<'w> {
    fn of(word: &'static str, whom: Whom<'w>) -> Self {
        Described { word, whom, object: Object::Nothing, place: Place::Nowhere, row: None }
    }

    fn with(self, object: Object<'w>) -> Self {
        Described { object, ..self }
    }

    fn at(self, account: &'w Account) -> Self {
        Described { place: Place::In(account), ..self }
    }

    fn named_at(self, account: AccountId) -> Self {
        Described { place: Place::Named(account), ..self }
    }

    fn by(self, row: RowRef) -> Self {
        Described { row: Some(row), ..self }
    }
}

impl World {
    /// Whom and what a subject is about.
    #[must_use]
    pub fn describe(&self, subject: Subject) -> Described<'_> {
        if subject.is_due() { self.describe_due(subject) } else { self.describe_found(subject) }
    }

    /// What is there, and what is no access at all.
    fn describe_found(&self, subject: Subject) -> Described<'_> {
        let (snapshot, expectation) = (&self.snapshot, &self.expectation);
        let iam = |number: Ix<_>| &snapshot.iam[number.number()];
        let account_of = |number| &snapshot.accounts[iam(number).account];
        let word = subject.word();
        let none = Described::of(word, Whom::NoOne);
        match subject {
            Subject::User(user) => Described::of(word, Whom::Principal(Principal::User(user))),
            Subject::Group(group) => Described::of(word, Whom::Principal(Principal::Group(group))),
            Subject::Membership(group, user) => {
                Described::of(word, Whom::Principal(Principal::User(user))).with(Object::Group(group))
            }
            Subject::Assignment(account, set, principal) => {
                let described = Described::of(word, Whom::Principal(principal)).with(Object::PermissionSet(set));
                described.at(&snapshot.accounts[account])
            }
            Subject::PermissionSetOf(set, principal) => {
                Described::of(word, Whom::Principal(principal)).with(Object::PermissionSet(set))
            }
            Subject::Application(application, holder) => {
                let whom = holder.map_or(Whom::Everyone, Whom::Principal);
                Described::of(word, whom).with(Object::Application(application))
            }
            Subject::Entitlement(entitled, entitlement) => {
                let entitled = &snapshot.entitled[entitled];
                let entitlement = &entitled.entitlements[entitlement];
                let described = Described::of(word, Whom::Principal(entitlement.principal));
                described.with(Object::Role(&entitlement.role)).at(&snapshot.accounts[entitled.account])
            }
            Subject::PermissionSet(set) => none.with(Object::PermissionSet(set)),
            Subject::IamUser(number, user) => {
                Described::of(word, Whom::IamUser(&iam(number).users[user])).at(account_of(number))
            }
            Subject::Policy(number, user, policy) => {
                let user = &iam(number).users[user];
                let policy = Object::Policy(&user.policies[policy.number()]);
                Described::of(word, Whom::IamUser(user)).with(policy).at(account_of(number))
            }
            Subject::Trust(number, role, trust) => {
                let role = &iam(number).roles[role];
                let trusted = role.trusts.is().map(|trusts| &trusts[trust.number()].trusted);
                Described::of(word, Whom::Role(role)).with(Object::Trusted(trusted)).at(account_of(number))
            }
            Subject::Root(number) => Described::of(word, Whom::Root).at(account_of(number)),
            Subject::GoneList(kind) => none.with(Object::GoneList(kind)),
            Subject::List(file) => none.with(Object::List(&expectation.files[file.number()].name)),
            Subject::Waiver(waiver) => {
                let waiver = &expectation.waivers[waiver.number()];
                none.with(Object::Waiver(waiver)).by(waiver.row)
            }
            Subject::IdleRow(idle) => {
                let idle = &expectation.idle[idle.number()];
                none.with(Object::IdleRow(idle)).by(idle.row)
            }
            Subject::Directory
            | Subject::DueUser(_)
            | Subject::DueGroup(_)
            | Subject::DueMembership(..)
            | Subject::DueAssignment(_)
            | Subject::DueApplication(_)
            | Subject::DueEntitlement(_)
            | Subject::DuePermissionSet(_)
            | Subject::DueIamUser(_)
            | Subject::DuePolicy(..)
            | Subject::DueTrust(_) => none,
        }
    }

    /// What is expected and not there.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`Subject::is_due` knows every subject that is due")]
    fn describe_due(&self, subject: Subject) -> Described<'_> {
        let expectation = &self.expectation;
        let word = subject.word();
        let named = |principal| Described::of(word, Whom::Named(principal));
        match subject {
            Subject::DueUser(person) => Described::of(word, Whom::Person(person)).by(expectation.people[person].row),
            Subject::DueGroup(row) => {
                let row = &expectation.assignments[row];
                named(&row.principal).by(row.row)
            }
            Subject::DueMembership(group, _, person) => {
                let described = Described::of(word, Whom::Person(person)).with(Object::Group(group));
                described.by(expectation.people[person].row)
            }
            Subject::DueAssignment(row) => {
                let row = &expectation.assignments[row];
                let described = named(&row.principal).with(Object::NamedPermissionSet(&row.permission_set));
                described.named_at(row.account).by(row.row)
            }
            Subject::DueApplication(row) => {
                let row = &expectation.applications[row];
                let whom = row.principal.as_ref().map_or(Whom::Everyone, Whom::Named);
                Described::of(word, whom).with(Object::NamedApplication(&row.application)).by(row.row)
            }
            Subject::DueEntitlement(row) => {
                let row = &expectation.entitlements[row];
                named(&row.principal).with(Object::Role(&row.role)).named_at(row.account).by(row.row)
            }
            Subject::DuePermissionSet(row) => {
                let row = &expectation.permission_sets[row];
                Described::of(word, Whom::NoOne).with(Object::NamedPermissionSet(&row.name)).by(row.row)
            }
            Subject::DueIamUser(row) => {
                let row = &expectation.iam_users[row];
                Described::of(word, Whom::NamedIamUser(&row.name)).named_at(row.account).by(row.row)
            }
            Subject::DuePolicy(row, number) => {
                let row = &expectation.iam_users[row];
                let policy = row.policies.as_ref().and_then(|policies| policies.get(number as usize));
                let object = policy.map_or(Object::Nothing, |policy| Object::NamedPolicy(policy));
                Described::of(word, Whom::NamedIamUser(&row.name)).with(object).named_at(row.account).by(row.row)
            }
            Subject::DueTrust(row) => {
                let row = &expectation.trusts[row];
                let described = Described::of(word, Whom::NamedRole(&row.role));
                described.with(Object::NamedTrusted(&row.trusted)).named_at(row.account).by(row.row)
            }
            _ => Described::of(word, Whom::NoOne),
        }
    }
}
