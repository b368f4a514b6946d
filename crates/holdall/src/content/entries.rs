//! Entries on their way out, for code that blocks.

use std::fmt;

use crate::error::{Error, Result};

/// A lazy listing: an iterator of entries in no promised order, fetched in
/// batches as they are asked for, so memory stays bounded however large the
/// folder is.
///
/// After an error the listing is at its end.
pub struct Entries<T> {
    entries: Box<dyn Iterator<Item = Result<T>> + Send>,
    ended: bool,
}

impl<T> Entries<T> {
    /// Wraps the entries of a backend.
    pub fn new(entries: impl Iterator<Item = Result<T>> + Send + 'static) -> Self {
        Self {
            entries: Box::new(entries),
            ended: false,
        }
    }

    /// A listing whose first item is `error`.
    pub fn failed(error: Error) -> Self
    where
        T: Send + 'static,
    {
        Self::new(std::iter::once(Err(error)))
    }
}

impl<T> Iterator for Entries<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = self.entries.next();
        self.ended = !matches!(item, Some(Ok(_)));
        item
    }
}

impl<T> fmt::Debug for Entries<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
