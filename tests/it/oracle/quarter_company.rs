//! The company of the simulated quarter: what happens in its directory, and when Identity Center hears of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::story::{Assignment, File, Person, Story, group, guid, sign_in_name, user};

const PEOPLE: usize = 240;
const GROUPS: usize = 12;
/// Exports are taken at two o'clock and audited five minutes later.
pub const EXPORT: i64 = 2 * 60;
pub const AUDIT: i64 = EXPORT + 5;
pub const DAY: i64 = 24 * 60;

/// What happens in the directory, and some time later in Identity Center.
#[derive(Debug, Clone)]
enum Change {
    Joins(String, String),
    Moves(String, String, String),
    Leaves(String),
}

/// The company, in both halves.
pub struct Company {
    pub story: Story,
    changed: BTreeMap<String, i64>,
    created: BTreeMap<String, i64>,
    under_way: Vec<(i64, Change)>,
    /// When somebody was put into a group of Identity Center, where not long ago.
    made: BTreeMap<(String, String), i64>,
    /// Which of those the synchronization did not make.
    by_hand: BTreeSet<(String, String)>,
    /// Who is in which group.
    team: BTreeMap<String, String>,
    dice: u64,
    hired: usize,
}

pub fn at(minute: i64) -> DateTime<Utc> {
    "2026-08-20T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn team(number: usize) -> String {
    format!("AWS-G{:02}", number % GROUPS)
}

impl Company {
    pub fn new() -> Self {
        let mut story = Story::company();
        let (mut changed, mut created, mut teams) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for number in 0..GROUPS {
            story.group(&team(number)).grant(group(&team(number)), ["ReadOnly", "Audit"][number % 2], "prod");
        }
        story.permission_set("Support", "AWSSupportAccess");
        story.group("AWS-Quiet").grant(group("AWS-Quiet"), "Support", "dev");
        story.group("AWS-Admins").grant(group("AWS-Admins"), "Admin", "prod");
        for number in 0..PEOPLE {
            let name = format!("p{number:03}");
            story.hire(&name, &[&team(number)]);
            teams.insert(name, team(number));
        }
        for number in 0..8 {
            story.hire(&format!("q{number:03}"), &["AWS-Quiet"]);
        }
        story.hire("q005", &["AWS-Admins"]).aws_grant(user("q004"), "Audit", "dev");
        story.waive("unexpected-assignment", &sign_in_name("q004"), "2026-10-18");
        for name in story.directory.people.keys().chain(story.directory.groups.keys()) {
            changed.insert(name.clone(), -100 * DAY);
            created.insert(name.clone(), -100 * DAY);
        }
        Company {
            story,
            changed,
            created,
            under_way: Vec::new(),
            made: BTreeMap::new(),
            by_hand: BTreeSet::new(),
            team: teams,
            dice: 20_260_820,
            hired: PEOPLE,
        }
    }

