//! Whether the conditions of a trust narrow whom it lets in, as far as its kind of principal needs that.
//!
//! A condition narrows where it admits only what it names: `StringNotEquals` admits all others, `…IfExists` whoever
//! does not say, `ForAllValues:` whoever says nothing, and `*` everybody.
//!
//! Sources: IAM User Guide, "Available keys for AWS OIDC federation" and "Multivalued context keys"; GitHub, "OpenID
//! Connect reference"; GitLab, "ID token authentication"; HashiCorp, "Workload identity tokens"; Amazon Cognito, "IAM
//! roles" (trust policies of identity pools).

use super::trust_issuers::{self, AUDIENCE_TELLS, COGNITO};
use crate::model::{AccountId, Condition, Trust, TrustConditions, Trusted, fits};

/// Keys of AWS by which a condition on anyone in AWS says who, from where, or who knows a secret.
const OF_ANYONE: [&str; 17] = [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:userid",
    "sts:ExternalId",
];

/// Keys by which a condition on a whole account says which of its principals, from where, or that they know a secret.
/// What is true of every principal of an account (its id, its organization) says nothing, and neither does how they
/// signed in. A tag of the principal does besides.
const WITHIN_ACCOUNT: [&str; 15] = [
    "aws:FederatedProvider",
    "aws:PrincipalArn",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:userid",
    "sts:ExternalId",
];

/// Keys that say nothing of who calls, or only what the caller chooses.
const SAYS_NOTHING: [&str; 8] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
];

/// Whether everyone there is trusted: anyone in AWS, or anyone whom a shared issuer gives a token.
pub(super) fn admit_everyone(trust: &Trust) -> bool {
    trust.terms.iter().any(|terms| match &trust.trusted {
        Trusted::Anyone => !terms.iter().any(names_anyone),
        Trusted::Oidc(issuer) if is(issuer, COGNITO) => {
            !terms.iter().any(|condition| tells_whose(issuer, condition)) || terms.iter().any(lets_guests_in)
        }
        Trusted::Oidc(issuer) => {
            trust_issuers::words(issuer).is_some() && !terms.iter().any(|condition| tells_whose(issuer, condition))
        }
        Trusted::Organization(_) | Trusted::Account(..) | Trusted::Saml(_) | Trusted::Service(_) | Trusted::Gone(_) => {
            false
        }
    })
}

/// Whether each statement of a trust has the conditions that its kind of principal needs. A whole account needs one,
/// because whoever asks for its service can make it call (the confused deputy); one principal of it does not.
pub(super) fn are_enough(trust: &Trust) -> bool {
    trust.terms.iter().all(|terms| {
        let any = |narrows: &dyn Fn(&Condition) -> bool| terms.iter().any(narrows);
        match &trust.trusted {
            Trusted::Anyone => any(&names_anyone),
            Trusted::Account(account, None) => any(&|condition| names_within(*account, condition)),
            Trusted::Saml(_) => any(&|condition| says_something(condition) && begins(&condition.key, "saml:")),
            Trusted::Oidc(issuer) if is(issuer, COGNITO) => {
                let signed_in =
                    |condition: &Condition| is_claim(condition, COGNITO, "amr") && !lets_guests_in(condition);
                any(&|condition| tells_whose(issuer, condition))
                    && any(&|condition| admits(condition) && signed_in(condition))
            }
            Trusted::Oidc(issuer) if is_cluster(issuer) => any(&|condition| names_namespace(issuer, condition)),
            Trusted::Oidc(issuer) if trust_issuers::is_of_one_customer(issuer) => any(&says_something),
            // Of an issuer that is not known, nobody knows that it has one customer only.
            Trusted::Oidc(issuer) => any(&|condition| tells_whose(issuer, condition) && !is_audience(condition)),
            Trusted::Account(_, Some(_)) | Trusted::Organization(_) | Trusted::Service(_) | Trusted::Gone(_) => true,
        }
    })
}

/// Whether the conditions of a trust are those that a row accepts.
pub(super) fn are_as_listed(trust: &Trust, listed: &TrustConditions) -> bool {
    match listed {
        TrustConditions::Unsaid => are_enough(trust),
        TrustConditions::Any => true,
        TrustConditions::Digest(digest) => *digest == trust.digest(),
        TrustConditions::Of(patterns) => trust.terms.iter().all(|terms| {
            patterns.iter().all(|(key, _)| {
                let of_key: Vec<&str> =
                    patterns.iter().filter(|(other, _)| other == key).map(|(_, value)| value.as_str()).collect();
                terms.iter().any(|condition| is_key(condition, key) && is_within(condition, &of_key))
            })
        }),
    }
}

