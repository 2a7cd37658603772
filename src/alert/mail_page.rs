//! A message as a page of HTML for e-mail: what it says, in parts that every kind of message has. How it looks is in
//! `templates/mail.html`, which escapes.
//!
//! Mail programs know little CSS, block what comes from outside, and are read on phones: one column, no script, no
//! image, no address that is loaded.

use std::fmt;

use askama::Template;
use askama::filters::{Escaper, Html, HtmlSafe};

/// What a message says, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailPage {
    /// How good or bad the news is.
    pub tone: Tone,
    /// The most important sentence.
    pub headline: String,
    /// What follows at once.
    pub lead: Vec<String>,
    /// The address of the report, for a button.
    pub link: Option<String>,
    /// What each fact is called, and what it is.
    pub facts: Vec<(&'static str, String)>,
    /// Everything else.
    pub sections: Vec<Section>,
}

/// How good or bad the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something is wrong.
    Bad,
    /// Something needs a look.
    Warn,
    /// All is well.
    Good,
}

/// A part of a page with a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Sentences, as a list.
    pub lines: Vec<String>,
    /// What is in it besides.
    pub items: Vec<Item>,
    /// What follows all of them.
    pub after: Vec<String>,
}

/// One thing of a section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// The severity of a finding, and what it was before.
    pub severity: Option<&'static str>,
    /// The severity that it had when it was reported before.
    pub was: Option<&'static str>,
    /// The sentence.
    pub title: String,
    /// What more is to be known.
    pub lines: Vec<String>,
    /// What to do.
    pub advice: Option<String>,
    /// The finding's id.
    pub id: Option<String>,
}

/// A page as the template wants it.
#[derive(Template)]
#[template(path = "mail.html")]
struct Html5<'a> {
    subject: &'a str,
    page: &'a MailPage,
}

impl MailPage {
    /// A page of this text alone, for messages that have no parts.
    #[must_use]
    pub fn of_text(headline: &str, text: &str) -> Self {
        let paragraphs = text.split("\n\n").map(|paragraph| paragraph.trim().to_owned());
        MailPage {
            tone: Tone::Warn,
            headline: headline.to_owned(),
            lead: paragraphs.filter(|paragraph| !paragraph.is_empty()).collect(),
            link: None,
            facts: Vec::new(),
            sections: Vec::new(),
        }
    }

    /// A section of sentences alone.
    #[must_use]
    pub fn notes<'t>(heading: &str, sentences: impl IntoIterator<Item = &'t str>) -> Section {
        let after = sentences.into_iter().map(str::to_owned).collect();
        Section { heading: heading.to_owned(), after, ..Section::default() }
    }

    /// The page as HTML, under this title.
    ///
    /// # Panics
    /// Never: memory takes every text.
    pub(super) fn html(&self, subject: &str) -> String {
        Html5 { subject, page: self }.render().expect("memory takes every text")
    }
}

impl Tone {
    fn word(self) -> &'static str {
        match self {
            Tone::Bad => "bad",
            Tone::Warn => "warn",
            Tone::Good => "good",
        }
    }
}

/// A sentence: escaped, and what stands in backticks set as code.
struct Sentence<'a>(&'a str);

/// It escapes itself, so the template does not escape it again.
impl HtmlSafe for Sentence<'_> {}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((before, name, after)) = next_name(rest) {
            Html.write_escaped_str(&mut *f, before)?;
            f.write_str("<code>")?;
            Html.write_escaped_str(&mut *f, name)?;
            f.write_str("</code>")?;
            rest = after;
        }
        Html.write_escaped_str(f, rest)
    }
}

fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (name, after) = rest.split_once('`')?;
    Some((before, name, after))
}
