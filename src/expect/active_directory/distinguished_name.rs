//! Distinguished names: how they are written (RFC 4514, with what RFC 1779 and Samba do differently), and the form in
//! which two of them are compared.
//!
//! One name has many spellings: `\,` or `\2C`, `\;` or `\3B`, `ü` or `\C3\BC`, blanks after commas, any case. They
//! are never compared as text.

use std::iter::Peekable;
use std::str::CharIndices;

use unicode_normalization::UnicodeNormalization;

use crate::model::NameKey;

/// A distinguished name, leaf first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dn(Vec<Level>);

/// One level of a name; nearly always one part, else those that `+` joins, in the order of the text.
type Level = Vec<Part>;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    kind: String,
    value: String,
}

impl Dn {
    /// Reads a name; `None` where the text is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Dn> {
        let mut rest = Reader { text, chars: text.char_indices().peekable() };
        let mut levels = vec![Vec::new()];
        loop {
            let part = rest.part()?;
            levels.last_mut()?.push(part);
            match rest.chars.next() {
                None => return Some(Dn(levels)),
                Some((_, ',' | ';')) => levels.push(Vec::new()),
                Some((_, '+')) => {}
                Some(_) => return None,
            }
        }
    }

    /// The form in which names are compared.
    #[must_use]
    pub fn key(&self) -> DnKey {
        let mut key = String::new();
        for level in &self.0 {
            let mut parts: Vec<String> = level.iter().map(Part::key).collect();
            parts.sort();
            key.push_str(&parts.join("+"));
        }
        DnKey(key)
    }

    /// The value of the first level: the object's own name.
    #[must_use]
    pub fn leaf(&self) -> &str {
        self.parts(0).next().map_or("", |part| &part.value)
    }

    /// The DNS name of the domain: the `DC` levels, joined by dots.
    #[must_use]
    pub fn domain(&self) -> Option<String> {
        let parts = self.0.iter().flatten().filter(|part| part.kind == "dc");
        let labels: Vec<&str> = parts.map(|part| part.value.as_str()).collect();
        (!labels.is_empty()).then(|| labels.join(".").nfc().collect::<String>().to_lowercase())
    }

    /// Whether it names a foreign security principal: somebody of another domain, or one of Windows' well-known
    /// identities. Identity Center never has the latter.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.parts(1).any(|part| part.value.eq_ignore_ascii_case("ForeignSecurityPrincipals"))
    }

    fn parts(&self, level: usize) -> impl Iterator<Item = &Part> {
        self.0.get(level).into_iter().flatten()
    }
}

impl Part {
    /// Ends in a zero, and a zero inside is doubled: no value can look like two levels.
    fn key(&self) -> String {
        let value = squeezed(NameKey::of(&self.value).as_str()).replace('\0', "\0\0");
        format!("{}={value}\0", self.kind)
    }
}

/// A distinguished name in the form in which names are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnKey(String);

impl DnKey {
    /// The key of a name; `None` where the text is none.
    #[must_use]
    pub fn of(text: &str) -> Option<DnKey> {
        DnKey::of_plain(text).or_else(|| Some(Dn::parse(text)?.key()))
    }

    /// The key of a name that holds nothing to take out, as nearly all of a million members do; `None` of any other.
    fn of_plain(text: &str) -> Option<DnKey> {
        let is_plain = |byte: u8| match byte {
            b'\\' | b'"' | b'+' | b';' | b'#' | b'<' | b'=' => false,
            byte => byte == b' ' || byte.is_ascii_graphic(),
        };
        let mut key = String::with_capacity(text.len() + 1);
        for level in text.split(',') {
            let (kind, value) = level.split_once('=')?;
            let blanks = value.starts_with(' ') || value.ends_with(' ') || value.contains("  ");
            if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_alphabetic()) || blanks {
                return None;
            }
            if !value.bytes().all(is_plain) {
                return None;
            }
            key.push_str(level);
            key.push('\0');
        }
        key.make_ascii_lowercase();
        Some(DnKey(key))
    }
}

/// A name without the ids that some programs write before it: `<GUID=…>;<SID=…>;CN=…`.
#[must_use]
pub(crate) fn without_ids(text: &str) -> &str {
    let mut name = text;
    while let Some((_, rest)) = name.split_once(';').filter(|(id, _)| id.starts_with('<') && id.ends_with('>')) {
        name = rest;
    }
    name
}

