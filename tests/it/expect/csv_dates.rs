//! Dates in the culture of whoever exported (cases 29 and 30 of the specification of directory exports).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rollcall::expect::Records;

use crate::support::lists::{culture, expired, folded, list, list_with, refusal_with, sample};

/// When each account expires, for those that do.
fn expiries(records: &Records) -> Vec<(String, DateTime<Utc>)> {
    let known = records.entries.iter().filter_map(|entry| Some((entry.sam.clone().unwrap(), entry.expires?)));
    known.collect()
}

/// An export with one date, and one more that may show in which order dates are written.
fn export(date: &str, other: &str) -> Vec<u8> {
    format!("SamAccountName,Enabled,AccountExpirationDate,whenCreated\na,True,\"{date}\",{other}\n").into_bytes()
}

fn detail(records: &Records) -> String {
    assert_eq!(records.holes.len(), 1, "{:?}", records.holes);
    assert!(records.entries.iter().all(|entry| entry.expires.is_none()), "what is not understood says nothing");
    records.holes[0].detail.clone()
}

/// Case 29.
#[test]
fn exports_of_every_culture_give_the_same_instants() {
    let american = sample("csv-powershell/ps51_select_memberof-join-semicolon_en-US_utf8bom.csv");
    let truth = expiries(&list("users.csv", &american));
    assert_eq!(truth.len(), 3);
    // Midnight by the reading of whoever exported is over everywhere twelve hours after midnight in UTC.
    assert_eq!(truth[0], ("eexpired".to_owned(), "2020-01-01T12:00:00Z".parse().unwrap()));
    let swedish = String::from_utf8(sample("csv-powershell/ps51_select_useculture_ja-JP_utf8bom.csv")).unwrap();
    let swedish = swedish.replace("2020/01/01 0:", "2020-01-01 00:").replace("2100/01/01 0:", "2100-01-01 00:");
    let variants = [
        ("en-US", american),
        ("en-GB", sample("csv-powershell/ps51_select_useculture_en-GB_utf8bom.csv")),
        ("de-DE", sample("csv-powershell/ps51_select_useculture_de-DE_utf8bom.csv")),
        ("ja-JP", sample("csv-powershell/ps51_select_useculture_ja-JP_utf8bom.csv")),
        ("sv-SE", swedish.into_bytes()),
    ];
    for (name, bytes) in variants {
        assert_eq!(expiries(&list("users.csv", &bytes)), truth, "{name}, found out");
        let told = list_with("users.csv", &bytes, &culture(name));
        assert_eq!(expiries(&told), truth, "{name}, told");
        // Whoever is disabled too has left, and does not count as expired.
        assert_eq!(expired(&folded(&told)), BTreeSet::from(["eexpired".to_owned()]), "{name}");
    }
}

/// Case 29.
#[test]
fn a_date_that_may_be_two_days_is_not_interpreted_until_the_culture_is_told() {
    let either = export("03/04/2026", "05/06/2026");
    assert!(detail(&list("users.csv", &either)).contains("it is unclear which number is the day"));
    let on = |name: &str| expiries(&list_with("users.csv", &either, &culture(name)))[0].1.to_string();
    assert_eq!(on("en-US"), "2026-03-04 12:00:00 UTC");
    assert_eq!(on("en-GB"), "2026-04-03 12:00:00 UTC");
}

#[test]
fn any_date_of_the_export_may_show_the_order_of_all() {
    let on = |other: &str| expiries(&list("users.csv", &export("03/04/2026", other)))[0].1.to_string();
    assert_eq!(on("12/31/2025"), "2026-03-04 12:00:00 UTC");
    assert_eq!(on("31/12/2025"), "2026-04-03 12:00:00 UTC");
    let stops = list("users.csv", &export("03.04.2026", ""));
    assert_eq!(expiries(&stops)[0].1.to_string(), "2026-04-03 12:00:00 UTC");
}

#[test]
fn dates_in_both_orders_are_not_interpreted_and_those_of_another_culture_than_told_are_refused() {
    let mixed = export("12/31/2025", "31/12/2025");
    assert!(detail(&list("users.csv", &mixed)).contains("day and month are in both orders"));
    let refused = refusal_with("users.csv", &export("03/04/2026", "12/31/2025"), &culture("de-DE"));
    assert!(refused.contains("do not follow the culture `de-DE`"), "{refused}");
}

