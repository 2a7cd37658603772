//! How the settings file is called.

/// The name of the settings file.
pub const FILE: &str = "rollcall.toml";
