//! Permission sets, assignments, applications and entitlements.

use std::collections::BTreeSet;

use super::{BEGINNING, World};

/// A user or a group that is granted something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// A user, by id.
    User(String),
    /// A group, by id.
    Group(String),
}

impl Principal {
    /// `USER` or `GROUP`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Principal::User(_) => "USER",
            Principal::Group(_) => "GROUP",
        }
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Principal::User(id) | Principal::Group(id) => id,
        }
    }
}

/// A permission set.
#[derive(Debug, Clone, Default)]
pub struct PermissionSet {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How long a session lasts, as ISO 8601 has it.
    pub session_duration: Option<String>,
    /// Seconds since 1970.
    pub created_at: i64,
    /// AWS's policies in it, by ARN.
    pub managed: Vec<String>,
    /// The accounts' own policies in it: name and path.
    pub customer_managed: Vec<(String, String)>,
    /// The policy that exists only in it.
    pub inline: Option<String>,
    /// The ARN of AWS's policy that bounds it.
    pub boundary: Option<String>,
    /// The accounts that it is provisioned to.
    pub provisioned: BTreeSet<String>,
}

/// An application that people sign in to by Identity Center.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// `ENABLED` or `DISABLED`.
    pub status: String,
    /// Whether only those who are assigned may use it.
    pub assignment_required: bool,
    /// Who is assigned.
    pub assigned: Vec<Principal>,
}

/// A principal's way to an IAM role past all permission sets.
#[derive(Debug, Clone)]
pub struct Entitlement {
    /// Its id.
    pub id: String,
    /// The application of account access manager that it belongs to, by ARN.
    pub application: String,
    /// Who may.
    pub principal: Principal,
    /// Which role.
    pub role_arn: String,
    /// The account that the role is in.
    pub account: String,
}

impl World {
    /// Adds a permission set with AWS's policy `ReadOnlyAccess`; returns the ARN.
    pub fn add_permission_set(&mut self, name: &str) -> String {
        let number = self.next();
        let arn = format!("arn:aws:sso:::permissionSet/ssoins-7223000000000001/ps-{number:016x}");
        self.permission_sets.push(PermissionSet {
            arn: arn.clone(),
            name: name.to_owned(),
            description: Some(format!("{name} of an account")),
            session_duration: Some("PT1H".to_owned()),
            created_at: BEGINNING + 60 * i64::from(number),
            managed: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
            ..PermissionSet::default()
        });
        arn
    }

    /// The permission set with this ARN, to be changed.
    ///
    /// # Panics
    /// Where there is none.
    pub fn permission_set_mut(&mut self, arn: &str) -> &mut PermissionSet {
        self.permission_sets.iter_mut().find(|set| set.arn == arn).expect("the permission set was added")
    }

    /// Assigns a permission set in an account, and provisions it there.
    ///
    /// # Panics
    /// Where this permission set does not exist.
    pub fn assign(&mut self, principal: Principal, set: &str, account: &str) {
        self.permission_set_mut(set).provisioned.insert(account.to_owned());
        let assigned = self.assignments.entry((set.to_owned(), account.to_owned())).or_default();
        if !assigned.contains(&principal) {
            assigned.push(principal);
        }
    }

    /// Takes an assignment away; what was provisioned stays provisioned.
    pub fn unassign(&mut self, principal: &Principal, set: &str, account: &str) {
        if let Some(assigned) = self.assignments.get_mut(&(set.to_owned(), account.to_owned())) {
            assigned.retain(|known| known != principal);
        }
    }

    /// All assignments: permission set, account, principal.
    pub fn assignments(&self) -> impl Iterator<Item = (&str, &str, &Principal)> {
        self.assignments.iter().flat_map(|((set, account), principals)| {
            principals.iter().map(move |principal| (set.as_str(), account.as_str(), principal))
        })
    }

    /// Adds an application of the management account that asks for an assignment; returns the ARN.
    pub fn add_application(&mut self, name: &str) -> String {
        let number = self.next();
        let arn = format!("arn:aws:sso::{}:application/ssoins-7223000000000001/apl-{number:016x}", super::MANAGEMENT);
        self.applications.push(Application {
            arn: arn.clone(),
            name: name.to_owned(),
            status: "ENABLED".to_owned(),
            assignment_required: true,
            assigned: Vec::new(),
        });
        arn
    }

    /// Assigns an application.
    ///
    /// # Panics
    /// Where there is no such application.
    pub fn assign_application(&mut self, principal: Principal, application: &str) {
        let known = self.applications.iter_mut().find(|known| known.arn == application);
        known.expect("the application was added").assigned.push(principal);
    }

    /// Entitles a principal to an IAM role of an account; returns the id.
    pub fn entitle(&mut self, principal: Principal, account: &str, role: &str) -> String {
        self.entitle_by(super::ACCESS_MANAGER, principal, account, role)
    }

    /// Entitles a principal by this application of account access manager; returns the id.
    pub fn entitle_by(&mut self, application: &str, principal: Principal, account: &str, role: &str) -> String {
        let id = format!("ent-{:016x}", self.next());
        let role_arn = format!("arn:aws:iam::{account}:role/{role}");
        let (application, account) = (application.to_owned(), account.to_owned());
        self.entitlements.push(Entitlement { id: id.clone(), application, principal, role_arn, account });
        id
    }
}
