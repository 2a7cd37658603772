//! What came of asking by a second way.

use crate::model::{AskedAbout, Contradiction, CrossCheck, CrossChecked, Report, World};

use super::{instant, kind_word, short, thousands};

/// What was compared, and how it ended, for each kind that was.
#[must_use]
pub fn cross_checks(report: &Report<'_>) -> Vec<String> {
    report.world.snapshot.cross_checked.iter().map(|checked| cross_check(report, checked)).collect()
}

/// One of them: `Cross-check of memberships: …, for 130 of 130 users; both ways say the same`.
#[must_use]
pub fn cross_check(report: &Report<'_>, checked: &CrossChecked) -> String {
    let CrossChecked { first, second, about, .. } = checked;
    let kind = kind_word(checked.kind);
    let about = match about {
        AskedAbout::Users => "users",
        AskedAbout::Groups => "groups",
        AskedAbout::UsersAndGroups => "users and groups",
    };
    let asked = format!("{} of {} {about}", thousands(checked.answered as u64), thousands(checked.there_are as u64));
    let chosen = match report.world.snapshot.scope.cross_check {
        CrossCheck::Sample if checked.answered < checked.there_are => ", chosen by the SHA-256 of date and id",
        CrossCheck::None | CrossCheck::Sample | CrossCheck::All => "",
    };
    let ended = match (checked.answered, checked.differing) {
        (0, 0) => "nothing was compared".to_owned(),
        (_, 0) => "both ways agree".to_owned(),
        (_, differing) => {
            format!("{} with differences between the two queries", thousands(differing as u64))
        }
    };
    format!("Cross-check of {kind}: `{second}` against `{first}`, for {asked}{chosen}; {ended}")
}

/// A contradiction, in one sentence.
pub(super) fn contradiction(world: &World, Contradiction { grant, shown, lacking }: &Contradiction) -> String {
    format!(
        "{}: shown by `{}` for {} at {}, not by `{}` for {} at {}",
        short(world, *grant),
        shown.operation,
        short(world, shown.about),
        instant(shown.window.to),
        lacking.operation,
        short(world, lacking.about),
        instant(lacking.window.to)
    )
}
