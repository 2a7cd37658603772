//! Plans of changes: the file, what its changes would do, and what holds it.

pub mod format;
