//! The interfaces of a whole backend, awaited and blocking, and the backends
//! that stand on a driver.

mod async_backend;
mod async_driver_backend;
mod defaults;
mod driver_backend;
mod driver_calls;
mod into_backend;
mod listings;
mod reads;
pub(crate) mod spool;
mod sync_backend;
mod sync_defaults;
pub(crate) mod upload;

pub use async_backend::AsyncBackend;
pub use async_driver_backend::AsyncDriverBackend;
pub use driver_backend::DriverBackend;
pub use into_backend::{IntoAsyncBackend, IntoBackend};
pub use sync_backend::Backend;
pub(crate) use sync_defaults::read_seekable as spooled;
