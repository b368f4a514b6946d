//! Stores: a folder of a backend that scopes a root, gates on capabilities and
//! rebases paths.

mod async_store;
mod base;
mod described;
mod observe;
mod records;
mod scope;

pub use async_store::AsyncStore;
