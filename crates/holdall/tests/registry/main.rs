//! Stores by name: configurations, their faults, and what a registry opens.

// Helpers outside of test functions count as program code to the lints.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "../invariants/config.rs"]
mod invariants;

mod any_text;
#[cfg(feature = "azure")]
mod azure;
mod closing;
mod environment;
mod faults;
mod opening;
mod secrets;
mod sources;
mod urls;
