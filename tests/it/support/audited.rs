//! A story, audited: both halves derived from it, read as the program reads them, and compared.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rollcall::collect::build;
use rollcall::collect::offline::saved_folder;
use rollcall::compare::compare;
use rollcall::expect::{self, InputFile, Records};
use rollcall::model::{AuditPolicy, Earlier, Estate, Finding, Kind, Report, Scope, Stamp, StandingWord, World};
use rollcall::render;
use rollcall::wording;

use crate::story::{AS_OF, File, Story};

/// A world that was made from a story.
pub struct Audited {
    world: World,
}

impl Audited {
    /// The story as it is told.
    pub fn of(story: &Story) -> Self {
        Audited::from(&story.saved_files(), &story.expected_files())
    }

    /// The same, with the pages of AWS in another order: turned round `by` places.
    pub fn with_pages_turned(story: &Story, by: usize) -> Self {
        let (scope, mut pages) = read_pages(&story.saved_files());
        let length = pages.len();
        pages.rotate_left(by % length);
        pages.reverse();
        Audited::judge(&scope, &pages, &read_lists(&story.expected_files()))
    }

    /// These saved files against these lists.
    pub fn from(saved: &[File], lists: &[(String, String)]) -> Self {
        let (scope, pages) = read_pages(saved);
        Audited::judge(&scope, &pages, &read_lists(lists))
    }

    /// These pages against these lists.
    pub fn of_pages(
        scope: &Scope,
        pages: &[rollcall::collect::journal::page::Page],
        lists: &[(String, String)],
    ) -> Self {
        Audited::judge(scope, pages, &read_lists(lists))
    }

    fn judge(scope: &Scope, pages: &[rollcall::collect::journal::page::Page], records: &Records) -> Self {
        let as_of: DateTime<Utc> = AS_OF.parse().expect("an instant");
        let snapshot = build::fold(scope, pages);
        let world = World {
            expectation: expect::fold(records, as_of, Some(&Estate::of(&snapshot))),
            snapshot,
            policy: AuditPolicy::default(),
            earlier: None,
            store_notes: Vec::new(),
            stamp: Stamp {
                run_id: "run-1".to_owned(),
                as_of,
                origin: None,
                job: None,
                version: "0.0.0".to_owned(),
                organization: None,
            },
        };
        Audited { world }
    }

    /// Changes the world before it is compared.
    pub fn with(mut self, change: impl FnOnce(&mut World)) -> Self {
        change(&mut self.world);
        self
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    pub fn report(&self) -> Report<'_> {
        compare(&self.world)
    }

    /// The rules of the open findings, in report order.
    pub fn rules(&self) -> Vec<&'static str> {
        self.report().open().map(|finding| finding.rule.0).collect()
    }

    /// Open findings, one a line: severity, rule, sentence.
    pub fn titles(&self) -> Vec<String> {
        let report = self.report();
        report.open().map(|finding| line(&report, finding)).collect()
    }

    /// How many stand how, of one kind.
    pub fn counts(&self, kind: Kind) -> BTreeMap<StandingWord, usize> {
        self.report().counts[&kind].clone()
    }

    /// What was not seen, one a line.
    pub fn gaps(&self) -> Vec<String> {
        self.report().gaps.iter().map(|gap| wording::gap_line(gap)).collect()
    }
}

/// What a run leaves for the next one of its job, read from its `report.json`.
pub fn left_by(report: &Report<'_>) -> Earlier {
    let mut json = Vec::new();
    render::json(report, &mut json).expect("memory takes every report");
    render::earlier(&json, &"0".repeat(64)).expect("a report can be read back")
}

/// A finding as one line.
pub fn line(report: &Report<'_>, finding: &Finding) -> String {
    format!("{} {}: {}", finding.severity, finding.rule, wording::title(report, finding))
}

pub fn read_pages(saved: &[File]) -> (Scope, Vec<rollcall::collect::journal::page::Page>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in saved {
        std::fs::write(folder.path().join(&file.name), &file.text).expect("a file is written");
    }
    saved_folder::read(folder.path(), Ok).expect("saved output of a story can be read")
}

/// Whether these lists are read at all, and not refused.
pub fn can_be_read(lists: &[(String, String)]) -> bool {
    expect::read(&input(lists), &expect::Options::default()).is_ok()
}

fn read_lists(lists: &[(String, String)]) -> Records {
    expect::read(&input(lists), &expect::Options::default()).expect("lists of a story can be read")
}

fn input(lists: &[(String, String)]) -> Vec<InputFile<'_>> {
    lists.iter().map(|(name, text)| InputFile { name, bytes: text.as_bytes(), modified: None }).collect()
}
