//! The command `holdall` from end to end, as a user runs it.

// Helpers outside of test functions count as program code to the lints.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod addresses;
#[cfg(feature = "azure")]
mod azure;
#[cfg(all(feature = "ftp", unix))]
mod certificate;
mod configured;
mod copying;
mod crashes;
mod existing;
mod harness;
mod large;
#[cfg(unix)]
mod links;
mod listing;
mod moving;
mod pinging;
mod put_and_cat;
mod removing;
#[cfg(feature = "ftp")]
mod served;
#[cfg(feature = "ftp")]
mod serving;
#[cfg(feature = "ftp")]
mod serving_options;
mod stores;
