//! What AWS says: pages in, one `Snapshot` out.

pub mod page;

pub mod answer;

pub mod files;
pub mod journal;

pub mod fold;
