//! Buckets in another region than Identity Center, and answers of S3 that are not there as a whole.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use crate::support::canned::{Answer, Canned, Request};
use crate::support::{Output, rollcall, root};

/// The region that all buckets are in.
const HOME: &str = "eu-west-1";
const LISTS: &str = "user,mail,name,groups,status,reviewed_by\nalice,,,,active,me\n";

/// As much of S3 as a store takes, and what it was asked.
#[derive(Default)]
struct S3 {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    /// Requests that were signed for another region, and for the right one.
    asked: Mutex<[usize; 2]>,
}

impl S3 {
    fn with(key: &str, text: &str) -> Arc<Self> {
        let s3 = S3::default();
        s3.objects.lock().unwrap().insert(key.to_owned(), text.as_bytes().to_vec());
        Arc::new(s3)
    }

    fn serve(self: &Arc<Self>) -> Canned {
        let s3 = Arc::clone(self);
        Canned::start(move |request| s3.answer(request))
    }

    fn asked(&self) -> [usize; 2] {
        *self.asked.lock().unwrap()
    }

    fn answer(&self, request: &Request) -> Answer {
        let is_home = request.header("authorization").contains(&format!("/{HOME}/s3/"));
        self.asked.lock().unwrap()[usize::from(is_home)] += 1;
        if !is_home {
            return elsewhere(request);
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let key = path.trim_start_matches('/').to_owned();
        let mut objects = self.objects.lock().unwrap();
        match request.method.as_str() {
            "PUT" if objects.contains_key(&key) => refusal(412, "PreconditionFailed"),
            "PUT" => {
                objects.insert(key, request.body.clone());
                answered(Vec::new())
            }
            "GET" if query.contains("list-type=2") => answered(listed(&objects, &key, query).into_bytes()),
            "GET" => objects.get(&key).map_or_else(|| refusal(404, "NoSuchKey"), |body| answered(body.clone())),
            other => panic!("nobody sends {other}"),
        }
    }
}

/// S3 tells the region in a header, whatever else it says.
fn elsewhere(request: &Request) -> Answer {
    let refusal = if request.target.starts_with("/lists") {
        refusal(400, "AuthorizationHeaderMalformed")
    } else {
        refusal(301, "PermanentRedirect")
    };
    Answer { headers: vec![("x-amz-bucket-region", HOME.to_owned())], ..refusal }
}

fn refusal(status: u16, code: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>").into_bytes();
    Answer { status, headers: vec![("date", "Fri, 20 Nov 2026 08:00:00 GMT".to_owned())], body }
}

fn answered(body: Vec<u8>) -> Answer {
    let headers = vec![("last-modified", "Fri, 20 Nov 2026 08:00:00 GMT".to_owned())];
    Answer { status: 200, headers, body }
}

fn listed(objects: &BTreeMap<String, Vec<u8>>, bucket: &str, query: &str) -> String {
    let bucket = bucket.trim_end_matches('/');
    let prefix = query.split('&').find_map(|part| part.strip_prefix("prefix=")).unwrap_or_default();
    let below = format!("{bucket}/{}", prefix.replace("%2F", "/"));
    let keys: Vec<&str> =
        objects.keys().filter(|key| key.starts_with(&below)).map(|key| &key[bucket.len() + 1..]).collect();
    let contents: String = keys.iter().map(|key| format!("<Contents><Key>{key}</Key></Contents>")).collect();
    format!(
        "<ListBucketResult><KeyCount>{}</KeyCount>{contents}<IsTruncated>false</IsTruncated></ListBucketResult>",
        keys.len()
    )
}

fn folder(settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), settings).unwrap();
    folder
}

/// An audit of saved output, whose lists come from one bucket and whose package goes to another.
fn audit(canned: &Canned, settings: &str) -> Output {
    let saved = root().join("tests/data/aws/small");
    let folder = folder(&format!("[collect]\nfrom = {saved:?}\n{settings}"));
    let arguments = ["audit", "--expected", "s3://lists/access", "--to", "s3://reports/audits"];
    rollcall(folder.path(), &arguments, &canned.environment())
}

#[test]
fn a_bucket_in_another_region_is_found_where_s3_says_that_it_is() {
    let s3 = S3::with("lists/access/people.csv", LISTS);
    let output = audit(&s3.serve(), "");
    assert!([0, 3, 4].contains(&output.code), "{}", output.stderr);
    let objects = s3.objects.lock().unwrap();
    assert!(objects.contains_key("reports/audits/chain/00000001.json"), "{:?}", objects.keys());
    let [elsewhere, home] = s3.asked();
    // Whoever opens a bucket learns it once.
    assert!(elsewhere <= 3 && home > 10, "{elsewhere} of {home}");
}

#[test]
fn a_region_that_the_settings_name_is_asked_at_once() {
    let s3 = S3::with("lists/access/people.csv", LISTS);
    let settings = format!("[report.bucket]\nregion = {HOME:?}\n[expect]\nbucket_region = {HOME:?}\n");
    let output = audit(&s3.serve(), &settings);
    assert!([0, 3, 4].contains(&output.code), "{}", output.stderr);
    assert_eq!(s3.asked()[0], 0);
}

#[test]
fn a_region_that_cannot_be_one_is_refused_with_its_key() {
    for (table, key) in [("report.bucket", "region"), ("expect", "bucket_region")] {
        let folder = folder(&format!("[{table}]\n{key} = \"Frankfurt am Main\"\n"));
        let output = rollcall(folder.path(), &["check", "--offline"], &[]);
        assert_eq!(output.code, 2, "{}", output.stderr);
        assert!(output.stderr.contains(&format!("`{table}.{key}`")), "{}", output.stderr);
        assert!(output.stderr.contains("`eu-central-1`"), "{}", output.stderr);
    }
}

/// Lists that a bucket gives with this answer to `ListObjectsV2`.
fn lists_with(change: impl Fn(String) -> String + Send + Sync + 'static) -> Output {
    let s3 = S3::with("lists/access/people.csv", LISTS);
    let canned = Canned::start(move |request| {
        let answer = s3.answer(request);
        match request.target.contains("list-type=2") && answer.status == 200 {
            true => answered(change(String::from_utf8(answer.body).unwrap()).into_bytes()),
            false => answer,
        }
    });
    let folder = folder(&format!("[expect]\nbucket_region = {HOME:?}\n"));
    let arguments = ["check", "--offline", "--expected", "s3://lists/access"];
    rollcall(Path::new(folder.path()), &arguments, &canned.environment())
}

#[test]
fn a_list_of_keys_that_breaks_off_or_counts_more_than_it_lists_is_no_list() {
    assert_eq!(lists_with(|whole| whole).code, 0, "{}", lists_with(|whole| whole).stderr);
    let cut = lists_with(|whole| whole.split("<Contents>").next().unwrap().to_owned());
    assert_eq!(cut.code, 1);
    assert!(
        cut.stderr.contains("the answer is truncated: the element ListBucketResult is not closed"),
        "{}",
        cut.stderr
    );
    let counted = lists_with(|whole| whole.replace("<KeyCount>1<", "<KeyCount>2<"));
    assert_eq!(counted.code, 1);
    assert!(counted.stderr.contains("its count of keys differs from its list"), "{}", counted.stderr);
}
