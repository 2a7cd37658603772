//! The printed scripts: they only read, no shell can damage them, and what their columns say is what the readers read.
//!
//! There is no directory and no PowerShell here. The tests take the columns from the script, fill them with what is
//! known of a real domain as `Export-Csv` would, and hold what is read against the same knowledge.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::support::{Output, read, rollcall};

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    rollcall(folder.path(), &[&["export-commands"], arguments].concat(), &[])
}

fn script(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    output.stdout
}

/// The columns that a variable of the script declares, in order.
fn columns(script: &str, variable: &str) -> Vec<String> {
    let (_, declared) = script.split_once(&format!("\n${variable} = ")).unwrap_or_else(|| panic!("no ${variable}"));
    let end = declared.find("\n)\n").expect("a list of columns ends on a line of its own");
    let mut columns = Vec::new();
    for line in declared[..end].lines().map(str::trim) {
        if let Some((_, computed)) = line.split_once("@{ Name = '") {
            columns.push(computed.split('\'').next().unwrap().to_owned());
        } else if line.contains("$objectColumns") {
            columns.extend(self::columns(script, "objectColumns"));
        } else {
            columns.extend(line.split('\'').skip(1).step_by(2).map(str::to_owned));
        }
    }
    columns
}

/// An object of a directory, by the names of its properties.
type Object = BTreeMap<&'static str, Value>;

/// What `Export-Csv -Encoding UTF8` of Windows PowerShell makes of objects. A column that no object knows of is an
/// error of this test or of the script.
fn export_csv(columns: &[String], objects: &[Object]) -> String {
    let known: BTreeSet<&str> = objects.iter().flat_map(|object| object.keys().copied()).collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let cell = |object: &Object, column: &String| match object.get(column.as_str()) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => quoted(text),
        Some(Value::Bool(true)) => quoted("True"),
        Some(Value::Bool(false)) => quoted("False"),
        Some(other) => quoted(&other.to_string()),
    };
    let line = |cells: Vec<String>| cells.join(",") + "\r\n";
    let unknown: Vec<&String> = columns.iter().filter(|column| !known.contains(column.as_str())).collect();
    assert!(unknown.is_empty(), "nobody knows {unknown:?}");
    let rows = objects.iter().map(|object| line(columns.iter().map(|column| cell(object, column)).collect()));
    std::iter::once("\u{feff}".to_owned() + &line(columns.iter().map(|name| quoted(name)).collect()))
        .chain(rows)
        .collect()
}

