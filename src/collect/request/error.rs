//! Why AWS was not read at all. A question that fails is no such thing: it is a page, and then a gap.

/// Why the walk ended before it began.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// More than one instance of Identity Center, and no word on which.
    #[error("several instances of IAM Identity Center exist, and the settings name none: `{}`", .found.join("`, `"))]
    SeveralInstances {
        /// Their ARNs.
        found: Vec<String>,
    },
    /// The settings name an instance that the region does not show.
    #[error("instance `{wanted}` of IAM Identity Center was not found; the region has {}", listed(.found))]
    NoSuchInstance {
        /// The ARN in the settings.
        wanted: String,
        /// The ARNs that AWS listed.
        found: Vec<String>,
    },
    /// The journal that this run was to go on from has answers of something else.
    #[error("the interrupted run cannot be resumed: it {before}, but this run {now}")]
    Another {
        /// What the earlier run asked, or whose credentials it had.
        before: String,
        /// The same of this run.
        now: String,
    },
    /// The journal took no more, or does not give back what it has.
    #[error("cannot write or read the journal of this run")]
    Journal(#[source] std::io::Error),
}

impl WalkError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            WalkError::SeveralInstances { .. } => "set `aws.instance_arn` to the one to audit",
            WalkError::NoSuchInstance { .. } => {
                "correct `aws.instance_arn`, or `aws.region` if it is in another region"
            }
            WalkError::Another { .. } => {
                "use the same credentials and settings, or start a new run without \
                                          `--resume`"
            }
            WalkError::Journal(_) => "free disk space, or name another folder",
        }
    }
}

fn listed(found: &[String]) -> String {
    if found.is_empty() { "none".to_owned() } else { format!("`{}`", found.join("`, `")) }
}
