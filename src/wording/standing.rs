//! The words for how something stands, how a person is employed, and how two were matched.

use super::sources::{is_several, named};
use super::{gap_line, instant, row};
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
        StandingWord::Expected => "it is there, and a row of a list expects it",
        StandingWord::Pending => "it differs, and so recently that the synchronization may not have been there yet",
        StandingWord::Unintended => "it is there, and should not be",
        StandingWord::Missing => "a row of a list expects it, and it is not there",
        StandingWord::Differs => "it is there and expected, but is not what its row says",
        StandingWord::Unknown => "something could not be read, so nobody can say",
        StandingWord::Unlisted => "no list speaks for it, so it was not judged",
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
                true => format!("{} were read to their ends and do not name it", named(source)),
                false => format!("{} was read to its end and does not name it", named(source)),
            }
        }
        Standing::Unintended(Because::HolderLeft(at)) => {
            format!("`{}` says that its holder has left", row(expectation, *at))
        }
        Standing::Unintended(Because::Lapsed(at)) => {
            format!("`{}` expected it, and has expired", row(expectation, *at))
        }
        Standing::Pending(recent) => {
            format!("the synchronization may not have been there since {}", instant(recent.at))
        }
        Standing::Differs(at) => format!("`{}` expects it to be something else", row(expectation, *at)),
        Standing::Missing(at, absence) => {
            let proof = named(absence.proved_by());
            format!("`{}` expects it, and {proof} was read to its end and does not have it", row(expectation, *at))
        }
        Standing::Unknown(gap) => gap_line(gap),
        Standing::Unlisted => "no list speaks for it".to_owned(),
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
        Employment::Unstated => "exists, and not whether they are current",
        Employment::Unknown => "has no readable state",
        Employment::Left => "has left",
        Employment::Expired => "has an account that expired",
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
