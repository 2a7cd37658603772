//! The words of Rollcall, once: plain data, without input or output. Every other module speaks in them.
//!
//! How to read: [`sight`](self) says what it means to have looked (seen, absent, unseen); [`Snapshot`] is what AWS
//! said, [`Expectation`] what the lists say, [`World`] both; [`Standing`], [`Finding`] and [`Verdict`] are what a
//! comparison concludes, and [`Report`] is all of it together.

mod age;
mod created;
mod gap;
mod id;
mod index;
mod interner;
mod key_kinds;
mod kind;
mod leavers;
mod list_format;
mod listing;
mod looked_up;
mod normalize;
mod origin;
mod unseen;

mod account;
mod administrative;
mod administrators;
mod applications;
mod canonical_json;
mod cross_check;
mod duplicate_json_keys;
mod iam;
mod identity;
mod permission_set;
mod policy_cell;
mod policy_document;
mod policy_holder;
mod said_left;
mod scope;
mod snapshot;
mod trust;
mod window;

mod described;
mod directory;
mod expectation;
mod expected_file;
mod expected_row;
mod identity_source;
mod nesting;
mod organization_names;
mod row_ref;
mod waiver;
mod waivers_of_leavers;

mod closure;
mod content_digest;
mod standing;
mod subject;

mod effective_members;
pub mod file_name_time;
mod finding;
mod rule;
mod severity;
mod signature;

mod audit_input;
mod coverage;
mod store_note;
mod verdict;

mod access;
mod partition;
mod population;
mod quoted;
mod recognition;
mod report;
mod reserved_role;
mod user_matches;
mod watched;

pub use access::{Access, Beside};
pub use account::{Account, Organization};
pub use administrative::Administrative;
pub use administrators::Administrators;
pub use age::{Age, exact_span};
pub use applications::{Application, Entitled, Entitlement, Everyone};
pub use audit_input::{AuditPolicy, Earlier, EarlierFinding, Stamp, World};
pub use closure::Closure;
pub use coverage::{Coverage, ReadExtent};
pub use created::Made;
pub use cross_check::{AskedAbout, Asking, Contradiction, CrossCheck, CrossChecked};
pub use described::{Described, Object, Place, Whom};
pub use directory::{DirectoryGroup, Employment, Expires, Member, Person, StatedEmployment};
pub use duplicate_json_keys::OnceEach;
pub use effective_members::{Reach, effective_members};
pub use expectation::{Asked, Concerns, Expectation, Refusal};
pub use expected_file::{ExpectedFile, ExportClock, Exported};
pub use expected_row::{
    ApplicationRow, AssignmentRow, EntitlementRow, IamUserRow, IdleRow, PermissionSetRow, Presence, PrincipalName,
    TrustRow,
};
pub use finding::{Evidence, Finding, Fingerprint, Used};
pub use gap::{Gap, Hides, ListRead, Side, Source, Why};
pub use iam::{
    Credentials, IamAccount, IamGroup, IamPolicy, IamRole, IamUser, ManagedPolicy, PolicyWay, aws_managed_path,
};
pub use id::{AccountId, GroupId, Guid, NameKey, NotAnId, PermissionSetArn, UserId};
pub use identity::{ExternalId, Group, Principal, User, UserStatus};
pub use identity_source::IdentitySource;
pub use index::Ix;
pub use interner::{Interner, TextId};
pub use key_kinds::{KeyKinds, lists_apart};
pub use kind::Kind;
pub use leavers::leavers_without_account;
pub use list_format::ListFormat;
pub use listing::{Absence, Extent, Known, Listing, ListingIndex, Sight};
pub use looked_up::LookedUp;
pub use nesting::{Looks, Nesting};
pub use normalize::{employee_number, folded, full_name, is_placeholder, seen};
pub use organization_names::Estate;
pub use origin::Origin;
pub use partition::{is_region, partition_of};
pub use permission_set::{Boundary, PermissionSet, PermissionSetPolicies, Placement};
pub use policy_cell::{Naming, PolicyCell};
pub use policy_document::{Condition, Effect, Named, PolicyDocument, Principals, Statement, fits};
pub use policy_holder::{PolicyHolder, PolicyHolderKind};
pub use quoted::{excerpt, parser_words, quoted, quoted_excerpt, shortened, unticked};
pub use recognition::{NestingMismatch, Unrecognized};
pub use report::{Changes, Listed, MatchKey, Matched, Matching, Provisioning, Report};
pub use row_ref::RowRef;
pub use rule::{Rule, RuleId};
pub use said_left::SaidLeft;
pub use scope::{Caller, IamScope, Ledger, Scope, Tally};
pub use severity::{Level, Severity};
pub use signature::is_signed_by;
pub use snapshot::{Instance, InstanceKind, Snapshot};
pub use standing::{Because, Judged, Recent, Standing, StandingWord};
pub use store_note::{StoreNote, Unusable};
pub use subject::Subject;
pub use trust::{Trust, TrustConditions, Trusted};
pub use unseen::{Unseen, What};
pub use user_matches::{Alike, Matches, NameForm, NamesApart};
pub use verdict::{Counts, Outcome, Verdict};
pub use waiver::{Accepted, NotAccepted, Waiver, WaiverFault};
pub use waivers_of_leavers::waivers_of_leavers;
pub use watched::{AlsoNamed, Watched};
pub use window::Window;
