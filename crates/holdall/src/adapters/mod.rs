//! Backends that block as backends that are awaited, and the other way round.

mod async_to_sync;
mod sync_to_async;

pub use async_to_sync::AsyncBackendSyncAdapter;
pub use sync_to_async::SyncBackendAdapter;
