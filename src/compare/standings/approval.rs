//! Whether a row approves what may make somebody an administrator: the same for every list that says it.
//!
//! A row approves by saying so (`yes`), or by the digest of exactly this content. Where it does neither, what makes an
//! administrator differs from the row, and of what may make one nobody can say how it stands.

use std::sync::Arc;

use crate::model::{AccountId, Administrative, Gap, Hides, RowRef, Side, Standing, What, Why, World};

/// What a row says of what it expects.
pub(super) struct Approval<'r> {
    pub(super) row: RowRef,
    pub(super) administrative: Option<bool>,
    pub(super) digest: Option<&'r str>,
}

/// What a row approves.
#[derive(Clone, Copy)]
pub(super) enum Holder {
    Role,
    IamUser,
    PermissionSet,
}

impl Holder {
    fn allowed_by(self) -> What {
        match self {
            Holder::Role => What::AllowedByRole,
            Holder::IamUser => What::AllowedByIamUser,
            Holder::PermissionSet => What::AllowedByPermissionSet,
        }
    }

    fn is_administrative(self) -> What {
        match self {
            Holder::Role => What::RoleAdministrative,
            Holder::IamUser => What::IamUserAdministrative,
            Holder::PermissionSet => What::PermissionSetAdministrative,
        }
    }
}

/// What is there.
pub(super) struct Content {
    pub(super) holder: Holder,
    pub(super) name: String,
    pub(super) account: Option<AccountId>,
    pub(super) administrative: Administrative,
    /// The digest of what it allows, where all that it covers was read.
    pub(super) digest: Option<String>,
    /// Whether the digest covers all that it allows.
    pub(super) digest_covers_all: bool,
}

impl Approval<'_> {
    /// How what is there stands by the row.
    pub(super) fn standing(&self, world: &World, content: Content) -> Standing {
        let source = || world.expectation.files[self.row.file.number()].name.clone();
        match (self.digest, &content.digest) {
            (Some(approved), Some(now)) if approved != now => return Standing::Differs(self.row),
            (Some(_), None) => {
                let why = Why::Unreadable { detail: "it has no document for a policy".to_owned() };
                let unseen = content.holder.allowed_by().of(content.name);
                let gap = Gap {
                    side: Side::Aws,
                    source: SOURCE.to_owned(),
                    account: content.account,
                    unseen,
                    why,
                    hides: HIDES,
                };
                return Standing::Unknown(Arc::new(gap));
            }
            (Some(_), Some(_)) | (None, _) => {}
        }
        let by_digest = self.digest.is_some() && content.digest_covers_all;
        match (self.administrative, &content.administrative) {
            (Some(true), _) | (_, Administrative::No) => Standing::Expected(self.row),
            (None, _) if by_digest => Standing::Expected(self.row),
            (_, Administrative::Yes(_)) => Standing::Differs(self.row),
            // What was approved by its digest is what it was, whatever that is.
            (_, Administrative::Unknown(_)) if by_digest => Standing::Expected(self.row),
            (_, Administrative::Unknown(why)) => {
                Standing::Unknown(Arc::new(unapproved(source(), why.clone(), content)))
            }
        }
    }
}

const SOURCE: &str = "iam:GetAccountAuthorizationDetails";
const HIDES: Hides = Hides::Grants;

/// Nobody can say whether it is administrative, and no row approves it as it is.
pub(super) fn unapproved(source: String, detail: String, content: Content) -> Gap {
    let digest = content.digest.filter(|_| content.digest_covers_all);
    Gap {
        side: Side::Expected,
        source,
        account: content.account,
        unseen: content.holder.is_administrative().of(content.name),
        why: Why::Unapproved { detail, digest },
        hides: HIDES,
    }
}
