//! A stand-in for S3 that keeps what it is given, and can be told to misbehave as S3 and its imitations do: the store's
//! three verbs, and nothing else of S3. It takes messages as SNS does, too.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// What is kept, and what goes wrong.
#[derive(Debug, Default)]
pub struct Kept {
    /// Contents and time, by key.
    pub objects: BTreeMap<String, (Vec<u8>, DateTime<Utc>)>,
    /// Every request: method and path.
    pub requests: Vec<String>,
    /// Puts one object in the place of another, whatever the request says.
    pub replaces: bool,
    /// So many PUTs are first refused with this code and status 409.
    pub conflicts: (u32, &'static str),
    /// Every request about objects is answered with status 503.
    pub is_down: bool,
    /// Messages that were published: each field by its name.
    pub published: Vec<BTreeMap<String, String>>,
    /// Messages are refused.
    pub is_mute: bool,
}

impl Kept {
    /// The messages since they were looked at last, as machines get them, each with its subject.
    pub fn messages(&mut self) -> Vec<(String, Value)> {
        let machine = |fields: BTreeMap<String, String>| {
            let by_protocol: Value = serde_json::from_str(&fields["Message"]).unwrap();
            let machine = serde_json::from_str(by_protocol["default"].as_str().unwrap()).unwrap();
            (fields["Subject"].clone(), machine)
        };
        self.published.drain(..).map(machine).collect()
    }
}

/// The server. It goes on until the tests end.
#[derive(Clone)]
pub struct S3 {
    kept: Arc<Mutex<Kept>>,
    url: String,
}

impl S3 {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a port that is listened at"));
        let s3 = S3 { kept: Arc::default(), url };
        let of_thread = s3.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let s3 = of_thread.clone();
                std::thread::spawn(move || s3.serve(&connection));
            }
        });
        s3
    }

    pub fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }

    pub fn environment(&self) -> Vec<(String, String)> {
        let pairs = [
            ("AWS_ENDPOINT_URL", self.url.as_str()),
            ("AWS_ACCESS_KEY_ID", "testing"),
            ("AWS_SECRET_ACCESS_KEY", "testing"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    fn serve(&self, connection: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(connection);
        loop {
            let (mut head, mut headers) = (String::new(), BTreeMap::new());
            reader.read_line(&mut head).ok().filter(|read| *read > 0)?;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).ok()?;
                let Some((name, value)) = line.trim_end().split_once(':') else { break };
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
            let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            if headers.get("expect").is_some_and(|expects| expects == "100-continue") {
                (&*connection).write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
            }
            reader.read_exact(&mut body).ok()?;
            let mut words = head.split(' ');
            let (method, target) = (words.next()?, words.next()?);
            let answer = self.answer(method, target, &headers, body);
            (&*connection).write_all(&answer).ok()?;
        }
    }

    fn answer(&self, method: &str, target: &str, headers: &BTreeMap<String, String>, body: Vec<u8>) -> Vec<u8> {
        let mut kept = self.kept();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (_, key) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
        kept.requests.push(format!("{method} {key}"));
        if method == "POST" {
            return publish(&mut kept, &body);
        }
        if kept.is_down {
            return refused(503, "ServiceUnavailable");
        }
        let is_new = !kept.objects.contains_key(key);
        match method {
            "PUT" if kept.conflicts.0 > 0 => {
                kept.conflicts.0 -= 1;
                refused(409, kept.conflicts.1)
            }
            "PUT" if is_new || kept.replaces || !headers.contains_key("if-none-match") => {
                kept.objects.insert(key.to_owned(), (body, now()));
                whole(b"")
            }
            "PUT" => refused(412, "PreconditionFailed"),
            "GET" if query.contains("list-type=2") => list(&kept, query),
            "GET" => match kept.objects.get(key) {
                Some((body, stored)) => {
                    let stored = stored.format("%a, %d %b %Y %H:%M:%S GMT");
                    said(200, &format!("Last-Modified: {stored}\r\n"), body)
                }
                None => refused(404, "NoSuchKey"),
            },
            _ => refused(405, "MethodNotAllowed"),
        }
    }
}

/// `Publish` of SNS, as a form.
fn publish(kept: &mut Kept, body: &[u8]) -> Vec<u8> {
    if kept.is_mute {
        return refused(403, "AuthorizationError");
    }
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8().unwrap().into_owned()
    };
    let body = std::str::from_utf8(body).unwrap();
    let fields = body.split('&').filter_map(|pair| pair.split_once('='));
    kept.published.push(fields.map(|(name, value)| (decoded(name), decoded(value))).collect());
    whole(
        b"<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>1</MessageId>\
          </PublishResult></PublishResponse>",
    )
}

fn list(kept: &Kept, query: &str) -> Vec<u8> {
    let parameter = |name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_default().replace("%2F", "/")
    };
    let (prefix, after) = (parameter("prefix"), parameter("start-after"));
    let delimited = !parameter("delimiter").is_empty();
    let mut entries = String::new();
    let mut folders = std::collections::BTreeSet::new();
    for key in kept.objects.keys().filter(|key| key.starts_with(&prefix) && **key > after) {
        match key[prefix.len()..].split_once('/') {
            Some((folder, _)) if delimited => _ = folders.insert(format!("{prefix}{folder}/")),
            _ => entries += &format!("<Contents><Key>{key}</Key></Contents>"),
        }
    }
    let folders: String =
        folders.iter().map(|folder| format!("<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>")).collect();
    let text = format!(
        "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated>\
         <KeyCount>{}</KeyCount>{entries}{folders}</ListBucketResult>",
        entries.matches("<Key>").count() + folders.matches("<Prefix>").count()
    );
    whole(text.as_bytes())
}

fn whole(body: &[u8]) -> Vec<u8> {
    said(200, "", body)
}

fn refused(status: u16, code: &str) -> Vec<u8> {
    said(status, "", format!("<Error><Code>{code}</Code><Message>said the stand-in</Message></Error>").as_bytes())
}

fn said(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let date = now().format("%a, %d %b %Y %H:%M:%S GMT");
    let head = format!(
        "HTTP/1.1 {status} X\r\nDate: {date}\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}