/// A folder with these lists, each with the sidecar that the script writes.
fn exported(script: &str, lists: &[(&str, &str, Vec<Object>)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rollcall.toml"), "").unwrap();
    let place = folder.path().join("expected/corp.example.com");
    fs::create_dir_all(&place).unwrap();
    for field in ["exported_at = Format-Utc $started", "rows        = $script:count", "sha256      = (Get-FileHash"] {
        assert!(script.contains(field), "the sidecar has another form than this test writes: {field}");
    }
    for (name, variable, objects) in lists {
        assert!(script.contains(&format!("Publish-List '{name}'")), "{name}");
        let list = export_csv(&columns(script, variable), objects);
        let sha256 = hex::encode(Sha256::digest(&list));
        let sidecar =
            json!({"exported_at": "2026-11-20T08:12:00Z", "server": "dc1", "rows": objects.len(), "sha256": sha256});
        fs::write(place.join(name), list).unwrap();
        fs::write(place.join(format!("{name}.export.json")), sidecar.to_string()).unwrap();
    }
    folder
}

fn checked(folder: &TempDir) -> Value {
    let arguments = ["check", "--offline", "--format", "json", "--as-of", "2026-11-20T12:00:00Z"];
    let output = rollcall(folder.path(), &arguments, &[]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let checked: Value = serde_json::from_str(&output.stdout).unwrap();
    for file in checked["files"].as_array().unwrap() {
        assert_eq!(file["completeness"], "complete", "{file}");
        assert_eq!(
            (&file["exported_at"], &file["exported_known_by"]),
            (&json!("2026-11-20T08:12:00Z"), &json!("sidecar"))
        );
    }
    assert_eq!(checked["gaps"], json!([]));
    checked
}

fn texts(list: &Value) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

/// What `Get-ADUser`, `Get-ADGroup` and `Get-ADObject` know of the objects of the sample domain, by sAMAccountName.
fn domain(answers: &Value) -> (BTreeMap<String, Object>, BTreeMap<String, Object>) {
    let object = |dn: &String, fields: &Value, class: &str| {
        Object::from([
            ("ObjectGUID", fields["guid"].clone()),
            ("SID", fields["sid"].clone()),
            ("objectSid", fields["sid"].clone()),
            ("SamAccountName", fields["sam"].clone()),
            ("UserPrincipalName", fields["upn"].clone()),
            ("mail", fields["mail"].clone()),
            ("DisplayName", fields["displayName"].clone()),
            ("Name", fields["cn"].clone()),
            ("DistinguishedName", json!(dn)),
            ("ObjectClass", json!(class)),
            ("Enabled", fields["enabled"].clone()),
            ("userAccountControl", fields["uac"].clone()),
            ("accountExpires", fields["accountExpires_raw"].clone()),
            ("GroupCategory", json!("Security")),
            ("GroupScope", json!("Global")),
            ("whenChanged", json!("2026-11-20T11:57:55Z")),
        ])
    };
    let sam = |fields: &Value| fields["sam"].as_str().unwrap().to_owned();
    let users = answers["users"].as_object().unwrap().iter().filter(|(_, fields)| fields["kind"] == "user");
    let users = users.map(|(dn, fields)| (sam(fields), object(dn, fields, "user"))).collect();
    let groups = answers["groups"].as_object().unwrap().iter();
    (users, groups.map(|(dn, fields)| (sam(fields), object(dn, fields, "group"))).collect())
}

#[test]
fn what_the_script_exports_of_active_directory_says_what_the_domain_says() {
    let script = script(&["ad"]);
    let answers: Value = serde_json::from_str(&read("tests/data/ad/answers.json")).unwrap();
    let (users, groups) = domain(&answers);
    // Of the largest groups the answers do not hold the members.
    let told: BTreeMap<&str, &Value> = answers["groups"]
        .as_object()
        .unwrap()
        .values()
        .filter(|group| group["effective_users_in_chain"].is_array())
        .map(|group| (group["sam"].as_str().unwrap(), group))
        .collect();
    let mut members = Vec::new();
    for (name, group) in &told {
        let direct = texts(&group["direct_users"]).into_iter().map(|user| &users[user]);
        let direct: Vec<&Object> =
            direct.chain(texts(&group["direct_groups"]).into_iter().map(|sam| &groups[sam])).collect();
        let of_group = |member: &Object| {
            let mut row = member.clone();
            row.insert("Group", groups[*name]["DistinguishedName"].clone());
            row
        };
        members.extend(direct.iter().map(|member| of_group(member)));
        if direct.is_empty() {
            members.push(of_group(&Object::new()));
        }
    }
    let exported_groups = told.keys().map(|name| groups[*name].clone()).collect();
    let lists = [
        ("users.csv", "userColumns", users.values().cloned().collect()),
        ("groups.csv", "groupColumns", exported_groups),
        ("members.csv", "memberColumns", members),
    ];
    let checked = checked(&exported(&script, &lists));
    let found = checked["directory"]["groups"].as_array().unwrap();
    assert_eq!(found.len(), told.len());
    for group in found {
        let name = group["name"].as_str().unwrap();
        assert_eq!(group["effective_known"]["whole"], true, "{group}");
        assert_eq!(texts(&group["direct_users"]), texts(&told[name]["direct_users"]), "{name}");
        assert_eq!(texts(&group["direct_groups"]), texts(&told[name]["direct_groups"]), "{name}");
        assert_eq!(texts(&group["effective_users"]), texts(&told[name]["effective_users_in_chain"]), "{name}");
    }
    let people = checked["directory"]["users"].as_array().unwrap();
    assert_eq!(people.len(), users.len());
    for person in people {
        let truth = &users[person["sam_account_name"].as_str().unwrap()];
        let facts = [
            ("guid", "ObjectGUID"),
            ("sid", "SID"),
            ("user_principal_name", "UserPrincipalName"),
            ("enabled", "Enabled"),
        ];
        for (said, known) in facts {
            assert_eq!(person[said], truth[known], "{person}");
        }
    }
    let expired = people.iter().filter(|person| person["expired"] == true);
    assert_eq!(
        expired.map(|person| person["sam_account_name"].as_str().unwrap()).collect::<BTreeSet<_>>(),
        BTreeSet::from(["bothways", "eexpired"])
    );
}

#[test]
fn what_the_script_exports_of_entra_id_is_read_too() {
    let script = script(&["entra"]);
    let object = |id: u32, name: &str, class: &str| {
        Object::from([
            ("ObjectGUID", json!(format!("00000000-0000-4000-8000-{id:012}"))),
            ("DisplayName", json!(name)),
            ("Name", json!(name)),
            ("UserPrincipalName", if class == "user" { json!(format!("{name}@corp.example")) } else { Value::Null }),
            ("mail", Value::Null),
            ("Enabled", if class == "user" { json!(name != "bob") } else { Value::Null }),
            ("ObjectClass", json!(class)),
            ("GroupCategory", json!("Security")),
        ])
    };
    let (alice, bob) = (object(1, "alice", "user"), object(2, "bob", "user"));
    let (admins, nobody) = (object(3, "AWS-Admins", "group"), object(4, "AWS-Nobody", "group"));
    let member = |group: &Object, member: &Object| {
        let mut row = member.clone();
        row.insert("Group", group["DisplayName"].clone());
        row
    };
    let members = vec![
        member(&admins, &alice),
        member(&admins, &nobody),
        member(&admins, &object(5, "a laptop", "device")),
        member(&nobody, &Object::new()),
    ];
    let lists = [
        ("users.csv", "userColumns", vec![alice, bob]),
        ("groups.csv", "groupColumns", vec![admins, nobody]),
        ("members.csv", "memberColumns", members),
    ];
    let checked = checked(&exported(&script, &lists));
    let users = checked["directory"]["users"].as_array().unwrap();
    let users: Vec<(&Value, &Value)> =
        users.iter().map(|user| (&user["user_principal_name"], &user["enabled"])).collect();
    assert_eq!(users, [(&json!("alice@corp.example"), &json!(true)), (&json!("bob@corp.example"), &json!(false))]);
    let groups = checked["directory"]["groups"].as_array().unwrap();
    let of = |number: usize, field: &str| groups[number][field].clone();
    assert_eq!((of(0, "name"), of(1, "name")), (json!("AWS-Admins"), json!("AWS-Nobody")));
    assert_eq!((of(0, "direct_users"), of(0, "direct_groups")), (json!(["alice@corp.example"]), json!(["AWS-Nobody"])));
    assert_eq!((of(1, "direct_users"), of(1, "direct_known")["whole"].clone()), (json!([]), json!(true)));
}

#[test]
fn a_row_that_names_only_a_group_empties_it_only_where_nothing_else_could_be_meant() {
    let read = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rollcall.toml"), "").unwrap();
        fs::create_dir(folder.path().join("expected")).unwrap();
        fs::write(folder.path().join("expected/members.csv"), text).unwrap();
        rollcall(folder.path(), &["check", "--offline"], &[])
    };
    assert_eq!(read("Group,SamAccountName,ObjectClass\nAWS-Nobody,,\n").code, 0);
    let of_another_name = read("Group,Login,ObjectClass\nAWS-Admins,alice,\n");
    assert!(of_another_name.stderr.contains("is missing"), "{}", of_another_name.stderr);
    let without_a_name = read("Group,ObjectClass,Enabled\nAWS-Admins,,\n");
    assert!(without_a_name.stderr.contains("is missing"), "{}", without_a_name.stderr);
}

/// Every `Verb-Noun` of a script.
fn cmdlets(script: &str) -> BTreeSet<&str> {
    let code = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words = code.flat_map(|line| line.split(|char: char| !(char.is_ascii_alphanumeric() || char == '-')));
    let is_cmdlet = |word: &&str| {
        let verb_and_noun = word.split_once('-').is_some_and(|(verb, noun)| {
            verb.starts_with(|char: char| char.is_ascii_uppercase())
                && noun.starts_with(|char: char| char.is_ascii_uppercase())
        });
        verb_and_noun && word.matches('-').count() == 1
    };
    words.filter(is_cmdlet).collect()
}

#[test]
fn the_scripts_only_read_the_directory_and_write_only_below_their_folder() {
    let (ad, entra) = (script(&["ad"]), script(&["entra"]));
    let code = |script: &str| script.split_once("#>").unwrap().1.to_owned();
    insta::assert_snapshot!(cmdlets(&code(&ad)).into_iter().collect::<Vec<_>>().join(" "), @"ConvertTo-Json Export-Csv Export-List ForEach-Object Format-FilterValue Format-Utc Get-ADDomain Get-ADDomainController Get-ADGroup Get-ADObject Get-ADUser Get-Date Get-FileHash Get-MembersOf Get-ServerOf Join-Path Move-Item New-Item New-Object Publish-List Remove-Item Select-Object Test-NotThere Test-Path Write-Output Write-Warning");
    insta::assert_snapshot!(cmdlets(&code(&entra)).into_iter().collect::<Vec<_>>().join(" "), @"Connect-Directory Connect-MgGraph ConvertTo-Json Export-Csv Export-List ForEach-Object Format-Utc Get-Command Get-Date Get-FileHash Get-GraphAddress Get-MgContext Get-MgEnvironment Invoke-MgGraphRequest Join-Path Move-Item New-Item New-Object Publish-List Read-All Remove-Item Select-Object Test-Path Where-Object Write-Output Write-Warning");
    let asked: Vec<&str> = entra.split("Invoke-MgGraphRequest ").skip(1).collect();
    assert!(!asked.is_empty() && asked.iter().all(|call| call.starts_with("-Method GET ")));
}

/// Every question to a domain, but for looking for one of its controllers, is asked as whoever `-Credential` names.
#[test]
fn the_script_for_active_directory_asks_everything_with_the_credential_that_it_is_given() {
    let script = script(&["ad"]);
    assert!(script.contains("[pscredential]$Credential = [pscredential]::Empty"));
    let (_, code) = script.split_once("#>").unwrap();
    let joined = code.replace("`\n", " ");
    let asks = |line: &&str| {
        ["Get-ADUser ", "Get-ADGroup -", "Get-ADObject -", "Get-ADDomain -"].iter().any(|ask| line.contains(ask))
    };
    let lines: Vec<&str> = joined.lines().filter(|line| !line.trim_start().starts_with('#')).filter(asks).collect();
    assert!(lines.len() >= 7, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains("-Server ") && line.contains("@access")), "{lines:?}");
    assert!(script.contains("-ExecutionPolicy Bypass -File export-ad.ps1"));
}

