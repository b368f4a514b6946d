//! Requests of the caller's own.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, Uri, header};
use percent_encoding::percent_decode_str;

use super::body::Payload;
use super::error::ServiceError;
use super::request::AzureService;
use super::{AzureClient, Reply};
use crate::azure::builder::NAME;
use crate::error::{Error, Result};

/// What is set for each attempt, whatever the caller says.
const OURS: [HeaderName; 4] = [
    header::AUTHORIZATION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::TRANSFER_ENCODING,
];

impl AzureClient {
    /// Sends a request of any operation, for what a store has no call for:
    /// tiers, tags, leases. It is signed, repeated and bounded as all requests
    /// of the backend are.
    ///
    /// The path of its URI begins with the container and is encoded; scheme
    /// and host are not heeded. `x-ms-version` is set where it is not given.
    ///
    /// ```no_run
    /// use holdall::http::Request;
    /// use holdall::{AzureBuilder, AzureService, Bytes};
    ///
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = AzureBuilder::new("data")
    ///     .connection_string("UseDevelopmentStorage=true")
    ///     .build_client()?;
    /// let request = Request::put("/data/reports/q1.csv?comp=tier")
    ///     .header("x-ms-access-tier", "Cool")
    ///     .body(Bytes::new())?;
    /// let answer = client.execute(AzureService::Blob, request).await?;
    /// assert!(answer.status().is_success());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Any answer but one of success is an error, of the kind that the backend
    /// gives to it. The body is read whole, up to 256 MiB.
    pub async fn execute(
        &self,
        service: AzureService,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>> {
        self.executed(service, request)
            .await
            .map_err(|error| Error::from(error).with_backend(NAME))
    }

    async fn executed(
        &self,
        service: AzureService,
        request: http::Request<Bytes>,
    ) -> Reply<http::Response<Bytes>> {
        let (parts, body) = request.into_parts();
        let mut own = self.request(parts.method, service, "");
        own.path = format!("{}{}", self.base(service), parts.uri.path());
        own.query = query(&parts.uri)?;
        for (name, value) in &parts.headers {
            if !OURS.contains(name) {
                own.headers.insert(name, value.clone());
            }
        }
        let whole = self
            .send_whole(&own.payload(Payload::One(body)))
            .await?
            .value;
        let mut answer = http::Response::new(whole.body);
        *answer.status_mut() = whole.status;
        *answer.headers_mut() = whole.headers;
        Ok(answer)
    }
}

/// The names and values of a query, decoded.
fn query(uri: &Uri) -> Reply<Vec<(Cow<'static, str>, Cow<'static, str>)>> {
    let decoded = |text: &str| {
        percent_decode_str(text)
            .decode_utf8()
            .map(|text| Cow::from(text.into_owned()))
            .map_err(|_| ServiceError::bad_request("the request's query is not UTF-8"))
    };
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}
