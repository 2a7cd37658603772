//! The columns of exports of Active Directory, found by name once a file, and what a row says by them of one object.
//!
//! Names are compared without case, blanks, `_` and `-`; those of PowerShell and of LDAP are both known.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};

use super::account;
use super::distinguished_name::Dn;
use super::member_of::is_type_name;
use super::object_class;
use crate::expect::csv::cell;
use crate::expect::csv::cell::{account_name, value};
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::exports::staff_columns::{self, EMPLOYEE_ID};
use crate::expect::records::directory_records::{At, Entry, EntryKind, Unclear};
use crate::expect::text::encoding::{self, Text};
use crate::expect::text::mail_cells;
use crate::model::Guid;

/// Where an export has what.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) dn: Option<usize>,
    pub(crate) sam: Option<usize>,
    pub(crate) upn: Option<usize>,
    /// A user by whatever name: `CORP\alice`, `alice@example.com`, a distinguished name, or just `alice`.
    pub(crate) login: Option<usize>,
    /// What the column of `login` is called.
    login_name: String,
    /// All of these columns are read: a directory has the same address under several names.
    pub(crate) mails: Vec<usize>,
    employee_ids: Vec<usize>,
    pub(crate) enabled: Vec<usize>,
    pub(crate) disabled: Vec<usize>,
    /// What the first column is called that says whether an account is enabled.
    state_name: String,
    pub(crate) control: Option<usize>,
    account_type: Option<usize>,
    primary_group: Option<usize>,
    pub(crate) expires: Option<usize>,
    pub(crate) expiration_date: Option<usize>,
    pub(crate) guid: Option<usize>,
    pub(crate) sid: Option<usize>,
    pub(crate) class: Option<usize>,
    pub(crate) name: Option<usize>,
    pub(crate) display_name: Option<usize>,
    pub(crate) group: Option<usize>,
    pub(crate) group_scope: Option<usize>,
    scope: Option<usize>,
    /// When the directory last changed it.
    pub(crate) changed: Option<usize>,
    pub(crate) member_of: Option<usize>,
}

impl Columns {
    pub(crate) fn of(table: &Table) -> Self {
        let login = table.column(&["user", "username", "member"]);
        let states = table.columns(&["enabled", "accountenabled", "disabled", "accountdisabled", "useraccountcontrol"]);
        Columns {
            login,
            state_name: states.first().map_or_else(String::new, |&column| table.header[column].clone()),
            login_name: login.map_or_else(String::new, |column| table.header[column].clone()),
            dn: table.column(&["distinguishedname", "dn"]),
            sam: table.column(&["samaccountname", "samid", "logonname"]),
            upn: table.column(&["userprincipalname", "upn"]),
            mails: table.columns(&["mail", "emailaddress", "email", "primarysmtpaddress"]),
            employee_ids: table.columns(&EMPLOYEE_ID),
            enabled: table.columns(&["enabled", "accountenabled"]),
            disabled: table.columns(&["disabled", "accountdisabled"]),
            control: table.column(&["useraccountcontrol"]),
            account_type: table.column(&["samaccounttype"]),
            primary_group: table.column(&["primarygroupid"]),
            expires: table.column(&["accountexpires"]),
            expiration_date: table.column(&["accountexpirationdate"]),
            guid: table.column(&["objectguid", "guid"]),
            sid: table.column(&["sid", "objectsid"]),
            class: table.column(&["objectclass"]),
            name: table.column(&["name", "cn"]),
            display_name: table.column(&["displayname"]),
            group: table.column(&["group", "groupname"]),
            group_scope: table.column(&["groupscope", "groupcategory"]),
            scope: table.column(&["groupscope"]),
            changed: table.column(&["whenchanged", "modified"]),
            member_of: table.column(&["memberof"]).or_else(|| table.column(&["groups"])),
        }
    }

    /// Whether a column names people in a way by which they can be recognised.
    pub(crate) fn name_people(&self) -> bool {
        !self.mails.is_empty() || [self.guid, self.sid, self.sam, self.upn, self.login].iter().any(Option::is_some)
    }

