//! Taking a plan back: of what can be taken back nothing is left, and of the rest it is said why not.

use proptest::prelude::*;
use rollcall::change::request::{OfIamUser, Request, Verb};
use rollcall::change::undo::{self, NotUndone};
use rollcall::change::{self, Builder, Plan, Planned, effect};
use rollcall::model::Report;

use super::effect::{Op, grants, ops, told};
use super::{asked, iam_user, kept_here, member};
use crate::properties::laws::companies;
use crate::story::{Story, sign_in_name};
use crate::support::read;

/// A plan with these changes.
fn plan_of(changes: Vec<Planned>) -> Plan {
    let plan = change::read(read("tests/data/change/every-kind.json").as_bytes()).unwrap();
    Plan { changes, ..plan }
}

fn planned(report: &Report<'_>, undone: &undo::Undo) -> Vec<Planned> {
    let mut builder = Builder::default();
    for (_, steps) in &undone.steps {
        builder.add(report, steps, "", None);
    }
    builder.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_what_can_be_undone_gives_back_what_was(story in companies(), ops in ops()) {
        let before = kept_here(&story);
        let mut requests: Vec<Request> = Vec::new();
        for op in ops.into_iter().filter(|op| !matches!(op, Op::DeleteIamUser(..) | Op::CreateGroup(_))) {
            let request = told(&mut story.clone(), op);
            requests.extend(request.filter(|new| !requests.contains(new)));
        }
        let report = before.report();
        let changes = asked(&report, &requests);
        let done = effect::lay_over(&before.world().snapshot, &changes).unwrap();
        let after = kept_here(&story).with(|world| world.snapshot = done);
        let undone = undo::of(&after.world().snapshot, &plan_of(changes.clone()));
        prop_assert_eq!(&undone.left, &Vec::new());
        prop_assert_eq!(undone.steps.len(), changes.len());
        let back = planned(&after.report(), &undone);
        let again = effect::lay_over(&after.world().snapshot, &back).unwrap();
        prop_assert_eq!(grants(&again), grants(&before.world().snapshot));
        // Of a plan that was never applied there is nothing to take back.
        let never = undo::of(&before.world().snapshot, &plan_of(changes));
        prop_assert!(never.steps.is_empty());
        prop_assert!(never.left.iter().all(|(_, why)| *why == NotUndone::NotDone));
    }
}

#[test]
fn what_is_final_or_not_known_is_said() {
    let audited = kept_here(&Story::small());
    let report = audited.report();
    let requests = [
        Request::DeleteUser { name: sign_in_name("bob") },
        iam_user("Acme Development", "svc-backup", OfIamUser::Disable),
        Request::CreateGroup { name: "New".to_owned(), description: None },
        member("AWS-Readers", "alice", Verb::Add),
    ];
    let changes = asked(&report, &requests);
    let done = effect::lay_over(&audited.world().snapshot, &changes).unwrap();
    let undone = undo::of(&done, &plan_of(changes));
    let mut left: Vec<(String, NotUndone)> = undone.left.iter().map(|(id, why)| (id.to_string(), *why)).collect();
    left.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(
        left,
        [
            // Whoever is deleted comes back into no group.
            ("c1".to_owned(), NotUndone::Final),
            ("c2".to_owned(), NotUndone::Final),
            ("c3".to_owned(), NotUndone::CredentialsUnknown),
            // AWS does not say since when it is.
            ("c4".to_owned(), NotUndone::NotOurs),
        ]
    );
    assert_eq!(undone.steps.len(), 1);
}
