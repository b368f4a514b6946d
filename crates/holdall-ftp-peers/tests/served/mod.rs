//! Servers to try.

#![allow(clippy::unwrap_used, dead_code)]

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use holdall::pathio::AbstractPathIo;
use holdall_ftp::{
    Account, Accounts, FixedTls, Login, LoginRefused, Server, ServerHandle, ServerOptions,
};
use holdall_ftp_peers::Site;
use tokio::task::JoinHandle;

const USER: &str = "anna";
const PASSWORD: &str = "a password";

/// A server on a free port; dropping it stops it.
pub(crate) struct Served {
    pub(crate) site: Site,
    pub(crate) handle: ServerHandle,
    serving: JoinHandle<()>,
    _certificate: tempfile::TempDir,
}

/// One user, with the whole path IO for a home.
struct OneUser(Arc<dyn AbstractPathIo>);

#[async_trait]
impl Accounts for OneUser {
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused> {
        if login.user != USER || login.password.reveal() != PASSWORD {
            return Err(LoginRefused::WrongCredentials);
        }
        Ok(Account::new(login.user, Arc::clone(&self.0)))
    }
}

impl Served {
    pub(crate) async fn over(io: Arc<dyn AbstractPathIo>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate = folder.path().join("certificate.pem");
        std::fs::write(&certificate, signed.cert.pem()).unwrap();
        let mut options = ServerOptions::default();
        options.tls = Some(Arc::new(FixedTls::new(tls(&signed))));
        let server = Server::builder(OneUser(io))
            .options(options)
            .bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let site = Site {
            port: server.local_addr().unwrap().port(),
            user: USER.to_owned(),
            password: PASSWORD.to_owned(),
            certificate,
        };
        let handle = server.handle();
        let serving = tokio::spawn(server.serve());
        Self {
            site,
            handle,
            serving,
            _certificate: folder,
        }
    }

    /// Stops, and returns once all sessions have ended.
    pub(crate) async fn stop(self) {
        self.handle.shut_down(Duration::ZERO);
        self.serving.await.unwrap();
    }
}

fn tls(signed: &rcgen::CertifiedKey<rcgen::KeyPair>) -> rustls::ServerConfig {
    let key = rustls::pki_types::PrivateKeyDer::try_from(signed.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key.unwrap())
        .unwrap();
    config.ticketer = rustls::crypto::ring::Ticketer::new().unwrap();
    config
}
