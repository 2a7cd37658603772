//! LDIF as text (RFC 2849, and what programs do differently): lines are unfolded, values decoded, entry by entry. What
//! attributes mean is not known here.
//!
//! An export of a large directory is hundreds of megabytes, most of them members. So a value borrows from the text
//! wherever it stands there as it is, and attributes that nobody asks for are skipped without being decoded.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::lines::{Line, Lines, damaged};
use super::search::{Comment, Search};
use crate::expect::error::Damage;

/// A file of LDIF, entry by entry.
pub(crate) struct Ldif<'a> {
    lines: Lines<'a>,
    wanted: &'static [&'static str],
    open: Option<LdifEntry<'a>>,
    /// Whether the line before is a comment that may break off in a name.
    after_name: bool,
    /// Whether the last entry goes on to the end of the file, with no empty line after it.
    pub(crate) open_at_end: bool,
    /// What the file says of the search that made it; complete when the last entry was read.
    pub(crate) search: Search,
}

/// One entry.
#[derive(Debug)]
pub(crate) struct LdifEntry<'a> {
    pub(crate) line: u32,
    pub(crate) dn: Cow<'a, str>,
    /// The attributes that were asked for, in the order of asking, each one's values in the order of the file.
    attributes: Vec<Attribute<'a>>,
    wanted: &'static [&'static str],
}

/// One value of an attribute.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    pub(crate) line: u32,
    /// Its place among the names that were asked for.
    name: usize,
    /// Its options, as they stand there: `range=0-1499`.
    options: Cow<'a, str>,
    pub(crate) value: Value<'a>,
}

/// A value as it stands there.
#[derive(Debug)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Bytes(Vec<u8>),
    /// In another file, which is never opened.
    Elsewhere,
}

impl Value<'_> {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            Value::Elsewhere => None,
        }
    }

    /// Whether it is there and says nothing, as after `ldapsearch -A`.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) => text.is_empty(),
            Value::Bytes(bytes) => bytes.is_empty(),
            Value::Elsewhere => false,
        }
    }
}

impl Attribute<'_> {
    /// The range of values that it is a part of: `0-1499` of `member;range=0-1499`.
    pub(crate) fn range(&self) -> Option<&str> {
        self.options.split(';').find_map(|option| {
            let (name, range) = option.split_once('=')?;
            name.eq_ignore_ascii_case("range").then_some(range)
        })
    }
}

impl<'a> LdifEntry<'a> {
    /// The values of an attribute.
    pub(crate) fn all(&self, name: &str) -> &[Attribute<'a>] {
        let (from, length) = self.range(name);
        &self.attributes[from..from + length]
    }

    /// Where the values of an attribute begin, and how many there are.
    fn range(&self, name: &str) -> (usize, usize) {
        let Some(name) = self.wanted.iter().position(|wanted| *wanted == name) else { return (0, 0) };
        let from = self.attributes.partition_point(|attribute| attribute.name < name);
        (from, self.attributes[from..].partition_point(|attribute| attribute.name == name))
    }

    /// Takes the values of an attribute out of the entry.
    pub(crate) fn take(&mut self, name: &str) -> impl Iterator<Item = Attribute<'a>> {
        let (from, length) = self.range(name);
        self.attributes.drain(from..from + length)
    }

    /// All attributes that were asked for and are there, with their names.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'static str, &Attribute<'a>)> {
        self.attributes.iter().map(|attribute| (self.wanted[attribute.name], attribute))
    }

    /// The first value of an attribute, as text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).iter().find_map(|attribute| attribute.value.text()).filter(|text| !text.is_empty())
    }
}

/// Before the colon, and what the value is made of.
struct Described<'a> {
    description: Cow<'a, str>,
    /// The value's part of the first physical line.
    value: Cow<'a, str>,
    /// The lines that it goes on with.
    more: &'a str,
}

impl<'a> Ldif<'a> {
    /// A text of which these attributes are wanted, in whatever case it writes them.
    pub(crate) fn new(text: &'a str, wanted: &'static [&'static str]) -> Self {
        Ldif {
            lines: Lines::of(text),
            wanted,
            open: None,
            after_name: false,
            open_at_end: false,
            search: Search::default(),
        }
    }

    /// The next entry; `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<LdifEntry<'a>>, Damage> {
        while let Some(line) = self.lines.next() {
            if line.first.starts_with('#') {
                self.after_name = self.search.comment(&line.unfolded()[1..]) == Comment::Other;
                continue;
            }
            // `ldapsearch` writes an entry's name into a comment as it is, with the line break that it may hold. What
            // looks like a part of an entry is never taken for the rest of a name.
            let goes_on = std::mem::take(&mut self.after_name) && self.open.is_none() && !begins_entry(line.first);
            if line.is_blank() {
                if let Some(entry) = self.open.take() {
                    return Ok(Some(entry.closed()));
                }
                continue;
            }
            let described = match describe(&line) {
                Err(_) if goes_on => continue,
                described => described?,
            };
            if let Some(entry) = self.take(&line, described, goes_on)? {
                return Ok(Some(entry.closed()));
            }
        }
        self.open_at_end |= self.open.is_some();
        Ok(self.open.take().map(LdifEntry::closed))
    }

