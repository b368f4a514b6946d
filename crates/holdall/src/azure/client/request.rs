//! Requests before they are signed: keys and queries are encoded here.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::batch::Deletes;
use super::body::Payload;
use super::error::ServiceError;
use super::{AzureClient, Reply};
use crate::azure::account::Endpoint;
use crate::metadata::UserMetadata;

/// All but the unreserved characters of RFC 3986.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const PATH: &AsciiSet = &QUERY.remove(b'/');

const VERSION: HeaderName = HeaderName::from_static("x-ms-version");
/// The version of both services that everything here was recorded with.
const API_VERSION: HeaderValue = HeaderValue::from_static("2026-04-06");

/// One of an account's services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AzureService {
    /// Blob storage.
    Blob,
    /// Data Lake Storage: the paths of a hierarchical namespace.
    Dfs,
}

pub(super) use AzureService as Service;

/// What a request carries.
#[derive(Debug)]
pub(super) enum Content {
    Ready(Payload),
    /// Requests of their own, which each attempt signs anew.
    Deletes(Deletes),
}

/// One request, without credential and date.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) method: Method,
    pub(super) service: Service,
    /// From the root of the host on, encoded.
    pub(super) path: String,
    /// In the order in which they are sent; values are not encoded.
    pub(super) query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(super) headers: HeaderMap,
    /// The header that names another blob, and its address: a credential may
    /// have to go with it.
    pub(super) source: Option<(HeaderName, String)>,
    pub(super) content: Content,
}

impl<'a> Request<'a> {
    pub(super) fn query(mut self, name: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: HeaderValue) -> Self {
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// A header of a value that may not fit in one.
    pub(super) fn text_header(self, name: &'static str, value: &str) -> Reply<Self> {
        let value = HeaderValue::from_str(value).map_err(|_| {
            ServiceError::bad_request(format!("{name} has a value that no header can have"))
        })?;
        Ok(self.header(name, value))
    }

    pub(super) fn static_header(self, name: &'static str, value: &'static str) -> Self {
        self.header(name, HeaderValue::from_static(value))
    }

    pub(super) fn payload(mut self, payload: Payload) -> Self {
        self.content = Content::Ready(payload);
        self
    }

    pub(super) fn source(mut self, name: &'static str, address: String) -> Self {
        self.source = Some((HeaderName::from_static(name), address));
        self
    }

    /// `If-None-Match: *`: the request makes something new or fails.
    pub(super) fn create_only(self, create_only: bool) -> Self {
        if !create_only {
            return self;
        }
        self.static_header("if-none-match", "*")
    }

    /// A condition on a version tag, which is given without quotes.
    pub(super) fn tag(self, name: &'static str, etag: Option<&str>) -> Reply<Self> {
        match etag {
            Some(etag) => self.text_header(name, &quoted(etag)),
            None => Ok(self),
        }
    }

    /// User metadata as headers of their own.
    pub(super) fn metadata(mut self, metadata: Option<&UserMetadata>) -> Reply<Self> {
        for (key, value) in metadata.into_iter().flat_map(UserMetadata::iter) {
            let name = HeaderName::try_from(format!("x-ms-meta-{key}"));
            let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) else {
                return Err(ServiceError::bad_request(format!(
                    "the metadata {key:?} cannot be sent: keys are names and values printable ASCII"
                )));
            };
            self.headers.insert(name, value);
        }
        Ok(self)
    }

    /// The path and query, as they are sent.
    pub(super) fn target(&self) -> String {
        let mut target = self.path.clone();
        for (at, (name, value)) in self.query.iter().enumerate() {
            target.push(if at == 0 { '?' } else { '&' });
            let _ = write!(
                target,
                "{}={}",
                utf8_percent_encode(name, QUERY),
                utf8_percent_encode(value, QUERY)
            );
        }
        target
    }
}

impl AzureClient {
    fn endpoint(&self, service: Service) -> &Endpoint {
        match service {
            Service::Blob => &self.inner.config.blob,
            Service::Dfs => &self.inner.config.dfs,
        }
    }

    pub(super) fn base(&self, service: Service) -> &str {
        &self.endpoint(service).base
    }

    pub(super) fn origin(&self, service: Service) -> &str {
        &self.endpoint(service).origin
    }

    /// A request for the blob, file or folder at `key`, or for the container
    /// where the key is empty.
    pub(super) fn request<'a>(&self, method: Method, service: Service, key: &str) -> Request<'a> {
        self.request_at(method, service, self.path(service, key))
    }

    /// A request for the account.
    pub(super) fn account_request<'a>(&self, method: Method, service: Service) -> Request<'a> {
        let path = format!("{}/", self.endpoint(service).base);
        self.request_at(method, service, path)
    }

    fn request_at<'a>(&self, method: Method, service: Service, path: String) -> Request<'a> {
        Request {
            method,
            service,
            path,
            query: Vec::new(),
            headers: [(VERSION, API_VERSION)].into_iter().collect(),
            source: None,
            content: Content::Ready(Payload::Empty),
        }
    }

    /// The encoded path of `key` from the container on, as a rename takes its
    /// source.
    pub(super) fn source_path(&self, key: &str) -> String {
        format!("/{}/{}", self.container(), utf8_percent_encode(key, PATH))
    }

    /// The whole address of `key`, as a copy takes its source.
    pub(super) fn source_address(&self, key: &str) -> String {
        let mut address = self.origin(Service::Blob).to_owned();
        address.push_str(&self.path(Service::Blob, key));
        address
    }

    /// The encoded path of `key`, from the host's root on.
    pub(super) fn path(&self, service: Service, key: &str) -> String {
        let base = &self.endpoint(service).base;
        let mut path = String::with_capacity(base.len() + self.container().len() + key.len() + 16);
        path.push_str(base);
        path.push('/');
        path.push_str(self.container());
        if !key.is_empty() {
            path.push('/');
            let _ = write!(path, "{}", utf8_percent_encode(key, PATH));
        }
        path
    }
}

/// A version tag as headers have it; `*` stands for any.
fn quoted(etag: &str) -> String {
    if etag == "*" {
        return etag.to_owned();
    }
    format!("\"{etag}\"")
}
