//! What a reader of the report should know of a file of LDIF, and what makes such a file useless.

use super::lines::damaged;
use super::parse::{LdifEntry, Value};
use crate::expect::active_directory::account;
use crate::expect::active_directory::names_ending_in_dollar::DollarNames;
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{Entry, EntryKind};
use crate::expect::records::parsed_file::Reading;
use crate::model::quoted;

/// What was seen in passing.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Objects that are deleted; they are nobody any more.
    pub(crate) deleted: usize,
    /// Whether GUIDs are written out, which LDAP itself does not do.
    pub(crate) ids_as_text: bool,
    /// Whether any attribute has a value.
    values: bool,
    people: usize,
    /// Of those, the ones that have a name by which Identity Center may know them.
    with_key: usize,
    without_control: usize,
    locked: usize,
    distribution: Names,
    conflicts: Names,
    dollars: DollarNames,
    elsewhere: Vec<&'static str>,
}

/// A few names, and how many there are.
#[derive(Debug, Default)]
pub(crate) struct Names {
    count: usize,
    first: Vec<String>,
}

impl Names {
    pub(crate) fn add(&mut self, object: &Entry) {
        self.count += 1;
        if self.first.len() < 3 {
            let name = object.sam.as_deref().or(object.common_name.as_deref()).unwrap_or_default();
            self.first.push(quoted(&name.split('\n').next().unwrap_or_default()));
        }
    }

    pub(crate) fn note_of_distribution(&self) -> Option<String> {
        let names = self.list();
        (self.count > 0).then(|| format!("distribution groups, which are not meant to grant access: {names}"))
    }

    /// `` `A`, `B`, `C` and 2 more ``
    fn list(&self) -> String {
        let more = self.count - self.first.len();
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{rest}", self.first.join(", "))
    }
}

impl Seen {
    pub(crate) fn look(&mut self, entry: &LdifEntry<'_>, object: &Entry) {
        for (name, attribute) in entry.attributes() {
            if matches!(attribute.value, Value::Elsewhere) && !self.elsewhere.contains(&name) {
                self.elsewhere.push(name);
            }
            self.values |= !attribute.value.is_empty();
        }
        self.ids_as_text |=
            entry.all("objectGUID").iter().any(|id| matches!(&id.value, Value::Text(text) if text.len() == 36));
        let number = |name| entry.text(name).and_then(|text| text.trim().parse::<i64>().ok());
        self.dollars.look(object, object.enabled.is_some() || number("sAMAccountType").is_some());
        match object.kind {
            EntryKind::Person => {
                self.people += 1;
                let named = object.guid.is_some() || object.sam.is_some() || object.user_name.is_some();
                self.with_key += usize::from(named || !object.mails.is_empty());
                self.without_control += usize::from(object.enabled.is_none());
                self.locked += usize::from(number("lockoutTime").is_some_and(|at| at > 0));
            }
            EntryKind::Group => {
                if number("groupType").is_some_and(account::is_distribution) {
                    self.distribution.add(object);
                }
            }
            EntryKind::Other => {}
        }
        if object.common_name.as_deref().is_some_and(|name| name.contains("\nCNF:")) {
            self.conflicts.add(object);
        }
    }

    /// Refuses a file that says nothing by which anybody could be recognised.
    pub(crate) fn refuse_useless(&self, reading: &Reading) -> Result<(), Damage> {
        let Some(first) = reading.entries.first() else { return Ok(()) };
        if !self.values {
            return Err(damaged(
                first.at.line,
                "no attribute has a value; the search requested attribute names only (`-A`)",
            ));
        }
        if self.people > 0 && self.with_key == 0 {
            return Err(Damage::Keyless);
        }
        Ok(())
    }

    pub(crate) fn notes(self) -> Vec<String> {
        let without = match self.without_control {
            0 => None,
            count if count == self.people => {
                Some("it has no `userAccountControl`, so it does not say who has left".to_owned())
            }
            count => Some(format!("people without `userAccountControl`, whose employment status is unknown: {count}")),
        };
        let locked = (self.locked > 0).then(|| {
            format!("locked accounts (`lockoutTime`), whose locks are temporary and ignored: {}", self.locked)
        });
        let conflicts = (self.conflicts.count > 0).then(|| {
            let names = self.conflicts.list();
            format!("objects that two domain controllers created at the same time; remove one of each: {names}")
        });
        let deleted = (self.deleted > 0).then(|| format!("deleted objects, which were skipped: {}", self.deleted));
        let elsewhere = (!self.elsewhere.is_empty()).then(|| {
            let names: Vec<String> = self.elsewhere.iter().map(quoted).collect();
            format!(
                "values of {} are in other files, which are not read (`ldapsearch` without `-t` writes them here)",
                names.join(", ")
            )
        });
        let distribution = self.distribution.note_of_distribution();
        [without, self.dollars.note(), locked, distribution, conflicts, deleted, elsewhere]
            .into_iter()
            .flatten()
            .collect()
    }
}
