//! The address by which a browser opens a report.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::partition_of;
use crate::settings::Settings;
use crate::store::manifest::Manifest;
use crate::store::{Location, Run};

/// What an address has as it is (RFC 3986, section 2.3), and the mark between folders.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The address of a run's report: below `report.link`, or in the S3 console; `None` for a folder that no web server shows.
pub(super) fn of(settings: &Settings, to: &Location, run: &Run) -> Option<String> {
    let report = format!("{}/report.html", Manifest::folder(run));
    let encoded = |text: &str| utf8_percent_encode(text, KEPT).to_string();
    if let Some(link) = &settings.report.link {
        return Some(format!("{}/{}", link.trim_end_matches('/'), encoded(&report)));
    }
    let Location::Bucket { name, prefix } = to else { return None };
    let key = match prefix {
        Some(prefix) => format!("{}/{report}", prefix.as_str()),
        None => report,
    };
    let region = settings.report.bucket.region.as_ref().or(settings.aws.region.as_ref());
    let (host, query) = match region {
        Some(region) => (format!("{region}.{}", console(region)), format!("region={region}&")),
        None => ("s3.console.aws.amazon.com".to_owned(), String::new()),
    };
    Some(format!("https://{host}/s3/object/{name}?{query}prefix={}", encoded(&key)))
}

/// The console of the partition that a region is in
/// (<https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/region-endpoints.html>).
fn console(region: &str) -> &'static str {
    match partition_of(region) {
        "aws-cn" => "console.amazonaws.cn",
        "aws-us-gov" => "console.amazonaws-us-gov.com",
        _ => "console.aws.amazon.com",
    }
}
