//! Spans and events: what was called, on what, with which outcome.
//!
//! Every operation runs in a span `holdall` with the operation, the path, the
//! backend and the store's root, and ends with one event in it that has the
//! outcome and the bytes: at INFO where something was changed, at DEBUG
//! otherwise.

use bytes::Bytes;
use tracing::{Span, debug, debug_span, info};

use super::base::Base;
use super::described::Described;
use crate::error::{Error, Operation, Result};
use crate::model::{FileInfo, FolderInfo, WriteResult};
use crate::reader::SeekableReader;
use crate::writer::AtomicWriter;

impl<B: Described + ?Sized> Base<B> {
    pub(super) fn span(&self, operation: Operation, path: &str) -> Span {
        debug_span!(
            "holdall",
            operation = operation.as_str(),
            path,
            backend = self.backend.name(),
            root = self.root(),
        )
    }

    /// Ends a call: rebases its error and reports its outcome in `span`.
    pub(super) fn conclude<T: Concluded>(
        &self,
        span: &Span,
        operation: Operation,
        path: &str,
        result: Result<T>,
    ) -> Result<T> {
        let result = self.rebased(operation, path, result);
        span.in_scope(|| match &result {
            Ok(value) => report_success(operation, value),
            Err(error) => debug!(outcome = error.kind().as_str(), %error, "{operation}"),
        });
        result
    }
}

fn report_success(operation: Operation, value: &impl Concluded) {
    let bytes = value.bytes();
    if value.is_done() && changes_something(operation) {
        info!(outcome = "done", bytes, "{operation}");
    } else {
        debug!(outcome = "done", bytes, "{operation}");
    }
}

const fn changes_something(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Write
            | Operation::WriteText
            | Operation::WriteAtomic
            | Operation::OpenAtomic
            | Operation::Delete
            | Operation::DeleteFolder
            | Operation::Rename
            | Operation::Copy
    )
}

/// What a call yields, as far as it is reported.
pub(super) trait Concluded {
    /// The bytes of content that it is about.
    fn bytes(&self) -> Option<u64> {
        None
    }

    /// Whether the change is made, rather than begun.
    fn is_done(&self) -> bool {
        true
    }
}

impl Concluded for () {}
impl Concluded for bool {}

impl Concluded for Bytes {
    fn bytes(&self) -> Option<u64> {
        Some(self.len() as u64)
    }
}

impl Concluded for WriteResult {
    fn bytes(&self) -> Option<u64> {
        Some(self.size)
    }
}

impl Concluded for FileInfo {
    fn bytes(&self) -> Option<u64> {
        Some(self.size)
    }
}

impl Concluded for FolderInfo {
    fn bytes(&self) -> Option<u64> {
        Some(self.total_size)
    }
}

impl Concluded for SeekableReader {
    fn bytes(&self) -> Option<u64> {
        Some(self.size())
    }
}

impl Concluded for AtomicWriter {
    fn is_done(&self) -> bool {
        false
    }
}

/// Reports a stream when it ends or is dropped: how much of it was taken, and
/// how it ended.
pub(super) struct StreamReport {
    span: Span,
    operation: Operation,
    taken: u64,
    outcome: &'static str,
}

impl StreamReport {
    pub(super) fn new(span: Span, operation: Operation) -> Self {
        Self {
            span,
            operation,
            taken: 0,
            outcome: "given up",
        }
    }

    /// Notes an item, or the end: how much an item counts, bytes of content or
    /// entries, is for `amount` to say.
    pub(super) fn saw<T>(&mut self, item: Option<Result<&T, &Error>>, amount: impl Fn(&T) -> u64) {
        match item {
            Some(Ok(item)) => self.taken += amount(item),
            Some(Err(error)) => self.outcome = error.kind().as_str(),
            None => self.outcome = "done",
        }
    }
}

impl Drop for StreamReport {
    fn drop(&mut self) {
        self.span.in_scope(|| {
            debug!(
                outcome = self.outcome,
                taken = self.taken,
                "{}",
                self.operation
            );
        });
    }
}
