//! Stores by name: configurations, and the registry that opens what they
//! describe.
//!
//! ```
//! use holdall::registry::{Registry, RegistryConfig};
//!
//! # #[tokio::main] async fn main() -> holdall::Result<()> {
//! let config = RegistryConfig::from_toml(r#"
//!     [backends.scratch]
//!     type = "memory"
//!
//!     [stores.reports]
//!     backend = "scratch"
//!     root_path = "reports"
//! "#)?;
//! let registry = Registry::new(config)?;
//! let reports = registry.store("reports")?;
//! reports.write("2026/q1.csv", "a,b\n").await?;
//! registry.aclose().await?;
//! # Ok(()) }
//! ```

mod backend_config;
mod config;
mod document;
mod environment;
mod factory;
mod fault;
mod info;
mod load;
mod read;
mod secrets;
mod stores;
mod suggest;
mod toml_text;
mod types;
mod url;
mod value;
mod write;

pub use backend_config::{BackendConfig, StoreProfile};
pub use config::RegistryConfig;
pub use document::ConfigDocument;
pub use environment::Environment;
pub use factory::{BackendFactory, OpenedBackend, UrlTarget};
pub use info::{BackendInfo, RegistryInfo, StoreInfo};
pub use load::LoadOptions;
pub use stores::{Registry, RegistryBuilder};
pub use url::BackendUrl;
pub use value::{ConfigTable, ConfigValue};
