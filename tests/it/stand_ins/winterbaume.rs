//! The guided walk on an AWS that others wrote: in winterbaume an assignment provisions a permission set, as in AWS.
//! What is found is what was made, and what boto3 finds who asks every set about every account.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::model::Snapshot;
use serde_json::{Value, json};

use crate::collect::live::{findings, gaps};
use crate::support::simulated::{Facts, STATUS, collect_by, said};
use crate::support::{Winterbaume, rollcall};

const SETTINGS: &str = "[aws]\niam = false\nrequests_per_second = 500\n";

const BY_SET: &str = "sso:ListAccountsForProvisionedPermissionSet";
const BY_ACCOUNT: &str = "sso:ListPermissionSetsProvisionedToAccount";
const BY_PAIR: &str = "sso:ListAccountAssignments";
const BY_GROUP: &str = "identitystore:ListGroupMemberships";
const BY_MEMBER: &str = "identitystore:ListGroupMembershipsForMember";
const BY_PRINCIPAL: &str = "sso:ListAccountAssignmentsForPrincipal";

/// Accounts, of which nobody has access to the last one.
const ACCOUNTS: [&str; 6] = ["management", "production", "staging", "test", "tools", "unused"];

/// A company of so many. A page of the identity store holds a hundred.
struct Company {
    users: usize,
    groups: usize,
    sets: usize,
}

/// The accounts are at least as many as the permission sets, the users at least as many as the groups.
const FEW_SETS: Company = Company { users: 130, groups: 7, sets: 4 };
/// The other way round.
const MANY_SETS: Company = Company { users: 12, groups: 130, sets: 20 };

impl Company {
    /// Everybody is in the first group, a whole page in the second, nobody in the third; the first user is in all
    /// others.
    fn is_member(user: usize, group: usize) -> bool {
        match group {
            0 => true,
            1 => user < 100,
            2 => false,
            _ => user == 0 || (user + group).is_multiple_of(5),
        }
    }

    /// The first permission set is provisioned nowhere, all others in some accounts.
    fn is_provisioned(set: usize, account: usize) -> bool {
        set > 0 && ACCOUNTS[account] != "unused" && (set + account).is_multiple_of(3)
    }

    /// What `tests/servers/seed.py` makes come true.
    fn story(&self) -> Value {
        let named = |kind: &str, number: usize| format!("{kind}-{number:03}");
        let accounts =
            ACCOUNTS[1..].iter().map(|key| json!({"key": key, "name": key, "email": format!("{key}@corp.example")}));
        let users = (0..self.users).map(|user| json!({"user_name": named("user", user)}));
        let groups = (0..self.groups).map(|group| {
            let members = (0..self.users).filter(|user| Company::is_member(*user, group));
            let members: Vec<String> = members.map(|user| named("user", user)).collect();
            json!({"name": named("group", group), "members": members})
        });
        let sets = (0..self.sets).map(|set| json!({"name": named("set", set)}));
        let pairs = (0..self.sets).flat_map(|set| (0..ACCOUNTS.len()).map(move |account| (set, account)));
        let pairs = pairs.filter(|(set, account)| Company::is_provisioned(*set, *account));
        let assignments = pairs.flat_map(|(set, account)| {
            let principals = [
                json!({"group": named("group", (set + account) % self.groups)}),
                json!({"user": named("user", (7 * set + account) % self.users)}),
            ];
            principals.map(|principal| {
                json!({"principal": principal, "permission_set": named("set", set), "account": ACCOUNTS[account]})
            })
        });
        json!({
            "accounts": accounts.collect::<Value>(), "users": users.collect::<Value>(), "groups": groups.collect::<Value>(),
            "permission_sets": sets.collect::<Value>(), "assignments": assignments.collect::<Value>(),
        })
    }
}

/// A company that came true: the story, and the ids of what was made.
struct Made {
    server: Winterbaume,
    story: Value,
    ids: Value,
}

impl Made {
    fn of(company: &Company) -> Self {
        let (server, story) = (Winterbaume::start(), company.story());
        let ids = server.seed(&story);
        Made { server, story, ids }
    }