    /// Whether a column says who has left.
    pub(crate) fn say_who_left(&self) -> bool {
        !self.enabled.is_empty() || !self.disabled.is_empty() || self.control.is_some()
    }

    /// Whether a column is read, or says when an account changed and no more.
    pub(crate) fn read(&self, table: &Table<'_>, column: usize) -> bool {
        let names =
            [self.dn, self.sam, self.upn, self.login, self.guid, self.sid, self.class, self.name, self.display_name];
        let states = [self.control, self.expires, self.expiration_date, self.changed, self.group, self.member_of];
        let several = [&self.mails, &self.employee_ids, &self.enabled, &self.disabled].into_iter().flatten().copied();
        let known = names.into_iter().chain(states).flatten().chain(several);
        let is_state = |key: &str| staff_columns::is_status(key) || staff_columns::is_last_day(key);
        known.chain(table.keys().filter(|(_, key)| is_state(key)).map(|(column, _)| column)).any(|one| one == column)
    }

    /// Whether a row has a name that lost characters when it was exported.
    pub(crate) fn has_lost(&self, row: &Row<'_>, text: &Text<'_>) -> bool {
        let names = [self.dn, self.upn, self.sam, self.name, self.login, self.display_name];
        names.into_iter().filter_map(|column| row.cell(column)).any(|name| text.has_lost(name))
            || self.accounts(row).any(encoding::has_lost)
    }

