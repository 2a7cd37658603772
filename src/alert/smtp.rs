//! E-mail by SMTP (RFC 5321): one message to all recipients of a channel.
//!
//! The connection is lettre's; the order of commands is ours, because what to do about a refusal depends on what was
//! refused. No error has an address, a secret or a server's own words: these may name people.

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::attempts::persistently;
use super::channel::{Mail, Tls};
use super::mime::{self, Envelope};
use super::{Message, Sent};

/// How long one attempt may take.
const LONGEST: Duration = Duration::from_secs(60);
/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(10);

/// What a channel needs besides its settings.
#[derive(Default)]
pub struct Secrets {
    /// User name and password.
    pub login: Option<(String, String)>,
    /// Certificates in PEM that are trusted instead of the system's.
    pub ca: Option<Vec<u8>>,
}

/// An e-mail that was not sent.
#[derive(Debug, thiserror::Error)]
pub enum NotMailed {
    /// No connection, or one that ended before the message was sent.
    #[error("no connection to the mail server")]
    NoConnection,
    /// The connection ended after the message was sent and before the server's answer: it may have arrived.
    #[error("the mail server did not answer after the message was sent; it may have arrived")]
    Lost,
    /// The certificate is not trusted.
    #[error("the mail server's certificate is not trusted, or is for another name")]
    NotTrusted,
    /// Encrypting failed otherwise.
    #[error("no encrypted connection to the mail server")]
    NotEncrypted,
    /// The server does not offer STARTTLS.
    #[error("the mail server does not offer STARTTLS")]
    NoStarttls,
    /// The file of certificates has none.
    #[error("`ca` has no usable certificate")]
    Ca,
    /// Signing in was refused.
    #[error("the mail server refused user name or password (status {0})")]
    Login(u16),
    /// The server offers no way to sign in that Rollcall knows.
    #[error("the mail server offers neither AUTH PLAIN nor AUTH LOGIN")]
    NoLogin,
    /// It refused the message.
    #[error("the mail server refused the {what} (status {status})")]
    Refused {
        /// What of it.
        what: &'static str,
        /// The status of its answer.
        status: u16,
    },
    /// The message cannot be made.
    #[error("the message cannot be encoded as e-mail")]
    Message,
}

impl NotMailed {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            NotMailed::NoConnection => {
                "check `host`, `port`, `tls` and the network; the next run sends what was not sent"
            }
            NotMailed::Lost => "the next run sends it again, if it is still news",
            NotMailed::NotTrusted => {
                "write the name in `host` that the certificate is for; if your organization issued it, name its \
                 certificate authority in `ca`"
            }
            NotMailed::NoStarttls => "write `tls = \"tls\"` and the port for it, or allow STARTTLS on the server",
            NotMailed::Ca => "name a file with certificates in PEM (`-----BEGIN CERTIFICATE-----`)",
            NotMailed::Login(_) | NotMailed::NoLogin => {
                "check what `user` and `password` name; the next run sends what was not sent"
            }
            NotMailed::Refused { .. } => {
                "check `from` and `to`, and whether the server accepts mail from this machine and user; the next run \
                 sends what was not sent"
            }
            NotMailed::NotEncrypted => "check that `port` and `tls` belong together: 587 and `starttls`, 465 and `tls`",
            NotMailed::Message => "report this as a bug",
        }
    }

    fn may_pass(&self) -> bool {
        match self {
            NotMailed::NoConnection | NotMailed::Lost => true,
            NotMailed::Login(status) | NotMailed::Refused { status, .. } => (400..500).contains(status),
            NotMailed::NotTrusted
            | NotMailed::NoStarttls
            | NotMailed::Ca
            | NotMailed::NotEncrypted
            | NotMailed::NoLogin
            | NotMailed::Message => false,
        }
    }
}

/// Sends a message to the recipients of a channel. One that the server refuses for good does not keep it from the others:
/// [`Sent::refused`] counts them.
///
/// # Errors
/// Where no recipient gets it, after three attempts.
pub async fn deliver(
    mail: &Mail,
    secrets: &Secrets,
    message: &Message,
    envelope: &Envelope<'_>,
) -> Result<Sent, NotMailed> {
    let bytes = mime::encode(mail, message, envelope).map_err(|_| NotMailed::Message)?;
    let refused = persistently(|| attempt(mail, secrets, &bytes), NotMailed::may_pass).await?;
    Ok(Sent { channel: "smtp", message_id: Some(mime::message_id(mail, message, envelope)), refused })
}

