//! Answers of Microsoft Graph, saved as they came: users, groups, groups with their members, and members of one group.
//!
//! JSON has no rows, and an answer is often one line. What elsewhere is a line is here the number of the object.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::expect::active_directory::columns::object_guid;
use crate::expect::active_directory::object_class;
use crate::expect::error::Damage;
use crate::expect::provenance::group_in_file_name::group_of_file;
use crate::expect::records::directory_records::{End, Entry, EntryKind, Membership, Reference, Roll, Tells, Unclear};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::mail_cells;
use crate::model::{Guid, ListFormat, quoted};

/// `$expand=members` gives no more than this, without a word about the rest.
const MOST_EXPANDED: usize = 20;

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "@odata.context")]
    context: Option<String>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(rename = "@odata.count")]
    count: Option<usize>,
    value: Option<Vec<Object>>,
    error: Option<serde::de::IgnoredAny>,
}

/// An object of the directory. Everything else that the answer says of it is skipped.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    #[serde(rename = "@odata.type")]
    kind: Option<String>,
    id: Option<Guid>,
    user_principal_name: Option<String>,
    mail: Option<String>,
    display_name: Option<String>,
    /// `Some(None)` is `null`.
    #[serde(default, deserialize_with = "said_or_null")]
    account_enabled: Option<Option<bool>>,
    employee_id: Option<String>,
    deleted_date_time: Option<DateTime<Utc>>,
    employee_leave_date_time: Option<DateTime<Utc>>,
    security_enabled: Option<bool>,
    on_premises_immutable_id: Option<String>,
    on_premises_security_identifier: Option<String>,
    on_premises_sam_account_name: Option<String>,
    on_premises_domain_name: Option<String>,
    on_premises_distinguished_name: Option<String>,
    members: Option<Vec<Object>>,
    #[serde(rename = "members@odata.nextLink")]
    more_members: Option<String>,
}

/// Reads an answer. `name` may say whose members it lists.
pub(crate) fn read(file: u32, name: &str, text: &str) -> Result<Reading, Damage> {
    let unreadable = |cause: serde_json::Error| Damage::Json { line: cause.line(), cause };
    let answer: Answer = serde_json::from_str(text).map_err(unreadable)?;
    if answer.error.is_some() {
        let instead = "query again with an account that may read the directory (`User.Read.All`, \
                       `GroupMember.Read.All`)";
        return Err(Damage::NotAList { what: "an error of Microsoft Graph", instead });
    }
    let context = answer.context.unwrap_or_default();
    let about = context.rsplit_once('#').map_or("", |(_, about)| about).to_owned();
    refuse_other_questions(&about, name)?;
    let objects = match answer.value {
        Some(objects) => objects,
        // One group, asked for by its id.
        None => vec![serde_json::from_str(text).map_err(unreadable)?],
    };
    if objects.is_empty() {
        return Err(Damage::Nobody { what: "its `value` is empty" });
    }
    let mut list = List { reading: Reading::new(file, ListFormat::MicrosoftGraph), objects: 0 };
    list.reading.ages = true;
    list.reading.end = end(answer.next.is_some(), answer.count, objects.len());
    list.reading.notes.push("it has no lines: line numbers are object numbers, counted from one".to_owned());
    let of_one_group = about.starts_with("directoryObjects") || about.contains("/members");
    if of_one_group {
        list.members_of_one(name, objects)?;
    } else {
        let kind = if about.starts_with("users") {
            Some(EntryKind::Person)
        } else if about.starts_with("groups") {
            Some(EntryKind::Group)
        } else {
            None
        };
        list.objects(objects, kind)?;
    }
    Ok(list.reading)
}

/// Refuses an answer that looks like a list of all users and is none.
fn refuse_other_questions(about: &str, name: &str) -> Result<(), Damage> {
    let of_users = about.starts_with("users");
    if of_users && about.ends_with("/$entity") {
        let instead = "query all users (`/users`), or leave the file out";
        return Err(Damage::NotAList { what: "one user of Microsoft Graph", instead });
    }
    // `/groups/{id}/members/microsoft.graph.user` answers as `/users` does.
    if of_users && is_named_after_group(name) {
        return Err(Damage::NotAList {
            what: "an answer of Microsoft Graph about users, in a file named after a group",
            instead: "query `/groups/{id}/members` without a type after it; if these are all users, name the file \
                      `users.json`",
        });
    }
    Ok(())
}

/// Whether a file's name speaks of a group, or of members, and not of users.
fn is_named_after_group(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    says(&["aws", "group", "member", "admin"]) && !says(&["user", "people", "person", "staff", "employee"])
}

fn end(announced: bool, count: Option<usize>, read: usize) -> End {
    match count {
        _ if announced => End::Cut(
            "Microsoft Graph announced another page (`@odata.nextLink`) that is not in this answer; `rollcall \
             export-commands entra` reads all pages"
                .to_owned(),
        ),
        Some(count) if count != read => End::Cut(format!("`@odata.count` is {count}, but the file has {read} objects")),
        Some(_) => End::Vouched("`@odata.count`".to_owned()),
        None => End::Unvouched,
    }
}

/// Tells `null` from a property that is not there.
fn said_or_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<bool>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

struct List {
    reading: Reading,
    objects: u32,
}

