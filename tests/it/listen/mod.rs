//! Events, what follows from them, and the verdicts on them.

pub mod events;
mod hostile;
mod permissions;
mod planned;
mod queues;
mod settle;
mod verdicts;
