//! `rollcall apply`, which judges a plan by what there is now and changes nothing: differences, guards, validity, exit codes.

use std::fs;

use tempfile::TempDir;

use rollcall::change::{self, Change, Plan};

use crate::story::{Story, sign_in_name};
use crate::support::snapshot::assert_file;
use crate::support::{Moto, Output, rollcall, root};

/// A folder with a story's saved answers, its lists, and settings by which Identity Center keeps itself.
struct Place(TempDir);

impl Place {
    fn of(story: &Story) -> Self {
        let place = Place(tempfile::tempdir().unwrap());
        place.save(story);
        for (name, text) in story.expected_files() {
            place.write(&format!("expected/{name}"), &text);
        }
        place.write("rollcall.toml", "[expect]\nidentity_source = \"identity-center\"\nmax_age = \"9000d\"\n");
        place
    }

    /// From now on, AWS says what is so in this story.
    fn save(&self, story: &Story) {
        let saved = self.0.path().join("saved");
        drop(fs::remove_dir_all(&saved));
        for file in story.saved_files() {
            self.write(&format!("saved/{}", file.name), &file.text);
        }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        rollcall(self.0.path(), &[arguments, &["--from", "saved"]].concat(), &[])
    }

    /// Plans, and keeps the plan in `plan.json`.
    fn plan(&self, asked: &[&str]) -> Plan {
        let planned = self.run(&[&["plan"], asked, &["--out", "plan.json"]].concat());
        assert!(matches!(planned.code, 0 | 3), "{}{}", planned.stdout, planned.stderr);
        change::read(&fs::read(self.0.path().join("plan.json")).unwrap()).unwrap()
    }

    fn edit(&self, plan: &Plan) {
        fs::write(self.0.path().join("plan.json"), change::write(plan)).unwrap();
    }

    fn apply(&self, options: &[&str]) -> Output {
        self.run(&[&["apply", "plan.json"], options].concat())
    }
}

/// The small company, in which alice is in a group where no list expects her.
fn story() -> Story {
    let mut story = Story::small();
    story.aws_member("AWS-Readers", "alice");
    story
}

fn alice_out() -> [&'static str; 6] {
    ["member", "remove", "--group", "AWS-Readers", "--user", "alice@corp.example.com"]
}

#[test]
fn what_applying_the_plan_of_the_sample_would_come_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    let path = path.to_str().unwrap();
    let planned = rollcall(root(), &["plan", "--as-listed", "--out", path], &[]);
    assert_eq!(planned.code, 3, "{}", planned.stderr);
    let applied = rollcall(root(), &["apply", path], &[]);
    assert_eq!((applied.code, applied.stderr.as_str()), (3, ""), "{}", applied.stdout);
    let varies = |line: &&str| ["  Digest", "  Made", "  Expires"].iter().any(|fact| line.starts_with(fact));
    let steady: String = applied.stdout.lines().filter(|line| !varies(line)).map(|line| format!("{line}\n")).collect();
    let digest = change::Digest::of(&fs::read(path).unwrap()).short();
    assert_file("tests/snapshots/apply-sample.txt", &steady.replace(&digest, "DIGEST"));
    assert!(applied.stdout.contains(&format!("Digest    {digest}")), "{}", applied.stdout);
}

#[test]
fn a_plan_that_is_as_it_saw_it_could_be_applied() {
    let place = Place::of(&story());
    place.plan(&alice_out());
    let applied = place.apply(&[]);
    assert_eq!((applied.code, applied.stderr.as_str()), (0, ""), "{}", applied.stdout);
    assert!(applied.stdout.starts_with("This plan could be applied (1 change: 1 removal)"), "{}", applied.stdout);
    assert!(applied.stdout.contains("1. `identitystore:DeleteGroupMembership`"), "{}", applied.stdout);
    let digest = change::Digest::of(&fs::read(place.0.path().join("plan.json")).unwrap()).short();
    assert!(applied.stdout.contains(&format!("`--confirm {digest}` applies this file.")), "{}", applied.stdout);
}

