//! What goes wrong: every trouble that a reader of AWS has to bear, where, when and how often.

use std::fmt;
use std::time::Duration;

use crate::call::Call;
use crate::world::{Instance, MANAGEMENT, STORE, World};

macro_rules! troubles {
    ($($(#[$doc:meta])+ $trouble:ident $word:literal;)+) => {
        /// Something that goes wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Trouble {
            $($(#[$doc])+ $trouble,)+
        }

        impl Trouble {
            /// All of them, so that a test can bear each.
            pub const ALL: &[Trouble] = &[$(Trouble::$trouble),+];

            /// Its name on the command line: `short-pages`.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Trouble::$trouble => $word,)+
                }
            }
        }
    };
}

troubles! {
    /// Pages hold fewer entries than were asked for.
    ShortPages "short-pages";
    /// Before each page comes an empty one with a token.
    EmptyPages "empty-pages";
    /// Every page gives the same token.
    RepeatedToken "repeated-token";
    /// Two tokens follow each other for ever.
    LoopingTokens "looping-tokens";
    /// The service does not know its own tokens.
    ForgottenTokens "forgotten-tokens";
    /// Between two pages of a listing a user is added.
    UserAdded "user-added";
    /// Between two pages of a listing the first user is removed, with all memberships.
    UserRemoved "user-removed";
    /// A listing lacks its first entry, and does not say so.
    LeftOut "left-out";
    /// A listing is refused as a whole: "Filter is required".
    Refused "refused";
    /// The caller may not do this.
    Denied "denied";
    /// The credentials expired.
    Expired "expired";
    /// The service asks for patience.
    Throttled "throttled";
    /// The service fails: 500.
    InternalError "internal-error";
    /// The connection is reset instead of an answer.
    Reset "reset";
    /// No answer ever comes, and the connection stays open.
    Hang "hang";
    /// The answer ends half-way.
    Truncated "truncated";
    /// The answer breaks off behind its last whole entry, and its length fits.
    Cut "cut";
    /// Something on the way answers in the service's place: 200, and a message.
    Void "void";
    /// The answer has no body.
    Bodiless "bodiless";
    /// The last page has a token, and that is empty.
    EmptyToken "empty-token";
    /// The answer is about another group, account, … than the one that was asked about.
    Foreign "foreign";
    /// The answer is no JSON, and no XML.
    Malformed "malformed";
    /// The answer takes a quarter of a second.
    Slow "slow";
    /// The credential report is still in the making.
    ReportNotReady "report-not-ready";
    /// The credential report has grown too old, and has to be made again.
    ReportExpired "report-expired";
    /// A status, state or type has a value that no model knows.
    UnknownValue "unknown-value";
    /// Texts that are absent come as `""`.
    EmptyTexts "empty-texts";
    /// The lists of an answer are left out, and so are its other structures.
    Fieldless "fieldless";
    /// The texts of an answer are left out.
    Textless "textless";
    /// An account is suspended: it is listed as such, and its role cannot be assumed.
    Suspended "suspended";
    /// There is no instance of the organization, only one of an account.
    AccountInstanceOnly "account-instance-only";
    /// Permission sets are provisioned and assigned in an account that the organization does not list.
    UnlistedAccount "unlisted-account";
    /// An account has no role to assume.
    NoRole "no-role";
    /// When users and groups have been listed, a user and a group join, and get access.
    JoinedLate "joined-late";
}

/// The account that [`Trouble::UnlistedAccount`] adds.
pub(crate) const UNLISTED: &str = "299999999999";

/// A trouble, and the calls that it befalls.
#[derive(Debug, Clone)]
pub struct Fault {
    trouble: Trouble,
    operation: Option<String>,
    account: Option<String>,
    about: Option<String>,
    after: u64,
    every: u64,
    times: Option<u64>,
    seen: u64,
}

impl Fault {
    /// This trouble in every call that it can befall.
    #[must_use]
    pub fn of(trouble: Trouble) -> Self {
        Fault { trouble, operation: None, account: None, about: None, after: 0, every: 1, times: None, seen: 0 }
    }

    /// Only in calls of this operation (`identitystore:ListUsers`) or service (`identitystore:*`).
    #[must_use]
    pub fn on(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only in calls with credentials of this account; for a trouble of the world itself, the account that it befalls.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// Only in calls that have a parameter with this value: a group's id, a permission set's ARN.
    #[must_use]
    pub fn about(mut self, value: &str) -> Self {
        self.about = Some(value.to_owned());
        self
    }

    /// Not in the first so many of these calls.
    #[must_use]
    pub fn after(mut self, calls: u64) -> Self {
        self.after = calls;
        self
    }

    /// Only in every so manieth of these calls.
    #[must_use]
    pub fn every(mut self, nth: u64) -> Self {
        self.every = nth.max(1);
        self
    }

    /// Only so often.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// What goes wrong.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// The operation or service that it is limited to.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Reads `denied,on=identitystore:ListUsers,account=…,about=…,after=3,every=2,times=1`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split(',');
        let word = words.next().unwrap_or_default();
        let trouble = Trouble::ALL.iter().find(|trouble| trouble.word() == word);
        let mut fault = Fault::of(*trouble.ok_or_else(|| format!("there is no trouble `{word}`"))?);
        for word in words {
            let (name, value) = word.split_once('=').ok_or_else(|| format!("`{word}` has no `=`"))?;
            let number = || value.parse().map_err(|_| format!("`{value}` is no number"));
            fault = match name {
                "on" => fault.on(value),
                "account" => fault.account(value),
                "about" => fault.about(value),
                "after" => fault.after(number()?),
                "every" => fault.every(number()?),
                "times" => fault.times(number()?),
                _ => return Err(format!("there is no `{name}`")),
            };
        }
        Ok(fault)
    }

    /// Whether this call is befallen; counts the calls that could be.
    fn befalls(&mut self, call: &Call) -> bool {
        let operation = self.operation.as_deref().or(self.trouble.only_in());
        let matches = operation.is_none_or(|operation| {
            operation == call.operation() || operation.strip_suffix(":*") == Some(call.service.as_str())
        }) && self.account.as_ref().is_none_or(|account| *account == call.account)
            && self.about.as_ref().is_none_or(|value| call.mentions(value));
        if !matches {
            return false;
        }
        let seen = self.seen;
        self.seen += 1;
        let Some(number) = seen.checked_sub(self.after) else { return false };
        number % self.every == self.every - 1 && self.times.is_none_or(|times| number / self.every < times)
    }

    /// Changes the world where the trouble is one of the world itself.
    fn strike(&self, world: &mut World) {
        let last = world.accounts.last().map_or(MANAGEMENT, |account| account.id.as_str());
        let account = self.account.as_deref().unwrap_or(last).to_owned();
        if self.trouble == Trouble::Suspended {
            "SUSPENDED".clone_into(&mut world.account_mut(&account).state);
        } else if self.trouble == Trouble::NoRole {
            world.account_mut(&account).roles.clear();
        } else if self.trouble == Trouble::AccountInstanceOnly {
            world.no_organization_instance = true;
            world.account_instances.push(Instance {
                arn: "arn:aws:sso:::instance/ssoins-7223000000000002".to_owned(),
                store: STORE.to_owned(),
                owner: account,
                name: "account".to_owned(),
            });
        } else if self.trouble == Trouble::JoinedLate {
            world.join_late(&account);
        } else if self.trouble == Trouble::UnlistedAccount {
            world.add_account(UNLISTED, "unlisted").unlisted = true;
            let first = world.permission_sets.first().map(|set| set.arn.clone());
            let group = world.groups().next().map(|group| group.id.clone());
            if let (Some(set), Some(group)) = (first, group) {
                world.assign(crate::world::Principal::Group(group), &set, UNLISTED);
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.trouble.word())?;
        for (name, text) in [("on", &self.operation), ("account", &self.account), ("about", &self.about)] {
            if let Some(text) = text {
                write!(f, ",{name}={text}")?;
            }
        }
        write!(f, ",after={},every={}", self.after, self.every)?;
        self.times.map_or(Ok(()), |times| write!(f, ",times={times}"))
    }
}

impl Trouble {
    /// The one operation that a trouble is about, where it is.
    fn only_in(self) -> Option<&'static str> {
        match self {
            Trouble::UserAdded | Trouble::UserRemoved => Some("identitystore:ListUsers"),
            Trouble::ReportNotReady | Trouble::ReportExpired => Some("iam:GetCredentialReport"),
            Trouble::ShortPages
            | Trouble::EmptyPages
            | Trouble::RepeatedToken
            | Trouble::LoopingTokens
            | Trouble::ForgottenTokens
            | Trouble::LeftOut
            | Trouble::Refused
            | Trouble::Denied
            | Trouble::Expired
            | Trouble::Throttled
            | Trouble::InternalError
            | Trouble::Reset
            | Trouble::Hang
            | Trouble::Truncated
            | Trouble::Cut
            | Trouble::Void
            | Trouble::Bodiless
            | Trouble::EmptyToken
            | Trouble::Foreign
            | Trouble::Malformed
            | Trouble::Slow
            | Trouble::UnknownValue
            | Trouble::EmptyTexts
            | Trouble::Fieldless
            | Trouble::Textless
            | Trouble::Suspended
            | Trouble::AccountInstanceOnly
            | Trouble::UnlistedAccount
            | Trouble::NoRole
            | Trouble::JoinedLate => None,
        }
    }
}

/// All that goes wrong, and the limit of requests.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub(crate) rate: Option<(f64, u32)>,
    pub(crate) seed: u64,
    /// How long a member role's session lasts, in seconds.
    pub(crate) session: Option<u64>,
    /// How long each answer takes.
    pub(crate) latency: Duration,
    faults: Vec<Fault>,
}

impl Faults {
    /// Nothing goes wrong, and no limit is kept.
    #[must_use]
    pub fn none() -> Self {
        Faults::default()
    }

    /// Keeps a limit for each of Identity Center's services, and for account access manager: so many requests a second,
    /// so many at once. AWS documents 20 a second; how many at once it does not say.
    #[must_use]
    pub fn rate(mut self, per_second: f64, burst: u32) -> Self {
        self.rate = Some((per_second, burst));
        self
    }

    /// The seed of whatever looks random.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets a member role's session expire after so many seconds, not after an hour.
    #[must_use]
    pub fn sessions_last(mut self, seconds: u64) -> Self {
        self.session = Some(seconds);
        self
    }

    /// Lets each answer take so long.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// This fault, too.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Changes the world as far as the troubles are of the world itself.
    pub(crate) fn strike(&self, world: &mut World) {
        for fault in &self.faults {
            fault.strike(world);
        }
    }

    /// The troubles that befall this call.
    pub(crate) fn befalling(&mut self, call: &Call) -> Vec<Trouble> {
        // Each fault counts its calls, so all are asked.
        let befalling = self.faults.iter_mut().filter_map(|fault| fault.befalls(call).then_some(fault.trouble));
        befalling.collect()
    }
}
