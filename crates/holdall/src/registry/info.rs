//! What a registry has, for display.

use serde::Serialize;

use super::value::ConfigTable;
use crate::retry::RetryPolicy;

/// What a registry has. Secret options are shown as `***`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RegistryInfo {
    /// The types of backend that it can open, by name.
    pub types: Vec<String>,
    /// The backends, by name.
    pub backends: Vec<BackendInfo>,
    /// The stores, by name.
    pub stores: Vec<StoreInfo>,
}

/// One backend of a registry.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BackendInfo {
    /// Its name in the configuration.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its options; `Debug` and serialization mask the secret ones.
    pub options: ConfigTable,
    /// Its retry policy, where one was given.
    pub retry: Option<RetryPolicy>,
    /// Whether it has been opened.
    pub open: bool,
}

/// One store of a registry.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoreInfo {
    /// Its name in the configuration.
    pub name: String,
    /// The name of its backend.
    pub backend: String,
    /// The type of its backend.
    #[serde(rename = "type")]
    pub kind: String,
    /// The folder of the backend that is its root.
    pub root_path: String,
}
