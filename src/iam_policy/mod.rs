//! What must be allowed to whom, so that a run can collect and deliver what the settings ask for, and nothing else.
//!
//! The operations of AWS that are read come from the table of `collect`; what the store, the lists and the alert need
//! is known here. Pure: how a policy is written down is the business of whoever prints it.

mod operator;
mod watcher;

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{ChangeKind, Thing};
use crate::collect::focus::{GROUP_ACTIONS, HELD_ACTIONS, IAM_ACTIONS, PASSWORD_POLICY, USER_ACTIONS};
use crate::collect::permissions::{self, By};
use crate::model::Effect;
use crate::settings::Settings;
use crate::store::{Key, Location};

pub use operator::{of_operator, of_operator_member};
pub use watcher::{event_sources, of_watcher};

/// One statement of a policy: these actions on these resources are allowed or denied, where the condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name in the policy.
    pub sid: String,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// What may be done, and what for.
    pub actions: Vec<Action>,
    /// On what.
    pub resources: Vec<Resource>,
    /// Where it holds; otherwise everywhere.
    pub condition: Option<Condition>,
}

/// What a condition compares: any of the values is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// How: `StringEquals`.
    pub operator: String,
    /// What: `aws:ResourceOrgID`.
    pub key: String,
    /// With what.
    pub values: Vec<String>,
}

/// An action, as a policy names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// `identitystore:ListUsers`
    pub name: String,
    /// What it is for.
    pub why: &'static str,
}

/// What actions are allowed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// Everything. So it is for all that is read of IAM Identity Center, Organizations and IAM: the actions take no
    /// resource, or one of an instance of which an account has only one and of which all is read.
    Everything,
    /// An ARN, from behind its partition on.
    Within(String),
    /// An ARN as the settings have it.
    Arn(String),
}

/// What the principal that Rollcall runs as needs: in the management account, or a delegated administrator's.
#[must_use]
pub fn of_rollcall(settings: &Settings) -> Vec<Statement> {
    let mut statements = collecting(settings, |by| by != By::Everybody);
    statements.extend(looking(settings));
    statements.extend(looking_at_principals(settings));
    statements.extend(reading_password_policy(settings));
    statements.extend(of_watcher(settings));
    statements.extend(delivering(settings));
    statements
}

/// What reading the lists, keeping packages and telling of news need.
#[must_use]
pub fn delivering(settings: &Settings) -> Vec<Statement> {
    let mut statements = Vec::new();
    let buckets = buckets(settings);
    if !buckets.is_empty() {
        statements.extend(packages(&buckets));
        statements.extend(settings.report.bucket.kms_key_id.as_deref().map(packages_key));
    }
    if let Location::Bucket { name, prefix } = &settings.expect.path {
        statements.extend(lists(name, prefix.as_ref()));
    }
    statements.extend(alerts(settings.topics()));
    statements
}

/// What the role needs that Rollcall assumes in every account; nothing, where the settings name no role.
#[must_use]
pub fn of_member_role(settings: &Settings) -> Vec<Statement> {
    if settings.aws.member_role.is_none() {
        return Vec::new();
    }
    let mut statements = collecting(settings, |by| by == By::Reader);
    statements.extend(looking(settings));
    statements.extend(reading_password_policy(settings));
    statements.extend(watcher::watching_iam(settings));
    statements
}

/// What making a console password needs; nothing, where the settings allow no new IAM user.
fn reading_password_policy(settings: &Settings) -> Option<Statement> {
    let change = settings.change.as_ref().filter(|change| change.allow.contains(&ChangeKind::CreateIamUser));
    let (name, why) = PASSWORD_POLICY;
    change.map(|_| statement("PasswordPolicy", vec![action(name, why)], [Resource::Everything]))
}

