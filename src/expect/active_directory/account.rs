//! Attributes of a directory account, from how they are stored to what they mean.

use chrono::{DateTime, NaiveDateTime, Utc};

/// Bits of `userAccountControl` (MS-ADTS 2.2.16).
const ACCOUNT_DISABLE: i64 = 0x2;
const TRUST_OF_DOMAIN_WORKSTATION_OR_SERVER: i64 = 0x800 | 0x1000 | 0x2000;

/// Whether an account is enabled, by its `userAccountControl`.
pub(crate) fn is_enabled(control: i64) -> bool {
    control & ACCOUNT_DISABLE == 0
}

/// Whether an account belongs to a computer or another domain, by its `userAccountControl`.
pub(crate) fn is_computer(control: i64) -> bool {
    control & TRUST_OF_DOMAIN_WORKSTATION_OR_SERVER != 0
}

/// What an object is, by its `sAMAccountType` (MS-ADA3 2.222).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    User,
    /// A group of any scope, for security or distribution.
    Group,
    /// A computer or another domain.
    Machine,
    Unknown,
}

/// Groups that only computers have for their primary group: Domain Computers, Domain Controllers, Read-only Domain
/// Controllers (MS-DTYP 2.4.2.4).
const PRIMARY_GROUPS_OF_COMPUTERS: [i64; 3] = [515, 516, 521];

/// Whether an account belongs to a computer, a managed service account or another domain, by whichever of these is
/// known. Its name does not say it: a person's may end in `$` too.
pub(crate) fn is_machine(control: Option<i64>, stored: Option<Stored>, primary_group: Option<i64>) -> Option<bool> {
    let by_type = match stored {
        Some(Stored::Machine) => Some(true),
        Some(Stored::User) => Some(false),
        Some(Stored::Group | Stored::Unknown) | None => None,
    };
    let by_group = || primary_group.map(|group| PRIMARY_GROUPS_OF_COMPUTERS.contains(&group)).filter(|is| *is);
    control.map(is_computer).or(by_type).or_else(by_group)
}

/// What an object is, by its `sAMAccountType`.
pub(crate) fn stored_as(account_type: i64) -> Stored {
    match account_type {
        0x3000_0000 => Stored::User,
        0x1000_0000 | 0x1000_0001 | 0x2000_0000 | 0x2000_0001 => Stored::Group,
        0x3000_0001 | 0x3000_0002 => Stored::Machine,
        _ => Stored::Unknown,
    }
}

/// Bits of `groupType` (MS-ADTS 2.2.12). It is signed, and the highest bit stands for security.
const UNIVERSAL: i64 = 0x8;
const SECURITY: i64 = 0x8000_0000;

/// Whether a group is universal: only then a global catalog has its members.
pub(crate) fn is_universal(group_type: i64) -> bool {
    group_type & UNIVERSAL != 0
}

/// Whether a group is for mail only.
pub(crate) fn is_distribution(group_type: i64) -> bool {
    group_type & SECURITY == 0
}

/// Seconds from 1601-01-01 to 1970-01-01 (MS-DTYP 2.3.3).
const FILETIME_EPOCH: i64 = 11_644_473_600;

/// When an account expires, by its `accountExpires`: tenths of microseconds since 1601, where 0 and the largest value
/// mean never (MS-ADA1 2.1). What lies past the year 9999 is never too.
pub(crate) fn expires(account_expires: i64) -> Option<DateTime<Utc>> {
    const LAST: i64 = 2_650_467_743_990_000_000;
    if account_expires <= 0 || account_expires > LAST {
        return None;
    }
    let nanoseconds = u32::try_from(account_expires % 10_000_000 * 100).expect("below a thousand million");
    DateTime::from_timestamp(account_expires / 10_000_000 - FILETIME_EPOCH, nanoseconds)
}

/// `objectSid` as text, from its bytes: revision, count, six bytes of authority, then little-endian numbers
/// (MS-DTYP 2.4.2.2).
pub(crate) fn sid(bytes: &[u8]) -> Option<String> {
    let (&[revision, count, a, b, c, d, e, f], rest) = bytes.split_first_chunk::<8>()?;
    let (numbers, []) = rest.as_chunks::<4>() else { return None };
    if numbers.len() != usize::from(count) {
        return None;
    }
    let authority = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
    let mut text = format!("S-{revision}-{authority}");
    for number in numbers {
        text.push_str(&format!("-{}", u32::from_le_bytes(*number)));
    }
    Some(text)
}

/// An instant as LDAP writes it: `20261120115755.0Z` (RFC 4517 3.3.13; Active Directory always writes UTC).
pub(crate) fn generalized_time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.strip_suffix('Z')?;
    let (instant, _fraction) = text.split_once('.').unwrap_or((text, ""));
    Some(NaiveDateTime::parse_from_str(instant, "%Y%m%d%H%M%S").ok()?.and_utc())
}

/// The words that programs write for true and false, Excel's translations among them. An unknown word is neither.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "true" | "1" | "yes" | "wahr" | "vrai" | "verdadero" | "verdadeiro" | "vero" | "waar" | "prawda" | "pravda"
        | "sant" | "sand" | "sann" | "tosi" | "igaz" | "истина" => Some(true),
        "false" | "0" | "no" | "falsch" | "faux" | "falso" | "onwaar" | "fałsz" | "nepravda" | "falskt" | "falsk"
        | "usann" | "epätosi" | "hamis" | "ложь" => Some(false),
        _ => None,
    }
}
