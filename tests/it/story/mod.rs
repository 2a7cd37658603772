//! A story of a company, from which both halves of an audit are derived: what AWS says (as moto makes it, as saved AWS
//! CLI output) and what the lists say (as an Active Directory export, as lists kept by hand).
//!
//! A new story is in order: everyone who is hired is in the directory and, because the directory is synchronised, in
//! Identity Center. The verbs that change one half only are how a test plants a deviation.

mod applications;
mod aws;
mod iam;
mod lists;
mod moto;
mod sample;

use std::collections::{BTreeMap, BTreeSet};

use rollcall::model::PermissionSetPolicies;

pub use applications::application_arn;
pub use aws::{File, call_line};
pub use sample::AS_OF;

/// The company, in both halves.
#[derive(Debug, Clone)]
pub struct Story {
    pub directory: Directory,
    pub aws: Aws,
    pub lists: Lists,
}

/// What Active Directory knows.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    pub people: BTreeMap<String, Person>,
    pub groups: BTreeMap<String, DirectoryGroup>,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub given: String,
    pub surname: String,
    pub enabled: bool,
}

#[derive(Debug, Clone, Default)]
pub struct DirectoryGroup {
    pub people: BTreeSet<String>,
    pub groups: BTreeSet<String>,
}

/// What AWS has.
#[derive(Debug, Clone, Default)]
pub struct Aws {
    /// By user name; the value is whether the user is enabled.
    pub users: BTreeMap<String, bool>,
    pub groups: BTreeMap<String, BTreeSet<String>>,
    /// By key; the first one, `management`, is the organization's own.
    pub accounts: BTreeMap<String, Account>,
    pub permission_sets: BTreeMap<String, PermissionSet>,
    pub assignments: BTreeSet<Assignment>,
    /// By name: assignments of application it; nobody asks for an assignment to one that is open.
    pub applications: BTreeMap<String, Application>,
    pub entitlements: BTreeSet<Entitlement>,
    /// By account's key.
    pub iam: BTreeMap<String, BTreeMap<String, IamUser>>,
    /// By account's key and role.
    pub roles: BTreeMap<(String, String), Role>,
    /// By account's key and policy: the document.
    pub policies: BTreeMap<(String, String), String>,
    /// By account's key; others have a password that the report does not tell of, a second factor and no key.
    pub roots: BTreeMap<String, Root>,
}

#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, Default)]
pub struct PermissionSet {
    pub managed: Vec<String>,
    /// Names of policies that each account defines for itself.
    pub customer: Vec<String>,
    pub inline: Option<String>,
    /// The ARN of an AWS-managed policy, or the name of a policy that each account defines for itself.
    pub boundary: Option<String>,
    /// Accounts, by key, in which an older version of it is in force.
    pub outdated: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    pub principal: Principal,
    pub permission_set: String,
    pub account: String,
}

