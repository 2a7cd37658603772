//! Virtual MFA devices, asked live: the credential report may be older than they are.

use std::collections::BTreeSet;

use super::page_reader::{Reader, Wanted};
use crate::collect::api::responses::ListVirtualMFADevices;
use crate::collect::journal::page::Parameters;
use crate::model::{AccountId, Hides, What};

/// The root user's name in the report: no IAM user can have it.
pub(super) const ROOT: &str = "<root_account>";

/// Users with a virtual MFA device.
pub(super) struct SecondFactors(Vec<Holder>);

/// Whose device it is.
struct Holder {
    name: String,
    /// The unique id, where AWS said it.
    id: Option<String>,
}

/// Reads them.
pub(super) fn read(reader: &mut Reader<'_>, account: AccountId, asked_of: Option<AccountId>) -> SecondFactors {
    let wanted = Wanted::of(What::NewMfaDevices.in_account(account), account.to_string(), Hides::Nothing);
    let assigned = Parameters::of([("AssignmentStatus", "Assigned")]);
    let read = reader.read::<ListVirtualMFADevices>(asked_of, assigned, &wanted);
    let devices = read.seen.into_iter().flat_map(|page| page.virtual_mfa_devices);
    let in_use = devices.filter(|device| device.enable_date.is_some()).filter_map(|device| device.user);
    let holders = in_use.filter_map(|user| {
        let name = match user.arn {
            Some(arn) if arn.ends_with(":root") => Some(ROOT.to_owned()),
            arn => user.user_name.or_else(|| Some(arn?.rsplit('/').next()?.to_owned())),
        };
        Some(Holder { name: name?, id: user.user_id })
    });
    SecondFactors(holders.collect())
}

impl SecondFactors {
    /// Whether a user has one. A user of the same name and another id was deleted, and its device is not this one's.
    pub(super) fn has(&self, name: &str, id: Option<&str>) -> bool {
        let differ = |other: &Option<String>| other.as_deref().zip(id).is_some_and(|(other, id)| other != id);
        self.0.iter().any(|holder| holder.name == name && (name == ROOT || !differ(&holder.id)))
    }

    /// The names of IAM users who have one.
    pub(super) fn users(self) -> BTreeSet<String> {
        self.0.into_iter().map(|holder| holder.name).filter(|name| name != ROOT).collect()
    }
}
