//! What one run came to.

use super::collect_live::GoesOn;
use super::deliver::Delivery;
use crate::model::Verdict;

/// What one run came to.
#[derive(Debug)]
pub struct Audited {
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in one line, which names no person.
    pub headline: String,
    /// The report as text, with the colours of a terminal.
    pub text: Vec<u8>,
    /// Where the package is, and what became of the alert.
    pub delivery: Delivery,
    /// How to find out more, where AWS could not answer everything just then.
    pub goes_on: Option<GoesOn>,
}
