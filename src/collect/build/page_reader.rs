//! Answers by their questions: all pages of a call in order, and whether they are all there.
//!
//! Takes note of every gap, of every source that was read to its end, and of the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::entries::Read;
use crate::aws::failure::{Failure, Kind};
use crate::collect::api::responses::{Answer, GetInlinePolicyForPermissionSet};
use crate::collect::journal::page::{Call, Operation, Outcome, Page, Parameters};
use crate::collect::refusal_to_list::refusal_to_list;
use crate::model::{
    AccountId, Extent, Gap, Hides, Ledger, Side, Source, Unseen, Why, Window, parser_words, quoted, unticked,
};

/// What a question is asked for, and what its silence could hide.
pub(super) struct Wanted {
    unseen: Unseen,
    of: Option<String>,
    account: Option<AccountId>,
    hides: Hides,
}

impl Wanted {
    /// A question of which there is one.
    pub(super) fn new(unseen: impl Into<Unseen>, hides: Hides) -> Self {
        Wanted { unseen: unseen.into(), of: None, account: None, hides }
    }

    /// A question about one of many.
    pub(super) fn of(unseen: impl Into<Unseen>, of: impl Into<String>, hides: Hides) -> Self {
        Wanted { unseen: unseen.into(), of: Some(of.into()), account: None, hides }
    }

    /// The same, about an account, although it is not the account itself that answers.
    pub(super) fn in_account(self, account: AccountId) -> Self {
        Wanted { account: Some(account), ..self }
    }
}

pub(super) struct Reader<'a> {
    calls: BTreeMap<&'a Call, BTreeMap<u32, &'a Page>>,
    caller: Option<AccountId>,
    /// Whether any answer says of a permission set that it has no inline policy, once that was looked for.
    says_of_none: Option<bool>,
    gaps: BTreeSet<Arc<Gap>>,
    sources: BTreeSet<Arc<Source>>,
    ledger: Ledger,
}

impl<'a> Reader<'a> {
    pub(super) fn over(pages: &'a [Page]) -> Self {
        let mut ordered: Vec<&Page> = pages.iter().collect();
        ordered.sort_by(|one, other| one.order(other));
        let mut calls: BTreeMap<&Call, BTreeMap<u32, &Page>> = BTreeMap::new();
        let mut ledger = Ledger::new();
        for page in ordered {
            count(&mut ledger, page);
            // A page that was asked again, by a run that went on after an interruption, replaces the earlier one.
            calls.entry(&page.call).or_default().insert(page.page, page);
        }
        let (gaps, sources) = (BTreeSet::new(), BTreeSet::new());
        Reader { calls, caller: None, says_of_none: None, gaps, sources, ledger }
    }

    /// Takes note of whose account it is that asked.
    pub(super) fn asked_by(&mut self, caller: AccountId) {
        self.caller = Some(caller);
    }

    /// All pages of the answer to a question, as far as they are there.
    pub(super) fn read<A: Answer>(
        &mut self,
        account: Option<AccountId>,
        parameters: Parameters,
        wanted: &Wanted,
    ) -> Read<A> {
        let (seen, ended) = self.try_read(account, parameters);
        let extent = match ended {
            Ok(()) => Extent::Whole(self.source::<A>(wanted)),
            Err(why) => Extent::Part(self.gap(A::OPERATION, account, wanted, why)),
        };
        Read { seen, extent }
    }

    /// The same, where a failure is no gap by itself: how far the answer was read is said beside it.
    pub(super) fn try_read<A: Answer>(
        &mut self,
        account: Option<AccountId>,
        parameters: Parameters,
    ) -> (Vec<A>, Result<(), Why>) {
        let call = Call { operation: A::OPERATION, account, parameters };
        let mut seen = Vec::new();
        // A saved command does not say which account it asked where it asked the caller's own.
        let asked = Call { account: call.account.or(self.caller), ..call.clone() };
        let ended = self.calls.get(&call).map_or(Err(Why::NotAsked), |pages| to_the_end::<A>(pages, &asked, &mut seen));
        let items: usize = seen.iter().map(Answer::items).sum();
        self.ledger.entry(A::OPERATION.api().to_owned()).or_default().items += items as u64;
        (seen, ended)
    }

    /// When a question was asked, from its first page to its last.
    pub(super) fn window(
        &self,
        operation: Operation,
        account: Option<AccountId>,
        parameters: Parameters,
    ) -> Option<Window> {
        let pages = self.calls.get(&Call { operation, account, parameters })?.values();
        let windows = pages.map(|page| Window { from: page.started, to: page.ended });
        windows.reduce(Window::with)
    }

    /// What `D` gave an answer about, by the parameter `id`, and a listing lacks, although it was not asked for earlier:
    /// what was asked about before may be gone since.
    pub(super) fn unlisted<D: Answer>(&self, id: &str, since: Option<Window>, listed: &BTreeSet<&str>) -> Vec<String> {
        let asked = self.calls.iter().filter(|(call, _)| call.operation == D::OPERATION);
        let late = |page: &&Page| {
            matches!(page.outcome, Outcome::Answer(_)) && since.is_some_and(|listing| page.ended >= listing.from)
        };
        let asked = asked.filter(|(_, pages)| pages.values().copied().any(|page| late(&page)));
        let ids: BTreeSet<&str> = asked.filter_map(|(call, _)| call.parameters.get(id)).collect();
        ids.difference(listed).map(|id| (*id).to_owned()).collect()
    }

