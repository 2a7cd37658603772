//! What came of an event, in sentences: who did what, what was found there, and what to do.

use super::{account, count, instant, list, visible};
use crate::events::{Actor, Did, Ending, Event, EventSource, Found, Has, Outcome, Seen};
use crate::model::Watched;

/// Names in one list of a sentence: more make no sentence.
const NAMED: usize = 10;

/// The outcome in one line, for the subject of a message.
#[must_use]
pub fn watch_headline(outcome: &Outcome) -> String {
    let what = outcome.watched.as_ref().map_or_else(|| "an operation in AWS".to_owned(), what);
    let what = upper(&what);
    if outcome.operator_without_plan {
        return format!("{what}: changed by the operator role without a plan");
    }
    match &outcome.ending {
        Ending::NotExpected(_) => format!("{what}: not as the lists expect"),
        Ending::Expected(_) if outcome.unread.is_empty() => format!("{what}: as expected"),
        Ending::Expected(_) => format!("{what}: as expected, as far as it could be read"),
        Ending::Accepted(_) => format!("{what}: accepted by a waiver"),
        Ending::Planned => format!("{what}: as planned"),
        Ending::Gone => format!("{what}: not there any more"),
        Ending::InProgress => format!("{what}: an assignment is in progress"),
        Ending::OfIdentityCenter(..) => "IAM Identity Center changed a role of its own".to_owned(),
        Ending::Refused(_) => "AWS refused a call".to_owned(),
        Ending::Reads => "A call that reads".to_owned(),
        Ending::Pending
        | Ending::NotAssessed
        | Ending::Undecided(_)
        | Ending::NotAllowed(..)
        | Ending::Unread(..)
        | Ending::OutOfScope
        | Ending::NotListedYet
        | Ending::NotUnderstood => format!("{what}: no verdict"),
    }
}

/// The outcome in sentences: what was done, then what was found; then a line for each finding.
#[must_use]
pub fn watch_lines(outcome: &Outcome) -> Vec<String> {
    let mut said = vec![done(outcome)];
    if outcome.operator_without_plan {
        said.push(
            "The role that applies plans was used, and no plan has this change: find out who used it, and why."
                .to_owned(),
        );
    }
    if let Some(planned) = &outcome.planned {
        said.push(format!("This is change `{}` of plan {}.", visible(&planned.change), visible(&planned.plan)));
    }
    said.push(ending(outcome));
    said.extend(outcome.watched.iter().flat_map(|seen| &seen.has).map(has));
    if let (Some(at), false) =
        (outcome.looked_at, matches!(outcome.ending, Ending::NotAllowed(..) | Ending::Unread(..)))
    {
        said.push(format!("Read at {}.", instant(at)));
    }
    if !outcome.unread.is_empty() {
        let what = outcome.unread.iter().map(|(action, code)| format!("`{}` ({})", visible(action), visible(code)));
        said.push(format!("Not all could be read: {}. Findings may be missing.", list(&what.collect::<Vec<_>>())));
    }
    let mut lines = vec![said.join(" ")];
    if let Ending::NotExpected(found) | Ending::Accepted(found) = &outcome.ending {
        lines.extend(found.iter().map(finding));
    }
    lines
}

fn finding(found: &Found) -> String {
    format!("{}: {} ({}, {})", found.severity.word(), found.title, found.rule, found.fingerprint)
}

