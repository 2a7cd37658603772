//! A message as an e-mail (RFC 5322, RFC 2045): text and HTML in one, and what is attached. The same message is the same
//! bytes.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, MultiPart, MultiPartKind, SinglePart};
use sha2::{Digest, Sha256};

use super::Message;
use super::channel::Mail;

/// A file that goes with an e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: &'static str,
    /// What it is (RFC 2046): `text/csv; charset=utf-8`.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What an e-mail has besides its message.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The name of the channel.
    pub channel: &'a str,
    /// The id of the run that sends it.
    pub run_id: &'a str,
    /// When it is sent.
    pub now: DateTime<Utc>,
    /// What is attached.
    pub attachments: &'a [Attachment],
}

/// The id of a message (RFC 5322, section 3.6.4): the same for each attempt of a run to send it by a channel, so that
/// what arrives twice can be told.
pub(super) fn message_id(mail: &Mail, message: &Message, envelope: &Envelope<'_>) -> String {
    let run: String =
        envelope.run_id.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let job = message.job.as_deref().unwrap_or_default();
    let parts = [envelope.run_id, message.kind.word(), envelope.channel, job].join("\n");
    let digest = hex::encode(Sha256::digest(parts.as_bytes()));
    format!("<{run}.{}@{}>", &digest[..16], mail.from.domain())
}

/// The bytes of an e-mail.
///
/// # Errors
/// Where lettre cannot make one of it.
pub(super) fn encode(mail: &Mail, message: &Message, envelope: &Envelope<'_>) -> Result<Vec<u8>, lettre::error::Error> {
    let id = message_id(mail, message, envelope);
    let job = message.job.as_deref().unwrap_or_default();
    let headers = [
        // No holiday replies (RFC 3834).
        ("Auto-Submitted", "auto-generated"),
        ("X-Rollcall-Kind", message.kind.word()),
        ("X-Rollcall-Job", job),
        ("X-Rollcall-Severity", &message.severity),
        ("X-Rollcall-Completeness", &message.completeness),
    ];
    let mut email = lettre::Message::builder()
        .from(mail.from.0.clone())
        .subject(message.subject.as_str())
        .date(SystemTime::from(envelope.now))
        .message_id(Some(id.clone()));
    for recipient in &mail.to {
        email = email.to(recipient.0.clone());
    }
    for (name, value) in headers {
        let name = HeaderName::new_from_ascii_str(name);
        email = email.raw_header(HeaderValue::new(name, value.to_owned()));
    }
    let boundary = |of: &str| hex::encode(Sha256::digest(format!("{of} of {id}").as_bytes()))[..32].to_owned();
    let both = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary("alternative"))
        .singlepart(SinglePart::plain(message.text.clone()))
        .singlepart(SinglePart::html(message.html()));
    if envelope.attachments.is_empty() {
        return Ok(email.multipart(both)?.formatted());
    }
    let mut mixed = MultiPart::builder().kind(MultiPartKind::Mixed).boundary(boundary("mixed")).multipart(both);
    for attachment in envelope.attachments {
        let media_type = ContentType::parse(attachment.media_type).expect("media types are written well");
        mixed = mixed.singlepart(Part::new(attachment.name.to_owned()).body(attachment.bytes.clone(), media_type));
    }
    Ok(email.multipart(mixed)?.formatted())
}