/// Case 30.
#[test]
fn newer_windows_writes_a_narrow_blank_before_the_half_of_the_day() {
    let records = list("users.csv", &export("5/13/2024 3:06:40\u{202f}PM", ""));
    assert_eq!(expiries(&records)[0].1.to_string(), "2024-05-14 03:06:40 UTC");
}

/// Case 30.
#[test]
fn years_of_other_calendars_are_not_interpreted() {
    for date in ["20/11/2569", "20/04/1448", "20/11/26", "20/11", "soon", "31/02/2026", "20/11/2026 25:00:00"] {
        let detail = detail(&list_with("users.csv", &export(date, ""), &culture("en-GB")));
        assert!(detail.contains(&format!("`{date}` is not a Gregorian date")), "{detail}");
    }
}

#[test]
fn far_years_by_which_people_say_never_are_read() {
    for year in [2099, 2999, 9999] {
        let records = list("users.csv", &export(&format!("31/12/{year}"), ""));
        assert!(expiries(&records)[0].1.to_string().contains(&year.to_string()), "{year}");
        assert!(records.holes.is_empty(), "{year}");
    }
}

#[test]
fn the_number_counts_where_it_is_there_too() {
    let text = "SamAccountName,Enabled,accountExpires,AccountExpirationDate\na,True,133600000000000000,03/04/2020\n";
    let records = list("users.csv", text.as_bytes());
    assert_eq!(expiries(&records)[0].1.to_string(), "2024-05-12 15:06:40 UTC");
    assert!(records.holes.is_empty());
}

#[test]
fn when_an_entry_was_changed_is_read_where_its_zone_is_said() {
    let changed = |text: &str| {
        let records = list("users.csv", format!("SamAccountName,Enabled,whenChanged\na,True,{text}\n").as_bytes());
        folded(&records).people.seen().next().unwrap().changed
    };
    let instant = Some("2026-11-20T05:58:00Z".parse().unwrap());
    for text in ["2026-11-20T05:58:00Z", "2026-11-20T06:58:00+01:00", "20261120055800.0Z"] {
        assert_eq!(changed(text), instant, "{text}");
    }
    for text in ["11/20/2026 5:58:00 AM", "2026-11-20 05:58:00", ""] {
        assert_eq!(changed(text), None, "{text}");
    }
}

/// `Export-Csv` takes its columns from the first object: a number that is there may be empty for all others.
#[test]
fn a_date_counts_in_every_row_that_has_no_number() {
    let text = "SamAccountName,Enabled,accountExpires,AccountExpirationDate\n\
        a,True,9223372036854775807,2020-01-01\nb,True,,2020-01-01\nc,True,,\n";
    let records = list("users.csv", text.as_bytes());
    let said: Vec<(bool, bool)> =
        records.entries.iter().map(|entry| (entry.expires.is_some(), entry.never_expires)).collect();
    assert_eq!(said, [(false, true), (true, false), (false, true)]);
    let numbers = "SamAccountName,Enabled,accountExpires,AccountExpirationDate\na,True,0,03/04/2026\n";
    assert_eq!(list("users.csv", numbers.as_bytes()).holes, [], "a date beside its number need not be understood");
}

/// Nothing else shows in which order the dates are written, and these do not need it.
#[test]
fn a_date_that_no_culture_reads_otherwise_is_read_and_the_number_of_a_spreadsheet_is_told() {
    let of = |date: &str| list("hr.csv", format!("Name,Email,End Date\nA,a@corp.test,\"{date}\"\n").as_bytes());
    for date in ["20261118", "18-Nov-2026", "18/Nov/26", "18-nov-2026 00:00"] {
        let records = of(date);
        assert_eq!(records.entries[0].expires, Some("2026-11-19T12:00:00Z".parse().unwrap()), "{date}");
        assert!(records.holes.is_empty(), "{date}");
    }
    assert_eq!(
        detail(&of("46344")),
        "`46344` is a spreadsheet's internal day number, not a date; format the column as `yyyy-mm-dd` and save again"
    );
}