/// Sends it once, and gives back which recipients were refused.
async fn attempt(mail: &Mail, secrets: &Secrets, bytes: &[u8]) -> Result<Vec<usize>, NotMailed> {
    let prepared = tokio::time::timeout(LONGEST, prepare(mail, secrets)).await;
    let (mut connection, refused) = prepared.unwrap_or(Err(NotMailed::NoConnection))?;
    let sent = tokio::time::timeout(LONGEST, connection.message(bytes)).await;
    match sent {
        Ok(Ok(_)) => {
            // It has the message; whether it says goodbye does not matter.
            drop(tokio::time::timeout(CONNECTING, connection.quit()).await);
            Ok(refused)
        }
        Ok(Err(error)) if error.status().is_some() => Err(refusal("message", &error)),
        Ok(Err(_)) | Err(_) => Err(NotMailed::Lost),
    }
}

/// Everything before the message itself: connection, sign-in, sender, recipients.
async fn prepare(mail: &Mail, secrets: &Secrets) -> Result<(AsyncSmtpConnection, Vec<usize>), NotMailed> {
    let mut connection = connect(mail, secrets).await?;
    if let Some((user, password)) = &secrets.login {
        let credentials = Credentials::new(user.clone(), password.clone());
        let signed_in = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
        signed_in.map_err(|error| match (error.status(), error.is_client()) {
            (Some(status), _) => NotMailed::Login(status.into()),
            (None, true) => NotMailed::NoLogin,
            (None, false) => NotMailed::NoConnection,
        })?;
    }
    let from = MailFrom::new(Some(mail.from.0.email.clone()), Vec::new());
    connection.command(from).await.map_err(|error| refusal("sender", &error))?;
    let mut refused = Vec::new();
    for (number, recipient) in mail.to.iter().enumerate() {
        let answer = connection.command(Rcpt::new(recipient.0.email.clone(), Vec::new())).await;
        match answer.map_err(|error| refusal("recipient", &error)) {
            Ok(_) => {}
            // For good: the others get it, unless there are none.
            Err(NotMailed::Refused { status, .. }) if status >= 500 && refused.len() + 1 < mail.to.len() => {
                refused.push(number);
            }
            Err(error) => return Err(error),
        }
    }
    connection.command(Data).await.map_err(|error| refusal("message", &error))?;
    Ok((connection, refused))
}

async fn connect(mail: &Mail, secrets: &Secrets) -> Result<AsyncSmtpConnection, NotMailed> {
    // A name that the recipients know; that of the machine may be none of a domain.
    let hello = ClientId::Domain(mail.from.domain().to_owned());
    let port = mail.port.unwrap_or(match mail.tls {
        Tls::Starttls => 587,
        Tls::Tls => 465,
        Tls::None => 25,
    });
    let host = mail.host.trim_matches(['[', ']']);
    let at_once = match mail.tls {
        Tls::Tls => Some(tls(host, secrets)?),
        Tls::Starttls | Tls::None => None,
    };
    let connected = AsyncSmtpConnection::connect_tokio1((host, port), Some(CONNECTING), &hello, at_once, None).await;
    let mut connection = connected.map_err(|error| broken(&error))?;
    match mail.tls {
        Tls::Starttls if !connection.can_starttls() => return Err(NotMailed::NoStarttls),
        Tls::Starttls => connection.starttls(tls(host, secrets)?, &hello).await.map_err(|error| broken(&error))?,
        Tls::Tls | Tls::None => {}
    }
    Ok(connection)
}

fn tls(host: &str, secrets: &Secrets) -> Result<TlsParameters, NotMailed> {
    let mut builder = TlsParametersBuilder::new(host.to_owned());
    if let Some(pem) = &secrets.ca {
        if !CertificateDer::pem_slice_iter(pem).any(|certificate| certificate.is_ok()) {
            return Err(NotMailed::Ca);
        }
        let certificates = Certificate::from_pem(pem).map_err(|_| NotMailed::Ca)?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(certificates);
    }
    builder.build_rustls().map_err(|_| NotMailed::Ca)
}

/// Why a connection did not come about, or ended.
fn broken(error: &Error) -> NotMailed {
    match error.status() {
        Some(status) => NotMailed::Refused { what: "connection", status: status.into() },
        None => match of_tls(error) {
            Some(rustls::Error::InvalidCertificate(_)) => NotMailed::NotTrusted,
            Some(_) => NotMailed::NotEncrypted,
            None => NotMailed::NoConnection,
        },
    }
}

/// Why encrypting failed, which reaches us as a failed connection.
fn of_tls(error: &Error) -> Option<&rustls::Error> {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let of_io = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let found = of_io.and_then(|inner| inner.downcast_ref()).or_else(|| cause.downcast_ref());
        if found.is_some() {
            return found;
        }
        source = cause.source();
    }
    None
}

fn refusal(what: &'static str, error: &Error) -> NotMailed {
    match error.status() {
        Some(status) => NotMailed::Refused { what, status: status.into() },
        None => NotMailed::NoConnection,
    }
}
