//! A certificate and its key from files, read again when they change.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use holdall::{Error, ErrorKind};
use parking_lot::Mutex;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ProducesTickets;

use super::TlsSource;

/// A certificate and its key from PEM files, which can be read again while the
/// server runs: each handshake takes what was read last.
///
/// TLS 1.3 and 1.2. Clients can resume their sessions on data connections, also
/// across a change of the certificate.
pub struct PemFiles {
    certificate: PathBuf,
    key: PathBuf,
    ticketer: Arc<dyn ProducesTickets>,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    config: Arc<ServerConfig>,
    /// What was read last, for better or worse.
    seen: Option<Pair>,
}

/// What the two files hold.
#[derive(PartialEq, Eq)]
struct Pair {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl PemFiles {
    /// Reads the certificate, with those that lead to its authority after it, and
    /// its key: PKCS#8, PKCS#1 or SEC1, not encrypted. They may be one file. It
    /// reads in place.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) and
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) as the system says;
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) where one of the files does
    /// not hold what it should, or the key is not that of the certificate.
    pub fn open(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> holdall::Result<Self> {
        let (certificate, key) = (certificate.into(), key.into());
        let ticketer = ring::Ticketer::new()
            .map_err(|error| Error::new(ErrorKind::Other, format!("no TLS: {error}")))?;
        let pair = Pair::read(&certificate, &key)?;
        let config = configured(&pair, &certificate, &key, &ticketer)?;
        Ok(Self {
            certificate,
            key,
            ticketer,
            loaded: Mutex::new(Loaded {
                config: Arc::new(config),
                seen: Some(pair),
            }),
        })
    }

    /// Reads the files again, in place. Says whether a changed certificate or key
    /// counts from now on.
    ///
    /// # Errors
    ///
    /// As [`PemFiles::open`], once for each change; what was read before still
    /// counts.
    pub fn reload(&self) -> holdall::Result<bool> {
        let read = Pair::read(&self.certificate, &self.key);
        let mut loaded = self.loaded.lock();
        let pair = match read {
            Ok(pair) => pair,
            Err(error) => {
                let is_new = loaded.seen.take().is_some();
                return if is_new { Err(error) } else { Ok(false) };
            }
        };
        if loaded.seen.as_ref() == Some(&pair) {
            return Ok(false);
        }
        let config = configured(&pair, &self.certificate, &self.key, &self.ticketer);
        loaded.seen = Some(pair);
        loaded.config = Arc::new(config?);
        Ok(true)
    }

    /// [`PemFiles::reload`] on a thread for blocking work, with a line in the log
    /// where there was a change.
    pub async fn reload_and_log(self: &Arc<Self>) {
        let files = Arc::clone(self);
        let file = self.certificate.display();
        match tokio::task::spawn_blocking(move || files.reload()).await {
            Ok(Ok(true)) => tracing::info!(%file, "the certificate was read again"),
            Ok(Err(error)) => tracing::error!(%error, "the certificate of before still counts"),
            Ok(Ok(false)) | Err(_) => {}
        }
    }

    /// Looks for a change every so often, without end.
    pub async fn watch(self: Arc<Self>, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        loop {
            ticks.tick().await;
            self.reload_and_log().await;
        }
    }
}

impl TlsSource for PemFiles {
    fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.loaded.lock().config)
    }
}

impl fmt::Debug for PemFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PemFiles")
            .field("certificate", &self.certificate)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Pair {
    fn read(certificate: &Path, key: &Path) -> holdall::Result<Self> {
        Ok(Self {
            certificate: read(certificate)?,
            key: read(key)?,
        })
    }
}

fn read(path: &Path) -> holdall::Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied => ErrorKind::PermissionDenied,
            _ => ErrorKind::Other,
        };
        let message = format!("{}: it cannot be read: {error}", path.display());
        Error::new(kind, message).with_source(error)
    })
}

