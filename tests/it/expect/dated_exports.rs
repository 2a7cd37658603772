//! Several exports of one source: the newest one speaks, and where nothing says which one that is, neither does.

use rollcall::expect::{self, Options, Records};
use rollcall::model::{Employment, Expectation, Extent};
use rollcall::wording;

use crate::story::Story;
use crate::support::audited::Audited;
use crate::support::lists::{folded, told, try_lists};

fn records(lists: &[(&str, &str)]) -> Records {
    let lists: Vec<(&str, &[u8])> = lists.iter().map(|&(name, text)| (name, text.as_bytes())).collect();
    try_lists(&lists, &Options::default()).unwrap_or_else(|error| panic!("{}", told(&error)))
}

/// Everybody, and whether they are still there.
fn people(lists: &[(&str, &str)]) -> Vec<(String, Employment)> {
    let expectation = folded(&records(lists));
    let name = |person: &rollcall::model::Person| person.sam.clone().or(person.user_name.clone()).unwrap();
    let mut people: Vec<_> = expectation.people.seen().map(|person| (name(person), person.employment)).collect();
    people.sort();
    people
}

fn are(people: &[(&str, Employment)]) -> Vec<(String, Employment)> {
    people.iter().map(|(name, employment)| ((*name).to_owned(), *employment)).collect()
}

const THERE: Employment = Employment::Current;
const GONE: Employment = Employment::Left;

fn powershell(people: &[(&str, bool)]) -> String {
    let row = |(name, enabled): &(&str, bool)| {
        let enabled = if *enabled { "True" } else { "False" };
        format!("\"CN={name},OU=Staff,DC=corp,DC=test\",{enabled},{name},user,{name},{name}@corp.test\n")
    };
    let header = "DistinguishedName,Enabled,Name,ObjectClass,SamAccountName,UserPrincipalName\n";
    header.to_owned() + &people.iter().map(row).collect::<String>()
}

fn csvde(people: &[(&str, bool)]) -> String {
    let row = |(name, enabled): &(&str, bool)| {
        format!("\"CN={name},DC=corp,DC=test\",user,{name},{}\n", if *enabled { 512 } else { 514 })
    };
    "DN,objectClass,sAMAccountName,userAccountControl\n".to_owned() + &people.iter().map(row).collect::<String>()
}

fn ldif(people: &[(&str, bool)]) -> String {
    let entry = |(name, enabled): &(&str, bool)| {
        let control = if *enabled { 512 } else { 514 };
        format!(
            "dn: CN={name},DC=corp,DC=test\nobjectClass: user\nsAMAccountName: {name}\nuserAccountControl: {control}\n\n"
        )
    };
    people.iter().map(entry).collect()
}

fn graph(people: &[(&str, bool)]) -> String {
    let user = |(name, enabled): &(&str, bool)| {
        format!("{{\"userPrincipalName\": \"{name}\", \"displayName\": \"{name}\", \"accountEnabled\": {enabled}}}")
    };
    let users: Vec<String> = people.iter().map(user).collect();
    let context = "https://graph.microsoft.com/v1.0/$metadata#users";
    format!("{{\"@odata.context\": \"{context}\", \"value\": [{}]}}", users.join(", "))
}

fn staff(people: &[(&str, bool)]) -> String {
    let row = |(name, there): &(&str, bool)| format!("{name},{}\n", if *there { "active" } else { "left" });
    "login,status\n".to_owned() + &people.iter().map(row).collect::<String>()
}

const OLDER: [(&str, bool); 3] = [("ann", true), ("cy", true), ("zed", true)];
const NEWER: [(&str, bool); 2] = [("ann", true), ("cy", false)];