#[test]
fn what_is_not_as_the_plan_saw_it_is_listed_and_holds_it() {
    let mut now = story();
    now.stranger("mallory").aws_member("AWS-Readers", "mallory");
    let place = Place::of(&story());
    place.plan(&alice_out());
    place.save(&now);
    let applied = place.apply(&["--allow-removals", "1", "--allow-administrative"]);
    assert_eq!((applied.code, applied.stderr.as_str()), (3, ""), "{}", applied.stdout);
    assert!(applied.stdout.contains("c1: `group.members` is 3 in the plan, but 4 now"), "{}", applied.stdout);

    let mut done = story();
    done.aws_member_gone("AWS-Readers", "alice");
    place.save(&done);
    let applied = place.apply(&[]);
    assert_eq!(applied.code, 3, "{}", applied.stdout);
    assert!(applied.stdout.contains("c1 cannot be made: this is already the case"), "{}", applied.stdout);
}

#[test]
fn every_change_that_cannot_be_made_is_listed_and_the_others_are_judged() {
    let place = Place::of(&story());
    let mut plan = place.plan(&alice_out());
    place.plan(&["iam-user", "disable", "svc-backup", "--account", "333344445555"]);
    let mut disable = change::read(&fs::read(place.0.path().join("plan.json")).unwrap()).unwrap().changes.remove(0);
    disable.id = change::ChangeId("c3".to_owned());
    let mut twice = plan.changes[0].clone();
    twice.id = change::ChangeId("c2".to_owned());
    plan.changes.extend([twice, disable]);
    place.edit(&plan);
    let mut now = story();
    now.aws_member_gone("AWS-Readers", "alice");
    place.save(&now);
    let applied = place.apply(&[]);
    assert_eq!(applied.code, 3, "{}", applied.stdout);
    for said in ["c1 cannot be made", "c2 cannot be made"] {
        assert!(applied.stdout.contains(said), "{}", applied.stdout);
    }
    assert!(!applied.stdout.contains("c3 cannot be made"), "{}", applied.stdout);
}

#[test]
fn a_plan_with_a_name_of_another_id_is_held() {
    let place = Place::of(&story());
    let mut plan = place.plan(&alice_out());
    let Change::RemoveMember { user, group } = &mut plan.changes[0].change else { panic!("{plan:?}") };
    user.name = sign_in_name("carol");
    group.name = "AWS-Nobodies".to_owned();
    place.edit(&plan);
    let applied = place.apply(&[]);
    assert_eq!(applied.code, 3, "{}", applied.stdout);
    let said = "c1 names `carol@corp.example.com`, but its id belongs to `alice@corp.example.com`";
    assert!(applied.stdout.contains(said), "{}", applied.stdout);
    assert!(applied.stdout.contains("c1 names `AWS-Nobodies`"), "{}", applied.stdout);
}

#[test]
fn what_a_plan_says_of_itself_is_not_believed() {
    let place = Place::of(&story());
    let mut plan = place.plan(&[
        "assignment",
        "add",
        "--user",
        "bob@corp.example.com",
        "--permission-set",
        "Admin",
        "--account",
        "333344445555",
    ]);
    assert!(!plan.held.is_empty());
    plan.held.clear();
    plan.foreseen = change::Foreseen::default();
    plan.changes[0].seen = change::Seen::default();
    place.edit(&plan);
    let applied = place.apply(&[]);
    assert_eq!(applied.code, 3, "{}", applied.stdout);
    for said in [
        "c1 gives administrative access",
        "override: `rollcall apply --allow-administrative`",
        "`user.source` is missing in the plan",
    ] {
        assert!(applied.stdout.contains(said), "{said}\n{}", applied.stdout);
    }
}

