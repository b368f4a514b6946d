//! The addresses of a host, as the system has them.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::unknown_host::UnknownHost;

/// As the HTTP client's own, but with a fault that can be told from others.
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is that of the address.
            match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(found) => Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs),
                Err(error) => Err(UnknownHost::new(name.as_str(), error).into()),
            }
        })
    }
}
