//! `leaver-with-access`: somebody who has left is still a user of Identity Center, or still answers for an IAM user
//! that has a password, or remains. One with an active key is a finding of `leaver-with-key`.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{
    Because, Credentials, Employment, Evidence, Finding, IamAccount, IamUser, IdentitySource, Ix, Person, RowRef, Rule,
    RuleId, Severity, Standing, Subject, User, UserStatus,
};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("leaver-with-access"),
    severity: Severity::High,
    title: "User {who} {ended} and is still in Identity Center",
    meaning: "Somebody whom the directory has disabled or lets expire, or who has left, still has access.",
    advice: "Take the access away where it comes from: in the identity source if it fills Identity Center, else in \
             Identity Center; for an IAM user, disable the keys and the password, then name a new owner or delete it.",
};

/// See [`RULE`]: the title of another case of it.
const OF_IAM_USER: &str = "IAM user {who} is in {place}, and the person who answers for it has left";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let users = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::User(user), Standing::Unintended(Because::HolderLeft(row))) => Some(of_user(case, user, *row)),
        _ => None,
    });
    let with_key = |account, user| case.iam_user(account, user).credentials.is().is_some_and(Credentials::has_keys);
    let iam_users = case.iam_users_of_leavers().filter(|&(account, user, _)| !with_key(account, user));
    users.chain(iam_users.map(|(account, user, row)| of_iam_user(case, account, user, row))).collect()
}

fn of_user(case: &Case<'_>, user: Ix<User>, row: RowRef) -> Finding {
    let held = case.held_by(user);
    let reached: Vec<Subject> = case.reached_by(user).collect();
    let disabled = case.world.snapshot.users[user].status == Some(UserStatus::Disabled);
    let (severity, administrative) = match (disabled, reached.is_empty()) {
        // Nobody can sign in as a disabled user; what it still holds comes back when somebody enables it.
        (true, _) => (Severity::Info, None),
        // Not every user of Identity Center reaches an account.
        (false, true) => (Severity::Low, None),
        (false, false) => raised_by(RULE.severity, &case.administrative_among(reached)),
    };
    let people = &case.world.expectation.people;
    let leaver = case.matching.leaver(people, user).map(|leaver| &people[leaver]);
    let own = case.matching.people[user.number()].map(|matched| &people[matched.with]);
    let mut evidence = vec![Evidence::Row(row)];
    evidence.extend(leaver.map(|person| Evidence::Employment(person.employment)));
    // By the list of the personnel department somebody has left, and by the directory not.
    let mut contradicting: Vec<RowRef> = leaver.into_iter().flat_map(Person::contradicting).collect();
    let still_there = own.into_iter().flat_map(|person| &person.statements);
    contradicting.extend(still_there.filter(|said| said.employment == Employment::Current).map(|said| said.row));
    contradicting.sort_unstable();
    contradicting.dedup();
    evidence.extend(contradicting.into_iter().map(Evidence::SaidToBeThere));
    let refused = case.matching.provisioning.source == Some(IdentitySource::ActiveDirectory) && !disabled;
    evidence.extend(refused.then_some(Evidence::SignInRefused));
    evidence.extend(administrative);
    evidence.extend(held.into_iter().map(Evidence::Holds));
    case.finding(&RULE, severity, Subject::User(user), evidence)
}

fn of_iam_user(case: &Case<'_>, account: Ix<IamAccount>, user: Ix<IamUser>, row: RowRef) -> Finding {
    let entry = case.iam_user(account, user);
    // Credentials that could not be read may be live.
    let live = entry.credentials.is().is_none_or(Credentials::live);
    let administrative = case.administrative_user(account, user);
    let (severity, administrative) =
        if live { raised_by(RULE.severity, &administrative) } else { (Severity::Info, None) };
    let mut evidence = vec![Evidence::Row(row)];
    evidence.extend(case.owner_contradicted(account, user));
    evidence.extend(case.owner_of(account, user).map(Evidence::Owner));
    evidence.extend(live.then_some(Evidence::LiveCredentials));
    evidence.extend(administrative);
    evidence.extend(case.policies_of(account, user).map(Evidence::Holds));
    case.finding(&RULE, severity, Subject::IamUser(account, user), evidence).titled(OF_IAM_USER)
}