    /// Takes one line; gives the entry before it, where it begins another.
    fn take(
        &mut self,
        line: &Line<'a>,
        described: Described<'a>,
        goes_on: bool,
    ) -> Result<Option<LdifEntry<'a>>, Damage> {
        let number = line.number;
        let name = described.description.split(';').next().unwrap_or_default();
        if name.eq_ignore_ascii_case("dn") {
            self.search.capital |= name == "DN";
            let dn = match described.value(number)? {
                Value::Text(dn) => dn,
                Value::Bytes(bytes) => {
                    Cow::Owned(String::from_utf8(bytes).map_err(|_| damaged(number, "its `dn` is not text"))?)
                }
                Value::Elsewhere => return Err(damaged(number, "its `dn` is in another file")),
            };
            let wanted = self.wanted;
            self.search.entry();
            return Ok(self.open.replace(LdifEntry { line: number, dn, attributes: Vec::new(), wanted }));
        }
        // No object has such attributes: where empty lines were lost, the end of the search follows an entry at once.
        if Search::ends(name) && self.open.is_some() {
            self.search.trailer(number, name, described.value(number)?.text().unwrap_or_default().trim())?;
            return Ok(self.open.take());
        }
        match &mut self.open {
            Some(_) if name.eq_ignore_ascii_case("changetype") => {
                let value = described.value(number)?;
                let change = value.text().unwrap_or_default();
                if !change.eq_ignore_ascii_case("add") {
                    return Err(Damage::Changes { line: number, change: change.to_owned() });
                }
                self.search.adds = true;
            }
            Some(entry) => {
                let before = entry.attributes.last().map(|attribute| attribute.name);
                let is_name = |wanted: &&str| name.eq_ignore_ascii_case(wanted);
                let same = before.filter(|before| is_name(&self.wanted[*before]));
                if let Some(name) = same.or_else(|| self.wanted.iter().position(is_name)) {
                    let value = described.value(number)?;
                    let options = described.options();
                    entry.attributes.push(Attribute { line: number, name, options, value });
                }
            }
            None if goes_on
                && !Search::has(name)
                && !self.wanted.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)) => {}
            None => {
                let value = described.value(number)?;
                self.search.trailer(number, name, value.text().unwrap_or_default().trim())?;
            }
        }
        Ok(None)
    }
}

impl LdifEntry<'_> {
    /// Members are many, and asked for by name: they are found by searching, not by looking at each.
    fn closed(mut self) -> Self {
        self.attributes.sort_by_key(|attribute| attribute.name);
        self
    }
}

/// Whether a line begins with `dn`, damaged or not.
fn begins_entry(line: &str) -> bool {
    let after = line.get(..2).filter(|name| name.eq_ignore_ascii_case("dn")).map(|_| &line[2..]);
    after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
}

/// Parts a line at its colon.
fn describe<'a>(line: &Line<'a>) -> Result<Described<'a>, Damage> {
    let colon = line.first.find(':');
    let described = match colon {
        // The usual case: whatever tells what kind of value it is stands on the first line.
        Some(colon) if line.more.is_empty() || line.first.len() > colon + 1 => Described {
            description: Cow::Borrowed(&line.first[..colon]),
            value: Cow::Borrowed(&line.first[colon + 1..]),
            more: line.more,
        },
        _ => {
            let whole = line.unfolded();
            let Some((description, value)) = whole.split_once(':') else {
                return Err(damaged(line.number, "the line has no colon, so it is not an attribute"));
            };
            let (description, value) = (description.to_owned().into(), value.to_owned().into());
            Described { description, value, more: "" }
        }
    };
    let name = described.description.split(';').next().unwrap_or_default();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) {
        return Err(damaged(line.number, "the text before the colon is not an attribute name"));
    }
    Ok(described)
}

impl<'a> Described<'a> {
    fn options(&self) -> Cow<'a, str> {
        match &self.description {
            Cow::Borrowed(text) => Cow::Borrowed(text.split_once(';').map_or("", |(_, options)| options)),
            Cow::Owned(text) => Cow::Owned(text.split_once(';').map_or("", |(_, options)| options).to_owned()),
        }
    }

    fn value(&self, line: u32) -> Result<Value<'a>, Damage> {
        Ok(match self.value.as_bytes().first() {
            Some(b':') => {
                let encoded: Vec<u8> = [&self.value[1..], self.more]
                    .into_iter()
                    .flat_map(str::bytes)
                    .filter(|byte| !is_blank(*byte))
                    .collect();
                Value::Bytes(STANDARD.decode(encoded).map_err(|_| damaged(line, "the value is not base64"))?)
            }
            Some(b'<') => Value::Elsewhere,
            Some(_) | None => Value::Text(self.text(line)),
        })
    }

    fn text(&self, line: u32) -> Cow<'a, str> {
        if let Cow::Borrowed(text) = self.value
            && self.more.is_empty()
        {
            return Cow::Borrowed(text.trim_start_matches(' '));
        }
        let whole = Line { number: line, first: &self.value, more: self.more }.unfolded().into_owned();
        Cow::Owned(whole.trim_start_matches(' ').to_owned())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
