//! Fingerprints of findings stay the same byte for byte: waivers name them, and an upgrade must not report all findings
//! as new.

use std::collections::BTreeMap;

use rollcall::compare::compare;
use rollcall::model::Report;

use crate::render::report_of_everything;
use crate::story::Story;
use crate::support::audited::Audited;

#[test]
fn fingerprints_of_every_kind_of_subject_stay_as_they_are() {
    let story = Story::sample();
    let sample = Audited::from(&story.sample_aws(), &story.sample_lists());
    let everything = report_of_everything::world();
    let mut known = first_of_each(&compare(&everything));
    known.extend(first_of_each(&sample.report()));
    let lines: Vec<String> = known.into_iter().map(|((rule, kind), id)| format!("{rule} {kind} {id}")).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    contradicted-listing Group 86254669abbc4ab3
    differing-permission-set PermissionSet c9ea94bc6fc977b4
    expired-waiver Waiver 7a3bdd41d0c26899
    leaver-with-access User 582baa2bc45d537e
    leaver-with-key IamUser f80fb470c5b6256e
    missing-assignment DueAssignment ea018864e74b6ae2
    missing-group DueGroup 1c078c630bc2b937
    missing-membership DueMembership b00e6e03700f854f
    missing-permission-set DuePermissionSet 81650841b0cdc3c0
    missing-policy DuePolicy aa26c1d492892574
    missing-trust DueTrust 0ebb6b17427fa917
    missing-user DueUser 9cc809a4de2fdda4
    outside-trust Trust 954030e685dcfcd5
    root-without-mfa Root 7c33ef8d94a8817e
    stale-list List 77560ea3fc86bcbe
    unexpected-assignment Assignment 7717e3ba48ddca6d
    unexpected-group Group acc41561c97150ee
    unexpected-iam-user IamUser 6c585e3d90da99cd
    unexpected-membership Membership bb5e40142ace7280
    unexpected-policy Policy 9690136fba73d04b
    unexpected-user User 7c7dbf4e780a761b
    unused-row IdleRow c800242dda43e202
    unused-waiver Waiver 725fce1aab74c2c9
    ");
}

/// One fingerprint of each rule and kind of subject: the lowest.
fn first_of_each(report: &Report<'_>) -> BTreeMap<(&'static str, String), String> {
    let mut first = BTreeMap::new();
    for finding in &report.findings {
        let id = finding.fingerprint.to_string();
        let kind = format!("{:?}", finding.subject).split('(').next().unwrap_or_default().to_owned();
        let known = first.entry((finding.rule.0, kind)).or_insert_with(|| id.clone());
        if id < *known {
            *known = id;
        }
    }
    first
}
