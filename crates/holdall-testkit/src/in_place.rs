//! Blocking code from async code, and the reverse.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Handle, RuntimeFlavor};

/// Makes a call that blocks, and waits for it within the poll that makes it:
/// until its result nothing else happens in the caller's task, while the other
/// tasks go on, for one of which the call may wait.
pub(crate) fn in_place<T, E>(call: impl FnOnce() -> Result<T, E> + Send) -> Result<T, E>
where
    T: Send,
    E: From<io::Error> + Send,
{
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(call),
        // The only thread of a runtime may not block under its own name.
        Ok(_) => apart(call),
        Err(_) => call(),
    }
}

/// As [`in_place`], on a thread that no runtime knows, as programs without one
/// have.
pub(crate) fn apart<T, E>(call: impl FnOnce() -> Result<T, E> + Send) -> Result<T, E>
where
    T: Send,
    E: From<io::Error> + Send,
{
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, call)?;
        let ended = thread.join();
        ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Polls `future` to its end on this thread, which sleeps in between.
pub(crate) fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
