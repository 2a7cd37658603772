//! Which run something in the store belongs to.

use chrono::{DateTime, Datelike, Utc};

use super::{BadKey, Key};

/// The run that a package, a link or a message belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    job: Key,
    as_of: DateTime<Utc>,
    id: Key,
    filtered: bool,
    due: Option<DateTime<Utc>>,
}

impl Run {
    /// A run of a job (`manual` for one that no job started), of what was true at `as_of`. A filtered one looked at a
    /// part only, and never serves as an earlier run.
    ///
    /// # Errors
    /// Where the job's name, the instant or the run's id cannot be a part of a key.
    pub fn new(job: &str, as_of: DateTime<Utc>, id: &str, filtered: bool) -> Result<Self, BadKey> {
        // Others have more digits, or a sign, and would not be in the order of time (RFC 3339 does not know them
        // either).
        if !(0..=9999).contains(&as_of.year()) {
            return Err(BadKey::of(&as_of.to_rfc3339(), "only years from 0 to 9999 have four digits"));
        }
        Ok(Run { job: Key::short(job)?, as_of, id: Key::short(id)?, filtered, due: None })
    }

    /// The same run, which was started because its job was due then.
    #[must_use]
    pub fn because_due(self, due: Option<DateTime<Utc>>) -> Self {
        Run { due, ..self }
    }

    /// The job's name.
    #[must_use]
    pub fn job(&self) -> &str {
        self.job.as_str()
    }

    /// The instant of which the run speaks.
    #[must_use]
    pub fn as_of(&self) -> DateTime<Utc> {
        self.as_of
    }

    /// The run's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// Whether it looked at a part only.
    #[must_use]
    pub fn filtered(&self) -> bool {
        self.filtered
    }

    /// The instant at which its job was due, where that is why it ran. The chain takes one package for each.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.due
    }

    /// `20261120T080000Z-<id>`: names in this form are in the order of time.
    pub(super) fn stamp(&self) -> String {
        format!("{}-{}", instant(self.as_of), self.id)
    }
}

/// An instant as a part of a key, in the order of time.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}