    /// A listing's extent where two of its entries have one id and differ: then it cannot be relied on.
    pub(super) fn twice<L: Answer>(
        &mut self,
        extent: Extent,
        account: Option<AccountId>,
        wanted: &Wanted,
        id: &str,
    ) -> Extent {
        let detail = format!("two different entries have the id {}", quoted(id));
        extent.and(&Extent::Part(self.unreadable::<L>(account, wanted, detail)))
    }

    /// A listing's extent, unless answers about what it lacks disprove that it is whole.
    pub(super) fn unless_disproved<L: Answer>(
        &mut self,
        extent: Extent,
        account: Option<AccountId>,
        wanted: &Wanted,
        by: Operation,
        shows: Vec<String>,
    ) -> Extent {
        match extent {
            Extent::Whole(_) if !shows.is_empty() => {
                let why = Why::Disproved { by: by.api().to_owned(), shows };
                Extent::Part(self.gap(L::OPERATION, account, wanted, why))
            }
            extent @ (Extent::Whole(_) | Extent::Part(_)) => extent,
        }
    }

    /// Says more of what vouches for an answer that was read to its end.
    pub(super) fn vouch<A: Answer>(&mut self, wanted: &Wanted, vouched_by: String) {
        let plain = self.source::<A>(wanted);
        self.sources.remove(&plain);
        self.sources.insert(Arc::new(Source { vouched_by: Some(vouched_by), ..Source::clone(&plain) }));
    }

    /// Takes note that an answer, as a whole well-formed, holds something that cannot be understood.
    pub(super) fn unreadable<A: Answer>(
        &mut self,
        account: Option<AccountId>,
        wanted: &Wanted,
        detail: String,
    ) -> Arc<Gap> {
        self.gap(A::OPERATION, account, wanted, Why::Unreadable { detail })
    }

    /// Takes note that an answer does not lead to what was wanted.
    pub(super) fn failed<A: Answer>(&mut self, wanted: &Wanted, code: &str, message: String) -> Arc<Gap> {
        self.gap(A::OPERATION, None, wanted, Why::Failed { code: code.to_owned(), message })
    }

    /// Takes note of a gap.
    pub(super) fn gap(
        &mut self,
        operation: Operation,
        account: Option<AccountId>,
        wanted: &Wanted,
        why: Why,
    ) -> Arc<Gap> {
        let gap = Arc::new(Gap {
            side: Side::Aws,
            source: operation.api().to_owned(),
            account: account.or(wanted.account),
            unseen: wanted.unseen.clone(),
            why,
            hides: wanted.hides,
        });
        self.gaps.insert(Arc::clone(&gap));
        gap
    }

    /// Whether any question was asked with this value.
    pub(super) fn asked_with(&self, parameter: &str, value: &str) -> bool {
        self.calls.keys().any(|call| call.parameters.get(parameter) == Some(value))
    }

