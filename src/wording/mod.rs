//! Sentences: the one place with prose. Findings, gaps and verdicts come in, words go out, for every printer and
//! channel.
//!
//! All functions are pure. Every name that AWS or a list wrote has gone through [`visible`] before it stands in a
//! sentence, so a printer needs to escape only for its own format, and what stands in backticks is a name. Layout,
//! colour and length are the printers' matter.

mod call_ledger;
mod changes;
mod coverage;
mod cross_check;
mod evidence;
mod fact;
mod findings;
mod gap_groups;
mod gaps;
mod gone_lists;
mod headline;
mod instance;
mod list_formats;
mod made;
mod names;
mod notices;
mod numbers;
mod old_gap_keys;
mod plan;
mod recognition;
mod record;
mod rows;
mod run;
mod safe_text;
mod sources;
mod standing;
mod store_notes;
mod time;
mod unseen;
mod usage;
mod waivers;
mod watch;
mod weak_matches;

pub use call_ledger::{LEDGER_COLUMNS, ledger_numbers, ledger_window, provenance};
pub use changes::{Became, Change, change_counts, changes, gone_counts};
pub use coverage::{coverage, extent_words, kind_counted, kind_word};
pub use cross_check::{cross_check, cross_checks};
pub use evidence::evidence;
pub use fact::Fact;
pub use findings::{advice, consequences, title, weight};
pub use gap_groups::{EVERY_GAP, GapGroup, gap_groups};
pub use gaps::{gap_advice, gap_line, gap_place, gap_reason};
pub use headline::{headline, subline};
pub use instance::{instance_kind, instance_notices};
pub use list_formats::list_format;
pub use made::recorded_change;
pub use names::{Names, account, names, policy_way, short};
pub use notices::notices;
pub use numbers::{count, hours, list, list_or, seconds, thousands};
pub use old_gap_keys::old_gap_key;
pub use plan::{
    bad_row, calls, change, change_subject, clash, counted_thing, difference, guard, not_found, not_planned,
    not_undone, undo, way_through,
};
pub use record::{record_headline, record_stopped, recorded_order, recorded_state, recorded_steps, sight};
pub use rows::{expected_by, push_row, row, row_of};
pub use run::{clock_words, facts};
pub use safe_text::{phrase, visible};
pub use sources::source_in_file;
pub use standing::{employment, employment_word, match_key, standing_meaning, standing_reason, standing_word, worst};
pub use store_notes::{damage_notices, store_notices};
pub use time::{instant, window};
pub use unseen::{unseen, unseen_in_file};
pub use waivers::ending_waiver;
pub use watch::{watch_headline, watch_lines};
