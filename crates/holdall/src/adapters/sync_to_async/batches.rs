//! Blocking iterators as streams: a batch for each hop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::stream::Stream;

use super::pooled::Pooled;
use crate::content::batched;
use crate::error::{Error, Result};
use crate::pool::Queue;

/// How long a batch is gathered: it ends with the first item that comes later,
/// so that a slow backend's are not kept from who waits for them.
const PATIENCE: Duration = Duration::from_millis(10);

/// How much a batch holds.
pub(super) struct BatchSize<T> {
    /// What one item counts.
    pub(super) weight: fn(&T) -> usize,
    /// How much makes the first batch full; each further one holds four times
    /// as much as the one before it, up to `most`.
    pub(super) first: usize,
    pub(super) most: usize,
}

impl<T> BatchSize<T> {
    fn grown(self) -> Self {
        Self {
            first: self.first.saturating_mul(4).min(self.most),
            ..self
        }
    }
}

/// The items of the iterator that `open` gives. Both run on the pool, from the
/// first poll on; nothing is pulled ahead of the batch that is asked for, and
/// the iterator is dropped on the pool, wherever the stream ends.
pub(super) fn stream<T, I, O>(
    threads: Arc<Queue>,
    size: BatchSize<T>,
    open: O,
) -> impl Stream<Item = Result<T>>
where
    T: Send + 'static,
    I: Iterator<Item = Result<T>> + Send + 'static,
    O: FnOnce() -> Result<I> + Send + 'static,
{
    let unopened = State {
        threads,
        next: Next::Open(open),
        size,
    };
    batched(unopened, State::next_batch)
}

struct State<T, I: Send + 'static, O> {
    threads: Arc<Queue>,
    next: Next<I, O>,
    size: BatchSize<T>,
}

enum Next<I: Send + 'static, O> {
    Open(O),
    Pull(Pooled<I>),
    Fail(Error),
    End,
}

impl<T, I, O> State<T, I, O>
where
    T: Send + 'static,
    I: Iterator<Item = Result<T>> + Send + 'static,
    O: FnOnce() -> Result<I> + Send + 'static,
{
    async fn next_batch(self) -> Result<Option<(Vec<T>, Self)>> {
        let Self {
            threads,
            next,
            size,
        } = self;
        let home = Arc::clone(&threads);
        let (weight, enough) = (size.weight, size.first);
        let gathered = match next {
            Next::Open(open) => {
                let step = move || open().map(|source| gather(&home, source, weight, enough));
                threads.run(step).await??
            }
            Next::Pull(source) => {
                let step = move || {
                    let source = source.into_inner()?;
                    Ok::<_, Error>(gather(&home, source, weight, enough))
                };
                threads.run(step).await??
            }
            Next::Fail(error) => return Err(error),
            Next::End => return Ok(None),
        };
        let next = match gathered.rest {
            Ok(Some(source)) => Next::Pull(source),
            Ok(None) => Next::End,
            Err(error) => Next::Fail(error),
        };
        let size = size.grown();
        let rest = Self {
            threads,
            next,
            size,
        };
        Ok(Some((gathered.items, rest)))
    }
}

struct Gathered<T, I: Send + 'static> {
    items: Vec<T>,
    /// Where more comes from; `None` at the end.
    rest: Result<Option<Pooled<I>>>,
}

fn gather<T, I>(
    threads: &Arc<Queue>,
    mut source: I,
    weight: fn(&T) -> usize,
    enough: usize,
) -> Gathered<T, I>
where
    I: Iterator<Item = Result<T>> + Send + 'static,
{
    let begun = Instant::now();
    let mut items = Vec::new();
    let mut gathered = 0;
    let rest = loop {
        match source.next() {
            Some(Ok(item)) => {
                gathered += weight(&item);
                items.push(item);
            }
            Some(Err(error)) => break Err(error),
            None => break Ok(None),
        }
        if gathered >= enough || begun.elapsed() >= PATIENCE {
            break Ok(Some(Pooled::new(source, threads)));
        }
    };
    Gathered { items, rest }
}
