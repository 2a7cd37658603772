//! Interned names, the join that memberships are compared by, and answers without their blanks.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rollcall::collect::journal::page::Outcome;
use rollcall::compare::merge_join::{Joined, join};
use rollcall::model::{Interner, NameKey, folded};
use serde_json::Value;

proptest! {
    #[test]
    fn a_text_has_one_number_and_a_number_one_text(texts in prop::collection::vec("[a-cé]{0,3}", 0..300)) {
        let mut interner = Interner::default();
        let mut first_met: BTreeMap<String, usize> = BTreeMap::new();
        for text in &texts {
            prop_assert_eq!(interner.find(text).is_some(), first_met.contains_key(text));
            let next = first_met.len();
            let number = *first_met.entry(text.clone()).or_insert(next);
            prop_assert_eq!(interner.intern(text).number(), number);
        }
        prop_assert_eq!(interner.count(), first_met.len());
        for (number, text) in interner.texts().enumerate() {
            prop_assert_eq!(first_met[text], number);
            prop_assert_eq!(interner.find(text).map(|id| interner.text(id)), Some(text));
        }
        prop_assert_eq!(interner.find("never met"), None);
        let mut at_once = Interner::default();
        at_once.intern("met before");
        let ids = at_once.intern_all(&texts);
        prop_assert!(texts.iter().zip(&ids).all(|(text, id)| at_once.text(*id) == text));
        prop_assert_eq!(at_once.count(), interner.count() + 1);
    }

    #[test]
    fn a_join_says_what_sets_say(actual: BTreeSet<u8>, expected: BTreeSet<u8>) {
        let (mut both, mut only_actual, mut only_expected) = (Vec::new(), Vec::new(), Vec::new());
        for joined in join(&actual, &expected, |key| **key, |key| **key) {
            match joined {
                Joined::Both(one, other) => {
                    prop_assert_eq!(one, other);
                    both.push(*one);
                }
                Joined::Actual(one) => only_actual.push(*one),
                Joined::Expected(other) => only_expected.push(*other),
            }
        }
        prop_assert_eq!(both, actual.intersection(&expected).copied().collect::<Vec<_>>());
        prop_assert_eq!(only_actual, actual.difference(&expected).copied().collect::<Vec<_>>());
        prop_assert_eq!(only_expected, expected.difference(&actual).copied().collect::<Vec<_>>());
    }

    #[test]
    fn an_answer_without_its_blanks_says_the_same_and_no_answer_stays_none(
        tokens in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ":", ",", " ", "\n  ", "\t", "1", "2", "-", "true", "null", r#""a b""#, r#""\"  \\""#, "\"", "\u{c}",
            r#"{"a" : [ 1 , 2 ] }"#,
        ]), 0..8),
    ) {
        let text: String = tokens.concat();
        let read = serde_json::from_str::<Value>(&text).ok();
        let compact = match Outcome::of_text(&text) {
            Ok(Outcome::Answer(answer)) => answer.parse().ok(),
            Ok(Outcome::Failure(_) | Outcome::Unreadable(_)) | Err(_) => None,
        };
        prop_assert_eq!(compact, read);
    }

    #[test]
    fn a_folded_name_is_its_key(name in "[ a-zA-ZäÖé\u{301}ßİ.@]{0,12}") {
        let key = NameKey::of(&name);
        prop_assert_eq!(folded(&name), key.as_str());
        prop_assert_eq!(folded(key.as_str()), key.as_str());
        prop_assert_eq!(NameKey::of(&name.to_lowercase()), key);
    }
}
