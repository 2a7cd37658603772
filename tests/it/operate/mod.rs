//! The operator: which steps a change takes, what AWS's answers mean, and that each step works and is sent once.

pub mod answers;
mod assignments;
mod judge;
mod password;
mod requests;
mod rights;
pub mod sending;
mod steps;
pub mod world;
