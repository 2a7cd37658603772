//! `[rules]`: how much rules matter in this organization, how long what they find may be waived, and how old and how long
//! unused credentials may be.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::rules::RULES;
use crate::model::{Age, AuditPolicy, Level, RuleId, Severity};

/// Levels of rules that are not to have their own (`"stale-list" = "off"`), and times that rules need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Levels of rules.
    pub levels: BTreeMap<RuleId, Level>,
    /// How far ahead of a run the last day of a waiver may be.
    pub waiver_max: Age,
    /// How old an access key may be; `old-key` needs it.
    pub key_max_age: Option<Age>,
    /// After how long without use something counts as unused; `unused-credential` and `unused-permission-set` need it.
    pub unused_after: Option<Age>,
}

/// The keys that are no rules.
const WAIVER_MAX: &str = "waiver_max";
/// See [`WAIVER_MAX`].
const KEY_MAX_AGE: &str = "key_max_age";
/// See [`WAIVER_MAX`].
const UNUSED_AFTER: &str = "unused_after";

impl Default for Options {
    fn default() -> Self {
        Options {
            levels: BTreeMap::new(),
            waiver_max: Age(AuditPolicy::MAX_WAIVER),
            key_max_age: None,
            unused_after: None,
        }
    }
}

/// The rule of this name.
///
/// # Errors
/// Where there is none: with the name that was probably meant.
pub fn rule_id(name: &str) -> Result<RuleId, String> {
    let distance = |rule: &RuleId| strsim::damerau_levenshtein(rule.0, name);
    let rules = || RULES.iter().map(|rule| rule.id);
    rules().find(|rule| rule.0 == name).ok_or_else(|| match rules().min_by_key(distance) {
        Some(near) if distance(&near) <= 4 => format!("unknown rule `{name}`; did you mean `{near}`?"),
        Some(_) | None => format!("unknown rule `{name}`; `rollcall rules` lists all rules"),
    })
}

impl<'de> Deserialize<'de> for Options {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut written: BTreeMap<String, String> = BTreeMap::deserialize(deserializer)?;
        let mut age = |key: &str| {
            let age = written.remove(key).map(|age| age.parse::<Age>());
            age.transpose().map_err(|why| D::Error::custom(format!("`rules.{key}`: {why}")))
        };
        let (waiver_max, key_max_age, unused_after) = (age(WAIVER_MAX)?, age(KEY_MAX_AGE)?, age(UNUSED_AFTER)?);
        let level = |(name, level): (&String, &String)| Ok((rule_id(name)?, level.parse()?));
        let levels: Result<BTreeMap<RuleId, Level>, String> = written.iter().map(level).collect();
        let levels = levels.map_err(D::Error::custom)?;
        let waiver_max = waiver_max.unwrap_or(Options::default().waiver_max);
        Ok(Options { levels, waiver_max, key_max_age, unused_after })
    }
}

impl JsonSchema for Options {
    fn schema_name() -> Cow<'static, str> {
        "Rules".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let keys: Vec<&str> =
            RULES.iter().map(|rule| rule.id.0).chain([WAIVER_MAX, KEY_MAX_AGE, UNUSED_AFTER]).collect();
        let levels: Vec<&str> = std::iter::once("off").chain(Severity::ALL.map(Severity::word)).collect();
        json_schema!({
            "description": "The level of each rule, how long waivers may run, and how old and how long unused \
                            credentials may be.",
            "type": "object",
            "properties": {
                WAIVER_MAX: {
                    "description": "Maximum time from a run to the last day of a waiver: `90d`. A longer waiver \
                                    accepts nothing.",
                    "type": "string",
                    "default": "180d",
                },
                KEY_MAX_AGE: {
                    "description": "Maximum age of an active access key of an IAM user: `90d`. Without it, `old-key` \
                                    finds nothing.",
                    "type": "string",
                },
                UNUSED_AFTER: {
                    "description": "Time without use after which a password, an access key or a permission set in an \
                                    account counts as unused: `90d`. Without it, `unused-credential` and \
                                    `unused-permission-set` find nothing.",
                    "type": "string",
                },
            },
            "propertyNames": { "enum": keys },
            "additionalProperties": { "enum": levels },
        })
    }
}