    /// The names of its account, in whatever column.
    fn accounts<'r>(&self, row: &Row<'r>) -> impl Iterator<Item = &'r str> {
        [self.sam, self.upn, self.login].into_iter().filter_map(|column| row.cell(column)).map(str::trim)
    }

    /// Whether the group in a row is universal; `None` where that is not said.
    pub(crate) fn is_universal(&self, row: &Row<'_>) -> Option<bool> {
        row.cell(self.scope).map(|scope| scope.trim().eq_ignore_ascii_case("universal"))
    }

    /// What a row says of one object. Of `lost`, a name that the export damaged says nothing.
    pub(crate) fn entry(&self, at: At, row: &Row<'_>, lost: impl Fn(&str) -> bool) -> Result<Entry, Damage> {
        let text = |column| row.cell(column).map(str::to_owned);
        // Two people whose names lost the same characters would be one.
        let key = |column| row.cell(column).map(str::trim).filter(|key| !lost(key)).map(str::to_owned);
        let account = |column| key(column).filter(|name| !encoding::has_lost(name));
        let control = self.number(row, self.control, "userAccountControl")?;
        let mut entry = Entry::new(at, EntryKind::Person);
        entry.dn = key(self.dn);
        entry.domain = row.cell(self.dn).and_then(Dn::parse).and_then(|dn| dn.domain());
        entry.guid = row.cell(self.guid).map(|text| guid(row, text.trim())).transpose()?;
        entry.sid = row.cell(self.sid).map(|sid| sid.trim().to_owned());
        entry.sam = account(self.sam);
        entry.user_name = account(self.upn);
        let login = account(self.login).filter(|_| entry.sam.is_none() && entry.user_name.is_none());
        if let Some(login) = &login {
            log_in(&mut entry, login);
        }
        for mail in
            self.mails.iter().filter_map(|&column| key(Some(column))).flat_map(|cell| mail_cells::of_account(&cell))
        {
            if !entry.mails.contains(&mail) {
                entry.mails.push(mail);
            }
        }
        entry.employee_ids = self.employee_ids.iter().filter_map(|&column| key(Some(column))).collect();
        entry.display_name = text(self.display_name);
        entry.common_name = text(self.name);
        entry.enabled = self.is_enabled(row, control)?;
        entry.take_expiry(self.number(row, self.expires, "accountExpires")?);
        entry.changed = row.cell(self.changed).and_then(with_zone);
        entry.kind = self.kind(row, &entry, control)?;
        let says_it_of_others = self.say_who_left() && entry.enabled.is_none() && entry.kind == EntryKind::Person;
        entry.unclear = says_it_of_others.then(|| Unclear::Empty(self.state_name.clone()));
        let keyless = entry.guid.is_none() && entry.sid.is_none() && entry.sam.is_none() && entry.user_name.is_none();
        if keyless && entry.dn.is_none() && entry.kind == EntryKind::Person {
            self.refuse_mail(row)?;
        }
        if keyless && entry.mails.is_empty() && entry.dn.is_none() {
            let lost = "a usable name: an export without `-Encoding UTF8` lost characters";
            let lost = self.accounts(row).next().map(|name| value(row, "SamAccountName", name, lost));
            return Err(lost.unwrap_or(Damage::NamesNobody { line: row.line }));
        }
        let (account, column) = match &login {
            Some(_) => (entry.sam.as_ref().or(entry.user_name.as_ref()), self.login_name.as_str()),
            None => (entry.sam.as_ref(), "SamAccountName"),
        };
        match account.filter(|name| entry.kind == EntryKind::Person && is_several(name)) {
            Some(several) => Err(value(row, column, several, "the name of one account; give each account its own row")),
            None => Ok(entry),
        }
    }

    /// Refuses a cell that is no mail address where nothing else says who somebody is.
    fn refuse_mail(&self, row: &Row<'_>) -> Result<(), Damage> {
        let mut cells = self.mails.iter().filter_map(|&column| row.cell(Some(column)));
        match cells.find(|cell| mail_cells::addresses(cell).is_none()) {
            Some(cell) => Err(value(row, "mail", cell.trim(), mail_cells::EXPECTED)),
            None => Ok(()),
        }
    }

    /// What a row is about: by its class; where an export has no classes, a person if not a computer.
    fn kind(&self, row: &Row<'_>, entry: &Entry, control: Option<i64>) -> Result<EntryKind, Damage> {
        let class = row.cell(self.class);
        if let Some(kind) = kind(row, class, entry, self.is_machine(row, control)?)? {
            return Ok(kind);
        }
        // Of a group, nobody says whether it is enabled, and it has no user principal name.
        let is_account = entry.enabled.is_some() || entry.user_name.is_some();
        if self.class.is_some() && !is_account {
            let name = [&entry.sam, &entry.dn, &entry.common_name].into_iter().flatten().next();
            return Err(Damage::Kindless { line: row.line, name: name.cloned().unwrap_or_default() });
        }
        Ok(EntryKind::Person)
    }

    /// Whether the account in a row is a machine's; `None` where nothing but its name and its class could say it.
    fn is_machine(&self, row: &Row<'_>, control: Option<i64>) -> Result<Option<bool>, Damage> {
        let stored = self.number(row, self.account_type, "sAMAccountType")?.map(account::stored_as);
        let primary_group = self.number(row, self.primary_group, "primaryGroupID")?;
        Ok(account::is_machine(control, stored, primary_group))
    }

    /// Whether a row says what its account is, beside its name and its class.
    pub(crate) fn say_what_it_is(&self, row: &Row<'_>) -> bool {
        [self.control, self.account_type].into_iter().any(|column| row.cell(column).is_some())
    }

    fn is_enabled(&self, row: &Row<'_>, control: Option<i64>) -> Result<Option<bool>, Damage> {
        let mut by_word = None;
        for word in self.enabled.iter().filter_map(|&column| row.cell(Some(column))) {
            let enabled = match word.trim().to_lowercase().as_str() {
                "enabled" => true,
                "disabled" => false,
                _ => truth(row, "Enabled", word)?,
            };
            agree(row, &mut by_word, enabled, "Enabled", word)?;
        }
        for word in self.disabled.iter().filter_map(|&column| row.cell(Some(column))) {
            agree(row, &mut by_word, !truth(row, "Disabled", word)?, "Disabled", word)?;
        }
        match (by_word, control) {
            (Some(enabled), Some(control)) if enabled != account::is_enabled(control) => {
                Err(Damage::Contradiction { line: row.line, enabled, control })
            }
            (by_word, control) => Ok(by_word.or(control.map(account::is_enabled))),
        }
    }

    fn number(&self, row: &Row<'_>, column: Option<usize>, name: &str) -> Result<Option<i64>, Damage> {
        row.cell(column).map(str::trim).map(|text| cell::number(row, name, text)).transpose()
    }
}

