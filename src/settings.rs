//! Settings: flags over environment over `rollcall.toml` over defaults.
