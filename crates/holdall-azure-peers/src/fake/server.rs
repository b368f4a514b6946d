//! One listener of the account.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, Response};
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::account::Account;
use super::answer::Answer;
use super::authentication;
use super::call::Call;
use super::refusal::{Refusal, Result};
use super::{blob, dfs};

/// Which service a listener is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Blob,
    Dfs,
}

/// A service that answers until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    /// Dropped, it ends the thread and with it every connection.
    _stop: oneshot::Sender<()>,
}

impl Server {
    pub(crate) fn start(service: Service, account: Arc<Mutex<Account>>) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name(format!("fake-{service:?}"));
        thread.spawn(move || {
            runtime.block_on(async {
                let serve = serve(listener, service, account);
                tokio::select! {
                    served = serve => served,
                    _ = stopped => Ok(()),
                }
            })
        })?;
        Ok(Self {
            address,
            _stop: stop,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn serve(
    listener: std::net::TcpListener,
    service: Service,
    account: Arc<Mutex<Account>>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let router = Router::new()
        .fallback(respond)
        .with_state((service, account));
    axum::serve(listener, router).await
}

type Shared = (Service, Arc<Mutex<Account>>);

async fn respond(State((service, account)): State<Shared>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let version = head.headers.get("x-ms-version").cloned();
    let is_head = head.method == Method::HEAD;
    let body = to_bytes(body, usize::MAX).await;
    let mut account = account.lock();
    let id = account.id();
    let answered = body
        .map_err(|_| Refusal::INVALID_INPUT)
        .and_then(|body| Call::new(&account.name, head, body))
        .and_then(|call| answer(service, &mut account, &call));
    let answer = match (answered, service) {
        (Ok(answer), _) => answer,
        (Err(refusal), Service::Dfs) => Answer::refused_by_dfs(refusal),
        // As recorded: what HEAD is refused with has no body to tell of.
        (Err(refusal), Service::Blob) if is_head => Answer::refused_to_head(refusal),
        (Err(refusal), Service::Blob) => Answer::refused_by_blob(refusal),
    };
    let mut response = answer.header("x-ms-request-id", id).into_response();
    if let Some(version) = version {
        response.headers_mut().insert("x-ms-version", version);
    }
    response
}

fn answer(service: Service, account: &mut Account, call: &Call) -> Result<Answer> {
    authentication::check(account, call)?;
    match service {
        Service::Blob => blob::answer(account, call),
        Service::Dfs => dfs::answer(account, call),
    }
}
