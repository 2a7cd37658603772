//! Events, what follows from them, and the verdicts on them.

pub mod events;
mod hostile;
mod planned;
mod settle;
mod verdicts;
