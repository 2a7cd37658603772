//! The servers that stand in for AWS behave as AWS does.

pub mod moto_and_ministack;
pub mod simulator;
pub mod strict;
pub mod winterbaume;
