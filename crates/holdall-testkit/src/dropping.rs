//! Dropping a future at a chosen await point.

use std::pin::pin;
use std::task::Poll;

use crate::stop::Stop;

/// More await points than any call of a case has.
pub(crate) const MOST_POINTS: usize = 20_000;

/// Polls `future` until it has not been ready `points` times, then drops it;
/// `None` where it was dropped.
pub(crate) async fn poll_then_drop<T>(future: impl Future<Output = T>, points: usize) -> Option<T> {
    let mut future = pin!(future);
    let mut left = points;
    std::future::poll_fn(move |cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// That a call had more await points than any has.
pub(crate) fn endless() -> Stop {
    Stop::Failed(format!("the call is not done after {MOST_POINTS} polls"))
}