/// What looking at an IAM user needs right before and after it is changed; nothing, where the settings allow no such change.
fn looking(settings: &Settings) -> Option<Statement> {
    let is_iam = |kind: &ChangeKind| match kind.thing() {
        Thing::IamUser | Thing::IamPolicy | Thing::IamGroupMembership => true,
        Thing::User | Thing::Group | Thing::Membership | Thing::Assignment => false,
    };
    let allows_iam = settings.change.as_ref().is_some_and(|change| change.allow.iter().any(is_iam));
    let actions = IAM_ACTIONS.map(|(name, why)| action(name, why)).to_vec();
    allows_iam.then(|| statement("IamUsersToChange", actions, [Resource::Within("iam::*:user/*".to_owned())]))
}

/// What looking at users and groups of Identity Center needs right before and after they are changed; nothing, where the
/// settings allow no such change.
fn looking_at_principals(settings: &Settings) -> Option<Statement> {
    let change = settings.change.as_ref()?;
    let allows = |kinds: &[ChangeKind]| kinds.iter().any(|kind| change.allow.contains(kind));
    let mut named: Vec<(&str, &'static str)> = Vec::new();
    if allows(&[ChangeKind::CreateUser, ChangeKind::DeleteUser]) {
        named.extend(USER_ACTIONS);
    }
    if allows(&[ChangeKind::CreateGroup, ChangeKind::DeleteGroup]) {
        named.extend(GROUP_ACTIONS);
    }
    let [members, groups, assignments, applications] = HELD_ACTIONS;
    named.extend(allows(&[ChangeKind::DeleteGroup]).then_some(members));
    let groups_of_user = [ChangeKind::DeleteUser, ChangeKind::AddMember, ChangeKind::RemoveMember];
    named.extend(allows(&groups_of_user).then_some(groups));
    if allows(&[ChangeKind::DeleteUser, ChangeKind::DeleteGroup]) {
        named.extend([assignments, applications]);
    }
    let actions: Vec<Action> = named.into_iter().map(|(name, why)| action(name, why)).collect();
    (!actions.is_empty()).then(|| statement("PrincipalsToChange", actions, [Resource::Everything]))
}

/// What collecting needs of those who call; nothing, where the settings audit what was saved.
fn collecting(settings: &Settings, called_by: impl Fn(By) -> bool) -> Vec<Statement> {
    let mut parts = BTreeMap::<_, Vec<Action>>::new();
    let widest = settings.widest();
    let wanted = permissions::needed(&widest).filter(|_| settings.collect.from.is_none());
    for (operation, need) in wanted.filter(|(_, need)| called_by(need.by)) {
        let action = Action { name: operation.api().to_owned(), why: need.why };
        parts.entry(need.part).or_default().push(action);
    }
    let role = settings.aws.member_role.as_deref().unwrap_or_default();
    let statement = |(part, actions): (permissions::Part, _)| {
        let (resource, condition) = match part {
            // A role of that name in somebody else's account is none of ours, whomever it trusts.
            permissions::Part::MemberRole => (
                Resource::Within(format!("iam::*:role/{role}")),
                Some(condition("StringEquals", "aws:ResourceOrgID", "${aws:PrincipalOrgID}".to_owned())),
            ),
            permissions::Part::Caller
            | permissions::Part::Organization
            | permissions::Part::Directory
            | permissions::Part::PermissionSets
            | permissions::Part::Assignments
            | permissions::Part::CrossCheck
            | permissions::Part::Applications
            | permissions::Part::AccountAccess
            | permissions::Part::Iam => (Resource::Everything, None),
        };
        let (sid, effect, resources) = (part.sid().to_owned(), Effect::Allow, vec![resource]);
        Statement { sid, effect, actions, resources, condition }
    };
    parts.into_iter().map(statement).collect()
}

/// The buckets that packages go to, those of jobs too.
fn buckets(settings: &Settings) -> Vec<(&str, Option<&Key>)> {
    let places = settings.jobs.iter().filter_map(|job| job.to.as_ref());
    let buckets = std::iter::once(&settings.report.to).chain(places).filter_map(|place| match place {
        Location::Folder(_) => None,
        Location::Bucket { name, prefix } => Some((name.as_str(), prefix.as_ref())),
    });
    buckets.collect()
}

/// What the store's three verbs need.
fn packages(buckets: &[(&str, Option<&Key>)]) -> [Statement; 2] {
    let put =
        action("s3:PutObject", "packages, chain links, leases of jobs, message records, probes: each created once");
    let get = action("s3:GetObject", "the earlier run, the chain, and what `rollcall verify` checks");
    // Not narrowed to the prefix: a read carries none, and without this permission S3 answers "access denied" for an
    // object that is only absent (S3 API reference, GetObject).
    let list = action("s3:ListBucket", "the contents of the store, and whether an object is missing");
    let below = buckets.iter().map(|(name, prefix)| objects(name, *prefix));
    let whole = buckets.iter().map(|(name, _)| Resource::Within(format!("s3:::{name}")));
    [statement("Packages", vec![put, get], below), statement("ListPackages", vec![list], whole)]
}

fn packages_key(key: &str) -> Statement {
    let encrypt = action("kms:GenerateDataKey", "encrypts what is written to the bucket");
    let decrypt = action("kms:Decrypt", "decrypts what is read from the bucket");
    // A key is named by its ARN, its id or an alias, with or without the ARN of that.
    let alias = key.rsplit_once("alias/").map(|(_, alias)| format!("alias/{alias}"));
    let resource = match &alias {
        Some(_) => Resource::Within("kms:*:*:key/*".to_owned()),
        None if key.starts_with("arn:") => Resource::Arn(key.to_owned()),
        None => Resource::Within(format!("kms:*:*:key/{key}")),
    };
    let condition = alias.map(|alias| condition("ForAnyValue:StringEquals", "kms:ResourceAliases", alias));
    Statement { condition, ..statement("PackagesKey", vec![encrypt, decrypt], [resource]) }
}

fn lists(bucket: &str, prefix: Option<&Key>) -> [Statement; 2] {
    let get = action("s3:GetObject", "the expected lists");
    let list = action("s3:ListBucket", "which lists exist");
    let condition = prefix.map(|prefix| condition("StringLike", "s3:prefix", format!("{}/*", prefix.as_str())));
    let whole = Resource::Within(format!("s3:::{bucket}"));
    [
        statement("Lists", vec![get], [objects(bucket, prefix)]),
        Statement { condition, ..statement("ListLists", vec![list], [whole]) },
    ]
}

fn alerts(topics: BTreeSet<&str>) -> Option<Statement> {
    let publish = action("sns:Publish", "one message when something is new");
    let topics: Vec<Resource> = topics.into_iter().map(|topic| Resource::Arn(topic.to_owned())).collect();
    (!topics.is_empty()).then(|| statement("Alerts", vec![publish], topics))
}

fn objects(bucket: &str, prefix: Option<&Key>) -> Resource {
    Resource::Within(match prefix {
        Some(prefix) => format!("s3:::{bucket}/{}/*", prefix.as_str()),
        None => format!("s3:::{bucket}/*"),
    })
}

fn action(name: &str, why: &'static str) -> Action {
    Action { name: name.to_owned(), why }
}

fn condition(operator: &str, key: &str, value: String) -> Condition {
    Condition { operator: operator.to_owned(), key: key.to_owned(), values: vec![value] }
}

/// A statement with each resource once.
fn statement(sid: &str, actions: Vec<Action>, on: impl IntoIterator<Item = Resource>) -> Statement {
    let mut resources: Vec<Resource> = Vec::new();
    for resource in on {
        if !resources.contains(&resource) {
            resources.push(resource);
        }
    }
    Statement { sid: sid.to_owned(), effect: Effect::Allow, actions, resources, condition: None }
}