    fn told<'m>(&'m self, kind: &str) -> impl Iterator<Item = &'m Value> {
        self.story[kind].as_array().unwrap().iter()
    }

    /// The id or the ARN of what the story calls so.
    fn id(&self, kind: &str, name: &Value) -> &str {
        self.ids[kind][text(name)].as_str().unwrap()
    }

    /// What is true.
    fn truth(&self) -> Facts {
        let mut facts = Facts::new();
        for user in self.told("users") {
            facts.insert(format!("user `{}` is {}", text(&user["user_name"]), self.id("users", &user["user_name"])));
        }
        for group in self.told("groups") {
            let id = self.id("groups", &group["name"]);
            facts.insert(format!("group `{}` is {id}", text(&group["name"])));
            let members = group["members"].as_array().unwrap().iter();
            facts.extend(members.map(|member| format!("group `{id}` has `{}`", self.id("users", member))));
        }
        for set in self.told("permission_sets") {
            let (name, arn) = (text(&set["name"]), self.id("permission_sets", &set["name"]));
            facts.insert(format!("permission set `{name}` is {arn}"));
        }
        for account in ACCOUNTS {
            facts.insert(format!("account {} is listed", self.id("accounts", &json!(account))));
        }
        for assigned in self.told("assignments") {
            let principal = &assigned["principal"];
            let principal = match principal.get("group") {
                Some(group) => self.id("groups", group),
                None => self.id("users", &principal["user"]),
            };
            let (set, account) = self.pair(assigned);
            facts.insert(format!("`{principal}` has `{set}` in {account}"));
        }
        facts
    }

    /// The permission set and the account of an assignment.
    fn pair<'m>(&'m self, assigned: &'m Value) -> (&'m str, &'m str) {
        (self.id("permission_sets", &assigned["permission_set"]), self.id("accounts", &assigned["account"]))
    }

    fn provisioned(&self) -> BTreeSet<(&str, &str)> {
        self.told("assignments").map(|assigned| self.pair(assigned)).collect()
    }

    /// What is seen by all ways.
    fn collect(&self) -> Snapshot {
        let folder = tempfile::tempdir().unwrap();
        collect_by(&self.server.environment(), folder.path(), &format!("{SETTINGS}cross_check = \"all\"\n"))
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// What a snapshot says, but for whether an account is active: nobody made one that is not.
fn found(snapshot: &Snapshot) -> Facts {
    said(snapshot).into_iter().filter(|fact| !fact.starts_with(STATUS)).collect()
}

/// How often each listing was asked for that takes a way of its own, or more than a page.
fn listings(ledger: &[(String, Value)]) -> BTreeMap<&str, usize> {
    let listings = ["identitystore:ListUsers", "identitystore:ListGroups", BY_GROUP, BY_MEMBER, BY_SET, BY_ACCOUNT];
    let mut asked = BTreeMap::new();
    for (operation, _) in ledger.iter().filter(|(operation, _)| listings.contains(&operation.as_str())) {
        *asked.entry(operation.as_str()).or_default() += 1;
    }
    asked
}

/// Every pair whose assignments were asked for, as often as they were.
fn pairs(ledger: &[(String, Value)]) -> Vec<(&str, &str)> {
    let pairs = ledger.iter().filter(|(operation, _)| operation == BY_PAIR);
    let mut pairs: Vec<_> =
        pairs.map(|(_, asked)| (text(&asked["PermissionSetArn"]), text(&asked["AccountId"]))).collect();
    pairs.sort_unstable();
    pairs
}

/// Collects, asking for everything by a second way too, and compares with what is true and with what boto3 finds.
fn collected_as_made<const N: usize>(company: &Company, asked: [(&str, usize); N], memberships: [&str; 2]) {
    let made = Made::of(company);
    let snapshot = made.collect();
    let ledger = made.server.ledger();
    let provisioned = made.provisioned();
    assert_eq!(listings(&ledger), BTreeMap::from(asked));
    assert_eq!(pairs(&ledger), Vec::from_iter(provisioned.clone()));
    assert!(provisioned.len() * 2 < company.sets * ACCOUNTS.len(), "most pairs are not there to be asked about");
    assert_eq!(found(&snapshot), made.truth());
    assert_eq!(made.server.walk(), made.truth());

    let checked = snapshot.cross_checked.iter();
    let checked: Vec<_> = checked.map(|one| ([one.first, one.second], one.answered, one.differing)).collect();
    let principals = company.users + company.groups;
    assert_eq!(checked, [(memberships, 130, 0), ([BY_PAIR, BY_PRINCIPAL], principals, 0)]);
}

// Where sets are provisioned is asked a second time, which of it is outdated, unless it is nowhere.

#[test]
fn of_fewer_sets_than_accounts_only_provisioned_pairs_are_asked_about_and_the_end_is_what_was_made() {
    let asked = [
        ("identitystore:ListUsers", 2),
        ("identitystore:ListGroups", 1),
        // After a whole page winterbaume says that there may be more: that of the second group is empty.
        (BY_GROUP, 7 + 2),
        (BY_MEMBER, 130),
        (BY_SET, 4 + 3),
    ];
    collected_as_made(&FEW_SETS, asked, [BY_GROUP, BY_MEMBER]);
}

#[test]
fn of_fewer_accounts_than_sets_only_provisioned_pairs_are_asked_about_and_the_end_is_what_was_made() {
    let asked = [
        ("identitystore:ListUsers", 1),
        ("identitystore:ListGroups", 2),
        (BY_MEMBER, 12 + 1),
        (BY_GROUP, 130),
        (BY_ACCOUNT, 6 + 5),
    ];
    collected_as_made(&MANY_SETS, asked, [BY_MEMBER, BY_GROUP]);
}

impl Made {
    /// Lists that expect everything, but for the last membership and the last assignment.
    fn lists_without_the_last(&self) -> [(&'static str, String); 3] {
        let people: String = self.told("users").map(|user| format!("{}\n", text(&user["user_name"]))).collect();
        let mut members = Vec::new();
        for group in self.told("groups") {
            let name = text(&group["name"]);
            match &group["members"].as_array().unwrap()[..] {
                // That it is expected, and empty.
                [] => members.push(format!("{name},\n")),
                some => members.extend(some.iter().map(|member| format!("{name},{}\n", text(member)))),
            }
        }
        let assigned = self.told("assignments").map(|assigned| {
            let (kind, principal) = assigned["principal"].as_object().unwrap().iter().next().unwrap();
            let account = self.id("accounts", &assigned["account"]);
            format!("{kind},{},{account},{}\n", text(principal), text(&assigned["permission_set"]))
        });
        let mut assigned: Vec<String> = assigned.collect();
        members.pop();
        assigned.pop();
        [
            ("people.csv", format!("user\n{people}")),
            ("members.csv", format!("group,user\n{}", members.concat())),
            ("assignments.csv", format!("principal_type,principal,account,permission_set\n{}", assigned.concat())),
        ]
    }

    fn audit(&self) -> (Value, i32) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("expected")).unwrap();
        for (name, text) in self.lists_without_the_last() {
            std::fs::write(folder.path().join("expected").join(name), text).unwrap();
        }
        std::fs::write(folder.path().join("rollcall.toml"), SETTINGS).unwrap();
        let output = rollcall(folder.path(), &["audit"], &self.server.environment());
        let package = output.stdout.lines().find_map(|line| line.strip_prefix("Package  "));
        let package = folder.path().join(package.unwrap_or_else(|| panic!("{}{}", output.stdout, output.stderr)));
        let report = std::fs::read_to_string(package.join("report.json")).unwrap();
        (serde_json::from_str(&report).unwrap(), output.code)
    }
}

