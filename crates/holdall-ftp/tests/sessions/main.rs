//! Whole sessions over loopback, by a client that sends what it is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod basics;
mod client;
mod cuts;
mod data;
mod files;
mod ipv6;
mod limits;
mod listings;
mod model;
mod site;
mod tls;

/// The model of a tree that the path-IO suite has.
#[path = "../../../holdall-testkit/tests/posix/mod.rs"]
#[allow(dead_code, reason = "the suite needs more of it")]
mod posix;