/// Blanks inside a value count once (RFC 4518, insignificant space handling).
fn squeezed(value: &str) -> String {
    value.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

struct Reader<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl Reader<'_> {
    fn part(&mut self) -> Option<Part> {
        self.skip_blanks();
        let kind = self.kind()?;
        self.skip_blanks();
        let value = match self.chars.peek() {
            Some((_, '"')) => self.quoted()?,
            Some((_, '#')) => {
                let value = self.plain()?;
                encoded(&value).unwrap_or(value)
            }
            Some(_) | None => self.plain()?,
        };
        Some(Part { kind, value })
    }

    fn skip_blanks(&mut self) {
        while self.chars.next_if(|&(_, char)| char == ' ').is_some() {}
    }

    fn kind(&mut self) -> Option<String> {
        let mut kind = String::new();
        loop {
            match self.chars.next()? {
                (_, '=') => break,
                (_, char) if char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | ' ') => kind.push(char),
                _ => return None,
            }
        }
        let kind = kind.trim_end().to_ascii_lowercase();
        let name = match kind.strip_prefix("oid.").unwrap_or(&kind) {
            "2.5.4.3" => "cn",
            "2.5.4.11" => "ou",
            "0.9.2342.19200300.100.1.25" => "dc",
            other => other,
        };
        (!name.is_empty() && !name.contains(' ')).then(|| name.to_owned())
    }

    /// Up to the next separator. Blanks at the end count only where they are escaped.
    fn plain(&mut self) -> Option<String> {
        let mut value = Vec::new();
        let mut kept = 0;
        while let Some(&(position, char)) = self.chars.peek() {
            if matches!(char, ',' | '+') || (char == ';' && self.begins_rdn(position + 1)) {
                break;
            }
            self.chars.next();
            if char == '\\' {
                self.escaped(&mut value)?;
                kept = value.len();
            } else {
                push(&mut value, char);
                if char != ' ' {
                    kept = value.len();
                }
            }
        }
        value.truncate(kept);
        String::from_utf8(value).ok()
    }

    /// RFC 1779: `CN="Doe, John"`.
    fn quoted(&mut self) -> Option<String> {
        self.chars.next();
        let mut value = Vec::new();
        loop {
            match self.chars.next()? {
                (_, '"') => break,
                (_, '\\') => self.escaped(&mut value)?,
                (_, char) => push(&mut value, char),
            }
        }
        self.skip_blanks();
        String::from_utf8(value).ok()
    }

    /// Two hexadecimal digits are a byte, anything else is itself.
    fn escaped(&mut self, value: &mut Vec<u8>) -> Option<()> {
        let (_, first) = self.chars.next()?;
        let digits = first.to_digit(16).zip(self.chars.peek().and_then(|(_, second)| second.to_digit(16)));
        match digits {
            Some((high, low)) => {
                self.chars.next();
                value.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits are a byte"));
            }
            None => push(value, first),
        }
        Some(())
    }

    /// A semicolon separates only in RFC 1779, and there a type follows; elsewhere people forget to escape it.
    fn begins_rdn(&self, position: usize) -> bool {
        begins_rdn(&self.text[position..])
    }
}

fn push(value: &mut Vec<u8>, char: char) {
    value.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

/// The text that `#04024869` stands for: its length, then its bytes (RFC 4514 2.4).
fn encoded(value: &str) -> Option<String> {
    let bytes = hex::decode(value.strip_prefix('#')?).ok()?;
    let (&[_, length], text) = bytes.split_first_chunk::<2>()?;
    (usize::from(length) == text.len()).then(|| String::from_utf8(text.to_vec()).ok())?
}

/// Whether a text begins with an attribute type, of fewer than forty characters, and `=`.
fn begins_rdn(text: &str) -> bool {
    let head = text.trim_start().as_bytes();
    let end = head.iter().take(40).position(|byte| *byte == b'=');
    end.is_some_and(|end| end > 0 && head[..end].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.'))
}

/// Splits a cell that joins several names by `;`, `|`, a line break or `, `. A name holds commas of its own, so `, `
/// separates only where a new name's first level follows a `DC` level.
#[must_use]
pub(crate) fn split_list(cell: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut escaped = false;
    for (position, char) in cell.char_indices() {
        let next = position + char.len_utf8();
        let ends = match char {
            _ if escaped => false,
            ';' | '|' => begins_rdn(&cell[next..]),
            '\n' | '\r' => true,
            ',' => {
                cell[next..].starts_with([' ', 'C', 'c']) && ends_in_dc(&cell[from..position]) && {
                    let rest = cell[next..].trim_start();
                    begins_rdn(rest) && !rest.get(..3).is_some_and(|kind| kind.eq_ignore_ascii_case("dc="))
                }
            }
            _ => false,
        };
        escaped = char == '\\' && !escaped;
        if ends {
            parts.push(&cell[from..position]);
            from = next;
        }
    }
    parts.push(&cell[from..]);
    parts.into_iter().map(str::trim_start).filter(|part| !part.is_empty()).collect()
}

fn ends_in_dc(name: &str) -> bool {
    name.rsplit(',')
        .next()
        .is_some_and(|last| last.trim_start().get(..3).is_some_and(|kind| kind.eq_ignore_ascii_case("dc=")))
}
