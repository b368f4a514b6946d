//! Azure Blob and ADLS Gen2.

mod account;
mod builder;
// The driver over it is on its way.
#[allow(dead_code, unused_imports)]
mod client;
mod connection_string;
mod credential;

pub use builder::{AzureBuilder, AzureTimeouts};
pub use client::AzureClient;
pub use credential::{AzureCredential, AzureCredentialProvider};
