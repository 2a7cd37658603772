//! A law: while an IAM user is disabled or deleted, its policies never allow more than before, at any step.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rollcall::change::Change;
use rollcall::model::{Effect, PolicyDocument};
use rollcall::operate::{IamWrite, Observed, ObservedIamUser, ObservedPolicies, Step, steps};

use super::world::*;

const ACTIONS: [&str; 4] = ["s3:GetObject", "s3:PutObject", "iam:CreateUser", "ec2:RunInstances"];
const RESOURCES: [&str; 2] = ["arn:aws:s3:::one", "arn:aws:s3:::two"];
const ACTION_PATTERNS: [&str; 6] = ["*", "s3:*", "s3:GetObject", "s3:Put*", "iam:CreateUser", "ec2:*"];
const RESOURCE_PATTERNS: [&str; 3] = ["*", "arn:aws:s3:::one", "arn:aws:s3:::two"];

/// The policies of a user as they are between two steps; of each way, its name and its documents.
#[derive(Clone)]
struct Held(Vec<(String, Vec<PolicyDocument>)>);

impl Held {
    /// What they allow: what a statement allows and none denies.
    fn rights(&self) -> BTreeSet<(&'static str, &'static str)> {
        let says = |wanted: Effect, action: &str, resource: &str| {
            let statements = self.0.iter().flat_map(|(_, documents)| documents).flat_map(|one| &one.statements);
            statements.filter(|statement| statement.effect == wanted).any(|statement| {
                statement.actions.name(action) && statement.resources.as_ref().is_some_and(|named| named.name(resource))
            })
        };
        let all = ACTIONS.into_iter().flat_map(|action| RESOURCES.map(|resource| (action, resource)));
        all.filter(|(action, resource)| says(Effect::Allow, action, resource) && !says(Effect::Deny, action, resource))
            .collect()
    }

    fn after(&self, step: &Step) -> Self {
        let Step::Iam { write, .. } = step else { panic!("{step:?}") };
        let mut held = self.clone();
        match write {
            IamWrite::AttachPolicy { policy } => {
                assert_eq!(policy, DENY_ALL, "nothing else is ever attached");
                let everything = r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
                held.0.push((policy.clone(), vec![PolicyDocument::parse(everything).unwrap()]));
            }
            IamWrite::DetachPolicy { policy: name }
            | IamWrite::DeletePolicy { policy: name }
            | IamWrite::RemoveFromGroup { group: name } => {
                let at = held.0.iter().position(|(held, _)| held == name).expect("only what is there is taken away");
                held.0.remove(at);
            }
            IamWrite::DeleteUser => assert!(held.0.is_empty(), "AWS deletes no user that has policies"),
            IamWrite::CreateUser { .. }
            | IamWrite::AddToGroup { .. }
            | IamWrite::CreateLoginProfile
            | IamWrite::DeleteLoginProfile
            | IamWrite::Switch { .. }
            | IamWrite::DeleteCredential { .. }
            | IamWrite::DeactivateMfaDevice { .. }
            | IamWrite::DeleteMfaDevice { .. } => {}
        }
        held
    }
}

fn document() -> impl Strategy<Value = String> {
    let statement = (any::<bool>(), 0..ACTION_PATTERNS.len(), 0..RESOURCE_PATTERNS.len(), any::<bool>());
    proptest::collection::vec(statement, 0..4).prop_map(|statements| {
        let statements: Vec<String> = statements
            .into_iter()
            .map(|(allows, action, resource, all_but)| {
                let effect = if allows { "Allow" } else { "Deny" };
                let element = if all_but { "NotAction" } else { "Action" };
                let (action, resource) = (ACTION_PATTERNS[action], RESOURCE_PATTERNS[resource]);
                format!(r#"{{"Effect": "{effect}", "{element}": "{action}", "Resource": "{resource}"}}"#)
            })
            .collect();
        format!(r#"{{"Statement": [{}]}}"#, statements.join(", "))
    })
}

fn ways(named: &'static str, most: usize) -> impl Strategy<Value = Vec<ObservedPolicies>> {
    proptest::collection::vec(proptest::collection::vec(document(), 1..3), 0..most).prop_map(move |ways| {
        let way = |(number, documents): (usize, Vec<String>)| {
            let texts: Vec<&str> = documents.iter().map(String::as_str).collect();
            policies(&format!("{named}{number}"), &texts)
        };
        ways.into_iter().enumerate().map(way).collect()
    })
}

fn users() -> impl Strategy<Value = ObservedIamUser> {
    (ways("inline-", 4), ways("arn:aws:iam::1:policy/", 4), ways("group-", 3))
        .prop_map(|(inline, attached, groups)| ObservedIamUser { inline, attached, groups, ..laden() })
}

fn held(user: &ObservedIamUser) -> Held {
    let ways = user.inline.iter().chain(&user.attached).chain(&user.groups);
    Held(ways.map(|way| (way.name.clone(), way.documents.iter().flatten().cloned().collect())).collect())
}

/// The user as it is between two steps, as whoever continues sees it: no document was read.
fn between(user: &ObservedIamUser, held: &Held) -> ObservedIamUser {
    let left = |ways: &[ObservedPolicies], more: bool| {
        let is_left = |name: &str| held.0.iter().any(|(held, _)| held == name);
        let known = ways.iter().map(|way| way.name.clone()).filter(|name| is_left(name));
        let denied = held.0.iter().map(|(name, _)| name.clone()).filter(|name| more && name == DENY_ALL);
        let names: BTreeSet<String> = known.chain(denied).collect();
        names.into_iter().map(|name| ObservedPolicies { name, documents: vec![None] }).collect()
    };
    ObservedIamUser {
        inline: left(&user.inline, false),
        attached: left(&user.attached, true),
        groups: left(&user.groups, false),
        ..user.clone()
    }
}

proptest! {
    #[test]
    fn rights_never_rise_where_a_deletion_is_continued_after_any_step(user in users(), after in 0..12_usize) {
        let delete = Change::DeleteIamUser { user: iam_user("AIDA1"), at_once: true };
        let left = |held: &Held| {
            steps(&delete, &place(), &mark(), &Observed::IamUser(Some(between(&user, held)))).unwrap()
        };
        let mut before = held(&user);
        let first = left(&before);
        // The last step deletes the user: then nothing is left to do.
        let done = after.min(first.len() - 1);
        let mut made: Vec<Step> = first[..done].to_vec();
        let interrupted = made.iter().fold(before.clone(), |held, step| held.after(step));
        made.extend(left(&interrupted));
        for step in &made {
            let after = before.after(step);
            let (had, has) = (before.rights(), after.rights());
            prop_assert!(has.is_subset(&had), "{}: {:?}", told(step), has.difference(&had));
            before = after;
        }
        prop_assert!(before.0.is_empty());
    }

    #[test]
    fn rights_never_rise_while_a_user_is_disabled_or_deleted(user in users()) {
        let seen = Observed::IamUser(Some(user.clone()));
        for change in [
            Change::DisableIamUser { user: iam_user("AIDA1") },
            Change::DeleteIamUser { user: iam_user("AIDA1"), at_once: true },
        ] {
            let mut before = held(&user);
            for step in steps(&change, &place(), &mark(), &seen).unwrap() {
                let after = before.after(&step);
                let (had, has) = (before.rights(), after.rights());
                prop_assert!(has.is_subset(&had), "{}: {:?}", told(&step), has.difference(&had));
                before = after;
            }
        }
    }
}
