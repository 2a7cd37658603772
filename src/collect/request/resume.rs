//! What an earlier run already asked, when this one goes on from it.
//!
//! An answered page is taken as it is, by its question; whatever failed is asked again. Pages of one listing count only
//! as far as each was asked after the one before: a listing that was begun anew and then interrupted leaves the rest of
//! its first pass behind, and the two do not fit together.

use std::collections::BTreeMap;

use crate::collect::api::responses::Answer;
use crate::collect::journal::page::{Call, Operation, Outcome, Page};

/// Where in a journal the answers to each question are, from the first page on.
#[derive(Debug, Default)]
pub(crate) struct Taken(BTreeMap<Call, Vec<usize>>);

impl Taken {
    /// What a journal, in the order in which it was written, leaves to take.
    pub(crate) fn of(journal: &[Page]) -> Self {
        let mut latest: BTreeMap<&Call, BTreeMap<u32, usize>> = BTreeMap::new();
        for (line, page) in journal.iter().enumerate() {
            latest.entry(&page.call).or_default().insert(page.page, line);
        }
        let questions = latest.into_iter().filter(|(call, _)| may_be_taken(call.operation));
        Taken(questions.map(|(call, lines)| (call.clone(), in_one_pass(&lines, journal))).collect())
    }

    /// Whether AWS answered the question by saying that there is nothing of the kind.
    pub(crate) fn is_none(&self, call: &Call, journal: &[Page]) -> bool {
        self.0.get(call).is_some_and(|lines| lines.iter().any(|line| is_none(&journal[*line])))
    }

    /// The answers to a question, as far as they go: what cannot be read is asked again.
    pub(crate) fn answers<A: Answer>(&self, call: &Call, journal: &[Page]) -> Vec<A> {
        let answer = |line: &usize| match &journal[*line].outcome {
            Outcome::Answer(answer) => answer.parse().ok(),
            Outcome::Failure(_) | Outcome::Unreadable(_) => None,
        };
        self.0.get(call).into_iter().flatten().map_while(answer).collect()
    }
}

/// Who asks and which instance there is are asked every time, so that nobody goes on from a journal of somebody else's;
/// an assumed role's credentials are in no journal; and a credential report that was made then may be gone.
fn may_be_taken(operation: Operation) -> bool {
    let asked_again = [
        Operation::GetCallerIdentity,
        Operation::ListInstances,
        Operation::AssumeRole,
        Operation::GenerateCredentialReport,
    ];
    !asked_again.contains(&operation)
}

/// Whether the page is the error by which AWS says that there is nothing of the kind.
fn is_none(page: &Page) -> bool {
    matches!(&page.outcome, Outcome::Failure(failure) if page.call.operation.none() == Some(&failure.code))
}

fn in_one_pass(lines: &BTreeMap<u32, usize>, journal: &[Page]) -> Vec<usize> {
    let consecutive = (1..).map_while(|number| lines.get(&number).copied());
    let mut before = None;
    let follows = |line: &usize| {
        let later = before.replace(*line).is_none_or(|before| before < *line);
        later && (matches!(journal[*line].outcome, Outcome::Answer(_)) || is_none(&journal[*line]))
    };
    consecutive.take_while(follows).collect()
}
