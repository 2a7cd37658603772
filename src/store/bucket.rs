//! A shelf in a bucket of S3.
//!
//! `If-None-Match: *` makes a PUT fail where there is an object (412), and the SHA-256 travels with it, so that S3
//! refuses what was changed on the way. The SDK's own retries are welcome here, unlike in collectors: an attempt whose
//! answer was lost makes the next one meet our own object, and equal bytes are told from foreign ones.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Region;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_sdk_s3::operation::list_objects_v2::{ListObjectsV2Error, ListObjectsV2Output};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, ServerSideEncryption};
use chrono::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::object::{BodySource, met};
use super::{Body, Created, Entry, EntryKind, Key, Object, StoreError};
use crate::aws::complete_body::{Fields, NotWhole, Whole};
use crate::model::{AccountId, is_region};

/// How often a PUT is sent that meets another operation under way (409 `ConditionalRequestConflict`, `OperationAborted`:
/// S3 API reference, PutObject and Error responses).
const ATTEMPTS: u32 = 6;

/// How to write to a bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The KMS key that encrypts objects. Default: the bucket's own setting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// The account that must own the bucket. S3 refuses access if another account owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub expected_bucket_owner: Option<AccountId>,
    /// The region of the bucket, if it differs from `aws.region`. Default: the region that S3 reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Whether the bucket's name goes into the path and not into the host name, as stores other than S3 itself need it.
    /// It is always on if `AWS_ENDPOINT_URL` sets the endpoint.
    pub path_style: bool,
}

/// A bucket, or what lies below a prefix of one.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Replaced where S3 says that the bucket is in another region.
    client: Arc<RwLock<Client>>,
    name: String,
    prefix: Option<Key>,
    kms_key_id: Option<String>,
    owner: Option<String>,
}

impl Bucket {
    /// The shelf in this bucket, below this prefix.
    #[must_use]
    pub fn open(config: &SdkConfig, name: &str, prefix: Option<Key>, options: &Options) -> Self {
        let region = options.region.clone().map(Region::new).or(config.region().cloned());
        let config = aws_sdk_s3::config::Builder::from(config)
            .retry_config(RetryConfig::standard().with_max_attempts(5))
            .force_path_style(options.path_style || config.endpoint_url().is_some())
            .region(region)
            .interceptor(Whole::of(|operation| (operation == "ListObjectsV2").then_some(Fields::Some)))
            .build();
        Bucket {
            client: Arc::new(RwLock::new(Client::from_conf(config))),
            name: name.to_owned(),
            prefix,
            kms_key_id: options.kms_key_id.clone(),
            owner: options.expected_bucket_owner.map(|owner| owner.to_string()),
        }
    }

    pub(super) async fn create(&self, key: &Key, body: &Body) -> Result<Created, StoreError> {
        for attempt in 0..ATTEMPTS {
            let Err(error) = self.put(key, body).await? else {
                return Ok(Created::Ours);
            };
            match error.code() {
                _ if self.follow(&error) => {}
                Some("PreconditionFailed") => return self.meet(key, body, &error).await,
                Some("ConditionalRequestConflict" | "OperationAborted") => {
                    tokio::time::sleep(Duration::from_millis(100) * 2_u32.pow(attempt)).await;
                }
                Some(_) | None => return Err(self.failed("write", key.as_str(), &error)),
            }
        }
        Err(StoreError::Contested { object: self.address(key.as_str()), attempts: ATTEMPTS })
    }

    /// One PUT; the inner result is S3's.
    async fn put(&self, key: &Key, body: &Body) -> Result<Result<(), PutError>, StoreError> {
        let stream = match &body.source {
            BodySource::Bytes(bytes) => ByteStream::from(bytes.clone()),
            BodySource::File(path) => ByteStream::from_path(path).await.map_err(|source| {
                let path = path.clone();
                StoreError::File { doing: "read", path, source: source.into() }
            })?,
        };
        let answer = self
            .client()
            .put_object()
            .bucket(&self.name)
            .key(self.full(key.as_str()))
            .if_none_match("*")
            .content_length(i64::try_from(body.length).expect("files are shorter than 2^63 bytes"))
            .content_type(&body.media_type)
            // The sum alone is not enough where the bucket has a lock: S3 then wants the algorithm named as well.
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .checksum_sha256(body.digest.base64())
            .set_server_side_encryption(self.kms_key_id.as_ref().map(|_| ServerSideEncryption::AwsKms))
            .set_ssekms_key_id(self.kms_key_id.clone())
            .set_expected_bucket_owner(self.owner.clone())
            .body(stream)
            .send()
            .await;
        Ok(answer.map(drop))
    }

