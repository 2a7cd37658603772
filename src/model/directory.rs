//! What the directory says: people, groups, and who is in which group by which path.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Gap, Guid, Ix, Listing, RowRef};

/// A person that an expected list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name to show: display name, else the sign-in name.
    pub name: String,
    /// `userPrincipalName`, or the user column of `people.csv`.
    pub user_name: Option<String>,
    /// The same by other lists: in Entra ID people may sign in by another name than in Active Directory.
    pub other_user_names: Vec<String>,
    /// `sAMAccountName`.
    pub sam: Option<String>,
    /// The DNS name of the person's domain, from its DN.
    pub domain: Option<String>,
    /// Mail addresses.
    pub mails: Vec<String>,
    /// The numbers by which a personnel department knows the person, as [`employee_number`](super::employee_number) has
    /// them.
    pub employee_ids: Vec<String>,
    /// `objectGUID`.
    pub guid: Option<Guid>,
    /// The object id in Entra ID, which is no `objectGUID`.
    pub entra_id: Option<Guid>,
    /// When the directory last changed the person's entry, where the list says so.
    pub changed: Option<DateTime<Utc>>,
    /// `objectSid`, as text.
    pub sid: Option<String>,
    /// Whether the person is still there, by all rows together: whoever has left by one of them has left.
    pub employment: Employment,
    /// What the rows say of that, each for itself; those that say nothing of it are not here.
    pub statements: Vec<StatedEmployment>,
    /// Why nobody can say whether the person is still there, where the employment is unknown.
    pub doubt: Option<Arc<Gap>>,
    /// Whether the account is enabled; `None` where no list says.
    pub enabled: Option<bool>,
    /// When the account expires.
    pub expires: Expires,
    /// The first row that names the person.
    pub row: RowRef,
}

/// What one row says of whether a person is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatedEmployment {
    /// The row.
    pub row: RowRef,
    /// What it says.
    pub employment: Employment,
    /// Where the row is an account of a directory that dates its changes, and ends it: when it ended. A disabled account
    /// ended at its last change at the latest, an expired one when it expired.
    pub ended: Option<DateTime<Utc>>,
}

/// When an account expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expires {
    /// Never, as a list says.
    Never,
    /// At this instant.
    At(DateTime<Utc>),
    /// No list says, or not in a way that is understood.
    Unsaid,
}

impl Expires {
    /// The instant, where there is one.
    #[must_use]
    pub fn at(self) -> Option<DateTime<Utc>> {
        match self {
            Expires::At(instant) => Some(instant),
            Expires::Never | Expires::Unsaid => None,
        }
    }
}

impl Person {
    /// The row by which the person's employment is decided; the first row that names them where no row speaks of it.
    #[must_use]
    pub fn decided_by(&self) -> RowRef {
        let decides = |statement: &&StatedEmployment| statement.employment == self.employment;
        self.statements.iter().find(decides).map_or(self.row, |statement| statement.row)
    }

    /// Rows that say that the person is still there, where another one says that they have left.
    pub fn contradicting(&self) -> impl Iterator<Item = RowRef> + '_ {
        let contradicts =
            |said: &&StatedEmployment| self.employment.is_over() && said.employment == Employment::Current;
        self.statements.iter().filter(contradicts).map(|said| said.row)
    }

    /// The rows that are known to speak of the person: the first one, and those that say whether they are still there.
    pub fn rows(&self) -> impl Iterator<Item = RowRef> + '_ {
        std::iter::once(self.row).chain(self.statements.iter().map(|said| said.row))
    }

    /// Since when an account of a directory has been ended by its own row: since the first of such rows.
    #[must_use]
    pub fn ended(&self) -> Option<DateTime<Utc>> {
        self.statements.iter().filter_map(|said| said.ended).min()
    }

    /// What the person is called where there are several candidates.
    #[must_use]
    pub fn label(&self) -> String {
        self.user_name.clone().or_else(|| self.sam.clone()).unwrap_or_else(|| self.name.clone())
    }

    /// Every name by which a list says that the person signs in.
    pub fn user_names(&self) -> impl Iterator<Item = &String> + Clone {
        self.user_name.iter().chain(&self.other_user_names)
    }

    /// Every name by which Identity Center may have the person, the likeliest first: sign-in names, `sAMAccountName`
    /// at the domain, mail addresses.
    pub fn names_in_identity_center(&self) -> impl Iterator<Item = String> + '_ {
        let at_domain = self.sam.iter().zip(&self.domain).map(|(sam, domain)| format!("{sam}@{domain}"));
        self.user_names().cloned().chain(at_domain).chain(self.mails.iter().cloned())
    }
}

/// Whether a person may have access at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Employment {
    /// Enabled in the directory, or `active` in `people.csv`.
    Current,
    /// The lists have no column that says; counted as current, and stated.
    Unstated,
    /// A list has such a column and does not say it there, or two lists leave open whom they mean: nobody can say.
    Unknown,
    /// Disabled in the directory, or `left` in `people.csv`.
    Left,
    /// The account has passed its expiry date.
    Expired,
}

impl Employment {
    /// Whether the list says that the person may no longer have access.
    #[must_use]
    pub fn is_over(self) -> bool {
        match self {
            Employment::Current | Employment::Unstated | Employment::Unknown => false,
            Employment::Left | Employment::Expired => true,
        }
    }
}

/// A group that an expected list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryGroup {
    /// Its name: `sAMAccountName`, else its common name.
    pub name: String,
    /// Every name it is known by, `name` among them.
    pub names: Vec<String>,
    /// The DNS name of its domain, from its DN.
    pub domain: Option<String>,
    /// `objectGUID`.
    pub guid: Option<Guid>,
    /// The object id in Entra ID, which is no `objectGUID`.
    pub entra_id: Option<Guid>,
    /// When the directory last changed the group or its members, where the list says so.
    pub changed: Option<DateTime<Utc>>,
    /// The people who are members directly, by person.
    pub members: Listing<Member>,
    /// Groups that are members directly. Where the lists have the groups of people only, nobody knows of these.
    pub groups: Listing<Ix<DirectoryGroup>>,
    /// The first row that names it.
    pub row: RowRef,
}

impl DirectoryGroup {
    /// Every name by which Identity Center may have the group: its names, and the same at the domain.
    pub fn names_in_identity_center(&self) -> impl Iterator<Item = String> + '_ {
        let at_domain = |domain| self.names.iter().map(move |name| format!("{name}@{domain}"));
        self.names.iter().cloned().chain(self.domain.iter().flat_map(at_domain))
    }
}

/// A person in a group, and the row that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// The person.
    pub person: Ix<Person>,
    /// The row that says so.
    pub row: RowRef,
}