#[test]
fn an_audit_finds_what_is_too_much_and_names_all_that_winterbaume_does_not_answer() {
    let made = Made::of(&FEW_SETS);
    let (report, code) = made.audit();
    assert_eq!((code, text(&report["verdict"]["completeness"])), (3, "incomplete"));
    // It answers with everything that is provisioned where it is asked for what is outdated, so all of it is called so.
    let (outdated, others): (Vec<_>, Vec<_>) =
        findings(&report).into_iter().partition(|(rule, ..)| rule == "unprovisioned-permission-set");
    assert_eq!(outdated.len(), 3);
    let titles: Vec<String> = others.into_iter().map(|(.., title)| title).collect();
    let account = made.id("accounts", &json!("test"));
    let assignment =
        format!("User `user-024` has `set-003` in `test` ({account}); no expected list has this assignment");
    assert_eq!(titles, [&*assignment, "User `user-129` is in group `group-006`; no expected list has this membership"]);

    let mut unknown: Vec<String> = (0..FEW_SETS.sets)
        .map(|set| format!("sso:GetPermissionsBoundaryForPermissionSet/boundary/failed/set-{set:03}"))
        .collect();
    unknown.insert(0, "account-access:ListApplications/entitlements/failed".to_owned());
    unknown.push("sso:ListApplications/applications/failed".to_owned());
    assert_eq!(gaps(&report), unknown);
    // Whoever answers that it does not know a call is not asked again.
    let calls = |operation: &str| report["ledger"][operation]["calls"].as_u64();
    assert_eq!(["sso:ListApplications", "account-access:ListApplications"].map(calls), [Some(1); 2]);
}
