//! From the report to the shapes of the format.

use std::collections::BTreeMap;

use crate::model::{
    Caller, Closure, Coverage, ExpectedFile, Finding, Fingerprint, Gap, Hides, InstanceKind, Kind, Listed, Origin,
    ReadExtent, Report, Side, Tally, Unusable,
};
use crate::wording::{self, Became, Change, Names};

use super::VERSION;
use super::schema::{
    Document, JsonChanges, JsonClosed, JsonCoverage, JsonCrossCheck, JsonEvidence, JsonFile, JsonFinding, JsonGap,
    JsonGone, JsonHolder, JsonListed, JsonMatch, JsonNames, JsonPending, JsonRefusal, JsonSide, JsonStoreNote,
    JsonTally, JsonWaiver, Run, Verdict,
};

impl Document {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let world = report.world;
        let by_word = |kinds: &BTreeMap<Kind, usize>| kinds.iter().map(|(kind, count)| (kind.word(), *count)).collect();
        let verdict = &report.verdict;
        Document {
            version: VERSION,
            run: Run::of(report),
            verdict: Verdict {
                headline: wording::headline(report),
                findings: if verdict.open() == 0 { "none" } else { "found" },
                completeness: if verdict.complete() { "complete" } else { "incomplete" },
                open: verdict.open(),
                open_by_severity: verdict.findings.iter().map(|(severity, count)| (severity.word(), *count)).collect(),
                waived: verdict.waived,
                hiding_gaps: verdict.hiding_gaps,
                stated_gaps: verdict.stated_gaps,
                unreviewed_rows: verdict.unreviewed_rows,
                judged: by_word(&verdict.assessed()),
                not_judged: by_word(&verdict.unlisted()),
                coverage: verdict.coverage.iter().map(|(kind, one)| JsonCoverage::of(*kind, one)).collect(),
                switched_off: verdict.switched_off.iter().map(|rule| rule.0).collect(),
                notices: wording::notices(report),
            },
            counts: (report.counts.iter())
                .map(|(kind, standings)| {
                    let words = standings.iter().map(|(word, count)| (wording::standing_word(*word), *count));
                    (kind.word(), words.collect())
                })
                .collect(),
            findings: report.findings.iter().map(|finding| JsonFinding::of(report, finding)).collect(),
            gaps: report.gaps.iter().map(|gap| JsonGap::of(gap)).collect(),
            changes: report.earlier().map(|_| JsonChanges::of(report)),
            files: (0..)
                .zip(&world.expectation.files)
                .map(|(number, file)| JsonFile::of(report, number, file))
                .collect(),
            refused: (world.expectation.refused.iter())
                .map(|refusal| JsonRefusal {
                    row: wording::row(&world.expectation, refusal.row),
                    reason: refusal.reason.clone(),
                })
                .collect(),
            matching: matching(report),
            cross_checks: (world.snapshot.cross_checked.iter())
                .map(|checked| JsonCrossCheck {
                    kind: checked.kind.word(),
                    first: checked.first,
                    second: checked.second,
                    about: checked.about.word(),
                    there_are: checked.there_are,
                    answered: checked.answered,
                    differing: checked.differing,
                    contradictions: checked.contradictions.len(),
                    line: wording::cross_check(report, checked),
                })
                .collect(),
            harmless: (report.harmless.iter())
                .map(|holder| JsonHolder {
                    kind: holder.kind.word(),
                    account_id: holder.account_id.map(|account| account.to_string()),
                    name: holder.name.clone(),
                })
                .collect(),
            pending: (report.pending.iter())
                .map(|(fingerprint, since)| JsonPending { fingerprint: fingerprint.to_string(), since: *since })
                .collect(),
            closed: report.closed.iter().map(JsonClosed::of).collect(),
            ledger: (world.snapshot.ledger.iter())
                .map(|(operation, tally)| (operation.clone(), JsonTally::of(tally)))
                .collect(),
        }
    }
}

impl JsonCoverage {
    fn of(kind: Kind, coverage: &Coverage) -> Self {
        let accounts =
            if let ReadExtent::Accounts { read, known } = coverage.read { Some((read, known)) } else { None };
        JsonCoverage {
            kind: kind.word(),
            number: coverage.number,
            unlisted: coverage.unlisted,
            listed: coverage.listed,
            listed_in_full: coverage.listed_in_full,
            read: coverage.read.word(),
            accounts_read: accounts.map(|(read, _)| read),
            accounts_known: accounts.and_then(|(_, known)| known),
            assessed: coverage.is_assessed(),
        }
    }
}

