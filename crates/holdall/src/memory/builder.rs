//! Configuration of the memory backend.

use std::marker::PhantomData;

use super::MemoryBackend;
use crate::error::{Operation, Result};
use crate::retry::RetryPolicy;

/// Configures a backend in memory.
///
/// ```
/// use holdall::{AsyncMemoryBackend, RetryPolicy};
///
/// // As a program does that takes one policy for whatever backend it is given.
/// let backend = AsyncMemoryBackend::builder()
///     .retry(RetryPolicy::disabled())
///     .build()?;
/// # drop(backend);
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct MemoryBuilder<B = MemoryBackend> {
    retry: RetryPolicy,
    backend: PhantomData<fn() -> B>,
}

impl<B: Default> MemoryBuilder<B> {
    pub(super) fn new() -> Self {
        Self {
            retry: RetryPolicy::default(),
            backend: PhantomData,
        }
    }

    /// How requests are repeated. It is checked, and of no effect otherwise:
    /// memory sends none.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// An empty store.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a policy that
    /// [is not valid](RetryPolicy::validate).
    pub fn build(self) -> Result<B> {
        let checked = self.retry.validate();
        checked.map_err(|error| error.with_operation(Operation::Open))?;
        Ok(B::default())
    }
}
