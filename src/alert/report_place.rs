//! Where the report is that a message is about.

/// Where the report is that a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportPlace<'a> {
    /// The package: a folder, or an address in S3.
    pub package: &'a str,
    /// The address by which a browser opens the report, where there is one.
    pub link: Option<&'a str>,
}

impl<'a> From<&'a str> for ReportPlace<'a> {
    fn from(package: &'a str) -> Self {
        ReportPlace { package, link: None }
    }
}