    /// The parameters of all questions of one operation.
    pub(super) fn asked(&self, operation: Operation) -> impl Iterator<Item = &'a Call> {
        self.calls.keys().copied().filter(move |call| call.operation == operation)
    }

    /// The parameters of all questions of one kind that have this one.
    pub(super) fn asked_of<A: Answer>(&self, parameter: &str, value: &str) -> Vec<Parameters> {
        let asked = self.asked(A::OPERATION).filter(|call| call.parameters.get(parameter) == Some(value));
        asked.map(|call| call.parameters.clone()).collect()
    }

    /// Why the service does not list what is asked for, where it said so.
    pub(super) fn cannot_list<A: Answer>(&self, parameters: &Parameters) -> Option<Why> {
        let call = Call { operation: A::OPERATION, account: None, parameters: parameters.clone() };
        refusal_to_list(self.calls.get(&call)?).map(why)
    }

    /// Whether a question was answered at all.
    pub(super) fn is_answered<A: Answer>(&self, parameters: &Parameters) -> bool {
        let call = Call { operation: A::OPERATION, account: None, parameters: parameters.clone() };
        let answered = |page: &&Page| matches!(page.outcome, Outcome::Answer(_));
        self.calls.get(&call).is_some_and(|pages| pages.values().any(answered))
    }

    /// Whether any answer says of a permission set that it has no inline policy.
    pub(super) fn says_of_none(&mut self) -> bool {
        let calls = &self.calls;
        *self.says_of_none.get_or_insert_with(|| {
            let asked = calls.iter().filter(|(call, _)| call.operation == GetInlinePolicyForPermissionSet::OPERATION);
            asked.flat_map(|(_, pages)| pages.values()).any(|page| match &page.outcome {
                Outcome::Answer(answer) => answer
                    .parse::<GetInlinePolicyForPermissionSet>()
                    .is_ok_and(|answer| answer.inline_policy.as_deref() == Some("")),
                Outcome::Failure(_) | Outcome::Unreadable(_) => false,
            })
        })
    }

    /// Whether an account answered any question of one operation.
    pub(super) fn answered(&self, operation: Operation, account: AccountId) -> bool {
        self.pages(operation, account).any(|page| matches!(page.outcome, Outcome::Answer(_)))
    }

    /// Why the latest question of one operation failed, where it did: a role that was tried under another name before
    /// does not count.
    pub(super) fn failure(&self, operation: Operation, account: AccountId) -> Option<Why> {
        let answered = |page: &Page| matches!(page.outcome, Outcome::Answer(_));
        let latest = self.pages(operation, account).max_by_key(|page| (page.ended, page.started, answered(page)))?;
        match &latest.outcome {
            Outcome::Answer(_) => None,
            Outcome::Failure(failure) => Some(why(failure)),
            Outcome::Unreadable(detail) => Some(Why::Unreadable { detail: detail.clone() }),
        }
    }

    fn pages(&self, operation: Operation, account: AccountId) -> impl Iterator<Item = &'a Page> {
        let of_account = move |call: &Call| call.operation == operation && call.account == Some(account);
        self.calls.iter().filter(move |(call, _)| of_account(call)).flat_map(|(_, pages)| pages.values().copied())
    }

    pub(super) fn finish(self) -> (Vec<Arc<Gap>>, Vec<Arc<Source>>, Ledger) {
        (self.gaps.into_iter().collect(), self.sources.into_iter().collect(), self.ledger)
    }

    fn source<A: Answer>(&mut self, wanted: &Wanted) -> Arc<Source> {
        self.vouched(A::OPERATION, wanted.of.clone(), "its last page")
    }

    /// Takes note of a source that was read to its end.
    pub(super) fn vouched(&mut self, operation: Operation, of: Option<String>, by: &str) -> Arc<Source> {
        let (name, vouched_by) = (operation.to_string(), Some(by.to_owned()));
        let source = Arc::new(Source { name, of, vouched_by, lists: Vec::new() });
        self.sources.insert(Arc::clone(&source));
        source
    }
}

/// Reads pages from the first one on, until one that names no further page.
fn to_the_end<A: Answer>(pages: &BTreeMap<u32, &Page>, asked: &Call, seen: &mut Vec<A>) -> Result<(), Why> {
    for number in 1.. {
        let Some(page) = pages.get(&number) else {
            return Err(Why::Cut { pages: number - 1 });
        };
        let answer = match &page.outcome {
            Outcome::Answer(answer) => answer,
            Outcome::Failure(failure) if says_none(page, failure) => return Ok(()),
            Outcome::Failure(failure) => return Err(why(failure)),
            Outcome::Unreadable(detail) => return Err(Why::Unreadable { detail: detail.clone() }),
        };
        let unreadable = |said: String| Why::Unreadable { detail: format!("page {number}: {said}") };
        let mut answer: A = answer.parse().map_err(|error| unreadable(parser_words(&error)))?;
        answer.answers(asked).map_err(unreadable)?;
        let last = answer.next().is_none();
        seen.push(answer);
        if last {
            return Ok(());
        }
    }
    unreachable!("the numbers of pages do not end before the pages do")
}

/// Whether an error only says that there is nothing of the kind.
fn says_none(page: &Page, failure: &Failure) -> bool {
    page.call.operation.none().is_some_and(|none| failure.code == none)
}

fn why(failure: &Failure) -> Why {
    // What AWS, or whoever answered for it, said cannot pass for a sentence of ours.
    let (code, message) = (failure.code.clone(), unticked(&failure.message).into_owned());
    match failure.kind {
        Kind::Denied => Why::Denied { code, message },
        Kind::TokenRepeated => Why::TokenRepeated,
        Kind::Unreadable => Why::Unreadable { detail: message },
        Kind::Throttled
        | Kind::NoCredentials
        | Kind::Expired
        | Kind::WrongClock
        | Kind::NoRegion
        | Kind::Unreachable
        | Kind::Timeout
        | Kind::Unavailable
        | Kind::Failed => Why::Failed { code, message },
    }
}

fn count(ledger: &mut Ledger, page: &Page) {
    let tally = ledger.entry(page.call.operation.api().to_owned()).or_default();
    tally.calls += u64::from(page.attempts);
    tally.throttled += u64::from(page.throttled);
    tally.retried += u64::from(page.attempts.saturating_sub(1));
    let window = Window { from: page.started, to: page.ended };
    tally.window = Some(tally.window.map_or(window, |before| before.with(window)));
    match &page.outcome {
        Outcome::Answer(_) => tally.pages += 1,
        Outcome::Failure(failure) if says_none(page, failure) => tally.pages += 1,
        Outcome::Failure(Failure { kind: Kind::Denied, .. }) => tally.denied += 1,
        Outcome::Failure(_) | Outcome::Unreadable(_) => tally.failed += 1,
    }
}
