//! The accounts that a row means: one by its id, some by name or by place in the organization, or all.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{AccountId, NameKey, quoted_excerpt};

/// The accounts that a row means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountPattern {
    /// The one with this id: `111122223333`.
    Id(AccountId),
    /// All of them: `*`.
    All,
    /// Those below a place in the organization: `ou:/Prod/*`, each part a [`Glob`].
    Path(Vec<Glob>),
    /// Those that the organization calls so: `prod`, `prod-*`.
    Name(Glob),
    /// The one that a group's name holds at `{account}`.
    Placeholder,
}

/// A name in which `*` stands for any characters, none included. Case does not matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glob(String);

/// What stands for the account in a naming convention.
pub(crate) const ACCOUNT: &str = "{account}";

impl AccountPattern {
    /// Whether it calls a unit of the organization by its name, and not by its id.
    #[must_use]
    pub fn calls_units_by_name(&self) -> bool {
        if let AccountPattern::Path(parts) = self { parts.iter().any(Glob::is_name) } else { false }
    }
}

impl FromStr for AccountPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(AccountPattern::All);
        }
        if text == ACCOUNT {
            return Ok(AccountPattern::Placeholder);
        }
        if let Some(path) = text.strip_prefix("ou:") {
            let parts: Vec<Glob> =
                path.split('/').filter(|part| !part.is_empty()).map(|part| Glob(part.to_owned())).collect();
            return match parts.is_empty() {
                true => Err(format!("{} names no organizational unit; write `ou:/Prod/*`", quoted_excerpt(text))),
                false => Ok(AccountPattern::Path(parts)),
            };
        }
        // A number that is no id is one that lost its zeros, and no name.
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(AccountPattern::Id).map_err(|error: crate::model::NotAnId| {
                format!("{error}; spreadsheets drop leading zeros, so store the column as text")
            });
        }
        if text.contains(['{', '}']) {
            return Err(format!("{} has an unknown placeholder; only `{ACCOUNT}` is known", quoted_excerpt(text)));
        }
        Ok(AccountPattern::Name(Glob(text.to_owned())))
    }
}

impl fmt::Display for AccountPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AccountPattern::Id(id) => id.fmt(f),
            AccountPattern::All => f.write_str("*"),
            AccountPattern::Path(parts) => {
                f.write_str("ou:")?;
                parts.iter().try_for_each(|part| write!(f, "/{}", part.0))
            }
            AccountPattern::Name(name) => f.write_str(&name.0),
            AccountPattern::Placeholder => f.write_str(ACCOUNT),
        }
    }
}

impl Serialize for AccountPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccountPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What ids in the path of an account begin with: the organization's, its root's, a unit's.
const OF_IDS: [&str; 3] = ["o-", "r-", "ou-"];

impl Glob {
    /// Whether it can only fit a name: it is neither the beginning of an id nor `*`.
    fn is_name(&self) -> bool {
        self.0 != "*" && !OF_IDS.iter().any(|prefix| self.0.starts_with(prefix))
    }

    /// Whether it fits a name.
    pub(crate) fn fits(&self, name: &str) -> bool {
        fits(NameKey::of(&self.0).as_str(), NameKey::of(name).as_str())
    }
}

/// Whether a path of an organization (`o-1/r-2/ou-3/ou-4/`) lies where the pattern says: its parts fit one after the
/// other, beginning anywhere, each by the id or the name of the unit, and a last `*` takes all that is below. `None`
/// where it asks for a name, and not all names are known.
pub(crate) fn lies_below(pattern: &[Glob], path: &str, names: &BTreeMap<String, String>) -> Option<bool> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (fixed, below) = match pattern.split_last() {
        Some((last, before)) if last.0 == "*" => (before, true),
        Some(_) | None => (pattern, false),
    };
    let fits = |glob: &Glob, part: &str| glob.fits(part) || names.get(part).is_some_and(|name| glob.fits(name));
    let lies = (0..=parts.len().saturating_sub(fixed.len())).any(|start| {
        let rest = &parts[start..];
        let fit = rest.len() >= fixed.len() && fixed.iter().zip(rest).all(|(glob, part)| fits(glob, part));
        // An account's path ends with the place that it lies in, and may end with its own id.
        fit && (below || rest[fixed.len()..].iter().all(|part| part.parse::<AccountId>().is_ok()))
    });
    let nameless = parts.iter().any(|part| part.starts_with("ou-") && !names.contains_key(*part));
    if !lies && nameless && fixed.iter().any(Glob::is_name) { None } else { Some(lies) }
}

/// Whether a pattern with `*` fits all of a text: in the time of their product, whatever stands in either.
fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}
