//! TLS for many hosts: the system's certificates, and sessions that last from one poll to the next.

use std::error::Error;
use std::sync::Arc;

use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::Verifier;

use super::BuildError;

/// Hosts whose sessions are kept, at some 5 KB each (mostly the certificates). A full handshake costs over twice the
/// time of a resumed one, here as there.
const HOSTS: usize = 4_096;

/// The library counts eight tickets a host, so that its default of 256 is 32 hosts.
const TICKETS: usize = 8;

/// The protocols, best first (RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// TLS, and whether it can verify anybody: not on a system without CA certificates.
///
/// # Errors
/// If the cryptography knows no version of TLS.
pub(super) fn configure() -> Result<(ClientConfig, bool), BuildError> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    // Fails if there is one already, which serves as well.
    let _ = CryptoProvider::install_default((*ring).clone());
    let verifier = Verifier::new(Arc::clone(&ring));
    let builder = ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .map_err(|error| BuildError::Client(reason(&error)))?;
    let (builder, verifies) = match verifier {
        Ok(verifier) => (builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)), true),
        Err(error) => {
            let reason = reason(&error);
            tracing::warn!(%reason, "https cannot be used, as this system's CA certificates do not load: {reason}");
            let nobody = rustls::RootCertStore::empty();
            (builder.with_root_certificates(nobody), false)
        }
    };
    let mut tls = builder.with_no_client_auth();
    tls.alpn_protocols = PROTOCOLS.iter().map(|name| name.to_vec()).collect();
    tls.resumption = Resumption::in_memory_sessions(HOSTS * TICKETS);
    Ok((tls, verifies))
}

/// The last cause of an error, which is the one that says something.
pub(super) fn reason(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