#[test]
fn of_two_exports_of_one_source_the_newer_one_speaks_in_every_format() {
    type Write = fn(&[(&str, bool)]) -> String;
    let formats: [(&str, Write); 5] =
        [("csv", powershell), ("csv", csvde), ("ldif", ldif), ("json", graph), ("csv", staff)];
    for (end, write) in formats {
        let (older, newer) = (write(&OLDER), write(&NEWER));
        for [old_name, new_name] in [
            [format!("users-2026-11-25.{end}"), format!("users-2026-11-29.{end}")],
            [format!("2026-11-25/users-20261125T0600Z.{end}"), format!("2026-11-29/users-20261129T0600Z.{end}")],
            [format!("export-monday-2026-11-23.{end}"), format!("all-people_2026-11-29.{end}")],
        ] {
            // Of a list of people only its name says which program it comes from.
            if older.starts_with("login") && new_name.starts_with("all") {
                assert_eq!(people(&[(&old_name, &older), (&new_name, &newer)]).len(), 3);
                continue;
            }
            let lists = [(old_name.as_str(), older.as_str()), (new_name.as_str(), newer.as_str())];
            assert_eq!(people(&lists), are(&[("ann", THERE), ("cy", GONE)]), "{old_name}: {older}");
            let records = records(&lists);
            let note = format!("set aside: `{new_name}` is a newer export of the same source");
            let files: Vec<_> = records.files.iter().filter(|file| file.set_aside.is_some()).collect();
            assert_eq!((files.len(), files[0].name.as_str()), (1, old_name.as_str()));
            assert!(files[0].notes.contains(&note), "{:?}", files[0].notes);
        }
    }
}

#[test]
fn the_newest_of_three_speaks_and_a_record_that_is_read_back_says_the_same() {
    let (first, second, third) = (powershell(&OLDER), powershell(&OLDER[..2]), powershell(&NEWER));
    let lists = [
        ("u-2026-11-01.csv", first.as_str()),
        ("u-2026-11-15.csv", second.as_str()),
        ("u-2026-11-29.csv", third.as_str()),
    ];
    let records = records(&lists);
    let set_aside: Vec<Option<&str>> = records.files.iter().map(|file| file.set_aside.as_deref()).collect();
    assert_eq!(set_aside, [Some("u-2026-11-29.csv"), Some("u-2026-11-29.csv"), None]);
    let mut bytes = Vec::new();
    expect::write(&records, &mut bytes).unwrap();
    assert_eq!(expect::parse(&bytes).unwrap(), records);
}

#[test]
fn exports_of_different_parts_of_different_domains_or_of_one_day_stay_together() {
    let (old, new) = ("users-2026-11-25.csv", "users-2026-11-29.csv");
    let (older, newer) = (powershell(&OLDER), powershell(&NEWER));
    let other_part = powershell(&[("dee", true), ("eve", true), ("fay", true)]);
    assert_eq!(people(&[(old, &other_part), (new, &newer)]).len(), 5);
    let other_domain = older.replace("DC=corp", "DC=old");
    assert_eq!(people(&[(old, &other_domain), (new, &newer)]).len(), 5);
    assert_eq!(people(&[("a-2026-11-29.csv", &older), ("b-2026-11-29.csv", &newer)]).len(), 3);
    // A person who was moved from one part to another makes them no exports of one source.
    let moved = powershell(&[("dee", true), ("eve", true), ("fay", true), ("ann", true)]);
    assert_eq!(people(&[("emea-2026-11-25.csv", &moved), ("apac-2026-11-29.csv", &newer)]).len(), 5);
    // Users and members of one day, or of two.
    let members = "Group,SamAccountName,ObjectClass\nAWS-Admins,ann,user\nAWS-Admins,cy,user\n";
    for day in ["2026-11-25", "2026-11-29"] {
        let name = format!("members-{day}.csv");
        let records = records(&[(name.as_str(), members), (new, &newer)]);
        assert!(records.files.iter().all(|file| file.set_aside.is_none()));
    }
}

fn admins(lists: &Expectation) -> Vec<String> {
    let group = lists.groups.seen().find(|group| group.name == "AWS-Admins").unwrap();
    assert!(matches!(group.members.extent(), Extent::Whole(_)));
    group.members.seen().map(|member| lists.people[member.person].sam.clone().unwrap()).collect()
}

