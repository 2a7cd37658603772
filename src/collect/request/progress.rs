//! How far a run has come, and what is known to be ahead.
//!
//! What is ahead is known as soon as an answer says so: a list of groups announces one question for each group. Until
//! the lists that everything follows from are there, nothing is known, and nothing is said.

use std::collections::BTreeMap;

use crate::collect::journal::page::Operation;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Requests that were sent.
    pub calls: u64,
    /// Requests that are known to be ahead; more may become known.
    pub ahead: u64,
    /// How many seconds those take at the pace of the busiest service.
    pub seconds: f64,
}

/// Is told of a run's progress after each page.
pub type OnProgress = Box<dyn FnMut(Progress) + Send>;

#[derive(Debug, Default)]
pub(crate) struct Forecast {
    calls: u64,
    operations: BTreeMap<Operation, Count>,
    /// Requests a second, by service.
    paces: BTreeMap<&'static str, f64>,
}

#[derive(Debug, Default)]
struct Count {
    announced: u64,
    begun: u64,
    ended: u64,
    /// Pages of the questions that were begun.
    pages: u64,
}

impl Forecast {
    /// So many questions will be asked.
    pub(crate) fn announce(&mut self, operation: Operation, questions: usize) {
        self.operations.entry(operation).or_default().announced += questions as u64;
    }

    /// A question is asked, at this pace.
    pub(crate) fn begin(&mut self, operation: Operation, per_second: f64) {
        self.operations.entry(operation).or_default().begun += 1;
        self.paces.insert(operation.cli().0, per_second);
    }

    /// A page of it came, after so many requests.
    pub(crate) fn page(&mut self, operation: Operation, requests: u32) {
        self.calls += u64::from(requests);
        self.operations.entry(operation).or_default().pages += 1;
    }

    /// It was answered to its end, or failed.
    pub(crate) fn end(&mut self, operation: Operation) {
        self.operations.entry(operation).or_default().ended += 1;
    }

    pub(crate) fn progress(&self) -> Progress {
        let mut ahead: BTreeMap<&str, u64> = BTreeMap::new();
        for (operation, count) in &self.operations {
            *ahead.entry(operation.cli().0).or_default() += count.ahead();
        }
        let seconds = ahead.iter().map(|(service, calls)| *calls as f64 / self.paces.get(service).unwrap_or(&20.0));
        Progress { calls: self.calls, ahead: ahead.values().sum(), seconds: seconds.fold(0.0, f64::max) }
    }
}

impl Count {
    /// As many pages for each open question as the questions so far had, and at least one.
    fn ahead(&self) -> u64 {
        let open = self.announced.max(self.begun).saturating_sub(self.ended);
        if self.pages > self.begun { (open * self.pages).div_ceil(self.begun.max(1)) } else { open }
    }
}
