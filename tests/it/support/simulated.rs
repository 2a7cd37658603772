//! What is true of a simulated AWS and what a snapshot says, in the same words, so that the two can be compared.

use std::collections::BTreeSet;
use std::path::Path;

use rollcall::collect;
use rollcall::model::{Group, Known, PermissionSet, Principal, Snapshot};
use rollcall_simulator::world::{self, Account, Entitlement};
use rollcall_simulator::{Simulator, World};

use super::command::rollcall;

/// Statements like ``group `90670000-…` has `90670001-…` ``. Ids are all that references between things are made of.
pub type Facts = BTreeSet<String>;

/// How a statement about the status of a user or of an account begins.
pub const STATUS: &str = "the status of ";
/// How a statement about how somebody signs in begins, which does not affect the result where it is missing.
pub const SIGNS_IN: &str = "there signs in ";

/// The settings that read all of a simulated AWS, at a pace that only the simulator limits.
pub const SETTINGS: &str = "[aws]\nmember_role = \"RollcallAuditor\"\nrequests_per_second = 500\n";

/// Collects as a user would, and reads what that left behind.
pub fn collect_from(simulator: &Simulator, folder: &Path) -> Snapshot {
    collect_with(simulator, folder, SETTINGS)
}

/// The same with these settings.
pub fn collect_with(simulator: &Simulator, folder: &Path, settings: &str) -> Snapshot {
    collect_by(&simulator.environment(), folder, settings)
}

/// The same from whatever AWS this environment leads to.
pub fn collect_by(environment: &[(String, String)], folder: &Path, settings: &str) -> Snapshot {
    std::fs::write(folder.join("rollcall.toml"), settings).unwrap();
    let output = rollcall(folder, &["collect", "--to", "pages.jsonl"], environment);
    let Ok(journal) = std::fs::File::open(folder.join("pages.jsonl")) else {
        panic!("nothing was collected: {}{}", output.stdout, output.stderr);
    };
    collect::from_journal(std::io::BufReader::new(journal)).unwrap().snapshot
}

/// What is true.
pub fn truth(world: &World) -> Facts {
    let mut facts = Facts::new();
    for user in world.users() {
        facts.insert(format!("user `{}` is {}", user.name, user.id));
        facts.extend(user.status.iter().map(|status| format!("{STATUS}{} is {status}", user.id)));
    }
    for group in world.groups() {
        facts.insert(format!("group `{}` is {}", group.name, group.id));
        facts.extend(world.members(group).map(|user| format!("group `{}` has `{}`", group.id, user.id)));
    }
    for set in &world.permission_sets {
        facts.insert(format!("permission set `{}` is {}", set.name, set.arn));
        facts.insert(format!("`{}` allows {:?} and {:?}", set.arn, set.managed, set.inline));
    }
    for (set, account, principal) in world.assignments() {
        facts.insert(format!("`{}` has `{set}` in {account}", principal.id()));
    }
    for application in &world.applications {
        let arn = &application.arn;
        facts.insert(format!("application `{}` is {arn}", application.name));
        facts.extend(application.assigned.iter().map(|principal| format!("`{}` may use `{arn}`", principal.id())));
        facts.extend((!application.assignment_required).then(|| format!("everyone may use `{arn}`")));
    }
    for Entitlement { principal, role_arn, account, .. } in &world.entitlements {
        facts.insert(format!("`{}` may be `{role_arn}` in {account}", principal.id()));
    }
    for account in world.accounts.iter().filter(|account| !account.unlisted) {
        facts.insert(format!("account {} is listed", account.id));
        facts.insert(format!("{STATUS}{} is {}", account.id, account.state));
        if account.state == "ACTIVE" {
            facts.extend(truth_of_iam(account));
        }
    }
    facts
}

fn truth_of_iam(account: &Account) -> Facts {
    let Account { id, iam, .. } = account;
    let mut facts = Facts::new();
    let keys = |credentials: &world::Credentials| credentials.keys.iter().filter(|key| key.active).count();
    for user in &iam.users {
        let (name, of_groups) = (&user.name, iam.groups.iter().filter(|group| user.groups.contains(&group.name)));
        facts.insert(format!("{id} has user `{name}`"));
        let (keys, mfa) = (keys(&user.credentials), user.credentials.mfa);
        facts.insert(format!("{SIGNS_IN}`{name}` of {id} with {keys} keys, mfa {mfa}"));
        let attached = user.attached.iter().chain(of_groups.flat_map(|group| &group.attached));
        let names = attached
            .map(|arn| arn.rsplit('/').next().unwrap())
            .chain(user.inline.iter().map(|(name, _)| name.as_str()));
        facts.extend(names.map(|policy| format!("{id} lets user `{name}` do {policy}")));
    }
    facts.extend(iam.roles.iter().map(|role| format!("{id} has role `{}`", role.name)));
    facts.insert(format!("{SIGNS_IN}the root user of {id} with {} keys, mfa {}", keys(&iam.root), iam.root.mfa));
    facts
}

