//! What a store can be built over.

use std::sync::Arc;

use super::{AsyncBackend, Backend};
use crate::adapters::SyncBackendAdapter;

/// Anything that [`AsyncStore::new`](crate::AsyncStore::new) takes: an awaited
/// backend by value, in an [`Arc`], or as an `Arc<dyn AsyncBackend>`; and of
/// those that block a [`DriverBackend`](crate::DriverBackend), which is awaited
/// natively, and an `Arc<dyn Backend>`, which goes behind a
/// [`SyncBackendAdapter`].
///
/// Any other [`Backend`] by value is wrapped by its caller:
/// [`SyncBackendAdapter::new(backend)`](SyncBackendAdapter::new).
pub trait IntoAsyncBackend {
    /// The backend, shared.
    fn into_async_backend(self) -> Arc<dyn AsyncBackend>;
}

impl<B: AsyncBackend> IntoAsyncBackend for B {
    fn into_async_backend(self) -> Arc<dyn AsyncBackend> {
        Arc::new(self)
    }
}

impl<B: AsyncBackend> IntoAsyncBackend for Arc<B> {
    fn into_async_backend(self) -> Arc<dyn AsyncBackend> {
        self
    }
}

impl IntoAsyncBackend for Arc<dyn AsyncBackend> {
    fn into_async_backend(self) -> Arc<dyn AsyncBackend> {
        self
    }
}

impl IntoAsyncBackend for Arc<dyn Backend> {
    /// Behind a [`SyncBackendAdapter`], since what it is cannot be told.
    fn into_async_backend(self) -> Arc<dyn AsyncBackend> {
        Arc::new(SyncBackendAdapter::new(self))
    }
}

/// Anything that [`Store::new`](crate::Store::new) takes: a backend by value, in
/// an [`Arc`], or as an `Arc<dyn Backend>`.
pub trait IntoBackend {
    /// The backend, shared.
    fn into_backend(self) -> Arc<dyn Backend>;
}

impl<B: Backend> IntoBackend for B {
    fn into_backend(self) -> Arc<dyn Backend> {
        Arc::new(self)
    }
}

impl<B: Backend> IntoBackend for Arc<B> {
    fn into_backend(self) -> Arc<dyn Backend> {
        self
    }
}

impl IntoBackend for Arc<dyn Backend> {
    fn into_backend(self) -> Arc<dyn Backend> {
        self
    }
}
