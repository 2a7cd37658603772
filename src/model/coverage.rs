//! How far each kind of access was read, and whether an expected list speaks for it: what a verdict may claim.

/// How far one kind was read, and whether it was assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// How many of the kind were seen, or are expected and missing.
    pub number: usize,
    /// How many of these are not assessed, because no list speaks for them.
    pub unlisted: usize,
    /// Whether an expected list speaks for the kind.
    pub listed: bool,
    /// Whether the expected lists name all of the kind, or did until a list went missing and nobody accepted that.
    pub listed_in_full: bool,
    /// How far AWS's side of it was read.
    pub read: ReadExtent,
}

/// How far a kind was read on AWS's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadExtent {
    /// To its end.
    Whole,
    /// AWS does not list the kind: whoever holds access was read, and the names that a list expects.
    ByName,
    /// To its end in some accounts, at least one.
    Accounts {
        /// In how many.
        read: usize,
        /// How many accounts the organization has, those that are excluded or not active among them; `None` where
        /// its list of accounts was not read to its end.
        known: Option<usize>,
    },
    /// In part; gaps say what is missing.
    Part,
    /// Not at all, although it was in scope; gaps say why.
    Unread,
    /// Not at all: the instance of Identity Center that was read has nothing of the kind, and another one may.
    Unsupported,
    /// Not at all: the settings leave it out.
    OutOfScope,
}

impl Coverage {
    /// Whether anything can be concluded about the kind: a list speaks for some of it at least, and some of it was read.
    #[must_use]
    pub fn is_assessed(&self) -> bool {
        self.listed && self.read.is_some() && (self.unlisted == 0 || self.assessed() > 0)
    }

    /// How many a list speaks for.
    #[must_use]
    pub fn assessed(&self) -> usize {
        self.number - self.unlisted
    }
}

impl ReadExtent {
    /// Whether anything of the kind was read.
    #[must_use]
    pub fn is_some(self) -> bool {
        match self {
            ReadExtent::Whole | ReadExtent::ByName | ReadExtent::Accounts { .. } | ReadExtent::Part => true,
            ReadExtent::Unread | ReadExtent::Unsupported | ReadExtent::OutOfScope => false,
        }
    }

    /// The word for it in files for machines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ReadExtent::Whole => "whole",
            ReadExtent::ByName => "by-name",
            ReadExtent::Accounts { .. } => "accounts",
            ReadExtent::Part => "part",
            ReadExtent::Unread => "unread",
            ReadExtent::Unsupported => "unsupported",
            ReadExtent::OutOfScope => "out-of-scope",
        }
    }
}