/// A member may be deleted between two questions. What the group still names is not left out.
#[test]
fn the_script_for_active_directory_leaves_out_who_is_gone_and_nobody_who_is_hidden() {
    let script = script(&["ad"]);
    let (_, rest) = script.split_once("function Get-MembersOf").unwrap();
    let (function, _) = rest.split_once("\n}\n").unwrap();
    for part in [
        "if (-not (Test-NotThere $_)) { throw }",
        "$names = @((Get-ADGroup -Identity $Group.ObjectGUID -Server $server -Properties member @access).member)",
        "if ($names -notcontains $name) { Write-Warning",
        "    throw \"members of $($Group.DistinguishedName) cannot be read, though the group names them",
    ] {
        assert!(function.contains(part), "{part}");
    }
}

#[test]
fn the_script_for_entra_id_names_its_permissions_and_signs_in_in_every_way_to_every_cloud() {
    let script = script(&["entra", "--environment", "USGov"]);
    let (head, code) = script.split_once("#>").unwrap();
    for named in [
        "User.Read.All",
        "GroupMember.Read.All",
        "Member.Read.Hidden",
        "-DeviceCode",
        "-CertificateThumbprint",
        "China",
    ] {
        assert!(head.contains(named), "{named}");
    }
    assert!(code.contains("[string]$Environment = 'USGov',"));
    assert!(!code.contains("graph.microsoft.com"), "the address is that of the cloud");
    // What versions before 2.4 of the module do not know is asked for before it is used.
    assert!(code.contains("if ($parameters.ContainsKey('NoWelcome')) { $signIn['NoWelcome'] = $true }"));
    assert!(!code.contains("-NoWelcome"));
}