    /// The next throw: splitmix64.
    fn throw(&mut self, sides: usize) -> usize {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.dice;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    /// From six in the morning to just before the export of the next night.
    pub fn live_through(&mut self, day: i64) {
        let mut touched = BTreeSet::new();
        let mut minutes: Vec<i64> = (0..5).map(|_| 6 * 60 + self.throw(20 * 60 - 5) as i64).collect();
        minutes.sort_unstable();
        for minute in minutes {
            let now = day * DAY + minute;
            self.synchronize(now);
            let names: Vec<String> = self.team.keys().filter(|name| !touched.contains(*name)).cloned().collect();
            let name = names[self.throw(names.len())].clone();
            let to = team(self.throw(GROUPS));
            let change = match self.throw(5) {
                0 => {
                    self.hired += 1;
                    Change::Joins(format!("p{:03}", self.hired), to)
                }
                1 => Change::Leaves(name),
                _ if self.team[&name] == to => continue,
                _ => Change::Moves(name.clone(), self.team[&name].clone(), to),
            };
            touched.insert(self.in_directory(now, &change));
            let lag = 5 + self.throw(195) as i64;
            self.under_way.push((now + lag, change));
        }
    }

    /// Somebody moves at this minute, and Identity Center hears of it so much later.
    fn moves(&mut self, now: i64, lag: i64, name: &str, from: &str, to: &str) {
        let change = Change::Moves(name.to_owned(), from.to_owned(), to.to_owned());
        self.in_directory(now, &change);
        self.team.remove(name);
        self.under_way.push((now + lag, change));
    }

    /// Somebody is put into a group of Identity Center by hand.
    fn put_by_hand(&mut self, now: i64, group: &str, name: &str) {
        self.story.aws_member(group, name);
        self.made.insert((group.to_owned(), name.to_owned()), now);
        self.by_hand.insert((group.to_owned(), name.to_owned()));
    }

    fn in_directory(&mut self, now: i64, change: &Change) -> String {
        match change {
            Change::Joins(name, to) => {
                self.story.directory_person(name).directory_member(to, name);
                self.touch([name, to], now);
                self.team.insert(name.clone(), to.clone());
                name.clone()
            }
            Change::Moves(name, from, to) => {
                self.story.directory.groups.get_mut(from).unwrap().people.remove(name);
                self.story.directory_member(to, name);
                self.touch([from, to], now);
                self.team.insert(name.clone(), to.clone());
                name.clone()
            }
            Change::Leaves(name) => {
                self.story.leaves(name);
                self.touch([name], now);
                self.team.remove(name);
                name.clone()
            }
        }
    }

    /// What is planted comes before its time.
    fn touch<'a>(&mut self, names: impl IntoIterator<Item = &'a String>, now: i64) {
        for name in names {
            let changed = self.changed.entry(name.clone()).or_insert(now);
            *changed = now.max(*changed);
        }
    }

    /// Brings to Identity Center what is due by now.
    pub fn synchronize(&mut self, now: i64) {
        let (due, later) = std::mem::take(&mut self.under_way).into_iter().partition(|(when, _)| *when <= now);
        self.under_way = later;
        for (when, change) in due {
            match change {
                Change::Joins(name, to) => {
                    self.created.insert(name.clone(), when);
                    self.story.stranger(&name).aws_member(&to, &name);
                    self.made.insert((to, name), when);
                }
                Change::Moves(name, from, to) => {
                    self.story.aws_member_gone(&from, &name).aws_member(&to, &name);
                    self.made.insert((to, name), when);
                }
                Change::Leaves(name) => {
                    self.story.aws_user_gone(&name);
                }
            }
        }
    }

    /// Does what is planted for this day, and undoes it.
    pub fn plant(&mut self, day: i64) {
        let story = &mut self.story;
        let removed =
            Assignment { principal: group("AWS-G03"), permission_set: "Audit".to_owned(), account: "prod".to_owned() };
        let rows = story.lists.assignments.as_mut().unwrap();
        match day {
            70 => drop(rows.remove(&removed)),
            72 => drop(rows.insert(removed)),
            10 => drop(story.stranger("mallory")),
            14 => drop(story.aws_user_gone("mallory")),
            20 => drop(story.aws_grant(user("q001"), "Admin", "prod")),
            23 => story.aws.assignments.retain(|held| held.principal != user("q001")),
            29 => {
                story.leaves("q002");
                self.changed.insert("q002".to_owned(), day * DAY + 12 * 60);
            }
            37 => drop(story.aws_user_gone("q002")),
            40 => self.put_by_hand(day * DAY, "AWS-Admins", "q003"),
            45 => drop(story.aws_member_gone("AWS-Admins", "q003")),
            48 => story
                .aws
                .permission_sets
                .get_mut("Support")
                .unwrap()
                .managed
                .push("arn:aws:iam::aws:policy/IAMFullAccess".to_owned()),
            51 => drop(story.aws.permission_sets.get_mut("Support").unwrap().managed.pop()),
            // Out of a group that has become administrative, shortly before the export; and back in peace.
            49 => self.moves((day + 1) * DAY + EXPORT - 30, 90, "q000", "AWS-Quiet", "AWS-G00"),
            60 => self.moves((day + 1) * DAY + EXPORT - 30, 90, "q000", "AWS-G00", "AWS-Quiet"),
            53 => self.put_by_hand(day * DAY, "AWS-G05", "q001"),
            56 => drop(story.aws_member_gone("AWS-G05", "q001")),
            // An administrator whom the directory made after its last export.
            54 => self.moves(day * DAY + 12 * 60, 60, "q006", "AWS-Quiet", "AWS-Admins"),
            66 => {
                story.aws.assignments.retain(|held| held.principal != user("q004"));
                story.lists.waivers.clear();
            }
            _ => {}
        }
    }

