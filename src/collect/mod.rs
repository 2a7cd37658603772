//! What AWS says: pages in, one `Snapshot` out.
