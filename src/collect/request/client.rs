//! Asking one question, page by page, and keeping each page as it comes.

use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use chrono::{DateTime, Utc};

pub(crate) use super::concurrency::{AT_ONCE, at_once};
pub(crate) use super::question::{Question, Service, Turn};

use super::pages::{Next, Pages};
use super::progress::{Forecast, OnProgress};
use super::resume::Taken;
use super::run::{Clock, Depth, OnPage, Run};
use crate::aws::failure::{Failure, Kind};
use crate::aws::retry::{Ended, Patience, call};
use crate::aws::session::Session;
use crate::collect::api::convert::Understood;
use crate::collect::api::responses::Answer;
use crate::collect::journal::page::{Operation, Outcome, Page};
use crate::collect::refusal_to_list::refusal_to_list;
use crate::model::AccountId;

pub(crate) struct Asker {
    session: Session,
    clock: Clock,
    patience: Patience,
    taken: Taken,
    depth: Depth,
    kept: Mutex<Kept>,
}

/// How often a sample asks one operation in one account, as long as the answers are empty: what depends on them can
/// only be asked of something.
const SAMPLES: u32 = 5;

struct Kept {
    pages: Vec<Page>,
    on_page: OnPage,
    /// The first page that was not taken; later ones are not offered, so that the journal has no hole.
    refused: Option<io::Error>,
    forecast: Forecast,
    on_progress: OnProgress,
    /// Why the run's own credentials no longer work: asking on with them only takes time.
    lapsed: Option<Failure>,
    /// How often a sample may still ask an operation in an account.
    left: BTreeMap<(Operation, Option<AccountId>), u32>,
}

impl Asker {
    pub(in crate::collect) fn new(session: &Session, run: Run, depth: Depth) -> Self {
        let Run { clock, earlier, on_page, on_progress, .. } = run;
        let taken = Taken::of(&earlier);
        let forecast = Forecast::default();
        let left = BTreeMap::new();
        let kept = Kept { pages: earlier, on_page, refused: None, forecast, on_progress, lapsed: None, left };
        Asker { session: session.clone(), clock, patience: Patience::default(), taken, depth, kept: Mutex::new(kept) }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Whether it is enough to see that AWS would answer.
    pub(crate) fn samples(&self) -> bool {
        self.depth == Depth::Sample
    }

    /// Takes note that so many questions are ahead, for the forecast of calls and time.
    pub(crate) fn ahead(&self, operations: &[Operation], questions: usize) {
        let mut kept = self.kept();
        operations.iter().for_each(|operation| kept.forecast.announce(*operation, questions));
    }

    /// All pages that were kept.
    pub(crate) fn finish(&self) -> Result<Vec<Page>, io::Error> {
        let mut kept = self.kept();
        match kept.refused.take() {
            Some(error) => Err(error),
            None => Ok(std::mem::take(&mut kept.pages)),
        }
    }

    /// The answers of one operation so far.
    pub(crate) fn answered<A: Answer>(&self) -> Vec<A> {
        let mut answers = Vec::new();
        self.each_answer(|answer| answers.push(answer));
        answers
    }

    /// Looks at the answers of one operation so far, one after the other: together they may be many.
    pub(crate) fn each_answer<A: Answer>(&self, look: impl FnMut(A)) {
        let kept = self.kept();
        let of_operation = kept.pages.iter().filter(|page| page.call.operation == A::OPERATION);
        let answers = of_operation.filter_map(|page| match &page.outcome {
            Outcome::Answer(answer) => answer.parse().ok(),
            Outcome::Failure(_) | Outcome::Unreadable(_) => None,
        });
        answers.for_each(look);
    }

    /// Whether the service does not list what this operation would.
    pub(crate) fn cannot_list(&self, operation: Operation) -> bool {
        let kept = self.kept();
        let of_operation = kept.pages.iter().filter(|page| page.call.operation == operation);
        // A page that was asked again replaces the earlier one.
        let latest: BTreeMap<u32, &Page> = of_operation.map(|page| (page.page, page)).collect();
        refusal_to_list(&latest).is_some()
    }

    /// Asks a question that has one page.
    pub(crate) async fn one<A, U, T, E, F>(
        &self,
        question: &Question<'_>,
        send: impl FnMut() -> F,
        answer: impl Fn(T) -> U,
    ) -> Option<A>
    where
        U: Understood<Answer = A>,
        A: Answer,
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        if !self.may_ask::<A>(question) {
            return None;
        }
        let asked = self.begin::<A>(question);
        let answer = match self.taken(question).into_iter().next() {
            Some(taken) => Some(taken),
            None if self.taken.is_none(&question.call::<A>(), &self.kept().pages) => None,
            None => {
                let started = self.now();
                let ended = self.send(question.service, send).await;
                self.keep(question, 1, started, ended, answer)
            }
        };
        self.end(asked);
        answer
    }

