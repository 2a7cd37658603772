//! Lines that both people and machines get, each no longer than a line may be.

use super::news::News;
use super::owed::OwedListed;
use crate::wording::{self, Became, Change, GapGroup};

/// Characters of a title or of a gap: AWS's own words may have any length.
const LONGEST_LINE: usize = 1_000;

/// Findings of earlier runs that a row of a list expects by now.
pub(super) fn now_listed(news: &News<'_>) -> impl Iterator<Item = Change> {
    let listed = wording::changes(news.report).into_iter().filter(|change| change.what == Became::NowListed);
    let listed = news.owed_listed.iter().map(OwedListed::change).chain(listed);
    listed.map(|change| Change { title: clipped(change.title), cause: change.cause.map(clipped), ..change })
}

pub(super) fn gap_line(gap: &GapGroup<'_>) -> String {
    clipped(gap.line(Some(wording::EVERY_GAP)))
}

/// A line that is no longer than one may be.
pub(super) fn clipped(line: String) -> String {
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
