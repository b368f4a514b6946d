//! Answers, as they are sent.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use jiff::Timestamp;

use super::refusal::Refusal;
use super::tree::Stamp;

/// An answer to a call.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: bytes::Bytes,
}

impl Answer {
    pub(crate) fn new(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn maybe(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    /// The entity tag and the time of a version.
    pub(crate) fn stamp(self, stamp: &Stamp) -> Self {
        self.header("etag", format!("\"{}\"", stamp.etag))
            .header("last-modified", http_date(stamp.time))
    }

    pub(crate) fn body(mut self, body: impl Into<bytes::Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Tells a length without sending what it is the length of.
    pub(crate) fn without_body(mut self) -> Self {
        let length = self.body.len().to_string();
        self.body = bytes::Bytes::new();
        self.header("content-length", length)
    }

    pub(crate) fn xml(self, body: String) -> Self {
        // The service begins each document with a byte-order mark.
        self.header("content-type", "application/xml").body(format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>{body}"
        ))
    }

    pub(crate) fn json(self, body: &serde_json::Value) -> Self {
        self.header("content-type", "application/json;charset=utf-8")
            .body(format!("{body}\n"))
    }

    /// A refusal as the Blob service words it.
    pub(crate) fn refused_by_blob(refusal: Refusal) -> Self {
        Self::refused(refusal).xml(format!(
            "<Error><Code>{}</Code><Message>{}\n{DETAILS}</Message></Error>",
            refusal.code, refusal.message
        ))
    }

    /// A refusal as the DFS service words it.
    pub(crate) fn refused_by_dfs(refusal: Refusal) -> Self {
        let error = serde_json::json!({ "error": {
            "code": refusal.code,
            "message": format!("{}\n{DETAILS}", refusal.message),
        }});
        Self::refused(refusal)
            .header("content-type", "application/json;charset=utf-8")
            .body(error.to_string())
    }

    /// A refusal without words, as an answer to HEAD is.
    pub(crate) fn refused_to_head(refusal: Refusal) -> Self {
        Self::refused(refusal)
    }

    fn refused(refusal: Refusal) -> Self {
        Self::new(refusal.status).header("x-ms-error-code", refusal.code)
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            let name = HeaderName::try_from(name);
            let value = HeaderValue::try_from(value);
            if let (Ok(name), Ok(value)) = (name, value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// What ends each message. A real one holds the request's id and the time.
const DETAILS: &str = "RequestId:fake\nTime:now";

/// A time as HTTP headers and listings have it.
pub(crate) fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