#[derive(Debug, Clone, Default)]
pub struct Application {
    pub principals: BTreeSet<Principal>,
    pub open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entitlement {
    pub principal: Principal,
    pub role: String,
    pub account: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    Group(String),
    User(String),
}

#[derive(Debug, Clone, Default)]
pub struct IamUser {
    pub attached: Vec<String>,
    pub inline: BTreeMap<String, String>,
    pub keys: u8,
    /// Active service-specific credentials.
    pub service_credentials: u8,
    pub password: bool,
    pub mfa: bool,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// The value of its `Owner` tag.
    pub owner: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Role {
    pub path: String,
    /// Its trust policy, as JSON.
    pub trust: String,
    pub attached: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Root {
    /// What the report says: `true`, `false`, `not_supported`.
    pub password: String,
    pub mfa: bool,
    pub keys: u8,
}

/// The lists that are kept by hand. `None` is a list that nobody wrote.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    pub assignments: Option<BTreeSet<Assignment>>,
    /// Application and who; everyone where there is nobody. Each may have an expiry.
    pub applications: Option<BTreeMap<(String, Option<Principal>), String>>,
    pub entitlements: Option<BTreeMap<Entitlement, String>>,
    /// By name: whether it may be administrative, and the digest that was approved.
    pub permission_sets: Option<BTreeMap<String, (bool, String)>>,
    /// By account's key and user.
    pub iam_users: Option<BTreeMap<(String, String), IamRow>>,
    /// Account's key, role, whom it trusts and under which conditions.
    pub trusts: Option<BTreeSet<(String, String, String, String)>>,
    /// Each a table of `waivers.toml`, as text.
    pub waivers: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct IamRow {
    pub policies: Vec<String>,
    pub owner: String,
    /// `yes`, `no` or nothing.
    pub administrative: String,
    pub digest: String,
}

/// The domain of everyone in a story.
pub const DOMAIN: &str = "corp.example.com";

impl Story {
    /// A company without anybody: an organization of three accounts, three permission sets, and all lists, empty.
    pub fn company() -> Self {
        let mut story = Story {
            directory: Directory::default(),
            aws: Aws::default(),
            lists: Lists { assignments: Some(BTreeSet::new()), iam_users: Some(BTreeMap::new()), ..Lists::default() },
        };
        for (key, id, name) in [
            ("management", "123456789012", "Acme Management"),
            ("prod", "222233334444", "Acme Production"),
            ("dev", "333344445555", "Acme Development"),
        ] {
            story.account(key, id, name);
        }
        for (name, policy) in
            [("Admin", "AdministratorAccess"), ("ReadOnly", "ReadOnlyAccess"), ("Audit", "SecurityAudit")]
        {
            story.permission_set(name, policy);
        }
        story
    }

    /// A company of three people, two groups and two assignments, in order.
    pub fn small() -> Self {
        let mut story = Story::company();
        story.group("AWS-Admins").group("AWS-Readers");
        story.hire("alice", &["AWS-Admins"]).hire("bob", &["AWS-Readers"]).hire("carol", &["AWS-Readers"]);
        story.grant(group("AWS-Admins"), "Admin", "prod").grant(group("AWS-Readers"), "ReadOnly", "prod");
        story.iam_user("dev", "svc-backup", &["AmazonS3ReadOnlyAccess"], "alice");
        story
    }

    // --- what happens in both halves -------------------------------------------------------------------------------

    /// A group in the directory, synchronised.
    pub fn group(&mut self, name: &str) -> &mut Self {
        self.directory.groups.entry(name.to_owned()).or_default();
        self.aws.groups.entry(name.to_owned()).or_default();
        self
    }

    /// Somebody joins, and is in these groups in both halves.
    pub fn hire(&mut self, name: &str, groups: &[&str]) -> &mut Self {
        self.directory_person(name);
        self.aws.users.insert(name.to_owned(), true);
        for group in groups {
            self.directory_member(group, name).aws_member(group, name);
        }
        self
    }

    /// A group is put into another one; the directory nests them, and synchronisation adds the inner one's people to
    /// the outer one.
    pub fn nest(&mut self, inner: &str, outer: &str) -> &mut Self {
        self.directory.groups.get_mut(outer).expect("the outer group is there").groups.insert(inner.to_owned());
        let people = self.aws.groups[inner].clone();
        self.aws.groups.get_mut(outer).expect("the outer group is there").extend(people);
        self
    }

    /// An assignment that its list expects.
    pub fn grant(&mut self, principal: Principal, permission_set: &str, account: &str) -> &mut Self {
        self.aws_grant(principal.clone(), permission_set, account).expect_grant(principal, permission_set, account)
    }

    /// An IAM user that its list expects, with these AWS-managed policies attached, and one active key.
    pub fn iam_user(&mut self, account: &str, name: &str, policies: &[&str], owner: &str) -> &mut Self {
        self.aws_iam_user(account, name, policies);
        let row = IamRow {
            policies: policies.iter().map(|&policy| policy.to_owned()).collect(),
            owner: sign_in_name(owner),
            ..IamRow::default()
        };
        let list = self.lists.iam_users.as_mut().expect("the list of IAM users is kept");
        list.insert((account.to_owned(), name.to_owned()), row);
        self
    }

    // --- what happens in the directory and its lists only ----------------------------------------------------------

    /// Somebody who is in the directory and in nothing else.
    pub fn directory_person(&mut self, name: &str) -> &mut Self {
        let (given, surname) = name.split_once('.').unwrap_or((name, "example"));
        let person = Person { given: capital(given), surname: capital(surname), enabled: true };
        self.directory.people.insert(name.to_owned(), person);
        self
    }

    pub fn directory_member(&mut self, group: &str, person: &str) -> &mut Self {
        self.directory.groups.get_mut(group).expect("the group is there").people.insert(person.to_owned());
        self
    }

    /// Somebody leaves: the directory disables the account, and nothing else happens.
    pub fn leaves(&mut self, name: &str) -> &mut Self {
        self.directory.people.get_mut(name).expect("only who was hired can leave").enabled = false;
        self
    }

    pub fn expect_grant(&mut self, principal: Principal, permission_set: &str, account: &str) -> &mut Self {
        let row = assignment(principal, permission_set, account);
        self.lists.assignments.as_mut().expect("the list of assignments is kept").insert(row);
        self
    }

    /// `waivers.toml` gains a waiver: rule, principal, last day.
    pub fn waive(&mut self, rule: &str, principal: &str, expires: &str) -> &mut Self {
        self.lists.waivers.push(format!(
            "[[waiver]]\nrule = \"{rule}\"\nprincipal = \"{principal}\"\nreason = \"agreed in the change board\"\n\
             approved_by = \"ciso@corp.example.com\"\nexpires = {expires}\n"
        ));
        self
    }

    // --- what happens in AWS only ----------------------------------------------------------------------------------

    /// An account of the organization; one of the same key is replaced.
    pub fn account(&mut self, key: &str, id: &str, name: &str) -> &mut Self {
        self.aws.accounts.insert(key.to_owned(), Account { id: id.to_owned(), name: name.to_owned() });
        self.aws.iam.entry(key.to_owned()).or_default();
        self
    }

    pub fn permission_set(&mut self, name: &str, policy: &str) -> &mut Self {
        let set = PermissionSet { managed: vec![managed(policy)], ..PermissionSet::default() };
        self.aws.permission_sets.insert(name.to_owned(), set);
        self
    }

    /// Every permission set is approved as it is now.
    pub fn approve_permission_sets(&mut self) -> &mut Self {
        let approved = self.aws.permission_sets.iter().map(|(name, set)| {
            let mut aws_managed = set.managed.clone();
            aws_managed.sort();
            let customer_managed = Vec::new();
            let inline = set.inline.clone();
            let allowed = PermissionSetPolicies { aws_managed, customer_managed, inline, boundary: None };
            let administrative = set.managed.iter().any(|policy| policy.ends_with("/AdministratorAccess"));
            (name.clone(), (administrative, allowed.digest()))
        });
        self.lists.permission_sets = Some(approved.collect());
        self
    }

    /// A permission set gets an inline policy.
    pub fn permission_set_grows(&mut self, name: &str, document: &str) -> &mut Self {
        self.aws.permission_sets.get_mut(name).expect("a permission set").inline = Some(document.to_owned());
        self
    }

    /// A permission set is limited by a policy: an ARN of AWS's, or a name.
    pub fn permission_set_is_limited(&mut self, name: &str, boundary: &str) -> &mut Self {
        self.aws.permission_sets.get_mut(name).expect("a permission set").boundary = Some(boundary.to_owned());
        self
    }

    /// A permission set was changed, and this account still has it as it was before.
    pub fn permission_set_is_outdated(&mut self, name: &str, account: &str) -> &mut Self {
        let set = self.aws.permission_sets.get_mut(name).expect("a permission set");
        set.outdated.insert(account.to_owned());
        self
    }

    /// A user of Identity Center whom nobody hired.
    pub fn stranger(&mut self, name: &str) -> &mut Self {
        self.aws.users.insert(name.to_owned(), true);
        self
    }

    pub fn aws_group(&mut self, name: &str) -> &mut Self {
        self.aws.groups.entry(name.to_owned()).or_default();
        self
    }

    pub fn aws_member(&mut self, group: &str, user: &str) -> &mut Self {
        self.aws.groups.get_mut(group).expect("the group is there").insert(user.to_owned());
        self
    }

    pub fn aws_member_gone(&mut self, group: &str, user: &str) -> &mut Self {
        self.aws.groups.get_mut(group).expect("the group is there").remove(user);
        self
    }

    /// A user disappears from Identity Center with all memberships; the directory does not notice.
    pub fn aws_user_gone(&mut self, user: &str) -> &mut Self {
        self.aws.users.remove(user);
        for members in self.aws.groups.values_mut() {
            members.remove(user);
        }
        self
    }

    pub fn aws_grant(&mut self, principal: Principal, permission_set: &str, account: &str) -> &mut Self {
        self.aws.assignments.insert(assignment(principal, permission_set, account));
        self
    }

    pub fn aws_grant_gone(&mut self, principal: Principal, permission_set: &str, account: &str) -> &mut Self {
        self.aws.assignments.remove(&assignment(principal, permission_set, account));
        self
    }

    /// A permission set for a group in every account; no list hears of it.
    pub fn grant_in_aws_everywhere(&mut self, name: &str, permission_set: &str) -> &mut Self {
        let accounts: Vec<String> = self.aws.accounts.keys().cloned().collect();
        for account in accounts {
            self.aws_grant(group(name), permission_set, &account);
        }
        self
    }

    /// An AWS-managed policy more for an IAM user.
    pub fn attach(&mut self, account: &str, name: &str, policy: &str) -> &mut Self {
        let users = self.aws.iam.get_mut(account).expect("the account is there");
        users.get_mut(name).expect("the user is there").attached.push(managed(policy));
        self
    }

    pub fn aws_iam_user(&mut self, account: &str, name: &str, policies: &[&str]) -> &mut Self {
        let user = IamUser {
            attached: policies.iter().map(|policy| managed(policy)).collect(),
            keys: 1,
            ..IamUser::default()
        };
        self.aws.iam.get_mut(account).expect("the account is there").insert(name.to_owned(), user);
        self
    }
}

pub fn group(name: &str) -> Principal {
    Principal::Group(name.to_owned())
}

pub fn user(name: &str) -> Principal {
    Principal::User(name.to_owned())
}

/// The name that somebody signs in with.
pub fn sign_in_name(name: &str) -> String {
    format!("{name}@{DOMAIN}")
}

/// A word with a capital letter in front.
pub fn capital(word: &str) -> String {
    let mut word = word.to_owned();
    word[..1].make_ascii_uppercase();
    word
}

fn managed(policy: &str) -> String {
    format!("arn:aws:iam::aws:policy/{policy}")
}

fn assignment(principal: Principal, permission_set: &str, account: &str) -> Assignment {
    Assignment { principal, permission_set: permission_set.to_owned(), account: account.to_owned() }
}

/// An id that is the same for the same name in every story, in the form of a GUID.
pub fn guid(kind: &str, name: &str) -> String {
    // FNV-1a over 128 bits: all that is asked of it is to be stable and to differ.
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in kind.bytes().chain([0]).chain(name.bytes()) {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let digits = format!("{hash:032x}");
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
}
