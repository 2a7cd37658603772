//! The store: packages, the chain, leases, and what does not belong there.

pub mod bucket;
pub mod bucket_region;
pub mod damaged_store;
pub mod delivery;
pub mod drafts;
pub mod folder;
pub mod leases;
pub mod packages;
pub mod places;
pub mod verify;
pub mod verify_strays;