    /// After a 412: whose object is it?
    async fn meet(&self, key: &Key, body: &Body, error: &PutError) -> Result<Created, StoreError> {
        let why = "the write found it present, the read found it missing";
        let object = self.read(key).await?.ok_or_else(|| self.strange(key.as_str(), why))?;
        let date = error.raw_response().and_then(|response| response.headers().get("date"));
        let now = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        let now = now.ok_or_else(|| self.strange(key.as_str(), "it has no `Date` (RFC 9110, section 6.6.1)"))?;
        Ok(met(object, body, now.to_utc()))
    }

    pub(super) async fn read(&self, key: &Key) -> Result<Option<Object>, StoreError> {
        self.get(key.as_str()).await
    }

    pub(super) async fn read_named(&self, name: &str) -> Result<Option<Object>, StoreError> {
        self.get(name).await
    }

    pub(super) async fn list(&self, prefix: &Key, after: Option<&Key>) -> Result<Vec<Key>, StoreError> {
        let names = self.names(&format!("{prefix}/"), after.map(Key::as_str)).await?;
        let mut keys: Vec<Key> = names.iter().filter_map(|name| name.parse().ok()).collect();
        // S3 lists in this order already, its directory buckets do not.
        keys.sort();
        Ok(keys)
    }

    /// Every file that others put below the prefix, by name, as it is there now. Unlike keys of the shelf, their names
    /// may be any. A name that ends in a slash is how consoles show an empty folder, and no file.
    ///
    /// # Errors
    /// Where S3 refuses, or a file is gone before it is read.
    pub async fn files(&self) -> Result<Vec<(String, Object)>, StoreError> {
        let mut names = self.names("", None).await?;
        names.retain(|name| !name.ends_with('/'));
        names.sort();
        let mut files = Vec::new();
        // Not concurrent on purpose: there are a handful of them, and the order of errors stays the same.
        for name in names {
            let object = self.get(&name).await?.ok_or_else(|| self.strange(&name, "it was listed but is gone"))?;
            files.push((name, object));
        }
        Ok(files)
    }

