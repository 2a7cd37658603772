//! Distinguished names: how they are written (RFC 4514, with what RFC 1779 and Samba do differently), and the form in
//! which two of them are compared.
//!
//! One name has many spellings: `\,` or `\2C`, `\;` or `\3B`, `ü` or `\C3\BC`, blanks after commas, any case. They
//! are never compared as text.

use std::iter::Peekable;
use std::str::CharIndices;

use unicode_normalization::UnicodeNormalization;

use crate::model::NameKey;

/// A distinguished name, leaf first. An RDN of several values has its first value here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dn(Vec<Rdn>);

/// One level of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rdn {
    kind: String,
    value: String,
}

impl Dn {
    /// Reads a name; `None` where the text is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Dn> {
        let mut rest = Reader { text, chars: text.char_indices().peekable() };
        let mut rdns = Vec::new();
        loop {
            rdns.push(rest.rdn()?);
            match rest.chars.next() {
                None => return Some(Dn(rdns)),
                Some((_, ',' | ';' | '+')) => {}
                Some(_) => return None,
            }
        }
    }

    /// The form in which names are compared.
    #[must_use]
    pub fn key(&self) -> DnKey {
        let mut key = String::new();
        for rdn in &self.0 {
            key.push_str(&rdn.kind);
            key.push('=');
            key.push_str(&squeezed(NameKey::of(&rdn.value).as_str()));
            key.push('\0');
        }
        DnKey(key)
    }

    /// The value of the first level: the object's own name.
    #[must_use]
    pub fn leaf(&self) -> &str {
        self.0.first().map_or("", |rdn| &rdn.value)
    }

    /// The DNS name of the domain: the `DC` levels, joined by dots.
    #[must_use]
    pub fn domain(&self) -> Option<String> {
        let labels: Vec<&str> = self.0.iter().filter(|rdn| rdn.kind == "dc").map(|rdn| rdn.value.as_str()).collect();
        (!labels.is_empty()).then(|| labels.join(".").nfc().collect::<String>().to_lowercase())
    }

    /// Whether it names a foreign security principal: somebody of another domain, or one of Windows' well-known
    /// identities. Identity Center does not sync either.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.0.get(1).is_some_and(|rdn| rdn.value.eq_ignore_ascii_case("ForeignSecurityPrincipals"))
    }
}

/// A distinguished name in the form in which names are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DnKey(String);

/// Blanks inside a value count once (RFC 4518, insignificant space handling).
fn squeezed(value: &str) -> String {
    value.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

struct Reader<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl Reader<'_> {
    fn rdn(&mut self) -> Option<Rdn> {
        self.skip_blanks();
        let kind = self.kind()?;
        self.skip_blanks();
        let value = match self.chars.peek() {
            Some((_, '"')) => self.quoted()?,
            Some(_) | None => self.plain()?,
        };
        Some(Rdn { kind, value })
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

/// Whether a text begins with an attribute type and `=`.
fn begins_rdn(text: &str) -> bool {
    text.trim_start().split_once('=').is_some_and(|(kind, _)| {
        !kind.is_empty() && kind.len() < 40 && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
    })
}

/// Splits a cell that joins several names by `;`, `|`, a line break or `, `. A name holds commas of its own, so `, `
/// separates only where a new name's first level follows a `DC` level.
#[must_use]
pub(super) fn split_list(cell: &str) -> Vec<&str> {
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
