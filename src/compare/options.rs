//! `[rules]`: how much rules matter in this organization.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::rules::RULES;
use crate::model::{Level, RuleId, Severity};

/// Levels of rules that are not to have their own: `"stale-list" = "off"`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options(pub BTreeMap<RuleId, Level>);

/// The rule of this name.
///
/// # Errors
/// Where there is none: with the name that was probably meant.
pub fn rule_id(name: &str) -> Result<RuleId, String> {
    let distance = |rule: &RuleId| strsim::damerau_levenshtein(rule.0, name);
    let rules = || RULES.iter().map(|rule| rule.id);
    rules().find(|rule| rule.0 == name).ok_or_else(|| match rules().min_by_key(distance) {
        Some(near) if distance(&near) <= 4 => format!("there is no rule `{name}`; did you mean `{near}`?"),
        Some(_) | None => format!("there is no rule `{name}`; `rollcall rules` lists them"),
    })
}

impl<'de> Deserialize<'de> for Options {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written: BTreeMap<String, String> = BTreeMap::deserialize(deserializer)?;
        let level = |(name, level): (&String, &String)| Ok((rule_id(name)?, level.parse()?));
        let levels: Result<BTreeMap<RuleId, Level>, String> = written.iter().map(level).collect();
        levels.map(Options).map_err(D::Error::custom)
    }
}

impl JsonSchema for Options {
    fn schema_name() -> Cow<'static, str> {
        "Rules".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let rules: Vec<&str> = RULES.iter().map(|rule| rule.id.0).collect();
        let levels: Vec<&str> = std::iter::once("off").chain(Severity::ALL.map(Severity::word)).collect();
        json_schema!({
            "description": "How much rules matter here, by rule.",
            "type": "object",
            "propertyNames": { "enum": rules },
            "additionalProperties": { "enum": levels },
        })
    }
}
