//! What stores ask of any backend, whether its calls wait or block.

use std::any::{Any, TypeId};
use std::sync::Arc;

use crate::backend::{AsyncBackend, Backend};
use crate::capability::CapabilitySet;
use crate::error::Result;
use crate::model::ResolutionPlan;

/// The part of a backend that does no I/O, and so is the same for both kinds.
pub(super) trait Described {
    fn name(&self) -> &str;
    fn capabilities(&self) -> CapabilitySet;
    fn supports_if_match(&self) -> bool;
    fn resolve(&self, path: &str) -> Result<ResolutionPlan>;
    fn native_path(&self, path: &str) -> Result<String>;
    fn to_key(&self, native_path: &str) -> Result<String>;
    fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>>;
}

macro_rules! described {
    ($($backend:ident),*) => {$(
        impl Described for dyn $backend {
            fn name(&self) -> &str {
                $backend::name(self)
            }

            fn capabilities(&self) -> CapabilitySet {
                $backend::capabilities(self)
            }

            fn supports_if_match(&self) -> bool {
                $backend::supports_if_match(self)
            }

            fn resolve(&self, path: &str) -> Result<ResolutionPlan> {
                $backend::resolve(self, path)
            }

            fn native_path(&self, path: &str) -> Result<String> {
                $backend::native_path(self, path)
            }

            fn to_key(&self, native_path: &str) -> Result<String> {
                $backend::to_key(self, native_path)
            }

            fn native_handle(&self, wanted: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
                $backend::native_handle(self, wanted)
            }
        }
    )*};
}

described!(AsyncBackend, Backend);