#[test]
fn a_guard_lets_pass_what_the_command_allows_and_nothing_else() {
    let mut story = story();
    for number in 0..4 {
        let name = format!("extra{number}");
        story.hire(&name, &[]).aws_member("AWS-Readers", &name);
    }
    let place = Place::of(&story);
    let mut plan = place.plan(&["--rule", "unexpected-membership"]);
    assert_eq!(plan.changes.len(), 5, "{plan:?}");
    plan.held.clear();
    place.edit(&plan);
    for (options, code) in [
        (&[][..], 3),
        (&["--allow-removals", "4"][..], 3),
        (&["--allow-removals", "6"][..], 3),
        (&["--allow-administrative"][..], 3),
        (&["--allow-removals", "5"][..], 0),
    ] {
        let applied = place.apply(options);
        assert_eq!(applied.code, code, "{options:?} {}{}", applied.stdout, applied.stderr);
        assert_eq!(applied.stdout.contains("Overridden by this command: 1 guard"), code == 0, "{}", applied.stdout);
    }
}

#[test]
fn a_plan_that_is_past_its_time_elsewhere_or_made_of_other_lists_is_refused_with_1() {
    let place = Place::of(&story());
    let plan = place.plan(&alice_out());
    let refused = |why: &str| {
        let applied = place.apply(&["--allow-removals", "1"]);
        assert_eq!((applied.code, applied.stdout.as_str()), (1, ""), "{}", applied.stderr);
        assert!(
            applied.stderr.contains("error: this plan cannot be applied: ") && applied.stderr.contains(why),
            "{}",
            applied.stderr
        );
    };
    place.edit(&Plan { expires: plan.made.at, ..plan.clone() });
    refused("the plan expired at");
    let mut elsewhere = plan.clone();
    elsewhere.place.organization = Some("o-other".to_owned());
    place.edit(&elsewhere);
    refused("`organization` is `o-other` in the plan and");
    place.edit(&plan);
    place.write("expected/more.csv", "user,permission_set,account\n");
    let applied = place.apply(&[]);
    assert!(matches!(applied.code, 1 | 2), "{}", applied.stdout);
    fs::remove_file(place.0.path().join("expected/more.csv")).unwrap();
    let settings = fs::read_to_string(place.0.path().join("rollcall.toml")).unwrap();
    place.write("rollcall.toml", &format!("{settings}# another one\n"));
    refused("the settings have changed since the plan was made");
    place.write("rollcall.toml", &settings);
    let lists = fs::read_dir(place.0.path().join("expected")).unwrap().map(|entry| entry.unwrap().path());
    let list = lists.into_iter().find(|path| path.extension().is_some_and(|end| end == "csv")).unwrap();
    fs::write(&list, fs::read_to_string(&list).unwrap() + "\n").unwrap();
    refused(&format!("the list `{}` has changed since the plan was made", list.file_name().unwrap().to_str().unwrap()));
}

#[test]
fn a_file_that_is_no_plan_ends_with_2() {
    let place = Place::of(&Story::small());
    for (file, why) in [("none.json", "cannot read `none.json`"), ("rollcall.toml", "it is not a plan")] {
        let applied = place.run(&["apply", file]);
        assert_eq!((applied.code, applied.stdout.as_str()), (2, ""), "{}", applied.stderr);
        assert!(applied.stderr.contains(why), "{}", applied.stderr);
    }
}

#[test]
fn planning_and_judging_a_plan_write_nothing_to_aws() {
    let moto = Moto::start();
    moto.seed(&story().for_moto());
    let place = Place::of(&story());
    let run = |arguments: &[&str]| rollcall(place.0.path(), arguments, &moto.environment());
    let planned = run(&[&["plan"][..], &alice_out(), &["--out", "plan.json"]].concat());
    assert!(matches!(planned.code, 0 | 3 | 4), "{}{}", planned.stdout, planned.stderr);
    let applied = run(&["apply", "plan.json", "--allow-removals", "1"]);
    assert!(matches!(applied.code, 0 | 4), "{}{}", applied.stdout, applied.stderr);
    assert!(applied.stdout.contains("`identitystore:DeleteGroupMembership`"), "{}", applied.stdout);
    assert_eq!(moto.writes(), serde_json::json!({}));
}
