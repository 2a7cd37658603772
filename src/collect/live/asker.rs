//! Asking one question, page by page, and keeping each page as it comes.

use std::error::Error;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use chrono::{DateTime, Utc};
use tokio::task::JoinSet;

use crate::aws::call::{Ended, Pacer, Patience, call};
use crate::aws::failure::Failure;
use crate::aws::pages::Tokens;
use crate::aws::session::Witness;
use crate::collect::answer::Answer;
use crate::collect::page::{Call, Operation, Outcome, Page, Parameters};
use crate::model::AccountId;

/// The time, in UTC.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
/// What is told of each page as it comes: a journal, a display of progress.
pub type OnPage = Box<dyn FnMut(&Page) -> io::Result<()> + Send>;

/// One service with a limit of its own.
pub(super) struct Service {
    pub(super) pacer: Pacer,
    pub(super) witness: Witness,
}

impl Service {
    pub(super) fn new(requests_per_second: f64) -> Self {
        Service { pacer: Pacer::new(requests_per_second), witness: Witness::default() }
    }
}

/// Whom a question is put to, and with what.
pub(super) struct Question<'a> {
    pub(super) service: &'a Service,
    pub(super) account: Option<AccountId>,
    pub(super) parameters: Parameters,
}

pub(super) struct Asker {
    clock: Clock,
    patience: Patience,
    kept: Mutex<Kept>,
}

struct Kept {
    pages: Vec<Page>,
    on_page: OnPage,
    /// The first page that was not taken; later ones are not offered, so that the journal has no hole.
    refused: Option<io::Error>,
}

impl Asker {
    pub(super) fn new(clock: Clock, on_page: OnPage) -> Self {
        let kept = Kept { pages: Vec::new(), on_page, refused: None };
        Asker { clock, patience: Patience::default(), kept: Mutex::new(kept) }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// All pages that were kept.
    pub(super) fn finish(&self) -> Result<Vec<Page>, io::Error> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.refused.take() {
            Some(error) => Err(error),
            None => Ok(std::mem::take(&mut kept.pages)),
        }
    }

    /// The answers of one operation so far.
    pub(super) fn answered<A: Answer>(&self) -> Vec<A> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let of_operation = kept.pages.iter().filter(|page| page.call.operation == A::OPERATION);
        let answers = of_operation.filter_map(|page| match &page.outcome {
            Outcome::Answer(answer) => serde_json::from_str(answer.get()).ok(),
            Outcome::Failure(_) | Outcome::Unreadable(_) => None,
        });
        answers.collect()
    }

    /// Whether the service does not list what this operation would.
    pub(super) fn cannot_list(&self, operation: Operation) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.pages.iter().any(|page| page.call.operation == operation && page.cannot_be_listed())
    }

    /// Asks a question that has one page.
    pub(super) async fn one<A, T, E, F>(
        &self,
        question: &Question<'_>,
        send: impl FnMut() -> F,
        answer: impl Fn(T) -> A,
    ) -> Option<A>
    where
        A: Answer,
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        let started = self.now();
        let ended = call(&question.service.pacer, &self.patience, send).await;
        self.keep(question, 1, started, ended, answer)
    }

    /// Asks a question page by page, to the end or to the first failure. Whether the end was reached is said beside
    /// the answers.
    pub(super) async fn all<A, T, E, F>(
        &self,
        question: &Question<'_>,
        send: impl Fn(Option<String>) -> F,
        answer: impl Fn(T) -> A,
    ) -> (Vec<A>, bool)
    where
        A: Answer,
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        let (mut answers, mut tokens, mut token) = (Vec::new(), Tokens::default(), None);
        for number in 1.. {
            let started = self.now();
            let ended = call(&question.service.pacer, &self.patience, || send(token.clone())).await;
            let Some(page) = self.keep(question, number, started, ended, &answer) else {
                return (answers, false);
            };
            let next = tokens.next(page.next());
            // An announcement without a token cannot be followed; the page says so itself.
            let cut = page.next() == Some("");
            answers.push(page);
            token = match next {
                Ok(Some(token)) => Some(token),
                Ok(None) => return (answers, !cut),
                Err(repeated) => {
                    self.keep_failure::<A>(question, number + 1, repeated);
                    return (answers, false);
                }
            };
        }
        unreachable!("a listing ends, or repeats a token, before its pages run out of numbers")
    }

    /// Keeps how a page ended, and gives back its answer.
    pub(super) fn keep<A: Answer, T>(
        &self,
        question: &Question<'_>,
        number: u32,
        started: DateTime<Utc>,
        ended: Ended<T>,
        answer: impl Fn(T) -> A,
    ) -> Option<A> {
        let Ended { result, request_id, attempts, throttled } = ended;
        let (answer, outcome) = match result.map(answer) {
            Ok(answer) => {
                let outcome = Outcome::of_answer(&answer);
                (Some(answer), outcome)
            }
            Err(failure) => (None, Outcome::Failure(failure)),
        };
        self.add(Page {
            call: question.call::<A>(),
            page: number,
            started,
            ended: self.now(),
            request_id,
            attempts,
            throttled,
            redirected_to: question.service.witness.redirected_to(),
            outcome,
        });
        answer
    }

    /// Keeps a failure that no request stands behind.
    fn keep_failure<A: Answer>(&self, question: &Question<'_>, number: u32, failure: Failure) {
        let nothing = Ended { result: Err(failure), request_id: None, attempts: 0, throttled: 0 };
        self.keep(question, number, self.now(), nothing, |never: A| never);
    }

    fn add(&self, page: Page) {
        if let Outcome::Failure(failure) = &page.outcome {
            // Neither parameters nor messages: both can name people, which is nobody's business in a log.
            tracing::debug!(operation = page.call.operation.api(), code = failure.code, "not answered");
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.refused.is_none()
            && let Err(error) = (kept.on_page)(&page)
        {
            kept.refused = Some(error);
        }
        kept.pages.push(page);
    }
}

impl Question<'_> {
    fn call<A: Answer>(&self) -> Call {
        Call { operation: A::OPERATION, account: self.account, parameters: self.parameters.clone() }
    }
}

/// Does the same for each of many, so many at once.
pub(super) async fn at_once<T, F>(limit: usize, items: impl IntoIterator<Item = T>, work: impl Fn(T) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut running = JoinSet::new();
    for item in items {
        if running.len() == limit {
            joined(running.join_next().await);
        }
        running.spawn(work(item));
    }
    while !running.is_empty() {
        joined(running.join_next().await);
    }
}

fn joined(ended: Option<Result<(), tokio::task::JoinError>>) {
    if let Some(Err(error)) = ended {
        // Nothing cancels these tasks, so it was a panic, and a bug of ours goes on to the top.
        std::panic::resume_unwind(error.into_panic());
    }
}
