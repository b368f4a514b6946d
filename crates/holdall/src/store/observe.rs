//! Spans and events: what was called, on what, with which outcome.
//!
//! Every operation runs in a span `holdall` with the operation, the path, the
//! backend and the store's root, and ends with one event in it: at INFO where
//! it changed something, at DEBUG otherwise.

use std::future::Future;

use tracing::{Instrument, Span, debug, debug_span, info};

use crate::error::{Error, Operation, Result};

use super::AsyncStore;

impl AsyncStore {
    pub(super) fn span(&self, operation: Operation, path: &str) -> Span {
        debug_span!(
            "holdall",
            operation = operation.as_str(),
            path,
            backend = self.backend.name(),
            root = self.scope.root(),
        )
    }

    /// Runs a backend's call in a span, rebases its error and reports it.
    pub(super) async fn observed<T>(
        &self,
        operation: Operation,
        path: &str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let span = self.span(operation, path);
        let result = call.instrument(span.clone()).await;
        let result = self.rebased(operation, path, result);
        span.in_scope(|| report(operation, result.as_ref().err()));
        result
    }
}

fn report(operation: Operation, error: Option<&Error>) {
    match error {
        None if changes_something(operation) => info!(outcome = "done", "{operation}"),
        None => debug!(outcome = "done", "{operation}"),
        Some(error) => debug!(outcome = error.kind().as_str(), %error, "{operation}"),
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
            outcome: "done",
        }
    }

    /// Counts what was handed out: bytes of content, or entries.
    pub(super) fn took(&mut self, amount: u64) {
        self.taken += amount;
    }

    pub(super) fn failed(&mut self, error: &Error) {
        self.outcome = error.kind().as_str();
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
