//! What applying a plan did, in words.

use super::{count, instant, list, visible};
use crate::change::record::{How, Record, Recorded, Round, Sight, SightOfIamUser, SightOfPrincipal, State};

/// How far a plan is applied: `2 of 3 changes are done; stopped at c3`.
#[must_use]
pub fn record_headline(record: &Record) -> String {
    let (done, all) = (record.done(), record.changes.len());
    let of = if done == all {
        format!("{} done", count(all, "change"))
    } else {
        format!("{done} of {} done", count(all, "change"))
    };
    let left = |state| {
        let left = record.changes.iter().filter(|change| change.state == state);
        left.map(|change| change.planned.id.to_string()).collect::<Vec<_>>()
    };
    let mut parts = vec![of];
    let states = [(State::Open, "not known"), (State::Refused, "refused"), (State::LeftOut, "left out")];
    for (state, word) in states {
        let left = left(state);
        parts.extend((!left.is_empty()).then(|| format!("{word}: {}", left.join(", "))));
    }
    parts.extend(record.stopped.as_ref().map(|(at, _)| format!("stopped at {at}")));
    parts.join("; ")
}

/// How far a change is.
#[must_use]
pub fn recorded_state(state: State) -> &'static str {
    match state {
        State::Done(How::Seen) => "done, and seen",
        State::Done(How::AnswerLost) => "done, and seen; AWS's answer was lost",
        State::Done(How::WasGone) => "was gone already",
        State::Done(How::NotRead) => "done as AWS says; could not be read afterwards",
        State::Open => "not known: it was sent or may have been, and does not show",
        State::Refused => "not done: AWS refused it",
        State::LeftOut => "left out",
        State::NotBegun => "not done",
    }
}

/// Why the last process stopped: `` stopped at c2: AWS refused it ``.
#[must_use]
pub fn record_stopped(record: &Record) -> Option<String> {
    record.stopped.as_ref().map(|(at, why)| format!("stopped at {at}: {}", visible(why)))
}

/// What a command let pass and left out, and what it referred to.
#[must_use]
pub fn recorded_order(round: &Round) -> String {
    let order = &round.order;
    let mut parts = Vec::new();
    parts.extend(order.allow_removals.map(|number| format!("`--allow-removals {number}`")));
    parts.extend(order.allow_administrative.then(|| "`--allow-administrative`".to_owned()));
    let new = order.allow_new_findings.iter();
    parts.extend(new.map(|id| format!("`--allow-new-findings {}`", visible(id))));
    parts.extend(order.except.iter().map(|id| format!("`--except {id}`")));
    parts.extend(order.reference.iter().map(|text| format!("reference `{}`", visible(text))));
    if parts.is_empty() { "no option".to_owned() } else { list(&parts) }
}

/// What was sent for a change, each with what became of it.
#[must_use]
pub fn recorded_steps(change: &Recorded) -> Vec<String> {
    let steps = change.sent.iter().map(|sent| {
        let call = sent.request_id.iter().map(|id| format!(" (AWS request id `{}`)", visible(id)));
        let assignments = sent.requests.iter().map(|id| format!(" (assignment request `{}`)", visible(id)));
        let requests = call.chain(assignments).collect::<Vec<_>>().concat();
        format!("{}: `{}`, {}{requests}", instant(sent.at), visible(&sent.does), visible(&sent.outcome))
    });
    steps.collect()
}

/// What was read of the target of a change.
#[must_use]
pub fn sight(sight: &Sight) -> String {
    match sight {
        Sight::Membership { id: Some(id) } => format!("a member (membership `{}`)", visible(id)),
        Sight::Membership { id: None } => "not a member".to_owned(),
        Sight::Assignment { assigned: true } => "assigned".to_owned(),
        Sight::Assignment { assigned: false } => "not assigned".to_owned(),
        Sight::Named { id: Some(id) } => format!("exists as `{}`", visible(id)),
        Sight::User { user: Some(holds) } | Sight::Group { group: Some(holds) } => principal(holds),
        Sight::IamUser { user: Some(user) } => iam_user(user),
        Sight::Named { id: None }
        | Sight::User { user: None }
        | Sight::Group { group: None }
        | Sight::IamUser { user: None } => "does not exist".to_owned(),
    }
}

fn principal(holds: &SightOfPrincipal) -> String {
    let parts = [
        count(holds.memberships, "membership"),
        count(holds.assignments, "assignment"),
        count(holds.applications, "application"),
    ];
    format!("exists as `{}`, with {}", visible(&holds.id), list(&parts))
}

fn iam_user(user: &SightOfIamUser) -> String {
    let names = |names: &[String]| names.iter().map(|name| format!("`{}`", visible(name))).collect::<Vec<_>>();
    let of = |active: bool| {
        let ids = user.credentials.iter().filter(|(_, is)| **is == active);
        ids.map(|(id, _)| id.clone()).collect::<Vec<_>>()
    };
    let mut parts = vec![format!("exists as `{}`", visible(&user.id))];
    parts.push(if user.password { "console password" } else { "no console password" }.to_owned());
    let listed = [
        ("active", of(true)),
        ("inactive", of(false)),
        ("policies", user.policies.clone()),
        ("groups", user.groups.clone()),
    ];
    for (word, of_it) in listed {
        parts.extend((!of_it.is_empty()).then(|| format!("{word} {}", list(&names(&of_it)))));
    }
    parts.extend((user.mfa_devices > 0).then(|| count(user.mfa_devices, "MFA device")));
    parts.join("; ")
}
