//! Stores: a folder of a backend that scopes a root, gates on capabilities and
//! rebases paths.

mod async_store;
mod base;
mod described;
mod filter;
mod observe;
mod records;
mod rules;
mod scope;
mod sync_store;

pub use async_store::AsyncStore;
pub use sync_store::Store;