    /// An export of the directory in this format: names below the folder of lists, and what is in them.
    pub fn export(&self, format: Format) -> Vec<(String, String)> {
        match format {
            Format::Ldif => vec![("directory.ldif".to_owned(), self.ldif())],
            Format::Csvde => vec![("directory.csv".to_owned(), self.csvde())],
            Format::Script => self.script(),
        }
    }

    fn changed(&self, name: &str) -> DateTime<Utc> {
        at(self.changed[name])
    }

    fn ldif(&self) -> String {
        let mut text = "# extended LDIF\n#\n# LDAPv3\n\n".to_owned();
        for (sam, person) in &self.story.directory.people {
            text += &format!(
                "dn: {}\nobjectClass: user\nsAMAccountName: {sam}\nuserPrincipalName: {}\nuserAccountControl: \
                 {}\nwhenChanged: {}\n\n",
                dn(sam),
                sign_in_name(sam),
                control(person),
                generalized(self.changed(sam))
            );
        }
        for (name, members) in &self.story.directory.groups {
            text += &format!(
                "dn: {}\nobjectClass: group\nsAMAccountName: {name}\nwhenChanged: {}\n",
                dn(name),
                generalized(self.changed(name))
            );
            text.extend(members.people.iter().map(|member| format!("member: {}\n", dn(member))));
            text += "\n";
        }
        let entries = self.story.directory.people.len() + self.story.directory.groups.len();
        text + &format!(
            "# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: {}\n# numEntries: {entries}\n",
            entries + 1
        )
    }

    fn csvde(&self) -> String {
        let mut text =
            "DN,objectClass,sAMAccountName,userPrincipalName,userAccountControl,whenChanged,member\r\n".to_owned();
        for (sam, person) in &self.story.directory.people {
            let (control, changed) = (control(person), generalized(self.changed(sam)));
            text += &format!("\"{}\",user,{sam},{},{control},{changed},\r\n", dn(sam), sign_in_name(sam));
        }
        for (name, members) in &self.story.directory.groups {
            let members: Vec<String> = members.people.iter().map(|member| dn(member)).collect();
            let changed = generalized(self.changed(name));
            text += &format!("\"{}\",group,{name},,,{changed},\"{}\"\r\n", dn(name), members.join(";"));
        }
        text
    }

    /// What the script writes that `rollcall export-commands ad` prints, with some of its columns.
    fn script(&self) -> Vec<(String, String)> {
        let mut users = "SamAccountName,UserPrincipalName,Name,ObjectClass,Enabled,whenChanged\r\n".to_owned();
        for (sam, person) in &self.story.directory.people {
            // Somebody has a name that not every encoding has.
            let name = if sam == "p003" { "Zoë" } else { sam };
            let (enabled, changed) = (if person.enabled { "True" } else { "False" }, in_utc(self.changed(sam)));
            users += &format!("{sam},{},{name},user,{enabled},{changed}\r\n", sign_in_name(sam));
        }
        let mut groups = "SamAccountName,Name,ObjectClass,GroupCategory,GroupScope,whenChanged\r\n".to_owned();
        let mut members = "Group,SamAccountName,ObjectClass\r\n".to_owned();
        for (name, of_group) in &self.story.directory.groups {
            groups += &format!("{name},{name},group,Security,Global,{}\r\n", in_utc(self.changed(name)));
            members.extend(of_group.people.iter().map(|member| format!("{name},{member},user\r\n")));
        }
        let named = |name: &str, text| (name.to_owned(), text);
        vec![named("users.csv", users), named("groups.csv", groups), named("members.csv", members)]
    }

