//! Laws of the readers of lists: whatever the bytes, they are read or refused, never a panic; what is read is kept as
//! it was read.

use proptest::prelude::*;
use rollcall::expect::{self, Options};

use crate::support::lists::{culture, encoded, sample, try_lists};

const SAMPLES: [&str; 8] = [
    "csv-powershell/ps51_get-aduser_nti_utf8bom.csv",
    "csv-powershell/ps51_get-aduser_unicode_utf16le.csv",
    "csv-powershell/ps51_select_useculture_de-DE_utf8bom.csv",
    "csv-powershell/ps51_get-adgroupmember_AWS-Platform.csv",
    "csv-powershell/ps51_membership-list_pscustomobject_nti_utf8bom.csv",
    "csv-derived/csvde_groups_ansi.csv",
    "csv-derived/csvde_users_ansi.csv",
    "csv-derived/excel_resaved_ansi1252_semicolon.csv",
];

const NAMES: [&str; 6] = ["users.csv", "people.csv", "assignments.csv", "iam-users.csv", "waivers.toml", "users.json"];

/// Beginnings by which a format is recognised, so that arbitrary bytes reach its reader.
const HEADERS: [&str; 9] = [
    "",
    "SamAccountName,Enabled,AccountExpirationDate,MemberOf\n",
    "group,user\n",
    "DN,objectClass,sAMAccountName,objectGUID,objectSid,member,member;range=0-1499\n\"CN=A,DC=b\",group,",
    "userPrincipalName,id,accountEnabled\n",
    "Name,Email,Status,Termination Date\nA,a@example.com,active,",
    "{\"@odata.context\": \"#groups\", \"value\": [",
    "dn: CN=A,DC=b\n",
    "user,mail,groups,status\n",
];

fn settings() -> impl Strategy<Value = Options> {
    prop::sample::select(vec![Options::default(), encoded("cp850"), encoded("windows-1252"), culture("en-US")])
}

/// Reads a list; what is read folds, and comes back from its own records.
fn read(name: &str, bytes: &[u8], options: &Options) -> Result<(), TestCaseError> {
    let Ok(records) = try_lists(&[(name, bytes)], options) else { return Ok(()) };
    let mut kept = Vec::new();
    expect::write(&records, &mut kept).unwrap();
    prop_assert_eq!(&expect::parse(&kept).unwrap(), &records);
    let _ = expect::fold(&records, "2026-11-20T12:00:00Z".parse().unwrap(), None);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(
        name in prop::sample::select(NAMES.to_vec()),
        header in prop::sample::select(HEADERS.to_vec()),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        options in settings(),
    ) {
        read(name, &[header.as_bytes(), &bytes].concat(), &options)?;
    }

    #[test]
    fn arbitrary_cells_are_read_or_refused(
        name in prop::sample::select(NAMES.to_vec()),
        header in prop::sample::select(HEADERS.to_vec()),
        text in "([a-zé=,;|\"\\\\'X0-9/.:# \n\r\u{a0}@-]|CN=|DC=|True|group){0,60}",
        options in settings(),
    ) {
        read(name, format!("{header}{text}").as_bytes(), &options)?;
    }

    #[test]
    fn damaged_samples_are_read_or_refused(
        path in prop::sample::select(SAMPLES.to_vec()),
        cut in 0.0..1.0_f64,
        damage in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 0..4),
        options in settings(),
    ) {
        let mut bytes = sample(path);
        let place = |share: f64, length: usize| (share * length as f64) as usize;
        bytes.truncate(place(cut, bytes.len()).min(6000));
        let length = bytes.len();
        for (share, byte) in damage.into_iter().filter(|_| length > 0) {
            bytes[place(share, length)] = byte;
        }
        read("users.csv", &bytes, &options)?;
    }

    #[test]
    fn a_table_gives_back_the_cells_that_were_written(
        // A line that has as many delimiters as the header is refused: it may be a row that a stray quote swallowed.
        rows in prop::collection::vec(("[a-z]{1,8}", "([ -~é]{0,2}[\n\r]){0,5}[ -~é]{0,2}", "[ -~é]{0,12}"), 1..20),
        delimiter in prop::sample::select(b",;\t|".to_vec()),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["SamAccountName", "Description", "DisplayName", "Enabled"]).unwrap();
        for (sam, description, name) in &rows {
            writer.write_record([sam, description, name, "True"]).unwrap();
        }
        let records = try_lists(&[("users.csv", &writer.into_inner().unwrap())], &Options::default()).unwrap();
        prop_assert_eq!(records.entries.len(), rows.len());
        let mut read: Vec<_> = records.entries.iter().map(|entry| (entry.sam.clone(), entry.display_name.clone())).collect();
        let kept = |name: &String| Some(name.clone()).filter(|name| !name.trim().is_empty());
        let mut written: Vec<_> = rows.iter().map(|(sam, _, name)| (Some(sam.clone()), kept(name))).collect();
        read.sort();
        written.sort();
        prop_assert_eq!(read, written);
    }
}