    async fn get(&self, name: &str) -> Result<Option<Object>, StoreError> {
        let mut answer = self.get_once(name).await;
        if answer.as_ref().is_err_and(|error| self.follow(error)) {
            answer = self.get_once(name).await;
        }
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(self.failed("read", name, &error)),
        };
        let stored = answer.last_modified.and_then(|at| DateTime::from_timestamp(at.secs(), at.subsec_nanos()));
        let stored = stored.ok_or_else(|| self.strange(name, "it has no `Last-Modified`"))?;
        let bytes = answer.body.collect().await.map_err(|error| StoreError::Bucket {
            doing: "read",
            object: self.address(name),
            code: "connection".to_owned(),
            message: causes(&error),
        })?;
        Ok(Some(Object { bytes: bytes.to_vec(), stored }))
    }

    /// What lies directly in a folder, or at the top.
    pub(super) async fn entries(&self, folder: Option<&Key>) -> Result<Vec<Entry>, StoreError> {
        let below = folder.map_or_else(String::new, |folder| format!("{folder}/"));
        let mut entries = Vec::new();
        self.pages(&below, None, Some("/"), |page| {
            let files = page.contents().iter().filter_map(|object| self.ours(object.key()?));
            // A name that ends in a slash is how consoles show an empty folder.
            let files = files.filter(|name| !name.ends_with('/'));
            entries.extend(files.map(|name| Entry { name, kind: EntryKind::File }));
            let folders = page.common_prefixes().iter().filter_map(|folder| self.ours(folder.prefix()?));
            let folders = folders.map(|name| name.trim_end_matches('/').to_owned());
            entries.extend(folders.map(|name| Entry { name, kind: EntryKind::Folder }));
        })
        .await?;
        Ok(entries)
    }

    /// The names of all objects that begin with `below`, in S3's order, those behind `after` only.
    pub(super) async fn names(&self, below: &str, after: Option<&str>) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        self.pages(below, after, None, |page| {
            names.extend(page.contents().iter().filter_map(|object| self.ours(object.key()?)));
        })
        .await?;
        Ok(names)
    }

    /// All pages of a list, to its end.
    async fn pages(
        &self,
        below: &str,
        after: Option<&str>,
        delimiter: Option<&str>,
        mut take: impl FnMut(&ListObjectsV2Output),
    ) -> Result<(), StoreError> {
        let mut token: Option<String> = None;
        let mut seen = BTreeSet::new();
        loop {
            let page = Page { below, after, delimiter, token: token.as_deref() };
            let page = self.page(page).await.map_err(|error| self.failed("list", below, &error))?;
            let listed = page.contents().len() + page.common_prefixes().len();
            if page.key_count.is_some_and(|count| usize::try_from(count).ok() != Some(listed)) {
                return Err(self.strange(below, "its count of keys differs from its list"));
            }
            take(&page);
            token = page.next_continuation_token;
            match &token {
                None if page.is_truncated == Some(true) => {
                    return Err(self.strange(below, "the list continues, but without a continuation token"));
                }
                None => return Ok(()),
                Some(next) if seen.insert(next.clone()) => {}
                Some(_) => return Err(self.strange(below, "it returned the same continuation token twice")),
            }
        }
    }

    /// A page of a list. One that breaks off is asked for again, as the SDK does with all that fails on the way.
    async fn page(&self, page: Page<'_>) -> Result<ListObjectsV2Output, SdkError<ListObjectsV2Error, HttpResponse>> {
        let mut attempt = 1;
        loop {
            match self.page_once(page).await {
                Err(error) if attempt < ATTEMPTS && self.follow(&error) => attempt += 1,
                Err(error) if attempt < ATTEMPTS && NotWhole::of(&error).is_some() => {
                    tokio::time::sleep(Duration::from_millis(100) * 2_u32.pow(attempt)).await;
                    attempt += 1;
                }
                answered => return answered,
            }
        }
    }

    async fn page_once(
        &self,
        page: Page<'_>,
    ) -> Result<ListObjectsV2Output, SdkError<ListObjectsV2Error, HttpResponse>> {
        let list = self.client().list_objects_v2().bucket(&self.name).prefix(self.full(page.below));
        let list = list.set_delimiter(page.delimiter.map(str::to_owned));
        let list = list.set_start_after(page.after.map(|after| self.full(after)));
        let list = list.set_continuation_token(page.token.map(str::to_owned));
        list.set_expected_bucket_owner(self.owner.clone()).send().await
    }

    async fn get_once(&self, name: &str) -> Result<GetObjectOutput, SdkError<GetObjectError, HttpResponse>> {
        let get = self.client().get_object().bucket(&self.name).key(self.full(name));
        // The SDK then compares the body with the checksum that was stored.
        let get = get.checksum_mode(ChecksumMode::Enabled);
        get.set_expected_bucket_owner(self.owner.clone()).send().await
    }

    /// Goes on in the region that S3 names, where that is another one: buckets answer in their own region only, and
    /// tell it elsewhere (301 `PermanentRedirect`, 400 `AuthorizationHeaderMalformed`).
    fn follow<E>(&self, error: &SdkError<E, HttpResponse>) -> bool {
        let named = error.raw_response().and_then(|answer| answer.headers().get("x-amz-bucket-region"));
        let Some(named) = named.filter(|named| is_region(named)) else { return false };
        let mut client = self.client.write().unwrap_or_else(PoisonError::into_inner);
        if client.config().region().is_some_and(|region| region.as_ref() == named) {
            return false;
        }
        let config = client.config().to_builder().region(Region::new(named.to_owned())).build();
        *client = Client::from_conf(config);
        true
    }

    fn client(&self) -> Client {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The name in the bucket of what is called `text` on the shelf.
    fn full(&self, text: &str) -> String {
        match &self.prefix {
            Some(prefix) => format!("{prefix}/{text}"),
            None => text.to_owned(),
        }
    }

    /// What an object of the bucket is called below the prefix.
    fn ours(&self, full: &str) -> Option<String> {
        let name = match &self.prefix {
            Some(prefix) => full.strip_prefix(prefix.as_str())?.strip_prefix('/')?,
            None => full,
        };
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn address(&self, text: &str) -> String {
        format!("s3://{}/{}", self.name, self.full(text))
    }

    fn strange(&self, text: &str, why: &'static str) -> StoreError {
        StoreError::Answer { object: self.address(text), why }
    }

    /// `SdkError`'s own text says no more than "service error".
    fn failed<E>(&self, doing: &'static str, text: &str, error: &SdkError<E, HttpResponse>) -> StoreError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let code = match (error.code(), error) {
            (Some(code), _) => code.to_owned(),
            (None, SdkError::ServiceError(answer)) => format!("HTTP status {}", answer.raw().status()),
            (None, SdkError::TimeoutError(_)) => "timeout".to_owned(),
            (None, SdkError::DispatchFailure(_)) => "connection".to_owned(),
            (None, _) => "request".to_owned(),
        };
        let message = match error.message() {
            Some(message) => message.to_owned(),
            None => causes(error),
        };
        StoreError::Bucket { doing, object: self.address(text), code, message }
    }
}

/// A page of a list.
#[derive(Clone, Copy)]
struct Page<'p> {
    below: &'p str,
    after: Option<&'p str>,
    delimiter: Option<&'p str>,
    token: Option<&'p str>,
}

/// What an error and its causes say, down to the last. The SDK's own printer adds the debug form of everything.
fn causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

type PutError = SdkError<aws_sdk_s3::operation::put_object::PutObjectError, HttpResponse>;
