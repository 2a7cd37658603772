//! Access keys that are too old, and credentials and permission sets that nobody uses: by the days of the settings, and
//! never where AWS does not say.

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::model::{Credentials, IamRole, IamUser, Known, Listing, World};

use crate::compare::trusts::story_of_reserved;
use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::audited::Audited;
use crate::support::rollcall;

const NOW: &str = "2026-11-20T08:00:00Z";

fn ago(days: i64) -> DateTime<Utc> {
    NOW.parse::<DateTime<Utc>>().unwrap() - TimeDelta::days(days)
}

fn iam_users(world: &mut World, change: impl Fn(&mut IamUser)) {
    for account in &mut world.snapshot.iam {
        let mut users: Vec<IamUser> = account.users.seen().cloned().collect();
        users.iter_mut().for_each(&change);
        account.users = Listing::by_key(users, account.users.extent().clone(), |_| ());
    }
}

/// The small company, whose one IAM user has these credentials, with these settings of keys and of use in days.
fn with(key_max_age: Option<i64>, unused_after: Option<i64>, change: impl Fn(&mut Credentials)) -> Audited {
    let credentials = Credentials {
        password: Some(false),
        active_keys: 1,
        active_certificates: 0,
        service_credentials: Some(0),
        mfa: true,
        last_used: None,
        password_used: None,
        key_used: None,
        oldest_key: None,
    };
    Audited::of(&Story::small()).with(|world| {
        world.policy.key_max_age = key_max_age.map(TimeDelta::days);
        world.policy.unused_after = unused_after.map(TimeDelta::days);
        iam_users(world, |user| {
            let mut known = credentials.clone();
            change(&mut known);
            user.credentials = Known::Is(known);
        });
    })
}

fn evidence(audited: &Audited) -> Vec<String> {
    let report = audited.report();
    let pieces = report.findings.iter().flat_map(|finding| &finding.evidence);
    pieces.map(|piece| rollcall::wording::evidence(audited.world(), piece)).collect()
}

#[test]
fn a_key_is_too_old_from_the_day_that_the_settings_say() {
    let of_age = |days: i64, allowed: Option<i64>| with(allowed, None, |known| known.oldest_key = Some(ago(days)));
    assert_eq!(of_age(90, Some(90)).titles(), Vec::<String>::new());
    assert_eq!(
        of_age(91, Some(90)).titles(),
        [
            "medium old-key: IAM user `svc-backup` in `Acme Development` (333344445555) has an access key that is too old"
        ]
    );
    assert_eq!(
        evidence(&of_age(91, Some(90))),
        ["Its oldest active access key was created at 2026-08-21 08:00:00 UTC, 91 days before this run; \
             `rules.key_max_age` allows 90 days"]
    );
    assert_eq!(of_age(4000, None).titles(), Vec::<String>::new(), "nothing is said in the settings");
    assert_eq!(with(Some(90), None, |_| ()).titles(), Vec::<String>::new(), "AWS does not say when it was made");
}

#[test]
fn a_password_and_keys_are_unused_only_where_aws_says_when_they_were_used_last() {
    let keys = |days: i64| with(None, Some(90), |known| known.key_used = Some(ago(days)));
    assert_eq!(keys(90).rules(), [""; 0]);
    assert_eq!(keys(91).rules(), ["unused-credential"]);
    assert_eq!(with(None, Some(90), |_| ()).rules(), [""; 0], "that is not known, and not unused");
    let password = |set: bool| {
        with(None, Some(90), move |known| {
            (known.password, known.active_keys, known.password_used) = (Some(set), 0, Some(ago(200)));
        })
    };
    assert_eq!(password(false).rules(), [""; 0], "there is no password any more");
    assert_eq!(
        evidence(&password(true)),
        ["Its console password was last used at 2026-05-04 08:00:00 UTC, 200 days before this run; \
             `rules.unused_after` allows 90 days"]
    );
    let replaced = with(None, Some(90), |known| (known.active_keys, known.key_used) = (0, Some(ago(200))));
    assert_eq!(replaced.rules(), [""; 0], "no key is active");
    let without_settings = with(None, None, |known| known.key_used = Some(ago(4000)));
    assert_eq!(without_settings.rules(), [""; 0]);
}

#[test]
fn a_permission_set_that_nobody_used_in_an_account_is_one_finding() {
    let used = |at: Option<DateTime<Utc>>| {
        Audited::of(&story_of_reserved("ReadOnly", "ReadOnlyAccess")).with(|world| {
            world.policy.unused_after = Some(TimeDelta::days(90));
            for account in &mut world.snapshot.iam {
                let mut roles: Vec<IamRole> = account.roles.seen().cloned().collect();
                roles.iter_mut().for_each(|role| role.last_used = at);
                account.roles = Listing::by_key(roles, account.roles.extent().clone(), |_| ());
            }
        })
    };
    assert_eq!(used(Some(ago(90))).rules(), [""; 0]);
    assert_eq!(used(None).rules(), [""; 0], "IAM keeps no last use: that is not known");
    let found = used(Some(ago(91)));
    assert_eq!(
        found.titles(),
        ["low unused-permission-set: Permission set `ReadOnly` has not been used in 1 account for a long time"]
    );
    assert_eq!(
        evidence(&found),
        ["In `Acme Production` (222233334444), its role was last used at 2026-08-21 08:00:00 UTC, 91 days before \
             this run; `rules.unused_after` allows 90 days"]
    );
}

#[test]
fn the_settings_reach_the_rules_and_a_package_is_replayed_with_them() {
    let mut story = Story::small();
    story.aws.iam.values_mut().flat_map(|users| users.values_mut()).for_each(|user| user.keys = 1);
    let found = |rules: &str| {
        let settings = format!("as_of = \"2026-11-20T08:00:00Z\"\n[collect]\nfrom = \"saved\"\n[rules]\n{rules}");
        let folder = folder_of(&story, &settings);
        let audited = rollcall(folder.path(), &["audit"], &[]);
        let verified = rollcall(folder.path(), &["verify"], &[]);
        assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
        audited.stdout.matches("old-key").count()
    };
    assert_eq!(found("key_max_age = \"24h\"\n"), 1);
    assert_eq!(found(""), 0);
}
