//! Peers for tests of the Azure backend, each one a handle that stops what it
//! started.
//!
//! [`Azurite`] is Microsoft's emulator: a real Blob service over a flat
//! namespace.

mod azurite;

pub use azurite::Azurite;
