//! Whether two entries are called alike: people write their names with and without marks, middle names and titles.

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::expect::records::directory_records::Entry;
use crate::model::full_name;

/// How alike two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alike {
    /// All words of one, first name and last at least, are words of the other.
    Whole,
    /// They have a word in common.
    InPart,
    /// They have none.
    Not,
}

/// How alike two entries are called; `None` where one of them has no name, or they write names in two scripts.
pub(crate) fn alike(one: &Entry, other: &Entry) -> Option<Alike> {
    let (one, other) = (names(one), names(other));
    let pairs = || one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
    let common = |(one, other): (&Vec<Word>, &Vec<Word>)| {
        let common = one.iter().filter(|word| other.iter().any(|other| !word.is_disjoint(other))).count();
        (common, one.len().min(other.len()))
    };
    pairs().next()?;
    if pairs().map(common).any(|(common, fewest)| common >= 2 && common >= fewest) {
        return Some(Alike::Whole);
    }
    if pairs().map(common).any(|(common, _)| common > 0) {
        return Some(Alike::InPart);
    }
    let is_latin = |names: &[Vec<Word>]| names.iter().flatten().flatten().any(|form| form.is_ascii());
    (is_latin(&one) == is_latin(&other)).then_some(Alike::Not)
}

/// The forms in which a word is written: `Müller`, `Mueller`, `Muller`.
type Word = BTreeSet<String>;

fn names(entry: &Entry) -> Vec<Vec<Word>> {
    let names = [&entry.display_name, &entry.common_name].into_iter().flatten().map(|name| full_name(name));
    names.map(|name| words(&name)).filter(|words| !words.is_empty()).collect()
}

fn words(name: &str) -> Vec<Word> {
    let words =
        name.split(|char: char| char.is_whitespace() || matches!(char, '(' | ')' | '[' | ']' | ',' | '.' | '-'));
    let spelled = |word: &str| Word::from([word.to_owned(), without_marks(word, false), without_marks(word, true)]);
    words.filter(|word| !word.is_empty()).map(spelled).collect()
}

/// A word in Latin letters without marks. Two vowels in place of a mark are usual in German and the languages of the North.
fn without_marks(word: &str, with_two_vowels: bool) -> String {
    let letter = |char: char| match (char, with_two_vowels) {
        ('ä' | 'æ', true) | ('æ', false) => "ae".to_owned(),
        ('ö' | 'ø' | 'œ', true) | ('œ', false) => "oe".to_owned(),
        ('ü', true) => "ue".to_owned(),
        ('å', true) => "aa".to_owned(),
        ('ß', _) => "ss".to_owned(),
        ('ø', false) => "o".to_owned(),
        ('ł', _) => "l".to_owned(),
        ('đ', _) => "d".to_owned(),
        ('ı', _) => "i".to_owned(),
        (other, _) => other.to_string(),
    };
    let spelled: String = word.chars().map(letter).collect();
    spelled.nfkd().filter(|char| !is_combining_mark(*char) && *char != '\'' && *char != '’').collect()
}
