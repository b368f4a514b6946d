//! An awaited backend for callers that block.

mod backend;
mod context;
mod gate;
mod private;
mod pump;
mod resident;
mod streams;
mod sync;

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use private::Private;

use crate::backend::{Backend, IntoAsyncBackend};
use crate::error::{Error, ErrorKind, Operation, Result};

/// Any [`AsyncBackend`](crate::AsyncBackend) as a [`Backend`]: its futures run
/// on one private runtime, on one thread, for the adapter's life.
///
/// ```
/// use holdall::{AsyncBackendSyncAdapter, AsyncMemoryBackend, Store};
///
/// # fn main() -> holdall::Result<()> {
/// let backend = AsyncBackendSyncAdapter::new(AsyncMemoryBackend::new())?;
/// let store = Store::new(backend, "")?;
/// store.write("a.txt", "hello")?;
/// assert_eq!(store.read_text("a.txt")?, "hello");
/// store.close()?;
/// # Ok(()) }
/// ```
///
/// # Where calls may be made
///
/// On any thread, also inside `spawn_blocking` and on a thread that has entered
/// a runtime. Inside an async task of tokio, where a wait would hold up the
/// whole runtime, and inside the wrapped backend itself they fail with
/// [`InsideAsync`](ErrorKind::InsideAsync). A task that hides from tokio's
/// scheduling, as under `unconstrained`, is not recognised; its calls block its
/// thread and succeed.
///
/// # What differs from the wrapped backend
///
/// Streams go forward only, so
/// [`SeekableRead`](crate::Capability::SeekableRead) is not declared;
/// `read_seekable` is the wrapped backend's where it has
/// [ranges of its own](crate::AsyncBackend::has_native_ranges), and seeks in a
/// copy otherwise. The backend's handle is handed out where it offers one by
/// [`sync_safe_handle`](crate::AsyncBackend::sync_safe_handle). All other
/// capabilities are those of the wrapped backend.
///
/// A reader given to a write is read on the calling thread, a chunk whenever
/// the backend asks for one. Listings bring up to 256 entries a trip.
///
/// # Closing
///
/// [`close`](Backend::close), [`close_within`](Self::close_within) and a drop
/// refuse new calls, wait for those under way, close the wrapped backend and
/// end the thread. Afterwards every call, also on streams that are still open,
/// fails with [`Closed`](ErrorKind::Closed). A call that was let in is always
/// answered: by the backend, or with
/// [`BackendUnavailable`](ErrorKind::BackendUnavailable) where the backend
/// panics or the closing gives up on it. (No one can end a backend that blocks
/// the private thread itself.)
pub struct AsyncBackendSyncAdapter {
    private: Arc<Private>,
}

impl AsyncBackendSyncAdapter {
    /// How long a close waits that is given no time: 30 seconds.
    pub const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

    /// Starts the private runtime for `backend`.
    ///
    /// # Errors
    ///
    /// [`BackendUnavailable`](ErrorKind::BackendUnavailable) where the system
    /// refuses a thread or what the runtime needs.
    pub fn new(backend: impl IntoAsyncBackend) -> Result<Self> {
        let private = Private::start(backend.into_async_backend())?;
        Ok(Self { private })
    }

    /// Closes the adapter within `timeout`; `None` waits as long as it takes.
    /// Calling it again does nothing but wait for the first.
    ///
    /// When the time is over, one warning is logged, calls that still run are
    /// given up, and the thread is left to end by itself.
    ///
    /// # Errors
    ///
    /// That of the wrapped backend's close; the adapter is closed all the same.
    /// [`InsideAsync`](ErrorKind::InsideAsync) inside an async task: then
    /// nothing is closed.
    pub fn close_within(&self, timeout: impl Into<Option<Duration>>) -> Result<()> {
        if self.private.is_inside_async() {
            return Err(Error::new(
                ErrorKind::InsideAsync,
                "closing blocks, so it cannot be done in an async task; use `spawn_blocking`",
            )
            .located(Operation::Close, "", self.name()));
        }
        self.private.close(timeout.into())
    }

    /// Closes without a wait, for a drop where waiting is out of the question.
    fn close_elsewhere(&self) {
        let private = Arc::clone(&self.private);
        let closer = thread::Builder::new().spawn(move || close_and_tell(&private));
        if closer.is_err() {
            self.private.give_up();
        }
    }
}

fn close_and_tell(private: &Private) {
    if let Err(error) = private.close(Some(AsyncBackendSyncAdapter::CLOSE_TIMEOUT)) {
        tracing::warn!(%error, "the backend did not close well");
    }
}

impl Drop for AsyncBackendSyncAdapter {
    /// Closes the adapter as [`close`](Backend::close) does; inside an async
    /// task a thread of its own does the waiting.
    fn drop(&mut self) {
        if self.private.is_inside_async() {
            self.close_elsewhere();
        } else {
            close_and_tell(&self.private);
        }
    }
}

impl fmt::Debug for AsyncBackendSyncAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncBackendSyncAdapter")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
