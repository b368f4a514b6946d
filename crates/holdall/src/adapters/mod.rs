//! Backends that block as backends that are awaited, and the other way round.

mod sync_to_async;

pub use sync_to_async::SyncBackendAdapter;
