//! Entries on their way out.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::stream::{BoxStream, Stream, StreamExt};

use crate::error::{Error, Result};

/// A lazy listing: entries in no promised order, fetched in batches as they
/// are asked for, so memory stays bounded however large the folder is.
///
/// After an error the listing is at its end.
pub struct Listing<T> {
    entries: BoxStream<'static, Result<T>>,
    ended: bool,
}

impl<T: Send + 'static> Listing<T> {
    /// Wraps the entries of a backend.
    pub fn new(entries: impl Stream<Item = Result<T>> + Send + 'static) -> Self {
        Self {
            entries: entries.boxed(),
            ended: false,
        }
    }

    /// A listing whose first item is `error`.
    pub fn failed(error: Error) -> Self {
        Self::new(futures::stream::once(async move { Err(error) }))
    }

    /// A listing from batches: `next` is asked again whenever the last batch
    /// is used up, and says `None` at the end.
    pub(crate) fn from_batches<S, F, Next>(state: S, next: Next) -> Self
    where
        S: Send + 'static,
        Next: FnMut(S) -> F + Send + 'static,
        F: Future<Output = Result<Option<(Vec<T>, S)>>> + Send + 'static,
    {
        Self::new(batched(state, next))
    }

    /// The next entry; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T>> {
        StreamExt::next(self).await
    }

    /// All entries. Memory grows with their number.
    ///
    /// # Errors
    ///
    /// The first error of the listing; the entries before it are dropped.
    pub async fn try_collect(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(entry) = self.next().await {
            all.push(entry?);
        }
        Ok(all)
    }

    /// Entries passed through `map`: kept, changed, or left out by `None`.
    pub(crate) fn filter_map_items<U: Send + 'static>(
        self,
        mut map: impl FnMut(Result<T>) -> Option<Result<U>> + Send + 'static,
    ) -> Listing<U> {
        Listing::new(self.filter_map(move |item| std::future::ready(map(item))))
    }

    /// Passes every entry and error through `map`, and tells it of the end.
    pub(crate) fn map_items(
        self,
        mut map: impl FnMut(Option<Result<T>>) -> Option<Result<T>> + Send + 'static,
    ) -> Self {
        let end = futures::stream::once(std::future::ready(None));
        let items = self.map(Some).chain(end);
        Self::new(items.filter_map(move |item| std::future::ready(map(item))))
    }
}

/// A stream of items that come in batches: `next` is asked again whenever the
/// last batch is used up, and says `None` at the end.
pub(crate) fn batched<T, S, F, Next>(state: S, next: Next) -> impl Stream<Item = Result<T>>
where
    Next: FnMut(S) -> F,
    F: Future<Output = Result<Option<(Vec<T>, S)>>>,
{
    let batches = futures::stream::try_unfold(state, next);
    batches.flat_map(|batch| {
        let (items, error) = match batch {
            Ok(items) => (items, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        futures::stream::iter(items.into_iter().map(Ok).chain(error.map(Err)))
    })
}

impl<T> Stream for Listing<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let item = std::task::ready!(self.entries.poll_next_unpin(cx));
        self.ended = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}

impl<T> fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
