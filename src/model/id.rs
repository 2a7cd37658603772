//! Names and identifiers, parsed once where they enter and trusted from then on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::normalize::folded;

/// A text that is not the identifier it should be. Its `Display` fits behind "because".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is not {what}", super::quoted_excerpt(text))]
pub struct NotAnId {
    text: String,
    what: &'static str,
}

/// The twelve digits of an AWS account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u64);

impl FromStr for AccountId {
    type Err = NotAnId;

    /// Exactly twelve digits. `42` is not taken for `000000000042`: a spreadsheet that dropped the zeros may have
    /// dropped more than that.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(AccountId(text.parse().expect("twelve digits fit 64 bits")))
        } else {
            Err(NotAnId { text: text.to_owned(), what: "an AWS account id (twelve digits)" })
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

/// The GUID of a directory object, whatever way it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(Uuid);

impl Guid {
    /// From the sixteen bytes of `objectGUID`, whose first three fields are little-endian (MS-DTYP 2.3.4.2).
    #[must_use]
    pub fn from_object_guid(bytes: [u8; 16]) -> Self {
        Guid(Uuid::from_bytes_le(bytes))
    }
}

impl FromStr for Guid {
    type Err = NotAnId;

    /// `7115b235-ad19-43bf-a211-5ca38ae242e0` in any case, with or without braces. The form without hyphens is
    /// refused: thirty-two hexadecimal digits are also how `objectGUID` looks as raw bytes, in another order.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
        match Uuid::try_parse(inner) {
            Ok(uuid) if inner.len() == 36 => Ok(Guid(uuid)),
            Ok(_) | Err(_) => Err(NotAnId { text: text.to_owned(), what: "a GUID" }),
        }
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

macro_rules! serialized_as_text {
    ($($name:ident)+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

serialized_as_text! { AccountId Guid }

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The identifier with this text.
            pub fn new(text: impl Into<String>) -> Self {
                $name(text.into())
            }

            /// The identifier as AWS writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

text_ids! {
    /// A user of the identity store.
    UserId;
    /// A group of the identity store.
    GroupId;
    /// The ARN of a permission set.
    PermissionSetArn;
}

impl UserId {
    /// The `objectGUID` in the id of a user whom Identity Center took from Active Directory: it follows ten hexadecimal
    /// digits. What follows them in other ids is a GUID of nobody. (As seen in answers of AWS; not documented.)
    #[must_use]
    pub fn directory_guid(&self) -> Option<Guid> {
        let (prefix, guid) = self.0.split_once('-')?;
        let is_prefix = prefix.len() == 10 && prefix.bytes().all(|digit| digit.is_ascii_hexdigit());
        guid.parse().ok().filter(|_| is_prefix)
    }
}

/// A name in the form in which names are compared: Unicode normal form C, then lower case, independent of any locale,
/// without blanks around it.
///
/// Active Directory compares names without regard to case, and Identity Center keeps the case that it was given;
/// a difference of case alone is never a difference of persons. Diacritics are kept: `müller` and `muller` may be two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NameKey(String);

impl NameKey {
    /// The key of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        NameKey(folded(name).into_owned())
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
