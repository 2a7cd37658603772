//! Users, groups and memberships of the identity store.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{BEGINNING, Principal, World};

/// Who made something and when, who changed it and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// Seconds since 1970; 0 where the service does not say.
    pub created_at: i64,
    /// An ARN, or the name of a service; empty where the service does not say.
    pub created_by: String,
    /// Seconds since 1970; 0 where the service does not say.
    pub updated_at: i64,
    /// An ARN, or the name of a service; empty where the service does not say.
    pub updated_by: String,
}

impl Audit {
    fn made(number: u32) -> Self {
        let created_at = BEGINNING + 60 * i64::from(number);
        let by = "arn:aws:sts::123456789012:assumed-role/Scim/provisioner".to_owned();
        Audit { created_at, created_by: by.clone(), updated_at: created_at + 30, updated_by: by }
    }
}

/// A user. What is `None` or empty, the service leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: String,
    /// The name that is signed in with.
    pub name: String,
    /// The name that is shown.
    pub display_name: Option<String>,
    /// The given name.
    pub given: Option<String>,
    /// The family name.
    pub family: Option<String>,
    /// The primary address.
    pub mail: Option<String>,
    /// `ENABLED` or `DISABLED`.
    pub status: Option<String>,
    /// Issuer and id in the directory that the user comes from.
    pub external_id: Option<(String, String)>,
    /// What kind of user it is.
    pub user_type: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// Who made it.
    pub audit: Audit,
}

/// A group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Issuer and id in the directory that the group comes from.
    pub external_id: Option<(String, String)>,
    /// Who made it.
    pub audit: Audit,
    /// Its members.
    pub(crate) members: Vec<Member>,
}

/// A membership, small enough for millions of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub(crate) user: u32,
    pub(crate) number: u32,
}

impl Member {
    /// The id of the membership.
    #[must_use]
    pub fn id(&self) -> String {
        format!("90670000-0000-4000-8003-{:012x}", self.number)
    }

    /// Who made it.
    #[must_use]
    pub fn audit(&self) -> Audit {
        Audit::made(self.number)
    }
}

impl World {
    /// Adds a user with an address at example.com, enabled, from a directory; returns the id.
    pub fn add_user(&mut self, name: &str) -> String {
        let number = self.next();
        let (given, family) = name.split_once('.').unwrap_or((name, "Example"));
        self.put_user(User {
            id: format!("90670000-0000-4000-8001-{number:012x}"),
            name: format!("{name}@example.com"),
            display_name: Some(format!("{given} {family}")),
            given: Some(given.to_owned()),
            family: Some(family.to_owned()),
            mail: Some(format!("{name}@example.com")),
            status: Some("ENABLED".to_owned()),
            external_id: Some(("https://directory.example.com".to_owned(), format!("person-{number}"))),
            audit: Audit::made(number),
            ..User::default()
        })
    }

    /// Adds this very user; returns the id.
    pub fn put_user(&mut self, user: User) -> String {
        let id = user.id.clone();
        self.user_places.insert(id.clone(), place(self.users.len()));
        self.users.push(Some(user));
        id
    }

    /// Adds an empty group; returns the id.
    pub fn add_group(&mut self, name: &str) -> String {
        let number = self.next();
        let id = format!("90670000-0000-4000-8002-{number:012x}");
        self.group_places.insert(id.clone(), place(self.groups.len()));
        self.groups.push(Some(Group {
            id: id.clone(),
            name: name.to_owned(),
            description: Some(format!("what {name} may do")),
            external_id: Some(("https://directory.example.com".to_owned(), format!("group-{number}"))),
            audit: Audit::made(number),
            members: Vec::new(),
        }));
        id
    }

    /// Lets a user and a group join when both have been listed: the user is put into the first group and into the new
    /// one, and both are assigned the first permission set in this account.
    ///
    /// # Panics
    /// Where there is no group.
    pub fn join_late(&mut self, account: &str) -> (String, String) {
        let first = self.groups().next().expect("there are groups").id.clone();
        let (user, group) = (self.add_user("late.joiner"), self.add_group("Latecomers"));
        self.user_mut(&user).audit.created_at = seconds_now();
        self.group_mut(&group).audit.created_at = seconds_now();
        self.late.extend([user.clone(), group.clone()]);
        self.add_member(&first, &user);
        self.add_member(&group, &user);
        if let Some(set) = self.permission_sets.first().map(|set| set.arn.clone()) {
            self.assign(Principal::User(user.clone()), &set, account);
            self.assign(Principal::Group(group.clone()), &set, account);
        }
        (user, group)
    }

    /// Makes a user a member of a group; returns the id of the membership.
    ///
    /// # Panics
    /// Where either does not exist.
    pub fn add_member(&mut self, group: &str, user: &str) -> String {
        let member = Member { user: self.user_places[user], number: self.next() };
        self.group_mut(group).members.push(member);
        member.id()
    }

    /// Ends the membership of a user in a group.
    ///
    /// # Panics
    /// Where either does not exist.
    pub fn remove_member(&mut self, group: &str, user: &str) {
        let place = self.user_places[user];
        self.group_mut(group).members.retain(|member| member.user != place);
    }

    /// Removes a user, with all memberships. Assignments stay, and name somebody who is gone, as in AWS.
    ///
    /// # Panics
    /// Where there is no such user.
    pub fn remove_user(&mut self, id: &str) {
        let place = self.user_places.remove(id).expect("the user was added");
        self.users[place as usize] = None;
        for group in self.groups.iter_mut().flatten() {
            group.members.retain(|member| member.user != place);
        }
    }

    /// Removes a group, with its memberships.
    ///
    /// # Panics
    /// Where there is no such group.
    pub fn remove_group(&mut self, id: &str) {
        let place = self.group_places.remove(id).expect("the group was added");
        self.groups[place as usize] = None;
    }

    /// The user with this id.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users[*self.user_places.get(id)? as usize].as_ref()
    }

    /// The user with this id, to be changed.
    ///
    /// # Panics
    /// Where there is none.
    pub fn user_mut(&mut self, id: &str) -> &mut User {
        self.users[self.user_places[id] as usize].as_mut().expect("a place that is known is taken")
    }

    /// The group with this id.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups[*self.group_places.get(id)? as usize].as_ref()
    }

    /// The group with this id, to be changed.
    ///
    /// # Panics
    /// Where there is none.
    pub fn group_mut(&mut self, id: &str) -> &mut Group {
        self.groups[self.group_places[id] as usize].as_mut().expect("a place that is known is taken")
    }

    /// All users, in the order in which they were made.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.iter().flatten()
    }

    /// All groups, in the order in which they were made.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().flatten()
    }

    /// The members of a group.
    pub fn members<'w>(&'w self, group: &'w Group) -> impl Iterator<Item = &'w User> {
        group.members.iter().filter_map(|member| self.users[member.user as usize].as_ref())
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever joins while a client reads does so by the client's clock")]
fn seconds_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}

fn place(length: usize) -> u32 {
    u32::try_from(length).expect("fewer than four thousand million")
}
