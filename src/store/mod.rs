//! The append-only shelf, and the packages on it.
