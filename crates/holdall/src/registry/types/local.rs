//! `local`: a folder of this machine's disk.

use serde::Deserialize;

use super::unusable;
use crate::error::Result;
use crate::local::{LocalBackend, SyncPolicy};
use crate::registry::backend_config::BackendConfig;
use crate::registry::environment::Environment;
use crate::registry::factory::{BackendFactory, OpenedBackend, UrlTarget};
use crate::registry::url::BackendUrl;

pub(super) struct Local;

/// Those of [`LocalBuilder`](crate::LocalBuilder).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    root: String,
    create_root: Option<bool>,
    write_sync: Option<Policy>,
    atomic_write_sync: Option<Policy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Policy {
    Never,
    Data,
    Full,
}

impl From<Policy> for SyncPolicy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Never => Self::Never,
            Policy::Data => Self::Data,
            Policy::Full => Self::Full,
        }
    }
}

impl Options {
    fn of(config: &BackendConfig) -> Result<Self> {
        let options: Self = config.read_options()?;
        if options.root.is_empty() {
            return Err(
                config.invalid_option("root", "the path is empty; the current folder is '.'")
            );
        }
        Ok(options)
    }
}

impl BackendFactory for Local {
    fn check(&self, config: &BackendConfig) -> Result<()> {
        Options::of(config).map(drop)
    }

    fn open(&self, config: &BackendConfig) -> Result<OpenedBackend> {
        let options = Options::of(config)?;
        let mut builder = LocalBackend::builder(config.resolve_path(&options.root));
        if let Some(create) = options.create_root {
            builder = builder.create_root(create);
        }
        if let Some(policy) = options.write_sync {
            builder = builder.write_sync(policy.into());
        }
        if let Some(policy) = options.atomic_write_sync {
            builder = builder.atomic_write_sync(policy.into());
        }
        if let Some(retry) = config.retry() {
            builder = builder.retry(*retry);
        }
        Ok(OpenedBackend::from_driver(builder.build()?))
    }

    /// The whole path is the root ([RFC 8089](https://www.rfc-editor.org/rfc/rfc8089)).
    fn locate(&self, url: &BackendUrl, _: &Environment) -> Result<UrlTarget> {
        if !url.host().is_empty() && !url.host().eq_ignore_ascii_case("localhost") {
            return Err(unusable(
                "a file URL of another host cannot be opened; write file:///PATH",
            ));
        }
        if !url.is_absolute() {
            return Err(unusable(
                "a file URL needs an absolute path; write file:///PATH",
            ));
        }
        // On Windows the path begins with its drive.
        let root = match url.path() {
            path if cfg!(windows) => path.to_owned(),
            path => format!("/{path}"),
        };
        Ok(UrlTarget {
            config: BackendConfig::new("local").with_option("root", root),
            path: String::new(),
        })
    }
}
