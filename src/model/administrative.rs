//! Whether somebody can do everything, or give themselves the right to.

/// Whether somebody is an administrator, as far as policies say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Administrative {
    /// They are: which policy allows what, for a reader.
    Yes(String),
    /// They are not.
    No,
    /// Nobody can say: why, for a reader. It raises no alarm, and is said.
    Unknown(String),
}

impl Administrative {
    /// Whether they are seen to be.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        matches!(self, Administrative::Yes(_))
    }

    /// The worse of two: yes before unknown before no.
    #[must_use]
    pub fn or(self, other: Administrative) -> Administrative {
        match (&self, &other) {
            (Administrative::Yes(_), _)
            | (Administrative::Unknown(_), Administrative::No | Administrative::Unknown(_)) => self,
            (Administrative::Unknown(_), Administrative::Yes(_)) | (Administrative::No, _) => other,
        }
    }
}
