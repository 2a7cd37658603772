//! What one run of questions is given: its clock, what an earlier run left, and who takes the pages.

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::progress::OnProgress;
use crate::collect::journal::page::Page;

/// The time, in UTC.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
/// What becomes of each page as it comes: a journal writes it down, and keeps the answer.
pub type OnPage = Box<dyn FnMut(Page) -> io::Result<Page> + Send>;

/// The circumstances of one run.
pub struct Run {
    /// Its id, which is told to every account whose role is assumed.
    pub id: String,
    /// What time it is.
    pub clock: Clock,
    /// What an earlier run left in its journal, in the order in which it was written. What it has is not asked again.
    pub earlier: Vec<Page>,
    /// Takes every further page as it comes.
    pub on_page: OnPage,
    /// Is told how far the run has come.
    pub on_progress: OnProgress,
}

/// How far a walk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::collect) enum Depth {
    /// To the end of everything.
    Whole,
    /// As far as it takes to call each operation in each account, and see whether AWS allows it.
    Sample,
}