#[test]
fn the_newer_list_of_a_groups_members_speaks_whoever_is_in_it() {
    let users = powershell(&OLDER);
    let (old, new) = ("SamAccountName,ObjectClass\nann,user\nzed,user\n", "SamAccountName,ObjectClass\ncy,user\n");
    let one =
        [("AWS-Admins-2026-11-25.csv", old), ("AWS-Admins-2026-11-29.csv", new), ("users-2026-11-29.csv", &users)];
    assert_eq!(admins(&folded(&records(&one))), ["cy"]);
    let pairs = |rows: &str| {
        rows.replace("SamAccountName", "Group,SamAccountName")
            .replace("\nann", "\nAWS-Admins,ann")
            .replace("\nzed", "\nAWS-Admins,zed")
            .replace("\ncy", "\nAWS-Admins,cy")
    };
    let (old, new) = (pairs(old), pairs(new));
    let many =
        [("members-2026-11-25.csv", old.as_str()), ("members-2026-11-29.csv", &new), ("users-2026-11-29.csv", &users)];
    assert_eq!(admins(&folded(&records(&many))), ["cy"]);
    // Lists of two groups stay together.
    let other = [
        ("AWS-Admins-2026-11-25.csv", "SamAccountName,ObjectClass\nann,user\n"),
        ("AWS-Readers-2026-11-29.csv", "SamAccountName,ObjectClass\ncy,user\n"),
        ("users-2026-11-29.csv", &users),
    ];
    assert_eq!(admins(&folded(&records(&other))), ["ann"]);
}

#[test]
fn a_sidecar_and_the_newest_change_tell_the_age_too() {
    let (older, newer) = (powershell(&OLDER), powershell(&NEWER));
    let sidecar = |day: &str| format!("{{\"exported_at\": \"{day}T08:00:00Z\"}}");
    let (old, new) = (sidecar("2026-11-25"), sidecar("2026-11-29"));
    let lists =
        [("a.csv", older.as_str()), ("a.csv.export.json", &old), ("b.csv", &newer), ("b.csv.export.json", &new)];
    assert_eq!(people(&lists), are(&[("ann", THERE), ("cy", GONE)]));
    let changed = |text: String, day: &str| {
        text.replace("userAccountControl", &format!("whenChanged: {day}000000.0Z\nuserAccountControl"))
    };
    let (older, newer) = (changed(ldif(&OLDER), "20261124"), changed(ldif(&NEWER), "20261128"));
    assert_eq!(people(&[("a.ldif", &older), ("b.ldif", &newer)]), are(&[("ann", THERE), ("cy", GONE)]));
}

#[test]
fn a_copy_of_which_nothing_says_whether_it_is_the_newer_one_is_refused() {
    let (older, newer) = (powershell(&OLDER), powershell(&NEWER));
    for [one, other] in
        [["users.csv", "users (1).csv"], ["users.csv", "users-old.csv"], ["users.csv", "users-2026-11-25.csv"]]
    {
        let lists = [(one, older.as_bytes()), (other, newer.as_bytes())];
        let refused = told(&try_lists(&lists, &Options::default()).unwrap_err());
        assert!(refused.contains("it is unclear which of the two was exported later"), "{one}, {other}: {refused}");
    }
    // Lists of other names are two lists.
    assert_eq!(people(&[("staff.csv", &older), ("people-with-access.csv", &newer)]).len(), 3);
}

#[test]
fn a_newer_export_of_another_kind_says_who_is_still_there() {
    let older = ldif(&[("ann", false), ("cy", true), ("zed", true)]);
    let newer = powershell(&NEWER).replace(",OU=Staff", "");
    let lists = [("directory-2026-11-25.ldif", older.as_str()), ("users-2026-11-29.csv", &newer)];
    assert_eq!(people(&lists), are(&[("ann", THERE), ("cy", GONE), ("zed", Employment::Unknown)]));
    // A personnel department and a directory are two sources.
    let hr = "Email,Name,Status\nann@corp.test,Ann,active\ncy@corp.test,Cy,active\n";
    let lists = [("users-2026-11-25.csv", powershell(&OLDER)), ("hr-2026-11-29.csv", hr.to_owned())];
    let lists: Vec<(&str, &str)> = lists.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(people(&lists), are(&[("ann", THERE), ("cy", THERE), ("zed", THERE)]));
}

