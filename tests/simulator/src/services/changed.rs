//! Answers as a later version of AWS, or a client that fills gaps, would give them.

use serde_json::Value;

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
