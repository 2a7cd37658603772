//! winterbaume, a mock of AWS that answers within its own process only, on a free port of 127.0.0.1.
//!
//! It prints `ready http://127.0.0.1:PORT` and ends when its standard input closes, as the scripts of `tests/servers`
//! do. A request goes unchanged to the service that its signature names, and the answer goes back unchanged. Besides:
//!
//! ```text
//! GET    /ledger    every call since the start, in order, each a line: `sso:ListPermissionSets {"InstanceArn": …}`
//! DELETE /ledger    starts anew
//! ```

use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use winterbaume_core::{MockRequest, MockResponse, MockService, auth};
use winterbaume_identitystore::IdentityStoreService;
use winterbaume_organizations::OrganizationsService;
use winterbaume_ssoadmin::SsoAdminService;
use winterbaume_sts::StsService;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("ready http://{}", listener.local_addr()?);
    // The test holds the other end of standard input, however the test ends.
    let end = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    tokio::select! {
        ended = serve(listener) => ended,
        _ = end => Ok(()),
    }
}

async fn serve(listener: TcpListener) -> std::io::Result<()> {
    let bridge = Arc::new(Bridge::new());
    loop {
        let (stream, _) = listener.accept().await?;
        let bridge = Arc::clone(&bridge);
        tokio::spawn(async move {
            let answer = service_fn(|request| bridge.answer(request));
            // A client that goes away in the middle is no business of the others.
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await);
        });
    }
}

struct Bridge {
    services: [Box<dyn MockService>; 4],
    ledger: Mutex<String>,
}

impl Bridge {
    fn new() -> Self {
        let services: [Box<dyn MockService>; 4] = [
            Box::new(IdentityStoreService::new()),
            Box::new(OrganizationsService::new()),
            Box::new(SsoAdminService::new()),
            Box::new(StsService::new()),
        ];
        Bridge { services, ledger: Mutex::default() }
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        if head.uri.path() == "/ledger" {
            let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            let told = if head.method == Method::DELETE { std::mem::take(&mut *ledger) } else { ledger.clone() };
            return Ok(Response::new(Full::from(told)));
        }
        let MockResponse { status, headers, body } = self.call(head, body).await;
        let mut answer = Response::new(Full::new(body));
        *answer.status_mut() = status.try_into().expect("a mock answers with a status of HTTP");
        *answer.headers_mut() = headers;
        Ok(answer)
    }

    async fn call(&self, Parts { method, uri, headers, .. }: Parts, body: Bytes) -> MockResponse {
        let signed_for = auth::extract_service_from_headers(&headers).unwrap_or_default();
        let text = String::from_utf8_lossy(&body);
        let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()?.rsplit('.').next());
        let action = text.split('&').find_map(|field| field.strip_prefix("Action="));
        let operation = target.or(action).unwrap_or(uri.path());
        let line = format!("{signed_for}:{operation} {text}\n");
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner).push_str(&line);
        let Some(service) = self.services.iter().find(|service| service.service_name() == signed_for) else {
            return MockResponse::error(501, "NotImplemented", &format!("`{signed_for}` is not among these mocks"));
        };
        service.handle(MockRequest { method: method.to_string(), uri: uri.to_string(), headers, body }).await
    }
}