#[test]
fn whoever_is_gone_from_the_newer_export_is_expected_no_longer_and_page_one_says_why() {
    let story = Story::small();
    let mut left = story.clone();
    left.directory.people.remove("bob");
    left.directory.groups.values_mut().for_each(|group| _ = group.people.remove("bob"));
    let newer =
        |lists: Vec<(String, String)>| lists.into_iter().map(|(name, text)| (name.replace("11-19", "11-20"), text));
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| name.starts_with("directory/"));
    lists.extend(newer(left.expected_files()));
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!(audited.rules(), ["unexpected-user"]);
    let notices = wording::notices(&audited.report());
    let said = "3 lists were set aside for newer exports of the same source: `directory/groups-2026-11-19.csv` (newer: \
                `directory/groups-2026-11-20.csv`), `directory/members-2026-11-19.csv` (newer: \
                `directory/members-2026-11-20.csv`) and `directory/users-2026-11-19.csv` (newer: \
                `directory/users-2026-11-20.csv`)";
    assert!(notices.iter().any(|notice| notice == said), "{notices:?}");
}

/// A list of a personnel department: each with a mail address and what stands in the column `Status`.
fn hr(people: &[(&str, &str)]) -> String {
    let row = |(name, status): &(&str, &str)| format!("{name}@corp.test,{name},{status}\n");
    "Email,Name,Status\n".to_owned() + &people.iter().map(row).collect::<String>()
}

/// Whether Ann, whom a directory has, is still there by these lists too.
fn ann(lists: &[(&str, &str)]) -> Employment {
    let directory = powershell(&[("ann", true), ("cy", true), ("dee", true)]);
    let lists: Vec<(&str, &str)> =
        [("ad-2026-11-29.csv", directory.as_str())].into_iter().chain(lists.iter().copied()).collect();
    let lists = folded(&records(&lists));
    lists.people.seen().find(|person| person.sam.as_deref() == Some("ann")).unwrap().employment
}

#[test]
fn who_left_by_an_older_list_has_left_unless_the_newer_one_of_the_same_source_says_otherwise() {
    let older = hr(&[("ann", "Terminated"), ("cy", "Active"), ("dee", "Active")]);
    let with = |name: &str, newer: &str| ann(&[("hr/hr-2026-11-15.csv", &older), (name, newer)]);
    let back = hr(&[("ann", "Active"), ("cy", "Active"), ("dee", "Active")]);
    assert_eq!(with("hr/hr-2026-11-29.csv", &back), THERE, "who came back");
    assert_eq!(with("hr-2026-11-29.csv", &back), THERE, "wherever the older one was moved");
    let dropped = hr(&[("cy", "Active"), ("dee", "Active")]);
    assert_eq!(with("hr/hr-2026-11-29.csv", &dropped), GONE, "leavers are dropped from the list");
    let open = hr(&[("ann", ""), ("cy", "Active"), ("dee", "Active")]);
    assert_eq!(with("hr/hr-2026-11-29.csv", &open), GONE);
    assert_eq!(with("chat/chat-2026-11-29.csv", &back), GONE, "another program");
    let stateless = back.replace(",Status", "").replace(",Active", "");
    assert_eq!(with("x/newsletter-2026-11-29.csv", &stateless), GONE);
    assert_eq!(with("hr/hr-2026-11-29.csv", &stateless), GONE);
    let numbered = "Employee ID,Email,Name,Status\n1,ann@corp.test,ann,Terminated\n2,cy@corp.test,cy,Active\n";
    assert_eq!(ann(&[("hr-2026-11-15.csv", numbered), ("hr-2026-11-29.csv", &back)]), GONE, "other columns");
}

#[test]
fn an_export_of_a_directory_without_states_replaces_none_that_has_them() {
    let older = powershell(&[("ann", false), ("cy", true), ("zed", true)]);
    let newer = powershell(&NEWER).replace(",Enabled", "").replace(",True,", ",").replace(",False,", ",");
    let lists = [("users-2026-11-18.csv", older.as_str()), ("users-2026-11-19.csv", newer.as_str())];
    assert_eq!(people(&lists), are(&[("ann", GONE), ("cy", THERE), ("zed", Employment::Unknown)]));
}

