//! A finding in sentences: who, what and where; what was seen; what follows from it; what to do.

use std::collections::BTreeMap;

use crate::model::{Employment, Evidence, Finding, Kind, Report, Subject, World, exact_span};

use super::{
    Names, account, count, evidence, gone_lists, hours, kind_counted, list, names, recognition, short, thousands,
    visible,
};

/// Who, what and where, in one sentence: the title that its rule gives it, with the names that it is about.
#[must_use]
pub fn title(report: &Report<'_>, finding: &Finding) -> String {
    let slots = Slots { world: report.world, finding, names: names(report.world, finding.subject) };
    let mut parts = finding.title.split('{');
    let mut title = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (slot, rest) = part.split_once('}').expect("a slot of a title is closed");
        title += &slots.fill(slot);
        title += rest;
    }
    title
}

/// What the slots of a title stand for.
struct Slots<'a> {
    world: &'a World,
    finding: &'a Finding,
    names: Names,
}

impl Slots<'_> {
    fn fill(&self, slot: &str) -> String {
        let quoted = |name: &Option<String>| format!("`{}`", visible(name.as_deref().unwrap_or("?")));
        let names = &self.names;
        match slot {
            "who" => quoted(&names.principal),
            "Holder" => holder(names),
            "holder" if names.principal.is_none() => format!("permission set {}", quoted(&names.permission_set)),
            "holder" => lower(&holder(names)),
            "group" => quoted(&names.group),
            "set" => quoted(&names.permission_set),
            "application" => quoted(&names.application),
            "role" => quoted(&names.role),
            "policy" => quoted(&names.policy),
            "trusted" => quoted(&names.trusted),
            "list" => quoted(&names.list),
            "place" => place(names),
            "subject" => short(self.world, self.finding.subject),
            "waiver" | "expires" => self.of_waiver(slot),
            _ => self.of_evidence(slot),
        }
    }

    fn of_waiver(&self, slot: &str) -> String {
        let Subject::Waiver(waiver) = self.finding.subject else { unreachable!("only a waiver has `{slot}`") };
        let waiver = &self.world.expectation.waivers[waiver.number()];
        let whom = waiver.principal.as_ref().map(|name| format!(" for `{}`", visible(name))).unwrap_or_default();
        if slot == "expires" { waiver.expires.to_string() } else { format!("`{}`{whom}", visible(&waiver.rule)) }
    }

    fn of_evidence(&self, slot: &str) -> String {
        let number = |counts: fn(&Evidence) -> bool| self.finding.evidence.iter().filter(|piece| counts(piece)).count();
        match slot {
            "accounts" => count(number(|piece| matches!(piece, Evidence::Holds(_))), "account"),
            "outdated" => count(number(|piece| matches!(piece, Evidence::OlderVersionIn(_))), "account"),
            "idle" => count(number(|piece| matches!(piece, Evidence::LastUsed(..))), "account"),
            "contradicted" => count(number(|piece| matches!(piece, Evidence::Contradicted(_))), "grant"),
            "ended" if number(|piece| matches!(piece, Evidence::Employment(Employment::Expired))) > 0 => {
                "has an expired account".to_owned()
            }
            "ended" => "has left".to_owned(),
            "whom" if number(|piece| matches!(piece, Evidence::TrustsEveryone)) > 0 => "everyone".to_owned(),
            "whom" => "an external principal".to_owned(),
            "age" => self.age_of_list(),
            "allowed" => hours(usize::try_from(self.world.policy.max_list_age.num_hours()).unwrap_or(0)),
            "gone" | "gone rows" | "then" | "kinds" => {
                let said = self.finding.evidence.iter().find_map(|piece| gone_lists::slot(slot, piece));
                said.unwrap_or_else(|| "?".to_owned())
            }
            _ => self.finding.evidence.iter().find_map(|piece| of_piece(slot, piece)).unwrap_or_else(|| "?".to_owned()),
        }
    }

    /// The age of a list, not rounded where it would read as long as what is allowed.
    fn age_of_list(&self) -> String {
        let exported = self
            .finding
            .evidence
            .iter()
            .find_map(|piece| if let Evidence::ExportedAt(at, age) = piece { Some((*at, *age)) } else { None });
        let Some((at, age)) = exported else { return "?".to_owned() };
        let hours = hours(usize::try_from(age).unwrap_or(0));
        if hours == self.fill("allowed") { exact_span(self.world.stamp.as_of - at) } else { hours }
    }
}

/// What one piece of evidence says for a slot.
fn of_piece(slot: &str, piece: &Evidence) -> Option<String> {
    let said = match (slot, piece) {
        ("missing", Evidence::NoSuchAccount) => "the organization has no such account".to_owned(),
        ("missing", Evidence::NoSuchPermissionSet) => "this permission set does not exist".to_owned(),
        ("missing", Evidence::NoSuchApplication) => "Identity Center has no such application".to_owned(),
        ("missing", Evidence::NoSuchPrincipal) => "Identity Center has no such principal".to_owned(),
        ("rows", Evidence::Shrunk { rows, .. }) => count(*rows as usize, "row"),
        ("before", Evidence::Shrunk { before, .. }) => thousands(u64::from(*before)),
        ("matches", Evidence::Matches(matches)) => recognition::matches(*matches),
        ("nesting", Evidence::Looks(looks)) => recognition::looks_title(*looks),
        _ => return None,
    };
    Some(said)
}

/// The principal with what it is, fit to begin a sentence.
pub(super) fn holder(names: &Names) -> String {
    let who = visible(names.principal.as_deref().unwrap_or("?"));
    match names.principal_type {
        Some("group") => format!("Group `{who}`"),
        Some("everyone") => "Everyone".to_owned(),
        Some(_) | None => format!("User `{who}`"),
    }
}

/// The same within a sentence.
pub(super) fn lower(holder: &str) -> String {
    let mut letters = holder.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

pub(super) fn place(names: &Names) -> String {
    names.account_id.map(|id| account(id, names.account_name.as_deref())).unwrap_or_default()
}

/// What the subject holds, or what it lacks because it is not there, as counts: `Holds 6 memberships and 40
/// assignments`. `None` where nothing is known to follow.
#[must_use]
pub fn consequences(finding: &Finding) -> Option<String> {
    let mut held: BTreeMap<Kind, usize> = BTreeMap::new();
    for evidence in &finding.evidence {
        if let Evidence::Holds(subject) = evidence
            && let Some(kind) = subject.kind()
        {
            *held.entry(kind).or_default() += 1;
        }
    }
    let parts: Vec<String> = held.into_iter().map(|(kind, number)| kind_counted(kind, number)).collect();
    let verb = if finding.subject.is_due() { "Lacks" } else { "Holds" };
    (!parts.is_empty()).then(|| format!("{verb} {}", list(&parts)))
}

/// What gives a finding its weight: that its subject is or may be administrative, and what it holds or lacks.
#[must_use]
pub fn weight(report: &Report<'_>, finding: &Finding) -> Vec<String> {
    let administrative = finding.evidence.iter().filter(|piece| {
        matches!(
            piece,
            Evidence::Administrative(_) | Evidence::PerhapsAdministrative(_) | Evidence::BecameAdministrative(_)
        )
    });
    administrative.map(|piece| evidence(report.world, piece)).chain(consequences(finding)).collect()
}

/// What to do about it, and where.
#[must_use]
pub fn advice(report: &Report<'_>, finding: &Finding) -> &'static str {
    report.rule(finding.rule).advice
}
