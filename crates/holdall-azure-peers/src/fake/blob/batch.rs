//! Blob Batch, with deletes alone. No recording shows it; it follows "Blob
//! Batch".

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, request};
use bytes::Bytes;

use super::super::account::Account;
use super::super::answer::Answer;
use super::super::authentication;
use super::super::call::Call;
use super::super::refusal::{Refusal, Result};
use super::write;

/// The most calls in one batch.
const MOST_CALLS: usize = 256;

const ANSWER_BOUNDARY: &str = "batchresponse_fake";

pub(super) fn answer(account: &mut Account, call: &Call) -> Result<Answer> {
    let boundary = call.header("content-type").and_then(boundary_of);
    let boundary = boundary.ok_or(Refusal::INVALID_HEADER_VALUE)?;
    let body = std::str::from_utf8(&call.body).map_err(|_| Refusal::INVALID_INPUT)?;
    let body = body.replace("\r\n", "\n");
    let delimiter = format!("--{boundary}");
    let parts: Vec<&str> = body.split(&delimiter).skip(1).collect();
    let (end, parts) = parts.split_last().ok_or(Refusal::INVALID_INPUT)?;
    if !end.starts_with("--") || parts.is_empty() || parts.len() > MOST_CALLS {
        return Err(Refusal::INVALID_INPUT);
    }
    let calls = parts.iter().map(|part| parse(account, part));
    let calls = calls.collect::<Result<Vec<_>>>()?;
    let mut text = String::new();
    for (id, inner) in calls {
        let outcome = delete(account, &inner);
        text.push_str(&rendered(&id, outcome));
    }
    text.push_str(&format!("--{ANSWER_BOUNDARY}--\r\n"));
    Ok(Answer::new(202)
        .header(
            "content-type",
            format!("multipart/mixed; boundary={ANSWER_BOUNDARY}"),
        )
        .body(text))
}

fn delete(account: &mut Account, call: &Call) -> Result<()> {
    authentication::check(account, call)?;
    write::delete_blob(account, call).map(|_| ())
}

/// The `Content-ID` of a part and the call that it holds.
fn parse(account: &Account, part: &str) -> Result<(String, Call)> {
    let (outer, inner) = part.split_once("\n\n").ok_or(Refusal::INVALID_INPUT)?;
    let id = headers(outer.lines())?;
    let id = id
        .get("content-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default();
    let mut lines = inner.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    if first.next() != Some("DELETE") {
        return Err(Refusal::INVALID_INPUT);
    }
    let uri: Uri = first
        .next()
        .unwrap_or_default()
        .parse()
        .map_err(|_| Refusal::INVALID_INPUT)?;
    let (mut head, ()) = request::Request::new(()).into_parts();
    head.method = Method::DELETE;
    head.uri = uri;
    head.headers = headers(lines)?;
    // A part has no version of its own; the batch's holds.
    head.headers
        .insert("x-ms-version", HeaderValue::from_static("batch"));
    Ok((id.to_owned(), Call::new(&account.name, head, Bytes::new())?))
}

fn headers<'a>(lines: impl Iterator<Item = &'a str>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(Refusal::INVALID_INPUT)?;
        let name = HeaderName::try_from(name.trim()).map_err(|_| Refusal::INVALID_INPUT)?;
        let value = HeaderValue::try_from(value.trim()).map_err(|_| Refusal::INVALID_INPUT)?;
        headers.insert(name, value);
    }
    Ok(headers)
}

fn rendered(id: &str, outcome: Result<()>) -> String {
    let (status, rest) = match outcome {
        Ok(()) => (
            "202 Accepted".to_owned(),
            "x-ms-delete-type-permanent: true\r\n".to_owned(),
        ),
        Err(Refusal {
            status,
            code,
            message,
        }) => (
            format!("{status} {message}"),
            format!("x-ms-error-code: {code}\r\n"),
        ),
    };
    format!(
        "--{ANSWER_BOUNDARY}\r\nContent-Type: application/http\r\nContent-ID: {id}\r\n\r\n\
         HTTP/1.1 {status}\r\n{rest}x-ms-request-id: fake\r\nx-ms-version: batch\r\n\r\n"
    )
}

fn boundary_of(content_type: &str) -> Option<&str> {
    let (_, boundary) = content_type.split_once("boundary=")?;
    Some(boundary.split(';').next()?.trim().trim_matches('"'))
}
