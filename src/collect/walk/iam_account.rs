//! One account's IAM, and how it is asked.

use aws_sdk_iam::config::Builder;

use crate::collect::journal::page::Parameters;
use crate::collect::request::client::{Question, Service};
use crate::model::AccountId;

/// The largest page that IAM gives.
pub(super) const PAGE: i32 = 1000;

/// One account, and how it is asked.
pub(super) struct Asked<'a> {
    pub(super) client: &'a aws_sdk_iam::Client,
    pub(super) service: &'a Service,
    pub(super) account: AccountId,
    pub(super) credentials: Builder,
}

impl Asked<'_> {
    pub(super) fn question(&self, parameters: Parameters) -> Question<'_> {
        Question { service: self.service, account: Some(self.account), parameters }
    }
}
