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

/// TLS, and whether https can be used with it: not on a system without CA certificates.
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
    let (builder, https) = match verifier {
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
    Ok((tls, https))
}

/// The last cause of an error, which is the one that says something.
pub(super) fn reason(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
    use rustls::{ClientConnection, HandshakeKind, ServerConfig, ServerConnection};

    use super::*;

    const CERTIFICATE: &[u8] = include_bytes!("../../tests/fixtures/fetch/loopback.cert.der");
    const KEY: &[u8] = include_bytes!("../../tests/fixtures/fetch/loopback.key.der");

    /// Believes everybody: what is tested is what comes after.
    #[derive(Debug)]
    struct Anybody(Verifier);

    impl rustls::client::danger::ServerCertVerifier for Anybody {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
            Ok(rustls::client::danger::ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            self.0.verify_tls12_signature(message, certificate, signature)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            self.0.verify_tls13_signature(message, certificate, signature)
        }

        fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
            self.0.supported_verify_schemes()
        }
    }

    /// A whole handshake, in memory.
    fn shake_hands(
        client: &Arc<ClientConfig>,
        server: &Arc<ServerConfig>,
        name: &str,
    ) -> Option<HandshakeKind> {
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let mut client = ClientConnection::new(Arc::clone(client), name).unwrap();
        let mut server = ServerConnection::new(Arc::clone(server)).unwrap();
        while client.is_handshaking()
            || server.is_handshaking()
            || client.wants_write()
            || server.wants_write()
        {
            let mut bytes = Vec::new();
            client.write_tls(&mut bytes).unwrap();
            server.read_tls(&mut bytes.as_slice()).unwrap();
            server.process_new_packets().unwrap();
            bytes.clear();
            server.write_tls(&mut bytes).unwrap();
            client.read_tls(&mut bytes.as_slice()).unwrap();
            client.process_new_packets().unwrap();
        }
        client.handshake_kind()
    }

    #[test]
    fn row_36_sessions_of_many_hosts_are_resumed() {
        let (mut client, _) = configure().unwrap();
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let key = || PrivateKeyDer::try_from(KEY).unwrap();
        let mut server = ServerConfig::builder_with_provider(Arc::clone(&ring))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key())
            .unwrap();
        // The server's own memory is not what is tested.
        server.session_storage = rustls::server::ServerSessionMemoryCache::new(10_000);
        client.dangerous().set_certificate_verifier(Arc::new(Anybody(Verifier::new(ring).unwrap())));
        let (client, server) = (Arc::new(client), Arc::new(server));
        let names: Vec<_> = (0..200).map(|n| format!("h{n}.example")).collect();
        for kind in [HandshakeKind::Full, HandshakeKind::Resumed, HandshakeKind::Resumed] {
            for name in &names {
                assert_eq!(shake_hands(&client, &server, name), Some(kind), "{name}");
            }
        }
    }
}