#[test]
fn lists_of_leavers_are_of_their_own_week_and_all_speak() {
    let weeks = [
        ("leavers-2026-11-15.csv", hr(&[("ann", "Terminated"), ("max", "Terminated")])),
        ("leavers-2026-11-22.csv", hr(&[("max", "Terminated"), ("zoe", "Terminated")])),
        ("leavers-2026-11-29.csv", hr(&[("max", "Terminated")])),
    ];
    let weeks: Vec<(&str, &str)> = weeks.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(ann(&weeks), GONE);
    assert!(records(&weeks).files.iter().all(|file| file.set_aside.is_none()));
    // Nor does one of leavers replace one of everybody.
    let all = hr(&[("ann", "Active"), ("cy", "Active"), ("max", "Active")]);
    let lists =
        records(&[("hr-2026-11-15.csv", &all), ("hr-2026-11-29.csv", &hr(&[("ann", "Left"), ("max", "Left")]))]);
    assert!(lists.files.iter().all(|file| file.set_aside.is_none()));
}

#[test]
fn an_export_of_a_time_that_has_not_come_is_refused() {
    let (users, now) = (powershell(&NEWER), "2026-11-30T12:00:00Z");
    let options = Options { now: Some(now.parse().unwrap()), ..Options::default() };
    let sidecar = "{\"exported_at\": \"2036-11-19T08:00:00Z\"}".to_owned();
    let written = |at: &str| Some(expect::LastModified::Written(at.parse().unwrap()));
    let refused = |name: &str, modified, sidecar: Option<&str>| {
        let beside = format!("{name}.export.json");
        let list = expect::InputFile { name, bytes: users.as_bytes(), modified };
        let sidecar = sidecar.map(|text| expect::InputFile { name: &beside, bytes: text.as_bytes(), modified: None });
        let files: Vec<_> = [list].into_iter().chain(sidecar).collect();
        expect::read(&files, &options).err().map(|error| told(&error))
    };
    for (refused, by) in [
        (
            refused("users-2027-01-10.csv", written("2026-11-29T12:00:00Z"), None),
            "the date in its name says 2027-01-10",
        ),
        (refused("users-2026-11-29.csv", None, Some(&sidecar)), "its sidecar says 2036-11-19 08:00 UTC"),
        (refused("users.csv", written("2029-01-19T12:00:00Z"), None), "its modification time says 2029-01-19"),
    ] {
        let refused = refused.expect(by);
        assert!(
            refused.contains(by) && refused.contains("which is in the future: it is 2026-11-30 12:00 UTC now"),
            "{refused}"
        );
    }
    // Clocks and time zones differ, and copying a dated file sets its modification time.
    assert_eq!(refused("users-2026-12-01.csv", None, None), None);
    assert_eq!(refused("users-2026-11-29.csv", written("2029-01-19T12:00:00Z"), None), None);
    // A change of one entry is not the time of the export.
    let changed = ldif(&NEWER).replacen("userAccountControl", "whenChanged: 20360101000000.0Z\nuserAccountControl", 1);
    let records = try_lists(&[("users.ldif", changed.as_bytes())], &options).unwrap();
    assert_eq!(records.files[0].exported, None);
    // Lists that are kept by hand do not grow old.
    assert!(try_lists(&[("2027-01-10/people.csv", b"user\nann\n")], &options).is_ok());
}

#[test]
fn a_package_that_holds_the_words_for_a_format_is_read_as_one_that_holds_its_name() {
    let text = "userPrincipalName,displayName,id\n\
                alice@example.com,Alice Ash,0d9bd3a4-6d63-4a15-9dcf-0f2f1f3f5f01\n";
    let records = records(&[("exportUsers.csv", text)]);
    let mut bytes = Vec::new();
    expect::write(&records, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches("\"format\":\"entra-users\"").count(), 1, "{text}");
    let words = wording::list_format(records.files[0].format);
    let earlier = text.replace("\"entra-users\"", &format!("\"{words}\""));
    assert_eq!(expect::parse(earlier.as_bytes()).unwrap(), records);
}
