//! Values of the command line that AWS would refuse only when a plan is applied.

/// A text that says something.
pub(super) fn said(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("it must not be empty".to_owned()),
        said => Ok(said.to_owned()),
    }
}

/// The name of an IAM user (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html>).
pub(super) fn iam_name(text: &str) -> Result<String, String> {
    let valid = |letter: char| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter);
    match (1..=64).contains(&text.len()) && text.chars().all(valid) {
        true => Ok(text.to_owned()),
        false => Err("a name has 1 to 64 letters, digits and `_+=,.@-`".to_owned()),
    }
}

pub(super) fn iam_path(text: &str) -> Result<String, String> {
    let valid = text.len() <= 512 && text.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
    match valid && text.starts_with('/') && text.ends_with('/') {
        true => Ok(text.to_owned()),
        false => Err("a path begins and ends with `/`: `/services/`".to_owned()),
    }
}

pub(super) fn tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        Some(_) | None => Err("write a tag as `KEY=VALUE`".to_owned()),
    }
}

/// The id of an access key (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html>).
pub(super) fn key(text: &str) -> Result<String, String> {
    let is_id = (16..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match is_id && text.starts_with('A') {
        true => Ok(text.to_owned()),
        false => Err("write the id of an access key: `AKIA…`; never the secret".to_owned()),
    }
}

pub(super) fn email(text: &str) -> Result<String, String> {
    match text.split_once('@') {
        Some((local, domain)) if !local.is_empty() && domain.contains('.') && !text.contains(' ') => {
            Ok(text.to_owned())
        }
        Some(_) | None => Err("it is not an email address".to_owned()),
    }
}