    /// Asks a question page by page, to the end or to the first failure. Whether the end was reached is said beside
    /// the answers.
    pub(crate) async fn all<A, U, T, E, F>(
        &self,
        question: &Question<'_>,
        send: impl Fn(Option<String>) -> F,
        answer: impl Fn(T) -> U,
    ) -> (Vec<A>, bool)
    where
        U: Understood<Answer = A>,
        A: Answer,
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        self.listed(Turn::First, question, send, answer).await
    }

    /// The same, the first time or once more.
    pub(crate) async fn listed<A, U, T, E, F>(
        &self,
        turn: Turn,
        question: &Question<'_>,
        send: impl Fn(Option<String>) -> F,
        answer: impl Fn(T) -> U,
    ) -> (Vec<A>, bool)
    where
        U: Understood<Answer = A>,
        A: Answer,
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        if !self.may_ask::<A>(question) {
            return (Vec::new(), false);
        }
        let asked = self.begin::<A>(question);
        let taken = match turn {
            Turn::First => self.taken(question),
            Turn::Again => Vec::new(),
        };
        let listed = self.page_by_page(question, taken, send, answer).await;
        self.end(asked);
        listed
    }

    /// Looks at all pages so far.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&[Page]) -> T) -> T {
        look(&self.kept().pages)
    }

    async fn page_by_page<A, U, T, E, F>(
        &self,
        question: &Question<'_>,
        taken: Vec<A>,
        send: impl Fn(Option<String>) -> F,
        answer: impl Fn(T) -> U,
    ) -> (Vec<A>, bool)
    where
        U: Understood<Answer = A>,
        A: Answer,
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        let mut pages = Pages::of(taken);
        let mut goes_on = !pages.answers.is_empty();
        loop {
            let number = pages.number() + 1;
            let token = match &pages.next {
                Next::Page(token) => token.clone(),
                Next::Whole => return (pages.answers, true),
                Next::Cut => return (pages.answers, false),
                Next::Repeated(_) if goes_on => {
                    (pages, goes_on) = (Pages::of(Vec::new()), false);
                    continue;
                }
                Next::Repeated(failure) => {
                    self.keep_failure::<A>(question, number, failure.clone());
                    return (pages.answers, false);
                }
            };
            let started = self.now();
            let ended = self.send(question.service, || send(token.clone())).await;
            let refused = ended.result.as_ref().is_err_and(|failure| failure.kind == Kind::Failed);
            match self.keep(question, number, started, ended, &answer) {
                Some(page) => pages.add(page),
                // AWS does not know a token of the earlier run for ever; then the listing starts over.
                None if goes_on && refused => pages = Pages::of(Vec::new()),
                None => return (pages.answers, false),
            }
            if self.samples() {
                return (pages.answers, false);
            }
            goes_on = false;
        }
    }

    /// Sends one call. Where the run's own credentials have lapsed, they are renewed once and the call is sent again;
    /// where that does not help, nothing more is sent with them: to nobody, or not to the one service that refuses
    /// them.
    pub(crate) async fn send<T, E, F>(&self, service: &Service, mut send: impl FnMut() -> F) -> Ended<T>
    where
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        let lapsed = service.refuses.get().cloned().or_else(|| self.kept().lapsed.clone());
        if let Some(lapsed) = lapsed.filter(|_| service.by_ourselves) {
            return Ended { result: Err(lapsed), request_id: None, attempts: 0, throttled: 0 };
        }
        let renewals = self.session.renewals();
        let first = call(&service.pacer, &self.patience, &mut send).await;
        match &first.result {
            Err(failure) if failure.is_lapse() && service.by_ourselves => {}
            Ok(_) | Err(_) => return first,
        }
        if let Err(lapsed) = self.session.renew(renewals).await {
            self.kept().lapsed = Some(lapsed.clone());
            return Ended { result: Err(lapsed), ..first };
        }
        let mut again = call(&service.pacer, &self.patience, &mut send).await;
        again.attempts += first.attempts;
        again.throttled += first.throttled;
        match &again.result {
            Err(failure) if failure.is_everywhere() => self.kept().lapsed = Some(failure.clone()),
            // Another call may have said so in the meantime.
            Err(failure) if failure.is_lapse() => _ = service.refuses.set(failure.clone()),
            Ok(_) | Err(_) => {}
        }
        again
    }

    /// Whether a question is worth asking: always, but in a sample, which knows enough of an operation in an account
    /// once it was refused or answered with something.
    fn may_ask<A: Answer>(&self, question: &Question<'_>) -> bool {
        if self.depth == Depth::Whole {
            return true;
        }
        let mut kept = self.kept();
        let left = kept.left.entry((A::OPERATION, question.account)).or_insert(SAMPLES);
        let may = *left > 0;
        *left = left.saturating_sub(1);
        may
    }

    /// Whether an earlier run already answered a question to its end.
    pub(crate) fn is_taken<A: Answer>(&self, question: &Question<'_>) -> bool {
        matches!(Pages::<A>::of(self.taken(question)).next, Next::Whole)
    }

    fn taken<A: Answer>(&self, question: &Question<'_>) -> Vec<A> {
        self.taken.answers(&question.call::<A>(), &self.kept().pages)
    }

    /// Takes note, for the forecast, that a question is asked.
    pub(crate) fn begin<A: Answer>(&self, question: &Question<'_>) -> Operation {
        self.kept().forecast.begin(A::OPERATION, question.service.pacer.per_second());
        A::OPERATION
    }

    /// Takes note that it was answered, or failed.
    pub(crate) fn end(&self, asked: Operation) {
        self.kept().forecast.end(asked);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps how a page ended, and gives back its answer.
    pub(crate) fn keep<A: Answer, U: Understood<Answer = A>, T>(
        &self,
        question: &Question<'_>,
        number: u32,
        started: DateTime<Utc>,
        ended: Ended<T>,
        answer: impl Fn(T) -> U,
    ) -> Option<A> {
        let Ended { result, request_id, attempts, throttled } = ended;
        let understood = result.and_then(|output| answer(output).understood()).and_then(|mut answer| {
            let another = |said| Failure::new(Kind::Unreadable, "AnotherAnswer", said);
            answer.answers(&question.call::<A>()).map_err(another).map(|()| answer)
        });
        let (answer, outcome) = match understood {
            Ok(answer) => {
                let outcome = Outcome::of_answer(&answer);
                (Some(answer), outcome)
            }
            Err(failure) => (None, Outcome::Failure(failure)),
        };
        if answer.as_ref().is_none_or(|answer| answer.items() > 0) {
            self.kept().left.insert((A::OPERATION, question.account), 0);
        }
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
        let kept = &mut *self.kept();
        kept.forecast.page(page.call.operation, page.attempts);
        (kept.on_progress)(kept.forecast.progress());
        if kept.refused.is_none() {
            match (kept.on_page)(page) {
                Ok(page) => kept.pages.push(page),
                Err(error) => kept.refused = Some(error),
            }
        }
    }
}