/// Takes what one column says of an account.
///
/// # Errors
/// Where another column says the opposite.
fn agree(row: &Row<'_>, known: &mut Option<bool>, enabled: bool, column: &str, word: &str) -> Result<(), Damage> {
    let expected = "consistent with another column of the row, so the account may be enabled or disabled";
    match known.replace(enabled) {
        Some(other) if other != enabled => Err(value(row, column, word, expected)),
        Some(_) | None => Ok(()),
    }
}

/// Whether a name is not that of one account: several were joined, or PowerShell wrote a type. No account's
/// `sAMAccountName` has one of these characters (AD schema, SAM-Account-Name).
fn is_several(name: &str) -> bool {
    name.contains([';', ',', '|', '[', ']']) || is_type_name(name)
}

/// An instant that says its zone. `Export-Csv` writes the local time of whoever exported and not where that was, so
/// such a one is no instant; it would move by hours what is younger than the synchronization.
fn with_zone(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let instant = DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc());
    instant.ok().or_else(|| account::generalized_time(text))
}

/// What an object is, by its class and by what only computers have ([`account::is_machine`]); `None` where nothing says
/// it.
///
/// # Errors
/// Where the class is not known, and the object may be an account.
pub(crate) fn kind(
    row: &Row<'_>,
    class: Option<&str>,
    entry: &Entry,
    is_machine: Option<bool>,
) -> Result<Option<EntryKind>, Damage> {
    let known = match class.map(|class| (class, object_class::of_directory(class))) {
        Some((class, None)) if may_be_account(entry) => {
            return Err(value(row, "objectClass", class, object_class::EXPECTED));
        }
        Some((_, None)) => Some(EntryKind::Other),
        Some((_, known)) => known,
        None => None,
    };
    Ok(match known {
        Some(EntryKind::Person) | None if is_machine == Some(true) => Some(EntryKind::Other),
        known => known,
    })
}

/// Whether an object has what people have, and containers, policies and the like have not.
fn may_be_account(entry: &Entry) -> bool {
    let names = [&entry.sam, &entry.user_name, &entry.sid];
    names.into_iter().any(Option::is_some) || !entry.mails.is_empty() || entry.enabled.is_some()
}

/// A user by whatever name: `CORP\alice`, `alice@example.com`, a distinguished name, or just `alice`.
///
/// Of `CORP\alice`, the domain's short name cannot be translated into its long one, so only the account's name is used.
pub(crate) fn log_in(entry: &mut Entry, login: &str) {
    if let Some(dn) = Dn::parse(login) {
        entry.domain = dn.domain();
        entry.dn = Some(login.to_owned());
        return;
    }
    let name = account_name(login);
    entry.user_name = Some(name.to_owned());
    if !name.contains('@') {
        entry.sam = Some(name.to_owned());
    }
}

/// A GUID as scripts write it: as text, with or without braces, or in base64 as the bytes of `objectGUID`.
fn guid(row: &Row<'_>, text: &str) -> Result<Guid, Damage> {
    let by_bytes = || object_guid(text);
    text.parse().ok().or_else(by_bytes).ok_or_else(|| value(row, "ObjectGUID", text, "a GUID"))
}

/// The GUID whose bytes these are in base64, as `onPremisesImmutableId` has them.
pub(crate) fn object_guid(base64: &str) -> Option<Guid> {
    let bytes = BASE64_STANDARD.decode(base64).ok()?;
    Some(Guid::from_object_guid(bytes.try_into().ok()?))
}

pub(crate) fn truth(row: &Row<'_>, column: &str, word: &str) -> Result<bool, Damage> {
    account::truth(word).ok_or_else(|| value(row, column, word, "`True` or `False`"))
}
