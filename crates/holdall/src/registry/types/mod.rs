//! The types of backend that are built in.

#[cfg(feature = "azure")]
mod azure;
#[cfg(feature = "local")]
mod local;
mod memory;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::backend_config::BackendConfig;
use super::environment::Environment;
use super::factory::{BackendFactory, UrlTarget};
use super::suggest;
use super::url::BackendUrl;
use crate::error::{Error, ErrorKind, Operation, Result};

/// Types that a build can lack, each with the feature that brings it.
const OPTIONAL: [(&str, &str); 2] = [("azure", "azure"), ("local", "local")];

/// Schemes of URLs that are not called as their type is.
const SCHEMES: [(&str, &str); 1] = [("file", "local")];

/// The factories by type.
#[derive(Clone)]
pub(super) struct Types {
    factories: BTreeMap<String, Arc<dyn BackendFactory>>,
}

impl Types {
    /// Those of this build.
    pub(super) fn built_in() -> Self {
        let mut types = Self {
            factories: BTreeMap::new(),
        };
        types.add("memory", Arc::new(memory::Memory));
        #[cfg(feature = "azure")]
        types.add("azure", Arc::new(azure::Azure));
        #[cfg(feature = "local")]
        types.add("local", Arc::new(local::Local));
        types
    }

    /// Adds a type, in place of one of that name.
    pub(super) fn add(&mut self, kind: &str, factory: Arc<dyn BackendFactory>) {
        self.factories.insert(kind.to_owned(), factory);
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.factories.keys().map(String::as_str)
    }

    /// The factory of `config`'s type.
    pub(super) fn of(&self, config: &BackendConfig) -> Result<&dyn BackendFactory> {
        let kind = config.kind();
        if let Some(factory) = self.factories.get(kind) {
            return Ok(&**factory);
        }
        if let Some((_, feature)) = OPTIONAL.iter().find(|(name, _)| *name == kind) {
            return Err(config.invalid(&format!(
                "this build has no backends of the type '{kind}': it lacks the feature `{feature}`"
            )));
        }
        let hint = suggest::hint(kind, self.names());
        Err(config.invalid(&format!("unknown type '{}'; {hint}", kind.escape_debug())))
    }

    /// What `url` names.
    pub(super) fn locate(&self, url: &BackendUrl, environment: &Environment) -> Result<UrlTarget> {
        let scheme = url.scheme();
        let renamed = SCHEMES.iter().find(|(name, _)| *name == scheme);
        let kind = renamed.map_or(scheme, |(_, kind)| kind);
        let Some(factory) = self.factories.get(kind) else {
            let schemes = self.names().map(|kind| {
                let renamed = SCHEMES.iter().find(|(_, of)| *of == kind);
                renamed.map_or(kind, |(name, _)| name)
            });
            let hint = suggest::hint(scheme, schemes);
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("no backend has URLs with the scheme '{scheme}'; {hint}"),
            )
            .with_operation(Operation::Open));
        };
        factory.locate(url, environment)
    }
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// A URL that a type cannot make anything of.
fn unusable(message: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, message).with_operation(Operation::Open)
}
