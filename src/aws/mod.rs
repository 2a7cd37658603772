//! The only place that knows the SDK's configuration and its errors.
//!
//! It signs in ([`session`]) and notices where that leads ([`witness`]), sends one call ([`call`]) at the pace that a
//! service bears ([`pacer`]), takes no answer that is not there as a whole ([`whole`]), says what went wrong in plain
//! words ([`failure`]) and turns pages without ever stopping early ([`pages`]). It does not know which operations there
//! are, nor what their answers mean.

pub mod session;
mod trust;

pub mod witness;

pub mod whole;

pub mod pacer;

pub mod call;

pub mod failure;
mod skew;

pub mod pages;
