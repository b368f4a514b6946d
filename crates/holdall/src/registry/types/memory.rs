//! `memory`: gone when the registry is.

use serde::Deserialize;

use super::unusable;
use crate::error::Result;
use crate::memory::MemoryBackend;
use crate::registry::backend_config::BackendConfig;
use crate::registry::environment::Environment;
use crate::registry::factory::{BackendFactory, OpenedBackend, UrlTarget};
use crate::registry::url::BackendUrl;

pub(super) struct Memory;

/// There are none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {}

impl BackendFactory for Memory {
    fn check(&self, config: &BackendConfig) -> Result<()> {
        config.read_options::<Options>().map(|Options {}| ())
    }

    fn open(&self, config: &BackendConfig) -> Result<OpenedBackend> {
        self.check(config)?;
        let builder = MemoryBackend::builder().retry(config.retry().copied().unwrap_or_default());
        Ok(OpenedBackend::from_driver(builder.build()?))
    }

    fn locate(&self, url: &BackendUrl, _: &Environment) -> Result<UrlTarget> {
        if !url.host().is_empty() {
            return Err(unusable("a memory URL has no host; write memory:PATH"));
        }
        Ok(UrlTarget {
            config: BackendConfig::new("memory"),
            path: url.path().to_owned(),
        })
    }
}
