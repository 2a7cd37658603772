//! What became of each change, entry by entry.

use super::journal::{Ended, Entry, Line, Outcome};
use super::{How, Planned, Recorded, Round, Sent, State};
use crate::change::ChangeId;

/// Every time that a process began to make changes.
pub(super) fn rounds(kept: &[Line]) -> Vec<Round> {
    let rounds = kept.iter().filter_map(|line| {
        if let Entry::Began { observer, operator, order, resolves } = &line.entry {
            let (observer, operator, order) = (observer.clone(), operator.clone(), order.clone());
            Some(Round { at: line.at, observer, operator, order, resolves: resolves.clone() })
        } else {
            None
        }
    });
    rounds.collect()
}

/// Where the process stopped that kept the last entry, and why.
pub(super) fn stopped(last: &Line) -> Option<(ChangeId, String)> {
    if let Entry::Stopped { change, why } = &last.entry { Some((change.clone(), why.clone())) } else { None }
}

/// What became of a change.
pub(super) fn of(planned: &Planned, kept: &[Line], rounds: &[Round]) -> Recorded {
    let is_left_out = rounds.last().is_some_and(|round| round.order.except.contains(&planned.id));
    let mut change = Recorded {
        planned: planned.clone(),
        state: if is_left_out { State::LeftOut } else { State::NotBegun },
        at: None,
        by: None,
        sent: Vec::new(),
        before: None,
        after: None,
    };
    let mut operator = None;
    for line in kept {
        if let Entry::Began { operator: now, .. } = &line.entry {
            operator = Some(now);
        }
        if line.entry.change() == Some(&planned.id) {
            note(&mut change, line, operator);
        }
    }
    change
}

fn note(change: &mut Recorded, line: &Line, operator: Option<&String>) {
    match &line.entry {
        Entry::Began { .. } | Entry::Stopped { .. } => {}
        Entry::Intent { step, .. } => {
            if change.sent.is_empty() {
                change.before.clone_from(&line.saw);
            }
            let outcome = "no answer in the journal".to_owned();
            let does = step.0.clone();
            change.sent.push(Sent { at: line.at, does, outcome, request_id: None, requests: Vec::new() });
            (change.state, change.by) = (State::Open, operator.cloned());
        }
        Entry::Answered { outcome, request_id, .. } => {
            answered(change, outcome);
            change.sent.last_mut().into_iter().for_each(|sent| sent.request_id.clone_from(request_id));
        }
        Entry::Found { request, .. } => {
            change.sent.last_mut().into_iter().for_each(|sent| sent.requests.push(request.id.clone()));
        }
        Entry::Settled { settled, .. } => {
            let (said, state) = match settled {
                Ended::Succeeded => ("succeeded".to_owned(), State::Open),
                Ended::Failed { reason } => (format!("failed: {reason}"), State::Refused),
                Ended::Unknown { failure } => (format!("end not known: {failure}"), State::Open),
            };
            change.state = state;
            change.sent.last_mut().into_iter().for_each(|sent| sent.outcome = format!("{}, {said}", sent.outcome));
        }
        Entry::Done { how, .. } => {
            if change.sent.is_empty() {
                change.before.clone_from(&line.saw);
            }
            change.state = State::Done(*how);
            change.after = line.saw.clone().filter(|_| *how != How::NotRead);
            change.by = change.by.take().or_else(|| operator.cloned());
        }
    }
    if !matches!(line.entry, Entry::Stopped { .. }) {
        change.at = Some(line.at);
    }
}

fn answered(change: &mut Recorded, outcome: &Outcome) {
    let (said, state, request) = match outcome {
        Outcome::Done { made: None } => ("done".to_owned(), State::Open, None),
        Outcome::Done { made: Some(id) } => (format!("done: {id}"), State::Open, None),
        Outcome::Asked { request } => ("requested".to_owned(), State::Open, Some(&request.id)),
        Outcome::WasGone => ("was gone already".to_owned(), State::Open, None),
        Outcome::NotDone { failure } => (format!("not done: {failure}"), State::Refused, None),
        Outcome::Stopped { failure } => (format!("refused: {failure}"), State::Refused, None),
        Outcome::Unknown { failure } => (format!("answer lost: {failure}"), State::Open, None),
    };
    change.state = state;
    if let Some(sent) = change.sent.last_mut() {
        sent.outcome = said;
        sent.requests.extend(request.cloned());
    }
}
