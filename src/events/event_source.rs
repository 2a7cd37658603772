//! The services whose events are watched.

/// The service that an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSource {
    /// IAM of an account.
    Iam,
    /// Permission sets, assignments and applications of Identity Center.
    Sso,
    /// Users, groups and memberships, by the API.
    IdentityStore,
    /// The same, by the console.
    SsoDirectory,
    /// The same, by an identity provider.
    Scim,
}

impl EventSource {
    /// All of them.
    pub const ALL: [EventSource; 5] =
        [EventSource::Iam, EventSource::Sso, EventSource::IdentityStore, EventSource::SsoDirectory, EventSource::Scim];

    /// Its `eventSource`, as CloudTrail writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            EventSource::Iam => "iam.amazonaws.com",
            EventSource::Sso => "sso.amazonaws.com",
            EventSource::IdentityStore => "identitystore.amazonaws.com",
            EventSource::SsoDirectory => "sso-directory.amazonaws.com",
            EventSource::Scim => "identitystore-scim.amazonaws.com",
        }
    }
}
