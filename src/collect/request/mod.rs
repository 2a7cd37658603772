//! One question to AWS: paced, page by page, resumable.

pub(crate) mod client;
pub(crate) mod concurrency;
pub(crate) mod error;
pub(crate) mod pages;
pub(crate) mod progress;
pub(crate) mod question;
pub(crate) mod resume;
pub(crate) mod resume_check;
pub(crate) mod run;
