//! What a store can be built over.

use std::sync::Arc;

use super::{AsyncBackend, Backend};

/// Anything that [`AsyncStore::new`](crate::AsyncStore::new) takes: a backend by
/// value, in an [`Arc`], or as an `Arc<dyn AsyncBackend>`.
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