fn configured(
    pair: &Pair,
    certificate: &Path,
    key: &Path,
    ticketer: &Arc<dyn ProducesTickets>,
) -> holdall::Result<ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(&pair.certificate)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| faulty(certificate, "the PEM text is damaged"))?;
    if chain.is_empty() {
        return Err(faulty(certificate, "there is no certificate in PEM text"));
    }
    let private = PrivateKeyDer::from_pem_slice(&pair.key).map_err(|_| {
        faulty(
            key,
            "there is no private key in PEM text, or it is encrypted",
        )
    })?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth())
        .and_then(|builder| builder.with_single_cert(chain, private))
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => faulty(key, "this is not the certificate's key"),
            error => faulty(certificate, &format!("it cannot be used: {error}")),
        })?;
    config.ticketer = Arc::clone(ticketer);
    Ok(config)
}

fn faulty(path: &Path, what: &str) -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        format!("{}: {what}", path.display()),
    )
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    struct Sandbox {
        folder: TempDir,
    }

    impl Sandbox {
        /// With a certificate and its key.
        fn new() -> Self {
            let sandbox = Self {
                folder: TempDir::new().unwrap(),
            };
            sandbox.renew();
            sandbox
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn renew(&self) {
            let (certificate, key) = issued();
            self.write("cert.pem", &certificate);
            self.write("key.pem", &key);
        }

        fn write(&self, name: &str, text: &str) {
            std::fs::write(self.path(name), text).unwrap();
        }

        fn open(&self) -> holdall::Result<PemFiles> {
            PemFiles::open(self.path("cert.pem"), self.path("key.pem"))
        }
    }

    fn issued() -> (String, String) {
        let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (issued.cert.pem(), issued.signing_key.serialize_pem())
    }

    #[test]
    fn a_changed_pair_counts_after_a_reload() {
        let sandbox = Sandbox::new();
        let files = sandbox.open().unwrap();
        let first = files.config();
        assert!(!files.reload().unwrap());
        assert!(Arc::ptr_eq(&first, &files.config()));
        sandbox.renew();
        assert!(files.reload().unwrap());
        assert!(!Arc::ptr_eq(&first, &files.config()));
    }

    #[test]
    fn a_broken_pair_leaves_the_old_one_and_is_told_once() {
        let sandbox = Sandbox::new();
        let files = sandbox.open().unwrap();
        let first = files.config();
        for (name, text) in [
            ("cert.pem", "no certificate".to_owned()),
            ("cert.pem", issued().0),
            ("key.pem", "no key".to_owned()),
        ] {
            sandbox.write(name, &text);
            assert_eq!(
                files.reload().unwrap_err().kind(),
                ErrorKind::InvalidArgument
            );
            assert!(!files.reload().unwrap());
        }
        std::fs::remove_file(sandbox.path("key.pem")).unwrap();
        assert_eq!(files.reload().unwrap_err().kind(), ErrorKind::NotFound);
        assert!(!files.reload().unwrap());
        assert!(Arc::ptr_eq(&first, &files.config()));
        sandbox.renew();
        assert!(files.reload().unwrap());
    }

    #[test]
    fn what_is_wrong_is_told_with_the_file_and_no_secret() {
        let sandbox = Sandbox::new();
        sandbox.write("key.pem", &issued().1);
        let error = sandbox.open().unwrap_err();
        assert!(
            error
                .message()
                .ends_with("key.pem: this is not the certificate's key"),
            "{error}"
        );
        sandbox.write("key.pem", "hunter2");
        let error = sandbox.open().unwrap_err();
        assert!(
            error.message().contains("key.pem: there is no private key"),
            "{error}"
        );
        assert!(!format!("{error:?}").contains("hunter2"));
    }

    #[test]
    fn tickets_outlast_a_change_of_the_certificate() {
        let sandbox = Sandbox::new();
        let files = sandbox.open().unwrap();
        let ticket = files.config().ticketer.encrypt(b"session").unwrap();
        sandbox.renew();
        assert!(files.reload().unwrap());
        assert_eq!(
            files.config().ticketer.decrypt(&ticket).unwrap(),
            b"session"
        );
    }
}
