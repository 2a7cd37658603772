//! The only part of Rollcall that changes access in AWS: IAM users, users and groups of Identity Center, and assignments.
//! Nothing that reads can reach it: `audit`, `check`, `plan` and `serve` name nothing of it.
//!
//! It knows how one change is made, and what AWS's answers mean. It does not know which changes are to be made, nor what is
//! so in AWS: whoever applies a plan observes, asks here for [`steps`], and sends them one by one.
//!
//! ```text
//! change::Change ─┐
//!                 ├─► steps() ─► Step … ─► Operator::send ─► Outcome ─┬─► Done, WasGone ─► observe, next step
//! Observed ───────┘   (pure)     (journal)  (one call)      (judge)   ├─► Asked ─► Operator::settle ─► observe
//!                                                                     ├─► NotDone ─► wait, send again
//!                                                                     ├─► Stopped ─► stop the apply
//!                                                                     └─► Unknown ─► observe; find_request
//! ```
//!
//! How to call it, for each change of a plan in its order:
//!
//! 1. Fill an [`Observed`] with what is so now. [`steps`] gives what is left to do; none where all of it is so already.
//! 2. Of each [`Step`]: write it to the journal (it has no secrets), then [`Operator::send`] it, once, then write the
//!    [`Outcome`]. For the step that gives a console password, make and keep a [`Password`] before.
//! 3. [`Outcome::Asked`]: write the [`Request`], then [`Operator::settle`] it. Requests of other accounts can be sent
//!    meanwhile. After an interruption, `settle` takes the request from the journal.
//! 4. [`Outcome::NotDone`]: wait for [`Busy::wait`], send the same step again.
//! 5. [`Outcome::Unknown`]: observe until the wanted state shows. Of an assignment, [`Operator::find_request`] finds the
//!    request first. Where it does not show, the step is sent once more if [`Operation::may_be_sent_twice`], and otherwise
//!    the apply stops.
//! 6. [`Stop::Exists`] counts as done only where an open intent of ours made it: [`Mark::is_in`] the tags of an IAM user,
//!    [`ObservedNamed::was_made_by`] of a user or a group.
//! 7. Observe after the last step: what AWS answered is no proof.

mod operation;
pub mod permissions;

mod observed;
mod step;
mod steps;

mod judge;
mod outcome;
mod reply;

mod clock;
mod requests;

mod password;

mod assumed_role;
mod operator;
mod send;
mod status;

pub use clock::Clock;
pub use judge::{Target, judge};
pub use observed::{
    Observed, ObservedCredential, ObservedGroup, ObservedIamUser, ObservedNamed, ObservedPolicies, ObservedPrincipal,
    ObservedUser,
};
pub use operation::{Operation, Service};
pub use operator::{Caller, Operator, SignIn};
pub use outcome::{Answered, Busy, Outcome, Stop};
pub use password::{Password, PasswordError};
pub use reply::{Reply, ServiceError};
pub use requests::{MOST_UNDER_WAY, Request, Status, UnderWay, Wants};
pub use status::{LONGEST, Settled};
pub use step::{
    Assignment, Credential, Email, IamWrite, IdentityStoreWrite, Mark, PrincipalId, SsoAdminWrite, Step, Switch, TAG,
};
pub use steps::{NoSteps, steps};
