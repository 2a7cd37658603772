//! `leaver-with-access`: somebody who has left is still a user of Identity Center, or still answers for an IAM user
//! that has a password, or remains. One with an active key is a finding of `leaver-with-key`.
//!
//! Whom an earlier run of the job knew as a former employee stays one: see [`remembered_leavers`].

use crate::compare::remembered_leavers;
use crate::compare::rule_context::{Case, raised_by};
use crate::model::{
    Because, Credentials, Evidence, Finding, IamAccount, IamUser, IdentitySource, Ix, Person, RowRef, Rule, RuleId,
    Severity, Standing, Subject, User, UserStatus,
};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("leaver-with-access"),
    severity: Severity::High,
    title: "User {who} {ended} but is still in Identity Center",
    meaning: "A former employee, or a person whose directory account is disabled or expired, still has access.",
    advice: "Remove the access at its origin: in the identity source if it fills Identity Center, otherwise in \
             Identity Center. For an IAM user, disable the keys and the password, then name a new owner or delete \
             the user.",
};

/// See [`RULE`]: the title of another case of it.
const OF_IAM_USER: &str = "The owner of IAM user {who} in {place} has left";

/// See [`RULE`]: the title of another case of it.
const OF_IAM_USER_NO_LONGER_SAID: &str =
    "The owner of IAM user {who} in {place} had left according to the run of {then}, but no list says so any more";

/// See [`RULE`]: the title of another case of it.
const NO_LONGER_SAID: &str = "User {who} had left according to the run of {then}, but no list says so any more";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let users = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::User(user), Standing::Unintended(Because::HolderLeft(row))) => Some(of_user(case, user, *row)),
        _ => None,
    });
    let with_key = |account, user| case.iam_user(account, user).credentials.is().is_some_and(Credentials::has_keys);
    let iam_users = case.iam_users_of_leavers().filter(|&(account, user, _)| !with_key(account, user));
    let iam_users = iam_users.map(|(account, user, row)| of_iam_user(case, account, user, vec![Evidence::Row(row)]));
    let remembered = case.former_employees.users.iter();
    let remembered = remembered.map(|(&user, known)| with_access(case, user, known.evidence()).titled(NO_LONGER_SAID));
    let owned = case.former_employees.iam_users.iter().filter(|&(&(account, user), _)| !with_key(account, user));
    let owned = owned.map(|(&(account, user), known)| {
        of_iam_user(case, account, user, known.evidence()).titled(OF_IAM_USER_NO_LONGER_SAID)
    });
    users.chain(remembered).chain(iam_users).chain(owned).collect()
}

fn of_user(case: &Case<'_>, user: Ix<User>, row: RowRef) -> Finding {
    let people = &case.world.expectation.people;
    let leaver = case.matching.leaver(people, user).map(|leaver| &people[leaver]);
    let mut evidence = vec![Evidence::Row(row)];
    evidence.extend(leaver.map(|person| Evidence::Employment(person.employment)));
    // By the list of the personnel department somebody has left, and by the directory not.
    let mut contradicting: Vec<RowRef> = leaver.into_iter().flat_map(Person::contradicting).collect();
    contradicting.extend(remembered_leavers::said_current(case, user));
    contradicting.sort_unstable();
    contradicting.dedup();
    evidence.extend(contradicting.into_iter().map(Evidence::SaidToBeThere));
    with_access(case, user, evidence)
}

/// A finding of this rule about a user, with what it holds and reaches.
fn with_access(case: &Case<'_>, user: Ix<User>, mut evidence: Vec<Evidence>) -> Finding {
    let reached: Vec<Subject> = case.reached_by(user).collect();
    let disabled = case.world.snapshot.users[user].status == Some(UserStatus::Disabled);
    let (severity, administrative) = match (disabled, reached.is_empty()) {
        // Nobody can sign in as a disabled user; what it still holds comes back when somebody enables it.
        (true, _) => (Severity::Info, None),
        // Not every user of Identity Center reaches an account.
        (false, true) => (Severity::Low, None),
        (false, false) => raised_by(RULE.severity, &case.administrative_among(reached)),
    };
    let refused = case.matching.provisioning.source == Some(IdentitySource::ActiveDirectory) && !disabled;
    evidence.extend(refused.then_some(Evidence::SignInRefused));
    evidence.extend(administrative);
    evidence.extend(case.held_by(user).into_iter().map(Evidence::Holds));
    case.finding(&RULE, severity, Subject::User(user), evidence)
}

fn of_iam_user(case: &Case<'_>, account: Ix<IamAccount>, user: Ix<IamUser>, mut evidence: Vec<Evidence>) -> Finding {
    let entry = case.iam_user(account, user);
    // Credentials that could not be read may be live.
    let live = entry.credentials.is().is_none_or(Credentials::live);
    let administrative = case.administrative_user(account, user);
    let (severity, administrative) =
        if live { raised_by(RULE.severity, &administrative) } else { (Severity::Info, None) };
    evidence.extend(case.owner_contradicted(account, user));
    evidence.extend(case.owner_of(account, user).map(Evidence::Owner));
    evidence.extend(live.then_some(Evidence::LiveCredentials));
    evidence.extend(administrative);
    evidence.extend(case.policies_of(account, user).map(Evidence::Holds));
    case.finding(&RULE, severity, Subject::IamUser(account, user), evidence).titled(OF_IAM_USER)
}
