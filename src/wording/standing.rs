//! The words for how something stands, how a person is employed, and how two were matched.

use super::sources::{is_several, named};
use super::{gap_line, gone_lists, instant, row};
use crate::model::{Because, Employment, Expectation, MatchKey, Standing, StandingWord};

/// The word for a standing.
#[must_use]
pub fn standing_word(standing: StandingWord) -> &'static str {
    match standing {
        StandingWord::Expected => "expected",
        StandingWord::Pending => "pending",
        StandingWord::Unintended => "unintended",
        StandingWord::Missing => "missing",
        StandingWord::Differs => "differs",
        StandingWord::Unknown => "unknown",
        StandingWord::Unlisted => "unlisted",
    }
}

/// What the word means.
#[must_use]
pub fn standing_meaning(standing: StandingWord) -> &'static str {
    match standing {
        StandingWord::Expected => "it exists, and a row of a list expects it",
        StandingWord::Pending => "it differs, but so recently that the synchronization may not have run yet",
        StandingWord::Unintended => "it exists, but no row expects it, or its holder has left",
        StandingWord::Missing => "a row of a list expects it, but it does not exist",
        StandingWord::Differs => "it exists and is expected, but differs from its row",
        StandingWord::Unknown => "a gap: something could not be read or decided",
        StandingWord::Unlisted => "no expected list covers it, so it was not assessed",
    }
}

/// Why something stands so: the row, the source or the gap that decides it.
#[must_use]
pub fn standing_reason(expectation: &Expectation, standing: &Standing) -> String {
    match standing {
        Standing::Expected(at) => format!("`{}` expects it", row(expectation, *at)),
        Standing::Unintended(Because::NotExpected(absence)) => {
            let source = absence.proved_by();
            match is_several(source) {
                true => format!("{} were read completely and do not name it", named(source)),
                false => format!("{} was read completely and does not name it", named(source)),
            }
        }
        Standing::Unintended(Because::HolderLeft(at)) => {
            format!("`{}` says that its holder has left", row(expectation, *at))
        }
        Standing::Unintended(Because::HolderHadLeft(said)) => gone_lists::had_left(said),
        Standing::Unintended(Because::Lapsed(at)) => {
            format!("`{}` expected it, but has expired", row(expectation, *at))
        }
        Standing::Pending(recent) => {
            format!("the synchronization may not have run since {}", instant(recent.at))
        }
        Standing::Differs(at) => format!("`{}` expects something else", row(expectation, *at)),
        Standing::Missing(at, absence) => {
            let proof = named(absence.proved_by());
            format!("`{}` expects it, but {proof} was read completely and does not have it", row(expectation, *at))
        }
        Standing::Unknown(gap) => gap_line(gap),
        Standing::Unlisted => "no expected list covers it".to_owned(),
    }
}

/// The standing that decides how a path stands: the first of these that one of its links has.
#[must_use]
pub fn worst(links: impl Iterator<Item = StandingWord> + Clone) -> Option<StandingWord> {
    [
        StandingWord::Unintended,
        StandingWord::Unknown,
        StandingWord::Differs,
        StandingWord::Missing,
        StandingWord::Pending,
        StandingWord::Unlisted,
        StandingWord::Expected,
    ]
    .into_iter()
    .find(|word| links.clone().any(|link| link == *word))
}

/// What the list says of a person's employment, fit behind "the list says that the person".
#[must_use]
pub fn employment(employment: Employment) -> &'static str {
    match employment {
        Employment::Current => "is current",
        Employment::Unstated => "exists, but not whether they are current",
        Employment::Unknown => "has an unreadable status",
        Employment::Left => "has left",
        Employment::Expired => "has an expired account",
    }
}

/// The same as one stable word.
#[must_use]
pub fn employment_word(employment: Employment) -> &'static str {
    match employment {
        Employment::Current => "current",
        Employment::Unstated => "not-stated",
        Employment::Unknown => "unknown",
        Employment::Left => "left",
        Employment::Expired => "expired",
    }
}

/// The key by which two were matched.
#[must_use]
pub fn match_key(key: MatchKey) -> &'static str {
    match key {
        MatchKey::Guid => "guid",
        MatchKey::Name => "name",
        MatchKey::NameAtDomain => "name-at-domain",
        MatchKey::Mail => "mail",
    }
}
