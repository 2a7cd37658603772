//! Rollcall calls the roll of an AWS organization: everyone who **has** access against everyone who **should**.
//!
//! ```text
//! expected/   ─► expect ──► Expectation ─┐
//!                                        ├─► compare ─► Report ─► render ─► store ─► alert
//! AWS / files ─► collect ─► Snapshot ────┤    (pure)    (data)    (pure)    (I/O)    (I/O)
//! earlier package ─► store ─► Earlier ───┘
//!                schedule says when · pipeline knows the order · cli and serve are the doors
//! ```
//!
//! Readers, one comparison, many printers. Input and output live at the two ends; the middle is pure, synchronous and
//! total. Data flows left to right only. *Not knowing is a value*: what could not be read becomes a [`model::Gap`],
//! never an empty list.
//!
//! # What always holds
//!
//! 1. A gap is never silence. Only a listing that was read to its end proves that something is absent.
//! 2. Same inputs, same bytes. All inputs of a report lie in its package, so that it can be replayed.
//! 3. Every expected row is accounted for: matched, missing, or refused with its file and line.
//! 4. A list speaks for what it lists, and for a whole kind only if it is a list of all of it; what no list speaks for is
//!    not assessed, and that is said. Administrative access is told all the same.
//! 5. A partial source forbids conclusions about the objects concerned, and about no others.
//! 6. A broken list is one alarm, not a thousand; one cause is one finding.
//! 7. Machine formats are versioned copies, not dumps of internal types.
//! 8. The same findings and counts stand in every format and in the exit code.
//! 9. An audit and a plan never write to what they look at. `rollcall apply --confirm` does, by [`operate`], which nothing
//!    that reads can reach.
//! 10. Nothing sensitive where it need not be: no personal data in logs, no unread columns in packages.
//! 11. The store is append-only: create if absent, read, list.
//!
//! # Reading order
//!
//! [`model`] has the words. [`expect`] and [`collect`] (on [`aws`]) read the two halves, [`compare`] judges them,
//! [`wording`] and [`render`] tell what was found, [`mod@adopt`] drafts what was not yet listed, [`change`] plans what is
//! to be changed in AWS, [`operate`] knows how and [`apply`] does it, [`events`] hears what others change, by
//! [`queue`], [`store`] keeps it, [`alert`] says what is new, [`schedule`] knows when. [`pipeline`] is the order of the stages; [`cli`] and
//! [`serve`] are the doors, opened by [`settings`].

pub mod iam_policy;
pub mod model;

pub mod expect;

pub mod aws;
pub mod collect;

pub mod compare;

pub mod change;

pub mod operate;

pub mod events;

pub mod queue;

pub mod wording;

pub mod render;

pub mod adopt;

pub mod store;

pub mod alert;

pub mod schedule;

pub mod pipeline;

pub mod settings;

pub mod apply;

pub mod serve;

pub mod cli;
