//! Events, what follows from them, and the verdicts on them.

mod hostile;
mod permissions;
mod planned;
mod queues;
pub mod samples;
mod settle;
mod verdicts;