/// What the cell `conditions` of a row has to say to accept a trust as it is: its conditions where they can be written
/// there, else its digest.
pub(super) fn cell(trust: &Trust) -> String {
    let [terms] = trust.terms.as_slice() else { return trust.digest() };
    if terms.is_empty() {
        return "none".to_owned();
    }
    let pairs = terms.iter().flat_map(|one| one.values.iter().map(|value| (one.key.clone(), value.clone())));
    let pairs: Vec<(String, String)> = pairs.collect();
    let is_writable = |(key, value): &(String, String)| {
        let holds = |text: &str| text.trim() == text && !text.is_empty() && !text.contains([';', '\n', '\r']);
        holds(key) && holds(value) && !key.contains(['=', ' '])
    };
    let text = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(";");
    let writable = pairs.iter().all(is_writable);
    if writable && are_as_listed(trust, &TrustConditions::Of(pairs)) { text } else { trust.digest() }
}

/// Whether a row's key means a condition's: it is the key, or the last word of it (`sub`).
fn is_key(condition: &Condition, key: &str) -> bool {
    let last = condition.key.rsplit(':').next().unwrap_or(&condition.key);
    condition.key.eq_ignore_ascii_case(key) || last.eq_ignore_ascii_case(key)
}

/// Whether a condition admits only values that one of the patterns fits.
fn is_within(condition: &Condition, patterns: &[&str]) -> bool {
    let fitting = |value: &String| patterns.iter().any(|pattern| fits(pattern, value) && !is_wider(pattern, value));
    admits_only_named(condition) && condition.values.iter().all(fitting)
}

/// A `?` of the row would take a star of the trust policy for one letter.
fn is_wider(pattern: &str, value: &str) -> bool {
    pattern.contains('?') && value.contains('*') && pattern != value
}

/// Whether a condition of a trust says who of the world is meant.
fn tells_whose(issuer: &str, condition: &Condition) -> bool {
    if !admits(condition) || !begins(&condition.key, issuer) {
        return false;
    }
    let claim = condition.key.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    let whole = || condition.values.iter().all(|value| !has_wildcard(condition, value));
    match claim.as_str() {
        "aud" | "app_id" => AUDIENCE_TELLS.iter().any(|known| is(issuer, known)) && whole(),
        "sub" => condition.values.iter().all(|value| names_customer(issuer, condition, value)),
        _ => {
            let words = trust_issuers::words(issuer);
            let names_them = words.is_some_and(|words| words.contains(&claim.as_str()) || claim == "enterprise_id");
            names_them && condition.values.iter().all(|value| has_whole_segment(condition, value))
        }
    }
}

/// Whether a condition is on whom a token is for, which whoever asks for one may choose.
fn is_audience(condition: &Condition) -> bool {
    let claim = condition.key.rsplit(':').next().unwrap_or_default();
    ["aud", "oaud", "app_id"].iter().any(|audience| claim.eq_ignore_ascii_case(audience))
}

/// Whether a subject names the customer: `repo:acme/…`, and not `repo:*` or `repo:ac*`.
fn names_customer(issuer: &str, condition: &Condition, subject: &str) -> bool {
    let words = trust_issuers::words(issuer).filter(|words| !words.is_empty());
    match (words, subject.split_once([':', '/'])) {
        // Of what sort its first word is nobody knows, so another one has to be there.
        (None, Some((word, rest))) => has_whole_segment(condition, word) && has_whole_segment(condition, rest),
        (None, None) => !has_wildcard(condition, subject),
        (Some(_), Some((word, rest))) if *issuer == *"vstoken.dev.azure.com" => {
            word == "sc" && has_whole_segment(condition, rest)
        }
        (Some(words), Some((word, rest))) => words.contains(&word) && has_whole_segment(condition, rest),
        (Some(_), None) => false,
    }
}

/// Whether the first name in a value is there to its end: no wildcard stands before the first separator, and a value
/// without a separator has none.
fn has_whole_segment(condition: &Condition, value: &str) -> bool {
    if !is_pattern(condition) {
        return !value.is_empty();
    }
    let literal = value.split(['*', '?']).next().unwrap_or_default();
    let end = literal.find(['/', ':']).unwrap_or(literal.len());
    end > 0 && (end < literal.len() || literal.len() == value.len())
}

/// Whether the subject of a Kubernetes cluster's token names a namespace: `system:serviceaccount:web:*`.
fn names_namespace(issuer: &str, condition: &Condition) -> bool {
    let names = |subject: &String| {
        let rest = subject.strip_prefix("system:serviceaccount:");
        rest.is_some_and(|rest| rest.contains(':') && has_whole_segment(condition, rest))
    };
    admits(condition) && is_claim(condition, issuer, "sub") && condition.values.iter().all(names)
}

/// Whether anyone who knows the pool of identities is let in, without signing in.
fn lets_guests_in(condition: &Condition) -> bool {
    let guest = |value: &String| {
        if is_pattern(condition) { fits(value, "unauthenticated") } else { value == "unauthenticated" }
    };
    is_claim(condition, COGNITO, "amr") && condition.values.iter().any(guest)
}

/// Whether a condition on anyone in AWS says who.
fn names_anyone(condition: &Condition) -> bool {
    let of_resource =
        is_key(condition, "aws:ResourceOrgID") && condition.values.iter().all(|one| one.starts_with("${aws:Principal"));
    admits_only_named(condition) && (of_resource || names_by(&OF_ANYONE, condition))
}

