//! What is wrong with a timetable, and how it should have been written.

/// A cron pattern or a time zone that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTimetable {
    /// Not five fields.
    #[error("`{cron}` is not a cron pattern: five fields are needed, it has {found}")]
    Fields {
        /// The pattern.
        cron: String,
        /// How many it has.
        found: usize,
    },
    /// A field that says nothing.
    #[error("cannot understand the cron pattern `{cron}`: {reason}")]
    Pattern {
        /// The pattern.
        cron: String,
        /// Why.
        reason: String,
    },
    /// A day that no year has.
    #[error("`{cron}` never occurs: no month in it has such a day")]
    Never {
        /// The pattern.
        cron: String,
    },
    /// No such time zone.
    #[error("unknown time zone `{zone}`")]
    Zone {
        /// The name.
        zone: String,
        /// The name that is most like it, where one is.
        like: Option<&'static str>,
    },
}

impl BadTimetable {
    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some(match self {
            BadTimetable::Fields { .. } | BadTimetable::Pattern { .. } => {
                "write minute, hour, day of the month, month and weekday: `0 8 * * MON-FRI` is eight o'clock on \
                 working days"
                    .to_owned()
            }
            BadTimetable::Never { .. } => "`0 8 L * *` is eight o'clock on the last day of each month".to_owned(),
            BadTimetable::Zone { like: Some(like), .. } => format!("did you mean `{like}`?"),
            BadTimetable::Zone { like: None, .. } => {
                "use a name from the IANA time zone database, such as `Europe/Berlin` or `UTC`".to_owned()
            }
        })
    }
}
