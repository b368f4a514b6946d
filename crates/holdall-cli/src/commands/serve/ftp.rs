//! `holdall serve ftp`.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use holdall_ftp::{Metrics, MetricsServer, PemFiles, Server, ServerHandle, ServerOptions};

use super::accounts::admitted;
use super::announce::Started;
use super::homes::ServedHomes;
use super::options::Options;
use super::signals::{Asked, Signals};
use crate::commands::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::location::Purpose;
use crate::log;

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 2121);
/// How long transfers may go on when the server ends.
const GRACE: Duration = Duration::from_secs(30);
/// How often the certificate's files are looked at.
const LOOK: Duration = Duration::from_secs(60);

pub(super) async fn run(options: Options, session: &Session) -> Result<()> {
    let configuration = session.stores.configuration();
    let options = options.filled_in(configuration)?;
    let filter = session.log.as_deref().unwrap_or("info");
    log::start(filter, options.log_format.unwrap_or_default())?;
    let Some(address) = &options.address else {
        let failure = Failure::new(Exit::Usage, "no folder to serve is named");
        return Err(failure.with_hint("give an address, such as default:"));
    };
    let location = session.stores.locate(address, Purpose::Target)?;
    let homes = ServedHomes::of(&location).await?;
    let admitted = admitted(&options, homes).await?;
    let tls = certificate(&options)?;

    let mut builder =
        Server::builder(admitted.accounts).options(server_options(&options, tls.clone()));
    let metrics = metrics(&options).await?;
    if let Some(metrics) = &metrics {
        builder = builder.observer(metrics.numbers.clone());
    }
    let listen = options.listen.unwrap_or(LISTEN);
    let server = builder
        .bind(listen)
        .await
        .map_err(|error| refused(listen, &error))?;
    let here = server
        .local_addr()
        .map_err(|error| refused(listen, &error))?;
    let signals = Signals::new()
        .map_err(|error| Failure::new(Exit::Other, format!("no signals: {error}")))?;
    Started {
        label: location.label(),
        address: here,
        metrics: metrics.as_ref().map(|metrics| metrics.address),
        invented: admitted.invented.as_ref(),
    }
    .announce()?;
    tracing::info!(folder = location.label(), address = %here, tls = tls.is_some(), "serving");
    warn_of_plain_text(here, &options);

    let watcher = tls.clone().map(|tls| tokio::spawn(tls.watch(LOOK)));
    let grace = options.shutdown_timeout.map_or(GRACE, |time| time.0);
    let end = End {
        handle: server.handle(),
        grace,
        tls,
        metrics: metrics.as_ref().map(|metrics| metrics.numbers.clone()),
    };
    tokio::select! {
        () = server.serve() => {}
        () = end.heed(signals) => tracing::warn!("ended at once, since it was asked twice"),
    }
    tracing::info!("ended");
    if let Some(watcher) = watcher {
        watcher.abort();
    }
    Ok(())
}

/// How a server comes to its end.
struct End {
    handle: ServerHandle,
    grace: Duration,
    tls: Option<Arc<PemFiles>>,
    metrics: Option<Metrics>,
}

impl End {
    /// Does what signals ask; returns when the end is asked for a second time.
    async fn heed(&self, mut signals: Signals) {
        let mut asked_before = false;
        loop {
            match (signals.next().await, &self.tls) {
                (Asked::Reload, Some(tls)) => tls.reload_and_log().await,
                // The users' file is read at each login.
                (Asked::Reload, None) => {}
                (Asked::End, _) if asked_before => return,
                (Asked::End, _) => {
                    asked_before = true;
                    self.begin();
                }
            }
        }
    }

    fn begin(&self) {
        let sessions = self.handle.sessions();
        let seconds = self.grace.as_secs();
        tracing::info!(sessions, seconds, "ending: transfers may finish");
        if let Some(metrics) = &self.metrics {
            metrics.server_ends();
        }
        self.handle.shut_down(self.grace);
    }
}

/// The metrics of a server, told over HTTP while this lives.
struct Monitoring {
    numbers: Metrics,
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Monitoring {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn metrics(options: &Options) -> Result<Option<Monitoring>> {
    let Some(listen) = options.metrics_listen else {
        return Ok(None);
    };
    let numbers = Metrics::new();
    let bound = MetricsServer::bind(listen, numbers.clone()).await;
    let server = bound.map_err(|error| refused(listen, &error))?;
    let address = server
        .local_addr()
        .map_err(|error| refused(listen, &error))?;
    Ok(Some(Monitoring {
        numbers,
        address,
        server: tokio::spawn(server.serve()),
    }))
}

fn certificate(options: &Options) -> Result<Option<Arc<PemFiles>>> {
    let Some(certificate) = &options.tls_cert else {
        if options.tls_key.is_some() || options.require_tls.unwrap_or(false) {
            let failure = Failure::new(Exit::Usage, "TLS needs a certificate");
            return Err(failure.with_hint("name its file with --tls-cert"));
        }
        return Ok(None);
    };
    let key = options.tls_key.as_ref().unwrap_or(certificate);
    let files = PemFiles::open(certificate, key).map_err(|error| Failure::from(&error))?;
    Ok(Some(Arc::new(files)))
}

fn server_options(options: &Options, tls: Option<Arc<PemFiles>>) -> ServerOptions {
    let mut server = ServerOptions::default();
    /// Sets each of the fields that was chosen.
    macro_rules! set {
        ($($field:ident: $chosen:expr),* $(,)?) => {
            $(if let Some(chosen) = $chosen { server.$field = chosen; })*
        };
    }
    set! {
        idle_timeout: options.idle_timeout.map(|time| time.0),
        login_timeout: options.login_timeout.map(|time| time.0),
        data_connection_timeout: options.data_connection_timeout.map(|time| time.0),
        transfer_timeout: options.transfer_timeout.map(|time| time.0),
        storage_timeout: options.storage_timeout.map(|time| time.0),
        login_attempts: options.login_attempts,
        max_sessions: options.max_sessions,
        active_mode: options.active_mode,
        require_tls: options.require_tls,
        keep_partial: options.keep_partial,
        banner: options.banner.clone(),
    }
    server.passive_ports = options.passive_ports.clone().map(|ports| ports.0);
    server.advertised_address = options.advertise;
    server.tls = tls.map(|tls| tls as _);
    server
}

fn warn_of_plain_text(address: SocketAddr, options: &Options) {
    if !address.ip().is_loopback() && !options.require_tls.unwrap_or(false) {
        tracing::warn!(
            "passwords and files may cross the network unencrypted: use --tls-cert and --require-tls"
        );
    }
}

fn refused(listen: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(
        Exit::BackendUnavailable,
        format!("cannot listen at {listen}: {error}"),
    )
}
