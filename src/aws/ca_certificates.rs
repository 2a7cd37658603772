//! Certificates of a network's own, as AWS's other tools have them: a file in PEM that `AWS_CA_BUNDLE` names, or
//! `ca_bundle` of the profile. What it holds is trusted in place of what the system trusts.

use aws_config::profile::ProfileSet;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::{Env, Fs};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::failure::{CA_BUNDLE, Failure, Kind};

/// The client that trusts the network's own certificates, where there are some. Otherwise it is the SDK's.
///
/// # Errors
/// Where the file cannot be read, or holds no certificate that can be trusted.
pub(super) async fn client(fs: &Fs, env: &Env, profile: Option<String>) -> Result<Option<SharedHttpClient>, Failure> {
    let Some((said, path)) = bundle(fs, env, profile).await else { return Ok(None) };
    let failed = |why: String| Failure::new(Kind::Unreachable, CA_BUNDLE, format!("{said} points to `{path}`: {why}"));
    let pem = fs.read_to_end(&path).await.map_err(|error| failed(error.to_string()))?;
    let trusted = trusted(&pem).ok_or_else(|| failed("it contains no usable certificate".to_owned()))?;
    let trust = TrustStore::empty().with_pem_certificate(trusted);
    let context = TlsContext::builder().with_trust_store(trust).build().map_err(|error| failed(error.to_string()))?;
    // But for the certificates, what the SDK makes by itself.
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_tls_context(context.clone());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.build()
    });
    Ok(Some(client))
}

/// What names the file, and the file.
async fn bundle(fs: &Fs, env: &Env, profile: Option<String>) -> Option<(&'static str, String)> {
    if let Some(path) = env.get("AWS_CA_BUNDLE").ok().filter(|path| !path.is_empty()) {
        return Some(("AWS_CA_BUNDLE", path));
    }
    // Files that cannot be read are told where credentials are looked for in them.
    let profiles = aws_config::profile::load(fs, env, &Default::default(), profile.map(Into::into)).await.ok()?;
    let path = ProfileSet::get(&profiles, "ca_bundle").filter(|path| !path.is_empty())?;
    Some(("`ca_bundle`", path.to_owned()))
}

/// The certificates of a file that can be trusted, in PEM; the SDK panics at any other. `None` where there is none.
fn trusted(pem: &[u8]) -> Option<String> {
    let certificates = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok);
    let usable = certificates.filter(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok());
    let encoded: String = usable.map(|certificate| encoded(&certificate)).collect();
    (!encoded.is_empty()).then_some(encoded)
}

fn encoded(certificate: &[u8]) -> String {
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for (place, character) in STANDARD.encode(certificate).chars().enumerate() {
        if place > 0 && place % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem + "\n-----END CERTIFICATE-----\n"
}
