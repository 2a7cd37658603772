//! `leaver-with-access`: somebody who has left is still a user of Identity Center, or still answers for an IAM user
//! that has a password, or remains. One with an active key is a finding of `leaver-with-key`.
//!
//! Whom an earlier run of the job knew as a former employee stays one when the list that said so is gone, or lost its column
//! or the row: until a list says so again, another list says that they are current, or the user is gone.

use crate::compare::fingerprint;
use crate::compare::rule_context::{Case, raised_by};
use crate::model::{
    Because, Credentials, Employment, Evidence, Finding, Fingerprint, IamAccount, IamUser, IdentitySource, Ix, Person,
    RowRef, Rule, RuleId, Severity, Standing, Subject, User, UserStatus, file_name_time,
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
const NO_LONGER_SAID: &str = "User {who} had left according to the run of {then}, but no list says so any more";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let users = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::User(user), Standing::Unintended(Because::HolderLeft(row))) => Some(of_user(case, user, *row)),
        _ => None,
    });
    let with_key = |account, user| case.iam_user(account, user).credentials.is().is_some_and(Credentials::has_keys);
    let iam_users = case.iam_users_of_leavers().filter(|&(account, user, _)| !with_key(account, user));
    let iam_users = iam_users.map(|(account, user, row)| of_iam_user(case, account, user, row));
    users.chain(no_longer_said(case)).chain(iam_users).collect()
}

fn of_user(case: &Case<'_>, user: Ix<User>, row: RowRef) -> Finding {
    let people = &case.world.expectation.people;
    let leaver = case.matching.leaver(people, user).map(|leaver| &people[leaver]);
    let mut evidence = vec![Evidence::Row(row)];
    evidence.extend(leaver.map(|person| Evidence::Employment(person.employment)));
    // By the list of the personnel department somebody has left, and by the directory not.
    let mut contradicting: Vec<RowRef> = leaver.into_iter().flat_map(Person::contradicting).collect();
    contradicting.extend(said_current(case, user));
    contradicting.sort_unstable();
    contradicting.dedup();
    evidence.extend(contradicting.into_iter().map(Evidence::SaidToBeThere));
    with_access(case, user, evidence)
}

/// Users whom the earlier run knew as former employees by a list that is gone or says so no longer. What a list does not
/// say any more is no news of the person: another list must say that they are current, and must not have said so then.
fn no_longer_said(case: &Case<'_>) -> Vec<Finding> {
    let Some(earlier) = &case.world.earlier else { return Vec::new() };
    if !earlier.open.values().any(|before| before.rule == RULE.id.0) {
        return Vec::new();
    }
    let files = &case.world.expectation.files;
    let users = case.world.snapshot.users.positions().filter_map(|(user, _)| {
        let subject = Subject::User(user);
        let before = earlier.open.get(&Fingerprint::of(RULE.id, &fingerprint::of(case.world, subject)))?;
        match case.standing(subject) {
            // These say themselves what is wrong.
            Standing::Pending(_) | Standing::Unintended(_) => return None,
            Standing::Expected(_)
            | Standing::Differs(_)
            | Standing::Missing(..)
            | Standing::Unknown(_)
            | Standing::Unlisted => {}
        }
        let rows = said_current(case, user);
        let said_so_then = |row: &RowRef| {
            let name = &files[row.file.number()].name;
            before.said_current.iter().any(|known| file_name_time::have_one_name(known, name))
        };
        let still_said = rows.iter().all(said_so_then);
        let mut evidence = vec![Evidence::LeftBefore(earlier.as_of)];
        evidence.extend(rows.into_iter().map(Evidence::StillSaidCurrent));
        still_said.then(|| with_access(case, user, evidence).titled(NO_LONGER_SAID))
    });
    users.collect()
}

/// The rows that say that a user's person is current.
fn said_current(case: &Case<'_>, user: Ix<User>) -> Vec<RowRef> {
    let own = case.matching.people[user.number()].map(|matched| &case.world.expectation.people[matched.with]);
    let statements = own.into_iter().flat_map(|person| &person.statements);
    statements.filter(|said| said.employment == Employment::Current).map(|said| said.row).collect()
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