impl JsonTally {
    fn of(tally: &Tally) -> Self {
        let Tally { calls, pages, items, denied, failed, throttled, retried, window } = *tally;
        let (first, last) = (window.map(|window| window.from), window.map(|window| window.to));
        JsonTally { calls, pages, items, denied, failed, throttled, retried, first, last }
    }
}

impl Run {
    fn of(report: &Report<'_>) -> Self {
        let (snapshot, stamp) = (&report.world.snapshot, &report.world.stamp);
        Run {
            run_id: stamp.run_id.clone(),
            as_of: stamp.as_of,
            facts_from: stamp.origin.map(Origin::word),
            job: stamp.job.clone(),
            rollcall: stamp.version.clone(),
            organization: stamp.organization.clone(),
            collected_from: snapshot.window.map(|window| window.from),
            collected_to: snapshot.window.map(|window| window.to),
            caller_arn: snapshot.caller.as_ref().map(|caller| caller.arn.clone()),
            partition: snapshot.caller.as_ref().and_then(Caller::partition).map(str::to_owned),
            region: snapshot.scope.region.clone(),
            instance_arn: snapshot.instance.is().map(|instance| instance.arn.clone()),
            instance_kind: snapshot.instance.is().and_then(|instance| instance.kind).map(InstanceKind::word),
            instance_owner: snapshot.instance.is().and_then(|instance| instance.owner).map(|owner| owner.to_string()),
            instance_status: snapshot.instance.is().and_then(|instance| instance.status.clone()),
            redirected_to: snapshot.redirected_to.clone(),
            excluded_accounts: (snapshot.scope.excluded.iter())
                .map(|(account, reason)| (account.to_string(), reason.clone()))
                .collect(),
            earlier_run_id: report.earlier().map(|earlier| earlier.run_id.clone()),
            earlier_manifest_sha256: report.earlier().map(|earlier| earlier.manifest_sha256.clone()),
            store_notes: (report.world.store_notes.iter())
                .map(|note| {
                    let (object, why) = note.object();
                    JsonStoreNote { kind: note.word(), object: object.to_owned(), why: why.map(Unusable::word) }
                })
                .collect(),
        }
    }
}

impl JsonFinding {
    fn of(report: &Report<'_>, finding: &Finding) -> Self {
        let world = report.world;
        let waiver = finding.waiver.map(|waiver| &world.expectation.waivers[waiver.number()]);
        JsonFinding {
            fingerprint: finding.fingerprint.to_string(),
            rule: finding.rule.0,
            severity: finding.severity,
            state: if waiver.is_some() { "waived" } else { "open" },
            title: wording::title(report, finding),
            subject: JsonNames::of(wording::names(world, finding.subject)),
            list_row: wording::row_of(report, finding).map(|row| wording::row(&world.expectation, row)),
            evidence: (finding.evidence.iter())
                .map(|evidence| JsonEvidence {
                    text: wording::evidence(world, evidence),
                    holds: evidence.held().map(|subject| JsonNames::of(wording::names(world, subject))),
                    said_current: evidence
                        .said_current()
                        .map(|row| world.expectation.files[row.file.number()].name.clone()),
                    said_left: evidence.left_before().cloned(),
                    owner: evidence.owner().map(str::to_owned),
                })
                .collect(),
            holds: wording::consequences(finding),
            advice: wording::advice(report, finding),
            first_seen: finding.first_seen,
            content_sha256: world.snapshot.content_digest(finding.subject),
            waiver: waiver.map(|waiver| JsonWaiver {
                row: wording::row(&world.expectation, waiver.row),
                reason: waiver.reason.clone(),
                approved_by: waiver.approved_by.clone(),
                expires: waiver.expires.to_string(),
                accepted_on: waiver.accepted.as_ref().map(|accepted| accepted.on.to_string()),
            }),
        }
    }
}

impl JsonNames {
    fn of(names: Names) -> Self {
        JsonNames {
            subject: names.subject,
            principal_type: names.principal_type,
            principal: names.principal,
            group: names.group,
            permission_set: names.permission_set,
            application: names.application,
            role: names.role,
            policy: names.policy,
            trusted: names.trusted,
            account_id: names.account_id.map(|id| id.to_string()),
            account_name: names.account_name,
            list: names.list,
        }
    }
}

