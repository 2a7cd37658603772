//! `[rules]`: how much rules matter in this organization, and how long what they find may be waived.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::rules::RULES;
use crate::model::{Age, AuditPolicy, Level, RuleId, Severity};

/// Levels of rules that are not to have their own (`"stale-list" = "off"`), and how long a waiver may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Levels of rules.
    pub levels: BTreeMap<RuleId, Level>,
    /// How far ahead of a run the last day of a waiver may be.
    pub waiver_max: Age,
}

/// The key that is no rule.
const WAIVER_MAX: &str = "waiver_max";

impl Default for Options {
    fn default() -> Self {
        Options { levels: BTreeMap::new(), waiver_max: Age(AuditPolicy::MAX_WAIVER) }
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
        let longest = written.remove(WAIVER_MAX).map(|age| age.parse());
        let level = |(name, level): (&String, &String)| Ok((rule_id(name)?, level.parse()?));
        let levels: Result<BTreeMap<RuleId, Level>, String> = written.iter().map(level).collect();
        let levels = levels.map_err(D::Error::custom)?;
        let waiver_max = longest.transpose().map_err(D::Error::custom)?;
        Ok(Options { levels, waiver_max: waiver_max.unwrap_or(Options::default().waiver_max) })
    }
}

impl JsonSchema for Options {
    fn schema_name() -> Cow<'static, str> {
        "Rules".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let keys: Vec<&str> = RULES.iter().map(|rule| rule.id.0).chain([WAIVER_MAX]).collect();
        let levels: Vec<&str> = std::iter::once("off").chain(Severity::ALL.map(Severity::word)).collect();
        json_schema!({
            "description": "The level of each rule, and how long waivers may run.",
            "type": "object",
            "properties": {
                WAIVER_MAX: {
                    "description": "Maximum time from a run to the last day of a waiver: `90d`. A longer waiver \
                                    accepts nothing.",
                    "type": "string",
                    "default": "180d",
                },
            },
            "propertyNames": { "enum": keys },
            "additionalProperties": { "enum": levels },
        })
    }
}
