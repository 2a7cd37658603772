//! What is made of an answer of the SDK: what it says, or why that cannot be read.
//!
//! AWS gives an empty list where there is nothing, and the SDK tells a list that is empty from one that was left out.
//! Only the former says that there is nothing. Lists that the SDK fills in where they were left out are looked for in
//! the raw answer ([`whole`](crate::aws::complete_body)).

use super::responses::Answer;
use crate::aws::failure::{Failure, Kind};

/// What an answer is made into: itself, or a failure where it may lack what it must have.
pub(crate) trait Understood {
    /// The answer, in the shape that is kept.
    type Answer: Answer;

    /// The answer, where it can be read.
    fn understood(self) -> Result<Self::Answer, Failure>;
}

impl<A: Answer> Understood for A {
    type Answer = A;

    fn understood(self) -> Result<A, Failure> {
        Ok(self)
    }
}

impl<A: Answer> Understood for Result<A, Failure> {
    type Answer = A;

    fn understood(self) -> Result<A, Failure> {
        self
    }
}

/// What stands in a field that an answer must have.
pub(crate) fn needed<T>(field: Option<T>, name: &str) -> Result<T, Failure> {
    field.ok_or_else(|| Failure::new(Kind::Unreadable, "Unreadable", format!("the answer has no `{name}`")))
}