impl JsonGap {
    fn of(gap: &Gap) -> Self {
        JsonGap {
            side: match gap.side {
                Side::Aws => JsonSide::Aws,
                Side::Expected => JsonSide::Expected,
            },
            source: gap.source.clone(),
            account_id: gap.account.map(|account| account.to_string()),
            what: gap.unseen.what.word(),
            object: gap.unseen.object.clone(),
            unseen: wording::unseen_in_file(&gap.unseen),
            why: gap.why.word(),
            reason: wording::gap_reason(&gap.why),
            hides_access: gap.hides == Hides::Grants,
            advice: wording::gap_advice(gap),
            key: gap.key(),
            line: wording::gap_line(gap),
        }
    }
}

impl JsonChanges {
    fn of(report: &Report<'_>) -> Self {
        let all = wording::changes(report);
        let of = |what: Became| all.iter().filter(move |change| change.what == what);
        let gone = |what: Became| of(what).map(JsonGone::of).collect();
        let here = |these: &[Fingerprint]| these.iter().map(ToString::to_string).collect();
        let listed = report.changes.listed.iter().zip(of(Became::NowListed));
        JsonChanges {
            new: here(&report.changes.new),
            still_open: here(&report.changes.still_open),
            resolved: gone(Became::Resolved),
            now_listed: listed.map(|((_, listed), change)| JsonListed::of(report, listed, change)).collect(),
            no_longer_listed: gone(Became::NoLongerListed),
            part_of_another: gone(Became::PartOfAnother),
            accepted: gone(Became::Accepted),
            out_of_sight: gone(Became::OutOfSight),
            back: gone(Became::Back),
        }
    }
}

impl JsonClosed {
    fn of((fingerprint, closure): (&Fingerprint, &Closure)) -> Self {
        let Closure { plan, changes, at, by } = closure.clone();
        JsonClosed { fingerprint: fingerprint.to_string(), plan, changes, at, by }
    }
}

impl JsonGone {
    fn of(change: &Change) -> Self {
        JsonGone {
            fingerprint: change.fingerprint.to_string(),
            title: change.title.clone(),
            cause: change.cause.clone(),
        }
    }
}

impl JsonListed {
    fn of(report: &Report<'_>, listed: &Listed, change: &Change) -> Self {
        let expectation = &report.world.expectation;
        JsonListed {
            fingerprint: change.fingerprint.to_string(),
            title: change.title.clone(),
            row: wording::row(expectation, listed.row),
            reviewed_by: report.reviewer_of(listed.row).map(str::to_owned),
            further_rows: listed.further.iter().map(|row| wording::row(expectation, *row)).collect(),
            list_unchanged: listed.changed_instead.is_some(),
            cause: change.cause.clone().unwrap_or_default(),
        }
    }
}

impl JsonFile {
    fn of(report: &Report<'_>, number: usize, file: &ExpectedFile) -> Self {
        let self_reviewed = report.self_reviewed.iter().filter(|row| row.file.number() == number).count();
        JsonFile {
            name: file.name.clone(),
            format: wording::list_format(file.format).to_owned(),
            encoding: file.encoding.clone(),
            sha256: file.sha256.clone(),
            rows_read: file.rows_read,
            rows_used: file.rows_used,
            rows_refused: file.rows_refused,
            rows_unreviewed: file.rows_unreviewed + u32::try_from(self_reviewed).unwrap_or(u32::MAX),
            exported_at: file.exported.map(|exported| exported.at),
            exported_known_by: file.exported.map(|exported| wording::clock_words(exported.known_by)),
            notes: file.notes.clone(),
            set_aside_for: file.set_aside.clone(),
        }
    }
}

fn matching(report: &Report<'_>) -> Vec<JsonMatch> {
    let world = report.world;
    (world.snapshot.users.positions().zip(&report.matching.people))
        .filter_map(|((_, user), matched)| Some((user, matched.as_ref()?)))
        .map(|(user, matched)| JsonMatch {
            user_name: user.user_name.clone(),
            person: wording::row(&world.expectation, world.expectation.people[matched.with].row),
            by: wording::match_key(matched.by),
        })
        .collect()
}
