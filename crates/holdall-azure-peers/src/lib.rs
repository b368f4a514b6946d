//! Peers for tests of the Azure backend, each one a handle that stops what it
//! started.
//!
//! [`Azurite`] is Microsoft's emulator: a real Blob service over a flat
//! namespace. [`HnsAccount`] is a fake of an account with a hierarchical
//! namespace, which no emulator has.

mod azurite;
mod fake;

pub use azurite::Azurite;
pub use fake::{Authentication, Behaviour, CopyOutcome, HnsAccount, RenameConflict};
