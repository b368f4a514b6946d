//! The interface of a whole backend, and the one that stands on a driver.

mod async_backend;
mod defaults;

pub use async_backend::AsyncBackend;
pub use into_backend::IntoAsyncBackend;

mod into_backend;
