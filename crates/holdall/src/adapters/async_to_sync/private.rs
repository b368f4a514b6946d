//! The private runtime: its thread, the calls to it, and its end.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures::future::{Either, select};
use parking_lot::Mutex;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch;

use super::context;
use super::gate::{Gate, Permit};
use crate::backend::AsyncBackend;
use crate::error::{Error, ErrorKind, Operation, Result};

const THREAD_NAME: &str = "holdall-adapter";

/// A backend and the one thread on which all of its futures run.
pub(super) struct Private {
    pub(super) backend: Arc<dyn AsyncBackend>,
    handle: Handle,
    gate: Arc<Gate>,
    phase: watch::Sender<Phase>,
    thread_id: thread::ThreadId,
    /// Taken by the close.
    thread: Mutex<Option<JoinHandle<Result<()>>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Serving,
    Closing,
    GivenUp,
}

impl Private {
    pub(super) fn start(backend: Arc<dyn AsyncBackend>) -> Result<Arc<Self>> {
        let failed = |error| {
            let message = "the private runtime of the adapter cannot be started";
            let error = Error::new(ErrorKind::BackendUnavailable, message).with_source(error);
            error
                .with_operation(Operation::Open)
                .with_backend(backend.name())
        };
        let gate = Arc::new(Gate::new());
        let (phase, phases) = watch::channel(Phase::Serving);
        let served = (Arc::clone(&backend), Settle(Arc::clone(&gate)));
        // The thread comes first: a runtime for which there is none would be
        // dropped here, which an async task may not do.
        let (hand_over, handed_over) = mpsc::channel();
        let thread = thread::Builder::new().name(THREAD_NAME.to_owned());
        let thread = thread.spawn(move || {
            let (backend, _settle) = served;
            run(handed_over, backend, phases)
        });
        let thread = thread.map_err(failed)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(failed)?;
        let handle = runtime.handle().clone();
        // The thread is there: it does not end before it has this.
        let _ = hand_over.send(runtime);
        Ok(Arc::new(Self {
            backend,
            handle,
            gate,
            phase,
            thread_id: thread.thread().id(),
            thread: Mutex::new(Some(thread)),
        }))
    }

    /// Runs `future` on the private thread and waits for its answer.
    pub(super) fn call<T: Send + 'static>(
        &self,
        operation: Operation,
        path: &str,
        future: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let _permit = self.enter(operation, path)?;
        let (answer, answered) = mpsc::sync_channel(1);
        self.spawn(async move {
            // The caller waits until the sender is used or dropped.
            let _ = answer.send(future.await);
        });
        match answered.recv() {
            Ok(result) => result,
            Err(_) => Err(self.unanswered(operation, path)),
        }
    }

    /// Runs `future` on the private thread; drops it where that has ended.
    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        drop(self.handle.spawn(future));
    }

    /// Lets a call in that waits for an answer: whoever holds the permit is
    /// waited for by the close.
    pub(super) fn enter(&self, operation: Operation, path: &str) -> Result<Permit<'_>> {
        let permit = self.gate.admit();
        let refused = match permit {
            None => Error::new(ErrorKind::Closed, "the adapter is closed; make a new one"),
            Some(_) if self.is_inside_async() => Error::new(
                ErrorKind::InsideAsync,
                "a blocking call inside an async task; use the async store, or `spawn_blocking`",
            ),
            Some(permit) => return Ok(permit),
        };
        Err(refused.located(operation, path, self.backend.name()))
    }

    pub(super) fn unanswered(&self, operation: Operation, path: &str) -> Error {
        let error = Error::new(
            ErrorKind::BackendUnavailable,
            "the backend gave no answer: it panicked, or the adapter was closed before it was done",
        );
        error
            .with_retryable(false)
            .located(operation, path, self.backend.name())
    }

    /// Whether the caller may not be blocked.
    pub(super) fn is_inside_async(&self) -> bool {
        thread::current().id() == self.thread_id || context::polls_a_future()
    }

    /// Refuses new calls, waits for those under way, closes the backend and
    /// ends the thread; gives up when `timeout` is over.
    pub(super) fn close(&self, timeout: Option<Duration>) -> Result<()> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        if !self.gate.close() {
            self.gate.wait_settled(deadline);
            return Ok(());
        }
        let left = self.gate.wait_idle(deadline);
        if left == 0 {
            self.phase.send_replace(Phase::Closing);
            if self.gate.wait_settled(deadline) {
                return self.join();
            }
        }
        self.give_up();
        tracing::warn!(
            backend = self.backend.name(),
            calls_in_flight = left,
            "closing the adapter timed out; its thread is left to itself"
        );
        Ok(())
    }

    /// Refuses new calls and leaves the thread to itself; calls under way fail
    /// as soon as it drops their futures.
    pub(super) fn give_up(&self) {
        self.gate.close();
        self.phase.send_replace(Phase::GivenUp);
        self.gate.settle();
        drop(self.thread.lock().take());
    }

    fn join(&self) -> Result<()> {
        let thread = self.thread.lock().take();
        let closed = thread.map_or(Ok(Ok(())), JoinHandle::join);
        closed.unwrap_or_else(|_| Err(self.unanswered(Operation::Close, "")))
    }
}

/// Tells that the closing is over at the end of the thread, however it ends.
struct Settle(Arc<Gate>);

impl Drop for Settle {
    fn drop(&mut self) {
        self.0.close();
        self.0.settle();
    }
}

/// The life of the private thread.
fn run(
    handed_over: mpsc::Receiver<Runtime>,
    backend: Arc<dyn AsyncBackend>,
    phases: watch::Receiver<Phase>,
) -> Result<()> {
    let Ok(runtime) = handed_over.recv() else {
        // It could not be built.
        return Ok(());
    };
    match runtime.block_on(serve(backend, phases)) {
        Some(closed) => closed,
        None => {
            // Blocking work of the backend is not waited for.
            runtime.shutdown_background();
            Ok(())
        }
    }
}

/// Keeps the runtime running until the close, and closes the backend; `None`
/// where the close was given up.
async fn serve(
    backend: Arc<dyn AsyncBackend>,
    mut phases: watch::Receiver<Phase>,
) -> Option<Result<()>> {
    let mut ends = phases.clone();
    let given_up = pin!(ends.wait_for(|phase| *phase == Phase::GivenUp));
    let closed = pin!(async move {
        // An error tells that nobody can call any more.
        let _ = phases.wait_for(|phase| *phase != Phase::Serving).await;
        backend.aclose().await
    });
    match select(given_up, closed).await {
        Either::Left(_) => None,
        Either::Right((closed, _)) => Some(closed),
    }
}
