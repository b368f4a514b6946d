//! Blocking code from async code, on a thread that no runtime knows.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Handle, RuntimeFlavor};

/// Makes a call that blocks, on a thread of its own, and waits for it in
/// place: from the poll that makes the call until its result nothing else
/// happens in the caller's task.
///
/// The thread is a plain one, so what needs a runtime fails there, and what
/// refuses to block inside a task has no reason to.
pub(crate) fn apart<T, E>(call: impl FnOnce() -> Result<T, E> + Send) -> Result<T, E>
where
    T: Send,
    E: From<io::Error> + Send,
{
    let joined = || {
        thread::scope(|scope| {
            let thread = thread::Builder::new().spawn_scoped(scope, call)?;
            let ended = thread.join();
            ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    };
    let flavor = Handle::try_current().map(|runtime| runtime.runtime_flavor());
    match flavor {
        // The other tasks of this thread go on elsewhere: the call may wait
        // for one of them.
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(joined),
        _ => joined(),
    }
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
