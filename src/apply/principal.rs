//! Who a session belongs to, as far as its ARN says.

/// The principal behind an ARN: of an assumed role the role, whatever its session is called; of anything else the ARN.
///
/// The path of a role is in no ARN of a session, so two roles of an account that have one name are one principal here; AWS
/// allows only one of a name.
#[must_use]
pub fn principal(arn: &str) -> &str {
    let is_assumed = arn.split(':').nth(5).is_some_and(|resource| resource.starts_with("assumed-role/"));
    match arn.rsplit_once('/') {
        Some((role, _session)) if is_assumed => role,
        Some(_) | None => arn,
    }
}