/// Who did what, and when.
fn done(outcome: &Outcome) -> String {
    let Some(first) = outcome.events.first() else { return String::new() };
    // What was made is new, whatever was recorded before within the same second.
    let first = outcome.events.iter().find(|event| event.did == Did::Created).unwrap_or(first);
    let subject = outcome.watched.as_ref().map(|seen| upper(&what(seen)));
    let by = by(first);
    let at = instant(first.at);
    let Some(subject) = subject else {
        let place = first.account.map(|account| format!(" in account {account}")).unwrap_or_default();
        return format!("{by} called `{}` ({}){place} at {at}.", visible(&first.operation), first.source.word());
    };
    let is_said = |event: &Event| matches!(first.did, Did::Created | Did::Deleted) && event.id == first.id;
    let mut names: Vec<String> = Vec::new();
    for event in outcome.events.iter().filter(|event| !is_said(event)) {
        let name = format!("`{}`", visible(&event.operation));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let verb = match first.did {
        Did::Created => "created",
        Did::Deleted => "deleted",
        Did::Changed | Did::Unknown => "changed",
    };
    let unknown = outcome.events.iter().any(|event| event.did == Did::Unknown);
    let unknown = if unknown { " This version does not know one of these operations." } else { "" };
    let until = outcome.events.last().filter(|last| last.at != first.at);
    let until = until.map(|last| format!(" to {}", last.at.format("%H:%M:%S UTC"))).unwrap_or_default();
    let how = match (names.is_empty(), first.did) {
        (true, _) => String::new(),
        (false, Did::Created | Did::Deleted) => format!(", then changed ({})", list(&capped(names))),
        (false, Did::Changed | Did::Unknown) => format!(" ({})", list(&capped(names))),
    };
    let others = outcome.events.iter().any(|event| event.actor != first.actor);
    let others = if others { " and others" } else { "" };
    format!("{subject} was {verb}{how} by {by}{others} at {at}{until}.{unknown}")
}

fn capped(mut names: Vec<String>) -> Vec<String> {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    names.extend((more > 0).then(|| format!("{more} more")));
    names
}

/// What it is, with its account.
fn what(seen: &Seen) -> String {
    let name = seen.name.as_deref().unwrap_or(seen.watched.name());
    let place = seen.watched.account().map(|id| match seen.account_name.as_deref() {
        Some(name) => format!(" in account {}", account(id, Some(name))),
        None => format!(" in {}", account(id, None)),
    });
    let kind = match seen.watched {
        Watched::User(_) => "Identity Center user",
        Watched::Group(_) => "Identity Center group",
        Watched::IamUser(..)
        | Watched::IamGroup(..)
        | Watched::IamRole(..)
        | Watched::IamPolicy(..)
        | Watched::PermissionSet(_) => seen.watched.kind(),
    };
    format!("{kind} `{}`{}", visible(name), place.unwrap_or_default())
}

/// Who called: a person, the role by which they came, and the address.
fn by(event: &Event) -> String {
    let Actor { arn, name, role, service, kind, account: own, .. } = &event.actor;
    let quoted = |text: &str| format!("`{}`", visible(text));
    let who = match (name, service, arn, kind.as_deref()) {
        _ if event.source == EventSource::Scim => "the identity provider (SCIM)".to_owned(),
        (Some(name), _, _, _) => quoted(name),
        (None, _, _, Some("Root")) => match own {
            Some(account) => format!("the root user of account {}", visible(account)),
            None => "a root user".to_owned(),
        },
        (None, Some(service), _, _) => quoted(service),
        (None, None, Some(arn), _) => quoted(arn),
        (None, None, None, _) => "a caller whom CloudTrail does not name".to_owned(),
    };
    let role = role.as_deref().map(|role| format!(" ({})", quoted(role))).unwrap_or_default();
    let from = event.from.as_deref().map(|from| format!(" from {}", quoted(from))).unwrap_or_default();
    format!("{who}{role}{from}")
}

fn ending(outcome: &Outcome) -> String {
    match &outcome.ending {
        Ending::NotExpected(found) => format!("It is not as the lists expect: {}.", count(found.len(), "finding")),
        Ending::Expected(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("`{}`", visible(row))).collect();
            format!("It is expected: {}.", list(&capped(rows)))
        }
        Ending::Accepted(found) => format!("Waivers accept {}.", count(found.len(), "finding")),
        Ending::Pending => {
            "It differs from the lists, but so recently that the synchronization may not have run yet. The \
                            next audit assesses it again."
                .to_owned()
        }
        Ending::NotAssessed => "No expected list covers it, so it was not assessed.".to_owned(),
        Ending::Undecided(why) if why.is_empty() => {
            "This look alone cannot decide whether it is expected. The next audit does.".to_owned()
        }
        Ending::Undecided(why) => format!("There is no verdict: {}.", list(&capped(why.clone()))),
        Ending::Planned => "There is nothing to read about it.".to_owned(),
        Ending::Gone => "It was not there any more when it was read.".to_owned(),
        Ending::NotAllowed(action, code) => format!(
            "There is no verdict: Rollcall may not read it (`{}`: {}). Allow what `rollcall policy` prints.",
            visible(action),
            visible(code)
        ),
        Ending::Unread(action, code) => {
            format!("There is no verdict: it could not be read (`{}`: {}).", visible(action), visible(code))
        }
        Ending::OutOfScope => "There is no verdict: the settings leave it out (`aws` in `rollcall.toml`).".to_owned(),
        Ending::InProgress => {
            "The assignment was requested and is not complete yet. The next audit assesses it.".to_owned()
        }
        Ending::NotListedYet => {
            "It exists, but AWS does not yet list what it holds, so there is no verdict. The next audit assesses it."
                .to_owned()
        }
        Ending::NotUnderstood => {
            "There is no verdict: the event names nothing that can be read on its own. Run an audit.".to_owned()
        }
        Ending::OfIdentityCenter(id, set) => format!(
            "IAM Identity Center maintains the role of permission set `{}` in account {id}; the assignment has an event of \
             its own.",
            visible(set)
        ),
        Ending::Refused(code) => format!("AWS refused the call ({}): nothing was changed.", visible(code)),
        Ending::Reads => "The call changes nothing.".to_owned(),
    }
}

fn has(has: &Has) -> String {
    let quoted = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{}`", visible(name))).collect();
        list(&capped(names))
    };
    match has {
        Has::Policies(names) if names.is_empty() => "It has no policies.".to_owned(),
        Has::Policies(names) => format!("It has the policies {}.", quoted(names)),
        Has::Password { mfa: true } => "It has a console password, with MFA.".to_owned(),
        Has::Password { mfa: false } => "It has a console password without MFA.".to_owned(),
        Has::AccessKeys(number) => format!("It has {}.", count(usize::from(*number), "active access key")),
        Has::PermissionSets(sets) => {
            let sets: Vec<String> =
                sets.iter().map(|(set, account)| format!("`{}` in account {account}", visible(set))).collect();
            format!("It has the permission sets {}.", list(&capped(sets)))
        }
        Has::Groups(names) => format!("It is in the groups {}.", quoted(names)),
    }
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
