//! Azure Blob and ADLS Gen2.

mod account;
mod backend;
mod builder;
mod client;
mod connection_string;
mod credential;
mod driver;
#[cfg(feature = "azure-core")]
mod token_credential;

pub use backend::AsyncAzureBackend;
pub use builder::{AzureBuilder, AzureTimeouts};
pub use client::{AzureClient, AzureService};
pub use credential::{AzureCredential, AzureCredentialProvider};
pub use driver::AzureDriver;
#[cfg(feature = "azure-core")]
pub use token_credential::AzureCoreCredential;
