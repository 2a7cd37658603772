//! What AWS says: pages in, one `Snapshot` out.

pub mod page;

pub mod answer;