#[test]
fn the_scripts_stay_ascii_whatever_they_are_given_and_a_value_is_never_code() {
    let given = ["ad", "--search-base", "OU=M\u{fc}ller \u{1f680},DC=x", "--server", "dc'; Remove-ADUser x; '\u{2019}"];
    let script = script(&given);
    assert!(script.is_ascii());
    let values: Vec<&str> = script.lines().filter(|line| line.contains("[string]$S")).map(str::trim).collect();
    insta::assert_snapshot!(values[..2].join("\n"), @r"
    [string]$Server = ('' + 'dc''; Remove-ADUser x; ''' + [char]0x2019),
    [string]$SearchBase = ('' + 'OU=M' + [char]0x00FC + 'ller ' + [char]0xD83D + [char]0xDE80 + ',DC=x'),
    ");
}

#[test]
fn values_that_a_directory_would_not_understand_are_refused() {
    let refused = |arguments: &[&str]| {
        let output = run(arguments);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""));
        output.stderr
    };
    insta::assert_snapshot!(refused(&["ad", "--search-base", "staff"]), @r"
    error: invalid value 'staff' for '--search-base <DN>': write a distinguished name, like `OU=Staff,DC=corp,DC=example`

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(refused(&["ad", "--group-filter", "AWS-*"]), @r"
    error: invalid value 'AWS-*' for '--group-filter <FILTER>': put the LDAP filter in parentheses, like `(name=AWS-*)`

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(refused(&["okta"]), @r"
    error: unrecognized subcommand 'okta'

    Usage: rollcall export-commands [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}
