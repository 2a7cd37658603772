//! The only place that knows the SDK's configuration and its errors.
//!
//! It signs in ([`session`]) and notices where that leads ([`endpoint`]), sends one call ([`retry`]) at the pace that a
//! service bears ([`pacer`]), takes no answer that is not there as a whole ([`complete_body`]), says what went wrong in
//! plain words ([`failure`]) and turns pages without ever stopping early ([`pagination`]). It does not know which
//! operations there are, nor what their answers mean.

mod ca_certificates;
pub mod session;

pub mod endpoint;

pub mod complete_body;

pub mod pacer;

pub mod retry;

mod clock_skew;
pub mod failure;

pub mod pagination;
