//! Members of one group, all at once or by ranges: of more than 1,500 Active Directory gives only a part at a time, and
//! a search by ranges gives the group once for each.

use std::collections::BTreeMap;

use super::names::{Names, Says};
use super::parse::LdifEntry;
use crate::expect::active_directory::value_range::{self, ValueRange};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{At, Tells};
use crate::expect::records::parsed_file::Reading;

/// What a file says of one group.
pub(crate) struct Group {
    /// Where it says so first.
    pub(crate) at: At,
    /// Whether it is of a domain's own scope; `None` where that is not said.
    pub(crate) universal: Option<bool>,
    /// Whether there is any member.
    pub(crate) has_members: bool,
    /// Each range, by its first member: the last, and how many are there.
    ranges: BTreeMap<ValueRange, u32>,
    elsewhere: bool,
}

impl Group {
    pub(crate) fn at(at: At) -> Self {
        Group { at, universal: None, has_members: false, ranges: BTreeMap::new(), elsewhere: false }
    }

    pub(crate) fn take<'a>(
        &mut self,
        reading: &mut Reading,
        names: &mut Names<'a>,
        entry: &mut LdifEntry<'a>,
    ) -> Result<(), Damage> {
        for attribute in entry.take("member") {
            if let Some(range) = attribute.range() {
                let range = value_range::parse(range)
                    .ok_or_else(|| value_range::refused(attribute.line, "member", &format!("member;range={range}")))?;
                let there = self.ranges.entry(range).or_default();
                *there += u32::from(!attribute.value.is_empty());
            }
            if attribute.value.is_empty() {
                continue;
            }
            if names.take(reading.at(attribute.line), self.at.line, Says::Member, attribute) {
                self.has_members = true;
            } else {
                self.elsewhere = true;
            }
        }
        if self.has_members {
            reading.tells.insert(Tells::Members);
        }
        Ok(())
    }

    /// Which part of the members is there, where it is not all of them.
    pub(crate) fn cut(&self) -> Option<String> {
        if self.elsewhere {
            return Some("a member's name was written to another file".to_owned());
        }
        let mut next = 0;
        for (&(first, last), &there) in &self.ranges {
            if first > next {
                return Some(format!("members {next} to {} are missing", first - 1));
            }
            let last = last?;
            if there <= last - first {
                return Some(format!("only {there} of the members {first} to {last} are in the file"));
            }
            next = next.max(last.saturating_add(1));
        }
        (next > 0).then(|| format!("only the first {next} members are in the file"))
    }
}
