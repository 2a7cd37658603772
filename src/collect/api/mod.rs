//! AWS's operations: their names, and what they answer, in types.

pub(crate) mod convert;
pub mod need;
pub mod operations;
pub mod responses;
