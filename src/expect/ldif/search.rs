//! What a file of LDIF says of the search that made it, in comments and in what belongs to no entry: which program it
//! was, what it asked for, and whether all of the answer is there.

use super::lines::damaged;
use crate::expect::error::Damage;
use crate::expect::records::directory_records::End;
use crate::model::{ListFormat, quoted_excerpt};

/// What the file says of the search that made it.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// Whether `ldapsearch` wrote its comments, the last of which counts the entries.
    commented: bool,
    /// Whether a comment is one that `ldapsearch` writes.
    of_ldapsearch: bool,
    /// Whether `ldbsearch` numbered the entries; it counts them at the end.
    numbered: bool,
    /// Whether the entries are written as additions, as `ldifde` does.
    pub(crate) adds: bool,
    /// Whether `DN` is in capitals, as some programs of Windows write it.
    pub(crate) capital: bool,
    /// How many entries it says that there are.
    entries: Option<u32>,
    /// The cookie of the last page; an empty one ends the search (RFC 2696).
    cookie: Option<String>,
    page: Pages,
    /// The result, where it is not success.
    pub(crate) failed: Option<String>,
    /// The filter.
    pub(crate) filter: Option<String>,
}

/// The pages of one search.
#[derive(Debug, Default)]
struct Pages {
    /// How many entries the first one has.
    first: Option<u32>,
    /// How many entries there are since the last one.
    found: u32,
    /// Whether a later one has more than the first: they are of different searches, and between those pages may be
    /// missing.
    uneven: bool,
}

/// What a comment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comment {
    /// It says something of the search.
    OfSearch,
    /// It may be a name, and break off in it.
    Other,
}

/// How comments begin that say no more of a search than that it was one.
const OF_SEARCH: [&str; 4] = ["search result", "search reference", "numResponses:", "numReferences:"];

/// What stands outside entries and says nothing that is needed, or is looked at by itself.
const OUTSIDE: [&str; 8] = ["version", "result", "search", "ref", "matcheddn", "text", "control", "pagedresults"];

impl Search {
    /// Whether lines of this name stand outside entries.
    pub(crate) fn has(name: &str) -> bool {
        OUTSIDE.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// An entry begins.
    pub(crate) fn entry(&mut self) {
        self.page.found += 1;
    }

    /// Whether lines of this name end a search.
    pub(crate) fn ends(name: &str) -> bool {
        ["search", "result", "pagedresults"].iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// A comment, without its `#`.
    pub(crate) fn comment(&mut self, comment: &str) -> Comment {
        let comment = comment.trim();
        let counted = |words: &str| words.trim().parse::<u32>().ok();
        if comment == "extended LDIF" || comment == "LDAPv3" {
            (self.commented, self.of_ldapsearch) = (true, true);
        } else if comment.starts_with("refldap://") || comment.starts_with("refldaps://") {
            self.of_ldapsearch = true;
        } else if let Some(filter) = comment.strip_prefix("filter: ") {
            self.filter.get_or_insert_with(|| filter.to_owned());
        } else if comment.strip_prefix("record ").and_then(counted).is_some() {
            self.numbered = true;
        } else if let Some(count) = comment.strip_prefix("numEntries:").and_then(counted) {
            self.of_ldapsearch = true;
            self.count(count);
        } else if let Some(count) = comment.strip_suffix(" entries").and_then(counted) {
            self.count(count);
        } else if let Some(page) = comment.strip_prefix("pagedresults:") {
            self.page_ends(page);
        } else if !OF_SEARCH.iter().any(|beginning| comment.starts_with(beginning)) {
            return Comment::Other;
        }
        Comment::OfSearch
    }

    fn page_ends(&mut self, page: &str) {
        self.cookie = page.split_once("cookie=").map(|(_, cookie)| cookie.trim().to_owned());
        let found = std::mem::take(&mut self.page.found);
        let first = *self.page.first.get_or_insert(found);
        // Only the last page of a search has another size than its first, and it has less.
        self.page.uneven |= found > first;
        if self.cookie.as_deref() == Some("") {
            self.page.first = None;
        }
    }

    /// Files may be joined from several searches, each with its count.
    fn count(&mut self, count: u32) {
        self.entries = Some(self.entries.unwrap_or(0).saturating_add(count));
    }

    /// A line outside all entries: the version, a referral, the end of the search.
    pub(crate) fn trailer(&mut self, line: u32, name: &str, text: &str) -> Result<(), Damage> {
        match name.to_ascii_lowercase().as_str() {
            "version" if text == "1" => Ok(()),
            "version" => Err(damaged(line, &format!("LDIF version {text} is unknown; only version 1 exists"))),
            "result" => {
                if text.split(' ').next() != Some("0") {
                    self.failed = Some(text.to_owned());
                }
                Ok(())
            }
            "pagedresults" => {
                self.page_ends(text);
                Ok(())
            }
            name if OUTSIDE.contains(&name) => Ok(()),
            name => Err(damaged(
                line,
                &format!("{} belongs to no entry; the `dn` before it is missing", quoted_excerpt(name)),
            )),
        }
    }

    /// The program that wrote the file, as far as it shows; `ids_as_text` where binary ids are written out.
    pub(crate) fn program(&self, ids_as_text: bool) -> ListFormat {
        if self.numbered {
            ListFormat::LdifOfLdbsearch
        } else if self.adds || self.capital {
            ListFormat::LdifOfLdifde
        } else if self.of_ldapsearch || self.cookie.is_some() {
            ListFormat::LdifOfLdapsearch
        } else if ids_as_text {
            ListFormat::LdifOfSambaTool
        } else {
            ListFormat::Ldif
        }
    }

    /// Whether a later page of a search has more entries than the first.
    pub(crate) fn pages_are_uneven(&self) -> bool {
        self.page.uneven
    }

    /// Whether the file is there to its end, of which `last_line_ends` says whether its last line does. An empty cookie
    /// without the end of its line may be the beginning of a longer one.
    pub(crate) fn end(&self, entries: u32, last_line_ends: bool) -> End {
        if let Some(result) = &self.failed {
            return End::Cut(format!("the search ended with {}", quoted_excerpt(result)));
        }
        match (&self.cookie, self.entries) {
            (Some(cookie), _) if !cookie.is_empty() => End::Cut("the last page announces another page".to_owned()),
            (_, Some(said)) if said != entries => {
                End::Cut(format!("the search found {said} entries, but the file has {entries}"))
            }
            (_, Some(_)) => End::Vouched("its own entry count".to_owned()),
            (Some(_), None) if !self.commented && last_line_ends && !self.page.uneven => {
                End::Vouched("the end of its last page".to_owned())
            }
            (_, None) if self.commented || self.numbered => {
                End::Cut("the entry count at its end is missing".to_owned())
            }
            (_, None) => End::Unvouched,
        }
    }
}
