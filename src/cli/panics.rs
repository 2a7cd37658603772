//! What is said of a panic, which is a bug of ours: where it happened, and nothing that a list or AWS said.

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};

/// Says of every panic from now on where it happened, and how to report it.
///
/// A message that was put together may quote what was read, and names of people do not belong into a log; one that
/// stands in the source as it is does not.
pub fn announce_panics() {
    panic::set_hook(Box::new(|panicked| {
        // stderr is closed, or full: ignore.
        drop(io::stderr().write_all(words(panicked).as_bytes()));
    }));
}

fn words(panicked: &PanicHookInfo<'_>) -> String {
    let at = panicked.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    let because = panicked.payload().downcast_ref::<&'static str>().map_or_else(String::new, |why| format!(": {why}"));
    format!(
        "error: this is a bug in Rollcall {}: it panicked{at}{because}\n  help: report this line and what you did\n",
        env!("CARGO_PKG_VERSION")
    )
}
