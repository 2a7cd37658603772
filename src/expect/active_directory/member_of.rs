//! The groups of each person or group, where an export has them: distinguished names or plain names, joined in a cell.

use super::distinguished_name::{Dn, split_list};
use crate::expect::csv::spreadsheet_damage::LongCells;
use crate::expect::csv::table::{Row, Table};
use crate::expect::records::directory_records::{Affects, EntryKind, Hole, Membership, Reference, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Unseen, What, quoted_excerpt};

/// The column of groups, where the export has one that says something.
pub(crate) struct MemberOf {
    column: Option<usize>,
    name: String,
    cells: LongCells,
}

impl MemberOf {
    /// Looks at the column.
    pub(crate) fn of(table: &Table, column: Option<usize>, reading: &mut Reading) -> Self {
        let name = column.and_then(|column| table.header.get(column)).cloned().unwrap_or_default();
        let column = known_values(table, column, &What::GroupsOfEachUser.of("MemberOf"), reading);
        if let Some((ranged, _)) = table.keys().find(|(_, key)| key.starts_with("memberof;range=")) {
            reading.holes.push(Hole {
                at: reading.at(table.header_line),
                affects: Affects::GroupNames,
                unseen: What::GroupsInColumn.of(&table.header[ranged]),
                detail: "Active Directory returned only some of them; export groups with their members".to_owned(),
            });
        }
        let cells = LongCells::of(table, column.as_slice());
        MemberOf { column, name, cells }
    }

    pub(crate) fn read(&self, row: &Row<'_>, reading: &mut Reading) {
        let Some(cell) = row.cell(self.column) else { return };
        let at = reading.at(row.line);
        if let Some(detail) = self.cells.cut(cell) {
            let unseen = What::GroupsInCell.of(&self.name).number(row.line as usize);
            reading.holes.push(Hole { at, affects: Affects::GroupNames, unseen, detail });
        }
        for group in split_groups(cell) {
            // A name that ends in a backslash was cut at an escaped comma by a pattern for common names.
            if group.ends_with('\\') {
                reading.holes.push(Hole {
                    at,
                    affects: Affects::GroupNames,
                    unseen: What::GroupInColumn.of(&self.name),
                    detail: format!(
                        "the name {} was cut at a comma; export distinguished names instead",
                        quoted_excerpt(group)
                    ),
                });
                continue;
            }
            let group = group_reference(group);
            reading.memberships.push(Membership { at, group, member: Reference::Row(row.line) });
        }
    }

    /// Says that the file tells of the groups of its people, its groups, or both.
    pub(crate) fn tell(&self, reading: &mut Reading) {
        if self.column.is_none() {
            return;
        }
        let any = |kind: EntryKind| reading.entries.iter().any(|entry| entry.kind == kind);
        let (people, groups) = (any(EntryKind::Person), any(EntryKind::Group));
        reading.tells.extend(
            [(people, Tells::MemberOf), (groups, Tells::NestedIn)]
                .into_iter()
                .filter_map(|(any, tells)| any.then_some(tells)),
        );
        reading.tells.insert(Tells::Groups);
    }
}

/// The column of a list of values, if it says something. PowerShell writes the name of a type in place of a list,
/// whatever the list holds: that is no statement, and what was to be seen is a hole.
pub(crate) fn known_values(
    table: &Table,
    column: Option<usize>,
    unseen: &Unseen,
    reading: &mut Reading,
) -> Option<usize> {
    let Some(row) = table.rows().find(|row| row.cell(column).is_some_and(is_type_name)) else { return column };
    let detail = "PowerShell wrote a type name instead of the values; join the values in the export, as \
                  `expected/README.md` shows";
    reading.holes.push(Hole {
        at: reading.at(row.line),
        affects: Affects::Groups,
        unseen: unseen.clone(),
        detail: detail.to_owned(),
    });
    None
}

/// Whether PowerShell wrote the name of a type in place of what was asked for.
pub(crate) fn is_type_name(cell: &str) -> bool {
    let types =
        ["Microsoft.ActiveDirectory.Management.AD", "System.String[]", "System.Object[]", "System.Collections."];
    types.into_iter().any(|name| cell.starts_with(name))
}

/// A group, as a cell names it.
pub(crate) fn group_reference(group: &str) -> Reference {
    match Dn::parse(group) {
        Some(_) => Reference::Dn(group.into()),
        None => Reference::Name(group.into()),
    }
}

/// The groups in a cell: distinguished names by their own rules, plain names by `;` or `|`.
fn split_groups(cell: &str) -> Vec<&str> {
    let parts = split_list(cell);
    if parts.iter().all(|part| Dn::parse(part).is_some()) {
        return parts;
    }
    cell.split([';', '|', '\n']).map(str::trim).filter(|name| !name.is_empty()).collect()
}
