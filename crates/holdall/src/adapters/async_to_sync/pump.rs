//! Content from a reader of the calling thread.

use std::future::Future;
use std::sync::mpsc;

use bytes::Bytes;
use futures::stream::StreamExt;
use tokio::sync::oneshot;

use super::private::Private;
use crate::content::{AsyncWritableContent, WritableContent};
use crate::error::{Error, ErrorKind, Operation, Result};

/// What the private thread tells the caller of a write.
enum Event<T> {
    /// The backend is ready for the next chunk.
    Wanted(oneshot::Sender<Result<Option<Bytes>>>),
    /// The write is over; `None` where it ended without an answer.
    Over(Option<Result<T>>),
}

/// Runs `write` on the private thread, and reads `content` here as fast as the
/// backend takes it: a chunk is read when the backend asks for it, and none
/// once the write is over.
///
/// An error of the source is kept here and handed back as it is; the backend
/// sees that the source failed, and so stores nothing.
pub(super) fn write_pumped<T, F>(
    private: &Private,
    operation: Operation,
    path: &str,
    mut content: WritableContent<'_>,
    write: impl FnOnce(AsyncWritableContent) -> F,
) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let _permit = private.enter(operation, path)?;
    let (events, received) = mpsc::channel();
    let writing = write(wanted_chunks(events.clone()));
    let over = Over {
        events,
        result: None,
    };
    private.spawn(async move { over.with(writing.await) });
    let mut failure = None;
    loop {
        match received.recv() {
            Ok(Event::Wanted(supply)) => {
                let chunk = content.next_chunk().map_err(|error| {
                    failure.get_or_insert(error);
                    source_failed()
                });
                // The backend may have stopped asking.
                let _ = supply.send(chunk);
            }
            Ok(Event::Over(Some(result))) => return failure.map_or(result, Err),
            Ok(Event::Over(None)) | Err(_) => {
                return Err(failure.unwrap_or_else(|| private.unanswered(operation, path)));
            }
        }
    }
}

/// The chunks that the caller reads, each asked for when it is polled for.
fn wanted_chunks<T: Send + 'static>(events: mpsc::Sender<Event<T>>) -> AsyncWritableContent {
    let chunks = futures::stream::try_unfold(events, |events| async move {
        let (supply, supplied) = oneshot::channel();
        // Where the caller is gone, so is the sender of the answer.
        let _ = events.send(Event::Wanted(supply));
        let chunk = supplied.await.map_err(|_| source_failed())??;
        Ok(chunk.map(|chunk| (chunk, events)))
    });
    AsyncWritableContent::Stream(chunks.boxed())
}

fn source_failed() -> Error {
    Error::new(ErrorKind::Other, "the source of the write failed").of_source()
}

/// Tells the end of a write, however it comes.
struct Over<T> {
    events: mpsc::Sender<Event<T>>,
    result: Option<Result<T>>,
}

impl<T> Over<T> {
    fn with(mut self, result: Result<T>) {
        self.result = Some(result);
    }
}

impl<T> Drop for Over<T> {
    fn drop(&mut self) {
        let _ = self.events.send(Event::Over(self.result.take()));
    }
}
