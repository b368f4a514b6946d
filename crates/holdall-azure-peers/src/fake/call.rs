//! A call to one of the services, taken apart.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method, request};
use bytes::Bytes;
use percent_encoding::percent_decode_str;

use super::refusal::{Refusal, Result};

/// One request: what it asks of which container and key.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) container: String,
    pub(crate) key: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    /// Takes a request apart. The account may lead the path, as it does for
    /// emulators, or be left out, as it is where it stands in the host's name.
    pub(crate) fn new(account: &str, head: request::Parts, body: Bytes) -> Result<Self> {
        let (container, key) = container_and_key(account, head.uri.path())?;
        Ok(Self {
            method: head.method,
            container,
            key,
            query: query_of(head.uri.query().unwrap_or_default())?,
            headers: head.headers,
            body,
        })
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A query parameter that must be a number where it is there.
    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>> {
        let parse = |text: &str| text.parse().map_err(|_| Refusal::INVALID_QUERY_VALUE);
        self.query(name).map(parse).transpose()
    }

    /// The metadata in `x-ms-meta-` headers.
    pub(crate) fn metadata(&self) -> Result<BTreeMap<String, String>> {
        let mut metadata = BTreeMap::new();
        for (name, value) in &self.headers {
            if let Some(key) = name.as_str().strip_prefix("x-ms-meta-") {
                check_metadata_name(key)?;
                let value = value.to_str().map_err(|_| Refusal::INVALID_METADATA)?;
                metadata.insert(key.to_owned(), value.to_owned());
            }
        }
        Ok(metadata)
    }
}

/// Splits a path as it stands in a URL into the container and the key, decoded.
pub(crate) fn container_and_key(account: &str, path: &str) -> Result<(String, String)> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = match path.strip_prefix(account) {
        Some("") => "",
        Some(rest) => rest.strip_prefix('/').unwrap_or(path),
        None => path,
    };
    let (container, key) = path.split_once('/').unwrap_or((path, ""));
    Ok((decoded(container)?, decoded(key)?))
}

pub(crate) fn query_of(text: &str) -> Result<BTreeMap<String, String>> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?.to_lowercase(), decoded(value)?))
        })
        .collect()
}

/// Metadata names are C# identifiers ("Naming and referencing containers, blobs,
/// and metadata").
pub(crate) fn check_metadata_name(name: &str) -> Result<()> {
    let mut characters = name.chars();
    let first = characters
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_');
    if first && characters.all(|c| c.is_alphanumeric() || c == '_') {
        return Ok(());
    }
    Err(Refusal::INVALID_METADATA)
}

fn decoded(text: &str) -> Result<String> {
    let decoded = percent_decode_str(text).decode_utf8();
    Ok(decoded.map_err(|_| Refusal::INVALID_INPUT)?.into_owned())
}
