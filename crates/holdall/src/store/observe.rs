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
use super::records::Record;
use crate::content::{AtomicFile, ReadStream, SeekableStream};
use crate::error::{Operation, Result};
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

impl Concluded for SeekableStream {
    fn bytes(&self) -> Option<u64> {
        Some(self.size())
    }
}

impl Concluded for ReadStream {}

impl Concluded for AtomicWriter {
    fn is_done(&self) -> bool {
        false
    }
}

impl Concluded for AtomicFile {
    fn is_done(&self) -> bool {
        false
    }
}

/// Stands between a backend's stream and the caller: rebases what passes, and
/// reports when the stream ends or is dropped how much of it was taken.
pub(super) struct StreamObserver<B: ?Sized> {
    rebase: Rebase<B>,
    report: StreamReport,
}

impl<B: Described + ?Sized> StreamObserver<B> {
    pub(super) fn new(base: &Base<B>, operation: Operation, path: &str) -> Self {
        Self {
            report: StreamReport {
                span: base.span(operation, path),
                operation,
                taken: 0,
                outcome: "given up",
            },
            rebase: Rebase::new(base, operation, path),
        }
    }

    /// Passes content on; `None` is the end.
    pub(super) fn pass_chunk(&mut self, chunk: Option<Result<Bytes>>) -> Option<Result<Bytes>> {
        self.pass(chunk, |chunk| chunk.len() as u64)
    }

    /// Passes an entry on; `None` is the end.
    pub(super) fn pass_entry<T: Record>(&mut self, entry: Option<Result<T>>) -> Option<Result<T>> {
        let base = &self.rebase.base;
        let entry = entry.map(|entry| entry.and_then(|entry| base.rebase(entry)));
        self.pass(entry, |_| 1)
    }

    /// How much an item counts, bytes of content or entries, is for `amount`
    /// to say.
    fn pass<T>(
        &mut self,
        item: Option<Result<T>>,
        amount: impl Fn(&T) -> u64,
    ) -> Option<Result<T>> {
        match &item {
            Some(Ok(item)) => self.report.taken += amount(item),
            Some(Err(error)) => self.report.outcome = error.kind().as_str(),
            None => self.report.outcome = "done",
        }
        item.map(|item| self.rebase.apply(item))
    }
}

/// Makes errors speak of the caller's path.
pub(super) struct Rebase<B: ?Sized> {
    pub(super) base: Base<B>,
    pub(super) operation: Operation,
    pub(super) path: String,
}

impl<B: Described + ?Sized> Rebase<B> {
    pub(super) fn new(base: &Base<B>, operation: Operation, path: &str) -> Self {
        Self {
            base: base.clone(),
            operation,
            path: path.to_owned(),
        }
    }

    pub(super) fn apply<T>(&self, result: Result<T>) -> Result<T> {
        self.base.rebased(self.operation, &self.path, result)
    }
}

/// Reports on a stream when it is dropped.
struct StreamReport {
    span: Span,
    operation: Operation,
    taken: u64,
    outcome: &'static str,
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
