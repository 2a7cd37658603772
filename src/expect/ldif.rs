//! LDIF as text (RFC 2849, and what `ldapsearch` adds): lines are unfolded, values decoded, comments about the search
//! kept. What attributes mean is not known here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::error::Damage;

/// A file of LDIF.
#[derive(Debug, Default)]
pub(super) struct Ldif {
    pub(super) entries: Vec<LdifEntry>,
    pub(super) search: Search,
}

/// What the file says of the search that made it.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// Whether `ldapsearch` wrote its comments, the last of which counts the entries.
    pub(super) commented: bool,
    /// How many entries it says that there are.
    pub(super) entries: Option<usize>,
    /// The cookie of the last page; an empty one ends the search (RFC 2696).
    pub(super) cookie: Option<String>,
    /// The result, where it is not success.
    pub(super) failed: Option<String>,
}

/// One entry.
#[derive(Debug)]
pub(super) struct LdifEntry {
    pub(super) line: u32,
    pub(super) dn: String,
    pub(super) attributes: Vec<Attribute>,
}

/// One value of an attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) line: u32,
    /// Its name, in lower case, without options.
    pub(super) name: String,
    /// Its options, in lower case: `range=0-1499`.
    pub(super) options: Vec<String>,
    pub(super) value: Value,
}

/// A value as it stands there.
#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Bytes(Vec<u8>),
    /// In another file, which is never opened.
    Elsewhere,
}

impl Value {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            Value::Elsewhere => None,
        }
    }
}

impl LdifEntry {
    /// The values of an attribute.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Attribute> {
        self.attributes.iter().filter(move |attribute| attribute.name == name)
    }

    /// The first value of an attribute, as text.
    pub(super) fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).find_map(|attribute| attribute.value.text()).filter(|text| !text.is_empty())
    }
}

/// What stands outside entries and says nothing that is needed, or is looked at by itself.
const TRAILER: [&str; 8] = ["version", "result", "search", "ref", "matcheddn", "text", "control", "pagedresults"];

/// Reads a text.
pub(super) fn read(text: &str) -> Result<Ldif, Damage> {
    let mut ldif = Ldif::default();
    let mut open: Option<LdifEntry> = None;
    let mut after_comment = false;
    for (line, text) in unfolded(text) {
        if let Some(comment) = text.strip_prefix('#') {
            ldif.search.comment(comment);
            after_comment = true;
            continue;
        }
        let goes_on = std::mem::take(&mut after_comment);
        if text.trim().is_empty() {
            ldif.entries.extend(open.take());
            continue;
        }
        let attribute = match attribute(line, &text) {
            Err(_) if goes_on && open.is_none() => continue,
            attribute => attribute?,
        };
        match (attribute.name.as_str(), &mut open) {
            ("dn", _) => {
                ldif.entries.extend(open.take());
                open = Some(begin(line, &attribute)?);
            }
            ("changetype", Some(_)) => match attribute.value.text() {
                Some("add") => {}
                other => {
                    let change = other.unwrap_or_default().to_owned();
                    return Err(Damage::Changes { line, change });
                }
            },
            (_, Some(entry)) => entry.attributes.push(attribute),
            // `ldapsearch` writes an entry's name into a comment as it is, with the line break that it may hold.
            (name, None) if goes_on && !TRAILER.contains(&name) => {}
            (name, None) => ldif.search.trailer(line, name, &attribute)?,
        }
    }
    ldif.entries.extend(open);
    Ok(ldif)
}

fn begin(line: u32, attribute: &Attribute) -> Result<LdifEntry, Damage> {
    let dn = attribute.value.text().ok_or_else(|| damaged(line, "its `dn` is no text"))?;
    Ok(LdifEntry { line, dn: dn.to_owned(), attributes: Vec::new() })
}

/// Logical lines, each with the line that it begins on: a line that begins with a blank goes on with the one before,
/// be that a comment or not.
fn unfolded(text: &str) -> impl Iterator<Item = (u32, String)> + '_ {
    let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).peekable();
    let mut number = 0_u32;
    std::iter::from_fn(move || {
        let mut logical = lines.next()?.to_owned();
        number += 1;
        let begins_on = number;
        // A separator goes on with nothing: some programs separate entries by a line of one blank.
        while !logical.is_empty() && lines.peek().is_some_and(|next| next.starts_with([' ', '\t'])) {
            logical.push_str(&lines.next().unwrap_or_default()[1..]);
            number += 1;
        }
        Some((begins_on, logical))
    })
}

fn attribute(line: u32, text: &str) -> Result<Attribute, Damage> {
    let Some((description, rest)) = text.split_once(':') else {
        return Err(damaged(line, "there is no colon, so it is no attribute"));
    };
    let mut parts = description.split(';').map(str::to_ascii_lowercase);
    let name = parts.next().unwrap_or_default();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) {
        return Err(damaged(line, "what stands before the colon is no name of an attribute"));
    }
    let value = match rest.as_bytes().first() {
        Some(b':') => {
            let encoded: String = rest[1..].chars().filter(|char| !char.is_whitespace()).collect();
            Value::Bytes(STANDARD.decode(encoded).map_err(|_| damaged(line, "the value is no base64"))?)
        }
        Some(b'<') => Value::Elsewhere,
        Some(_) | None => Value::Text(rest.trim_start_matches(' ').to_owned()),
    };
    Ok(Attribute { line, name, options: parts.collect(), value })
}

fn damaged(line: u32, what: &str) -> Damage {
    Damage::Ldif { line, what: what.to_owned() }
}

impl Search {
    fn comment(&mut self, comment: &str) {
        let comment = comment.trim();
        if comment == "extended LDIF" || comment == "LDAPv3" {
            self.commented = true;
        } else if let Some(count) = comment.strip_prefix("numEntries:") {
            let count: Option<usize> = count.trim().parse().ok();
            self.entries = count.map(|count| count + self.entries.unwrap_or(0));
        } else if let Some((_, cookie)) =
            comment.strip_prefix("pagedresults:").and_then(|page| page.split_once("cookie="))
        {
            self.cookie = Some(cookie.trim().to_owned());
        }
    }

    /// A line outside all entries: the version, a referral, the end of the search.
    fn trailer(&mut self, line: u32, name: &str, attribute: &Attribute) -> Result<(), Damage> {
        let text = attribute.value.text().unwrap_or_default().trim();
        match name {
            "version" if text == "1" => Ok(()),
            "version" => Err(damaged(line, &format!("version {text} of LDIF is not known; there is only version 1"))),
            "result" => {
                if text.split(' ').next() != Some("0") {
                    self.failed = Some(text.to_owned());
                }
                Ok(())
            }
            name if TRAILER.contains(&name) => Ok(()),
            _ => Err(damaged(line, &format!("`{name}` belongs to no entry; the `dn` before it is missing"))),
        }
    }
}
