//! The interface of a whole backend, and the one that stands on a driver.

mod async_backend;
mod defaults;
mod driver_backend;
mod into_backend;
mod listings;
mod reads;
mod upload;

pub use async_backend::AsyncBackend;
pub use driver_backend::DriverBackend;
pub use into_backend::IntoAsyncBackend;
