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
mod limits;
mod listings;
mod site;
mod tls;
