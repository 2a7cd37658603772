//! What is news, and telling it.
