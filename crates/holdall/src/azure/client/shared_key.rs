//! Signatures with the account's key.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key>

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;

use super::error::ServiceError;
use super::request::Request;
use crate::azure::builder::invalid;
use crate::error::Result;
use crate::secret::Secret;

/// The headers that are signed by position, `Content-Length` set aside.
const BEFORE_LENGTH: [&str; 2] = ["content-encoding", "content-language"];
const AFTER_LENGTH: [&str; 8] = [
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
];

/// An account's key, ready to sign.
pub(super) struct SharedKey {
    account: String,
    /// As it was given, to be compared.
    text: Secret,
    key: Hmac<Sha256>,
}

impl PartialEq for SharedKey {
    fn eq(&self, other: &Self) -> bool {
        self.account == other.account && self.text == other.text
    }
}

impl Eq for SharedKey {}

impl SharedKey {
    pub(super) fn new(account: &str, key: &Secret) -> Result<Self> {
        let bytes = BASE64
            .decode(key.reveal().trim())
            .ok()
            .filter(|bytes| !bytes.is_empty())
            .ok_or_else(|| invalid("the account key is not valid: it is a text in base64"))?;
        let mac = Hmac::new_from_slice(&bytes)
            .map_err(|_| invalid("the account key is not valid: its length cannot be"))?;
        Ok(Self {
            account: account.to_owned(),
            text: key.clone(),
            key: mac,
        })
    }

    /// The value of `Authorization` for `request` with its final headers.
    pub(super) fn authorization(
        &self,
        request: &Request<'_>,
        length: u64,
        headers: &HeaderMap,
    ) -> std::result::Result<HeaderValue, ServiceError> {
        let mut mac = self.key.clone();
        mac.update(string_to_sign(&self.account, request, length, headers).as_bytes());
        let mut text = String::with_capacity(self.account.len() + 64);
        text.push_str("SharedKey ");
        text.push_str(&self.account);
        text.push(':');
        BASE64.encode_string(mac.finalize().into_bytes(), &mut text);
        let mut value = HeaderValue::try_from(text)
            .map_err(|_| ServiceError::bad_request("the account's name cannot be in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

fn string_to_sign(
    account: &str,
    request: &Request<'_>,
    length: u64,
    headers: &HeaderMap,
) -> String {
    let mut text = String::with_capacity(512);
    text.push_str(request.method.as_str());
    text.push('\n');
    push_headers(&mut text, headers, &BEFORE_LENGTH);
    match length {
        0 => {}
        length => text.push_str(&length.to_string()),
    }
    text.push('\n');
    push_headers(&mut text, headers, &AFTER_LENGTH);
    push_service_headers(&mut text, headers);
    text.push('/');
    text.push_str(account);
    text.push_str(&request.path);
    push_query(&mut text, request);
    text
}

fn push_headers(text: &mut String, headers: &HeaderMap, names: &[&'static str]) {
    for name in names {
        text.push_str(headers.get(*name).map(value).unwrap_or_default());
        text.push('\n');
    }
}

/// The `x-ms-` headers, sorted.
fn push_service_headers(text: &mut String, headers: &HeaderMap) {
    let mut signed: Vec<(&str, &HeaderValue)> = headers
        .iter()
        .map(|(name, value)| (HeaderName::as_str(name), value))
        .filter(|(name, _)| name.starts_with("x-ms-"))
        .collect();
    signed.sort_unstable_by(|(a, _), (b, _)| in_order(a, b));
    for (name, header) in signed {
        text.push_str(name);
        text.push(':');
        text.push_str(value(header).trim());
        text.push('\n');
    }
}

/// The service sorts names as Windows does in a culture of its own: hyphens
/// count last of all, and an underscore comes before digits, which come before
/// letters.
fn in_order(a: &str, b: &str) -> Ordering {
    weights(a).cmp(weights(b)).then_with(|| a.cmp(b))
}

fn weights(name: &str) -> impl Iterator<Item = u8> {
    name.bytes()
        .filter(|byte| *byte != b'-')
        .map(|byte| if byte == b'_' { 1 } else { byte })
}

/// Names are distinct and lower case already, or they would be joined here.
fn push_query(text: &mut String, request: &Request<'_>) {
    let mut query: Vec<_> = request
        .query
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    query.sort_unstable();
    for (name, value) in query {
        text.push('\n');
        text.push_str(&name);
        text.push(':');
        text.push_str(value);
    }
}

/// Values are made here or checked to be ASCII.
fn value(header: &HeaderValue) -> &str {
    header.to_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::body::Payload;
    use super::super::request::{Content, Service};
    use super::*;

    fn request() -> Request<'static> {
        let headers = [
            ("x-ms-version", "2026-04-06"),
            ("x-ms-date", "Sun, 22 Nov 2026 14:00:33 GMT"),
            ("x-ms-blob-type", "BlockBlob"),
            ("x-ms-meta-a1", "one"),
            ("x-ms-meta-a_b", " two "),
            ("content-type", "text/plain"),
            ("if-none-match", "*"),
        ];
        let headers = headers.map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        Request {
            method: reqwest::Method::PUT,
            service: Service::Blob,
            path: "/acct/box/a%20b".to_owned(),
            query: vec![
                ("restype".into(), "x".into()),
                ("maxResults".into(), "a b/é".into()),
            ],
            headers: headers.into_iter().collect(),
            source: None,
            content: Content::Ready(Payload::Empty),
        }
    }

    /// As the documentation lays it out, with the service's own order of names.
    const TEXT: &str = "PUT\n\n\n5\n\ntext/plain\n\n\n\n*\n\n\n\
        x-ms-blob-type:BlockBlob\n\
        x-ms-date:Sun, 22 Nov 2026 14:00:33 GMT\n\
        x-ms-meta-a_b:two\n\
        x-ms-meta-a1:one\n\
        x-ms-version:2026-04-06\n\
        /acct/acct/box/a%20b\n\
        maxresults:a b/é\n\
        restype:x";

    #[test]
    fn the_text_that_is_signed() {
        let request = request();
        assert_eq!(string_to_sign("acct", &request, 5, &request.headers), TEXT);
        let empty = string_to_sign("acct", &request, 0, &request.headers);
        assert!(empty.starts_with("PUT\n\n\n\n"), "no content has no length");
    }

    #[test]
    fn the_signature() {
        let key = SharedKey::new("acct", &"a2V5".into()).unwrap();
        let request = request();
        let value = key.authorization(&request, 5, &request.headers).unwrap();
        assert_eq!(
            value,
            "SharedKey acct:3MFrlnM4JUMZYvXszi7D/NxlxBmBhr4OnX6+wnpBWeI="
        );
        assert!(value.is_sensitive());
    }

    #[test]
    fn a_key_that_is_no_base64_is_refused() {
        for key in ["", " ", "no base64!", "a"] {
            assert!(SharedKey::new("acct", &key.into()).is_err(), "{key:?}");
        }
    }
}