impl List {
    fn objects(&mut self, objects: Vec<Object>, kind: Option<EntryKind>) -> Result<(), Damage> {
        let with_members = objects.iter().any(|object| object.members.is_some());
        let mut states = false;
        for mut object in objects {
            let members = object.members.take();
            let more = object.more_members.is_some();
            let entry = self.add(object, kind)?;
            self.reading.count(entry.kind);
            states |= entry.enabled.is_some() || entry.kind != EntryKind::Person;
            match entry.kind {
                EntryKind::Person => self.reading.tells.insert(Tells::People),
                EntryKind::Group => self.reading.tells.insert(Tells::Groups),
                EntryKind::Other => false,
            };
            if entry.kind == EntryKind::Group && with_members {
                self.expanded(&entry, members, more)?;
            }
        }
        if kind == Some(EntryKind::Person) {
            Unclear::mark(&mut self.reading.entries, "accountEnabled");
        }
        if !states {
            let note = "no user has `accountEnabled`, so it does not say who has left; add it to `$select`";
            self.reading.notes.push(note.to_owned());
        }
        Ok(())
    }

    /// The members that stand inside a group.
    fn expanded(&mut self, group: &Entry, members: Option<Vec<Object>>, more: bool) -> Result<(), Damage> {
        let cut = match &members {
            None => Some("its members are not in the answer".to_owned()),
            Some(members) if more || members.len() >= MOST_EXPANDED => {
                Some(format!("`$expand` returns at most {MOST_EXPANDED} members; query `/groups/{{id}}/members`"))
            }
            Some(_) => None,
        };
        let row = Reference::Row(group.at.line);
        self.reading.rolls.push(Roll { at: group.at, group: row.clone(), cut });
        self.reading.tells.insert(Tells::Members);
        for member in members.unwrap_or_default() {
            let member = self.add(member, None)?;
            let member = Membership { at: member.at, group: row.clone(), member: Reference::Row(member.at.line) };
            self.reading.memberships.push(member);
        }
        Ok(())
    }

    fn members_of_one(&mut self, name: &str, members: Vec<Object>) -> Result<(), Damage> {
        let group = group_of_file(name).ok_or(Damage::NamelessGroup)?;
        self.reading.notes.push(format!("by its file name, it lists the members of {}", quoted(&group)));
        // A group has users, groups, devices and applications in it; a person is in roles and administrative units too.
        let of_person = |member: &Object| {
            let kind = member.kind.as_deref().map(|kind| kind.trim_start_matches("#microsoft.graph."));
            matches!(kind, Some("directoryRole" | "administrativeUnit"))
        };
        if members.iter().any(of_person) {
            return Err(Damage::NotAList {
                what: "the groups and roles of one person (`memberOf`)",
                instead: "query the members of each group (`/groups/{id}/members`)",
            });
        }
        if members.iter().all(|member| member.kind.as_deref() == Some("#microsoft.graph.group")) {
            let note = format!(
                "it lists only groups: if they are the groups that {} is in, leave the file out",
                quoted(&group)
            );
            self.reading.notes.push(note);
        }
        let group = Reference::Name(group.into());
        self.reading.rolls.push(Roll { at: self.reading.at(1), group: group.clone(), cut: None });
        for member in members {
            let member = self.add(member, None)?;
            self.reading.count(member.kind);
            let member = Membership { at: member.at, group: group.clone(), member: Reference::Row(member.at.line) };
            self.reading.memberships.push(member);
        }
        self.reading.tells.extend([Tells::Groups, Tells::Members]);
        Ok(())
    }

    /// Takes an object; `kind` is what the question says that it is.
    fn add(&mut self, object: Object, kind: Option<EntryKind>) -> Result<Entry, Damage> {
        self.objects += 1;
        let by_type = match object.kind {
            Some(word) => match object_class::of_entra(&word) {
                Some(kind) => Some(kind),
                None => return Err(Damage::UnknownType { number: self.objects, word }),
            },
            None => None,
        };
        let by_properties = || {
            let user = object.user_principal_name.is_some().then_some(EntryKind::Person);
            user.or(object.security_enabled.map(|_| EntryKind::Group))
        };
        let Some(kind) = by_type.or(kind).or_else(by_properties) else {
            let name = object.display_name.or_else(|| object.id.map(|id| id.to_string())).unwrap_or_default();
            return Err(Damage::Typeless { number: self.objects, name });
        };
        let mut entry = Entry::new(self.reading.at(self.objects), kind);
        entry.entra_id = object.id;
        entry.guid = object.on_premises_immutable_id.as_deref().and_then(object_guid);
        entry.sid = object.on_premises_security_identifier;
        entry.sam = object.on_premises_sam_account_name;
        entry.domain = object.on_premises_domain_name.map(|domain| domain.to_lowercase());
        entry.dn = object.on_premises_distinguished_name;
        entry.user_name = object.user_principal_name;
        entry.mails = object.mail.as_deref().map(mail_cells::of_account).unwrap_or_default();
        entry.display_name = object.display_name;
        entry.employee_ids = object.employee_id.filter(|id| !id.trim().is_empty()).into_iter().collect();
        entry.enabled = object.account_enabled.flatten();
        if object.deleted_date_time.is_some() {
            entry.enabled = Some(false);
        }
        entry.expires = object.employee_leave_date_time.filter(|_| kind == EntryKind::Person);
        let is_open = object.account_enabled == Some(None) && kind == EntryKind::Person;
        entry.unclear = is_open.then(|| Unclear::Empty("accountEnabled".to_owned()));
        self.reading.entries.push(entry.clone());
        Ok(entry)
    }
}