/// What a snapshot says. Something that only a reference names is not said to exist.
pub fn said(snapshot: &Snapshot) -> Facts {
    let mut facts = Facts::new();
    for user in snapshot.users.seen().filter(|user| user.listed) {
        facts.insert(format!("user `{}` is {}", user.user_name, user.id));
        let status = user.status.map(|status| format!("{status:?}").to_uppercase());
        facts.extend(status.map(|status| format!("{STATUS}{} is {status}", user.id)));
    }
    for group in snapshot.groups.seen() {
        if group.listed {
            facts.insert(format!("group `{}` is {}", group.name, group.id));
        }
        facts.extend(members(snapshot, group));
    }
    for set in snapshot.permission_sets.seen() {
        if set.unnamed.is_none() {
            facts.insert(format!("permission set `{}` is {}", set.name, set.arn));
        }
        if let Known::Is(policies) = &set.policies {
            facts.insert(format!("`{}` allows {:?} and {:?}", set.arn, policies.aws_managed, policies.inline));
        }
        facts.extend(granted(snapshot, set));
    }
    for account in snapshot.accounts.seen().filter(|account| account.listed) {
        facts.insert(format!("account {} is listed", account.id));
        facts.extend(account.state.iter().map(|state| format!("{STATUS}{} is {state}", account.id)));
    }
    facts.extend(beyond_permission_sets(snapshot));
    facts.extend(iam(snapshot));
    facts
}

fn beyond_permission_sets(snapshot: &Snapshot) -> Facts {
    let mut facts = Facts::new();
    for application in snapshot.applications.seen() {
        let arn = &application.arn;
        facts.insert(format!("application `{}` is {arn}", application.name));
        let assigned = application.principals.seen();
        facts.extend(assigned.map(|principal| format!("`{}` may use `{arn}`", id(snapshot, *principal))));
        facts.extend(application.everyone.seen().map(|_| format!("everyone may use `{arn}`")));
    }
    for entitled in snapshot.entitled.seen() {
        let account = snapshot.accounts[entitled.account].id;
        facts.extend(
            entitled
                .entitlements
                .seen()
                .map(|held| format!("`{}` may be `{}` in {account}", id(snapshot, held.principal), held.role_arn)),
        );
    }
    facts
}

fn id(snapshot: &Snapshot, principal: Principal) -> String {
    match principal {
        Principal::User(user) => snapshot.users[user].id.to_string(),
        Principal::Group(group) => snapshot.groups[group].id.to_string(),
    }
}

fn members<'s>(snapshot: &'s Snapshot, group: &'s Group) -> impl Iterator<Item = String> + 's {
    let members = group.members.seen().map(|user| &snapshot.users[*user].id);
    members.map(|user| format!("group `{}` has `{user}`", group.id))
}

fn granted(snapshot: &Snapshot, set: &PermissionSet) -> Facts {
    let mut facts = Facts::new();
    for placement in set.placements.seen() {
        for principal in placement.principals.seen() {
            let (id, account) = (id(snapshot, *principal), snapshot.accounts[placement.account].id);
            facts.insert(format!("`{id}` has `{}` in {account}", set.arn));
        }
    }
    facts
}

fn iam(snapshot: &Snapshot) -> Facts {
    let mut facts = Facts::new();
    for iam in &snapshot.iam {
        let id = snapshot.accounts[iam.account].id;
        for user in iam.users.seen() {
            let name = &user.name;
            facts.insert(format!("{id} has user `{name}`"));
            if let Known::Is(credentials) = &user.credentials {
                let (keys, mfa) = (credentials.active_keys, credentials.mfa);
                facts.insert(format!("{SIGNS_IN}`{name}` of {id} with {keys} keys, mfa {mfa}"));
            }
            facts.extend(user.policies.iter().map(|policy| format!("{id} lets user `{name}` do {}", policy.name)));
        }
        facts.extend(iam.roles.seen().map(|role| format!("{id} has role `{}`", role.name)));
        if let Known::Is(root) = &iam.root {
            facts.insert(format!("{SIGNS_IN}the root user of {id} with {} keys, mfa {}", root.active_keys, root.mfa));
        }
    }
    facts
}