    /// What AWS says tonight: with the time, with dates and makers, and with ids that the synchronization gave.
    pub fn saved(&self, night: i64) -> Vec<File> {
        let mut saved = self.story.saved_files();
        let names = |kind: &'static str, names: Vec<&String>| -> BTreeMap<String, String> {
            names.into_iter().map(|name| (guid(kind, name), name.clone())).collect()
        };
        let users = names("user", self.story.aws.users.keys().collect());
        let groups = names("group", self.story.aws.groups.keys().collect());
        for file in &mut saved {
            if file.name == "calls.jsonl" {
                file.text =
                    file.text.replace("2026-11-20T07:58", &at(night + AUDIT).format("%Y-%m-%dT%H:%M").to_string());
            }
            if file.name.contains("get-credential-report") {
                let made = at(night + AUDIT - 90).format("%Y-%m-%dT%H:%M:%S+00:00").to_string();
                file.text = file.text.replace("2026-11-20T06:30:00+00:00", &made);
            }
            if !file.name.contains("identitystore") {
                continue;
            }
            let mut answer: serde_json::Value = serde_json::from_str(&file.text).unwrap();
            for user in answer["Users"].as_array_mut().into_iter().flatten() {
                let name = &users[user["UserId"].as_str().unwrap()];
                let created = self.created.get(name).copied().unwrap_or(night - 12 * 60);
                user["CreatedAt"] = at(created).to_rfc3339().into();
                user["CreatedBy"] = SYNCHRONIZATION.into();
                if name == "mallory" {
                    user["ExternalIds"] = serde_json::json!([]);
                    user["CreatedBy"] = BY_HAND.into();
                }
            }
            for group in answer["Groups"].as_array_mut().into_iter().flatten() {
                let id = group["GroupId"].as_str().unwrap()[..8].to_owned();
                group["ExternalIds"] =
                    serde_json::json!([{"Issuer": "https://scim.aws.com/x", "Id": format!("00g{id}")}]);
                group["CreatedBy"] = SYNCHRONIZATION.into();
            }
            for membership in answer["GroupMemberships"].as_array_mut().into_iter().flatten() {
                let group = groups[membership["GroupId"].as_str().unwrap()].clone();
                let made = (group, users[membership["MemberId"]["UserId"].as_str().unwrap()].clone());
                let when = self.made.get(&made).copied().unwrap_or(-100 * DAY);
                membership["CreatedAt"] = at(when).to_rfc3339().into();
                membership["CreatedBy"] = if self.by_hand.contains(&made) { BY_HAND } else { SYNCHRONIZATION }.into();
            }
            file.text = answer.to_string();
        }
        saved
    }
}

/// How the directory is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Ldif,
    Csvde,
    Script,
}

const SYNCHRONIZATION: &str = "scim-1f2e3d";
const BY_HAND: &str = "arn:aws:sts::123456789012:assumed-role/Administrator/mallory";

fn dn(name: &str) -> String {
    format!("CN={name},OU=Staff,DC=corp,DC=example,DC=com")
}

fn control(person: &Person) -> u32 {
    if person.enabled { 512 } else { 514 }
}

fn generalized(at: DateTime<Utc>) -> String {
    at.format("%Y%m%d%H%M%S.0Z").to_string()
}

fn in_utc(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
