//! The store at a location, with the credentials that the settings name.

use super::PipelineError;
use crate::settings::Settings;
use crate::store::{self, Location, Shelf};

pub(super) async fn open(settings: &Settings, to: &Location) -> Result<Shelf, PipelineError> {
    let sign_in = settings.aws.sign_in().in_region(settings.report.bucket.region.as_deref());
    let session = async || crate::aws::session::connect(&sign_in).await;
    let open = store::open(to, &settings.report.bucket, async || Ok(session().await?.sdk_config().clone())).await;
    open.map_err(PipelineError::SignIn)
}
