//! Answers as a later version of AWS, or a client that fills gaps, would give them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::call::{Call, Protocol};

/// The fields whose values come from a list that AWS may lengthen.
const ENUMERATED: [&str; 5] = ["UserStatus", "State", "Status", "PrincipalType", "principalType"];

/// Texts that an entry may lack, by a field that marks its kind.
const OPTIONAL: [(&str, &[&str]); 5] = [
    ("UserId", &["DisplayName", "NickName", "ProfileUrl", "UserType", "Title", "Locale", "Timezone", "CreatedBy"]),
    ("GroupId", &["Description", "CreatedBy", "UpdatedBy"]),
    ("PermissionSetArn", &["Description", "SessionDuration", "RelayState"]),
    ("InstanceArn", &["Name", "OwnerAccountId"]),
    ("JoinedMethod", &["Name", "Email", "Status"]),
];

/// Gives the statuses, states and types a value that no model knows.
pub(crate) fn unknown_values(answer: &mut Value) {
    each_object(answer, &mut |object| {
        for (name, value) in object {
            if ENUMERATED.contains(&name.as_str()) && value.is_string() {
                *value = "UNHEARD_OF".into();
            }
        }
    });
}

/// Fills absent texts with `""`.
pub(crate) fn empty_texts(answer: &mut Value) {
    each_object(answer, &mut |object| {
        // A membership has a group's id, and a principal is no user.
        if object.contains_key("MembershipId") || object.contains_key("PrincipalId") {
            return;
        }
        for (mark, optional) in OPTIONAL {
            if object.contains_key(mark) {
                for name in optional {
                    object.entry(*name).or_insert_with(|| "".into());
                }
            }
        }
    });
}

/// Leaves out what an answer lists.
pub(crate) fn without_lists(answer: &mut Value) {
    if let Some(fields) = answer.as_object_mut() {
        fields.retain(|_, field| !field.is_array() && !field.is_object());
    }
}

/// Leaves out the texts of an answer.
pub(crate) fn without_texts(answer: &mut Value) {
    if let Some(fields) = answer.as_object_mut() {
        fields.retain(|_, field| !field.is_string());
    }
}

/// The parameters that say what a call is about.
const ABOUT: [&str; 9] = [
    "GroupId",
    "UserId",
    "AccountId",
    "PermissionSetArn",
    "PrincipalId",
    "ApplicationArn",
    "OrganizationalUnitId",
    "IdentityStoreId",
    "account",
];

/// Gives the answer the names of something else than what the call is about.
pub(crate) fn of_another(answer: &mut Value, call: &Call) {
    let mut asked = Vec::new();
    each_object(&mut call.parameters.clone(), &mut |object| {
        let about = object.iter().filter(|(name, _)| ABOUT.contains(&name.as_str()));
        asked.extend(about.filter_map(|(_, value)| value.as_str().map(str::to_owned)));
    });
    if call.protocol == Protocol::Query {
        let role = call.text("RoleArn").and_then(|arn| arn.split(':').nth(4));
        asked.push(role.unwrap_or(&call.account).to_owned());
    }
    each_text(answer, &mut |text| {
        let report = STANDARD.decode(text.as_bytes()).ok().and_then(|report| String::from_utf8(report).ok());
        let is_report = report.as_ref().is_some_and(|report| report.starts_with("user,"));
        let mut changed = report.filter(|_| is_report).unwrap_or_else(|| text.clone());
        for known in &asked {
            changed = changed.replace(known, &another(known));
        }
        *text = if is_report { STANDARD.encode(changed) } else { changed };
    });
}

/// An id like this one.
fn another(id: &str) -> String {
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        return "288888888888".to_owned();
    }
    let (last, rest) = id.as_bytes().split_last().map_or((b'0', ""), |(last, rest)| (*last, &id[..rest.len()]));
    format!("{rest}{}", if last == b'0' { '1' } else { '0' })
}

fn each_text(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(object) => object.values_mut().for_each(|inner| each_text(inner, change)),
        Value::Array(entries) => entries.iter_mut().for_each(|entry| each_text(entry, change)),
        Value::String(text) => change(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(|inner| each_object(inner, change));
            change(object);
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| each_object(entry, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