/// Whether a condition on a whole account says which of its principals, or from where.
fn names_within(account: AccountId, condition: &Condition) -> bool {
    let is_tag = begins(&condition.key, "aws:PrincipalTag/") && says_something(condition);
    let all_of_it = |value: &String| {
        let partition = value.split(':').nth(1).filter(|partition| !has_wildcard(condition, partition));
        let partition = partition.unwrap_or("aws");
        // A name that no pattern fits but one that fits every name.
        let any = |kind| fits(value, &format!("arn:{partition}:iam::{account}:{kind}/\u{1}"));
        is_pattern(condition) && (any("role") || any("user"))
    };
    let of_all = condition.key.eq_ignore_ascii_case("aws:PrincipalArn") && condition.values.iter().any(all_of_it);
    is_tag || (names_by(&WITHIN_ACCOUNT, condition) && !of_all)
}

/// Whether a condition on one of these keys admits only what it names, and names only few.
fn names_by(keys: &[&str], condition: &Condition) -> bool {
    let key = condition.key.to_ascii_lowercase();
    let narrow = |value: &String| match key.as_str() {
        "aws:principalisawsservice" => value.eq_ignore_ascii_case("true"),
        // Of an ARN the account has to be there.
        "aws:principalarn" | "aws:sourcearn" => {
            value.split(':').nth(4).is_some_and(|account| !account.is_empty() && !account.contains(['*', '?']))
        }
        "aws:principalorgpaths" | "aws:sourceorgpaths" | "aws:vpceorgpaths" => has_whole_segment(condition, value),
        "sts:externalid" | "aws:userid" => !is_anything(condition, value),
        _ => !has_wildcard(condition, value),
    };
    let is_of_network = matches!(key.as_str(), "aws:sourceip" | "aws:vpcsourceip");
    keys.iter().any(|known| known.eq_ignore_ascii_case(&key))
        && admits_only_named(condition)
        && condition.values.iter().all(|value| is_literal(value) && narrow(value))
        && !(is_of_network && are_wide(&condition.values))
}

/// Whether ranges of addresses together are more than a sixty-fourth of all there are.
fn are_wide(ranges: &[String]) -> bool {
    let share = |range: &String| {
        let prefix = range.split_once('/').map(|(_, prefix)| prefix.parse::<i32>().unwrap_or(0));
        0.5_f64.powi(prefix.unwrap_or(i32::MAX))
    };
    ranges.iter().map(share).sum::<f64>() > 1.0 / 64.0
}

/// Whether a value says what it says: a variable is whatever the caller is, but for one of the role itself.
fn is_literal(value: &str) -> bool {
    !value.contains("${") || value.starts_with("${aws:Resource")
}

/// Whether a condition admits only some, whoever these are.
fn says_something(condition: &Condition) -> bool {
    admits(condition) && !SAYS_NOTHING.iter().any(|key| condition.key.eq_ignore_ascii_case(key))
}

/// Whether a condition admits only what it names, and not everything by a star.
fn admits(condition: &Condition) -> bool {
    let says = |value: &String| is_literal(value) && !is_anything(condition, value);
    admits_only_named(condition) && condition.values.iter().all(says)
}

/// Whether a condition admits nothing but what it names, also where the request does not say.
fn admits_only_named(condition: &Condition) -> bool {
    let operator = condition.operator.to_ascii_lowercase();
    let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
    matches!(
        operator,
        "stringequals"
            | "stringequalsignorecase"
            | "stringlike"
            | "arnequals"
            | "arnlike"
            | "ipaddress"
            | "bool"
            | "numericequals"
            | "numericlessthan"
            | "numericlessthanequals"
            | "binaryequals"
    )
}

/// Whether `*` and `?` are wildcards in the values of a condition.
fn is_pattern(condition: &Condition) -> bool {
    let operator = condition.operator.to_ascii_lowercase();
    ["stringlike", "arnlike", "arnequals"].iter().any(|known| operator.ends_with(known))
}

fn has_wildcard(condition: &Condition, value: &str) -> bool {
    is_pattern(condition) && value.contains(['*', '?'])
}

fn is_anything(condition: &Condition, value: &str) -> bool {
    let only_wildcards = value.chars().all(|letter| matches!(letter, '*' | '?'));
    (is_pattern(condition) && only_wildcards) || matches!(value, "0.0.0.0/0" | "::/0")
}

/// Whether a condition is on this claim of an issuer's tokens.
fn is_claim(condition: &Condition, issuer: &str, claim: &str) -> bool {
    condition.key.to_ascii_lowercase() == format!("{}:{claim}", issuer.to_ascii_lowercase())
}

fn is(issuer: &str, known: &str) -> bool {
    issuer.trim_end_matches('/').eq_ignore_ascii_case(known)
}

/// The issuer of a Kubernetes cluster: `oidc.eks.eu-west-1.amazonaws.com/id/…`.
fn is_cluster(issuer: &str) -> bool {
    issuer.starts_with("oidc.eks.") || issuer.starts_with("oidc-eks.")
}

fn begins(key: &str, with: &str) -> bool {
    key.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with))
}
