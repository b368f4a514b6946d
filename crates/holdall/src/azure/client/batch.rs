//! Many deletes in one request.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/blob-batch>

use std::fmt::Write as _;

use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};

use super::attempt::{Whole, answered};
use super::blob::unreadable;
use super::body::Payload;
use super::error::ServiceError;
use super::properties::header;
use super::request::{Content, Service};
use super::signer::Credential;
use super::{Answer, AzureClient, Reply};

/// The most deletes of one request.
pub(crate) const MAX_BATCH: usize = 256;

/// Deletes that go together.
#[derive(Debug)]
pub(super) struct Deletes {
    keys: Vec<String>,
    boundary: String,
}

impl AzureClient {
    /// Blob Batch: deletes the blobs at `keys`, at most [`MAX_BATCH`]. An
    /// outcome for each, in their order.
    pub(crate) async fn delete_batch(&self, keys: Vec<String>) -> Reply<Answer<Vec<Reply<()>>>> {
        let (boundary, count) = (boundary(), keys.len());
        let mut request = self
            .request(Method::POST, Service::Blob, "")
            .query("restype", "container")
            .query("comp", "batch")
            .text_header(
                "content-type",
                &format!("multipart/mixed; boundary={boundary}"),
            )?;
        request.content = Content::Deletes(Deletes { keys, boundary });
        let answer = self.send_whole(&request).await?;
        Ok(Answer {
            value: outcomes(&answer.value, count)?,
            retried: answer.retried,
        })
    }

    /// The content of a batch, each part of which is signed.
    pub(super) fn deletes(&self, deletes: &Deletes, credential: &Credential) -> Reply<Payload> {
        let boundary = &deletes.boundary;
        let mut body = String::with_capacity(deletes.keys.len() * 400);
        for (at, key) in deletes.keys.iter().enumerate() {
            self.push_delete(&mut body, boundary, at, key, credential)?;
        }
        let _ = write!(body, "--{boundary}--\r\n");
        Ok(Payload::One(body.into()))
    }

    fn push_delete(
        &self,
        body: &mut String,
        boundary: &str,
        at: usize,
        key: &str,
        credential: &Credential,
    ) -> Reply<()> {
        let mut request = self.request(Method::DELETE, Service::Blob, key);
        // The service refuses a version within a batch.
        request.headers.clear();
        let (mut headers, sas) = credential.sign(&request, 0)?;
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        let question = if sas.is_some() { "?" } else { "" };
        let _ = write!(
            body,
            "--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\
             Content-ID: {at}\r\n\r\nDELETE {}{question}{} HTTP/1.1\r\n",
            request.path,
            sas.unwrap_or_default(),
        );
        for (name, value) in &headers {
            let value = value
                .to_str()
                .map_err(|_| ServiceError::bad_request("a header of a delete is no text"))?;
            let _ = write!(body, "{name}: {value}\r\n");
        }
        body.push_str("\r\n");
        Ok(())
    }
}

/// Not in any of the parts, which are ASCII without such a line.
fn boundary() -> String {
    let number = getrandom::u64().unwrap_or_default();
    format!("batch_{number:016x}")
}

/// What the answer says of each of `count` deletes.
fn outcomes(answer: &Whole, count: usize) -> Reply<Vec<Reply<()>>> {
    let boundary = header(&answer.headers, "content-type")
        .and_then(|kind| kind.split("boundary=").nth(1))
        .map(|boundary| {
            boundary
                .split(';')
                .next()
                .unwrap_or_default()
                .trim_matches('"')
        })
        .ok_or_else(|| unreadable("batch"))?;
    let text = String::from_utf8_lossy(&answer.body);
    let mut outcomes: Vec<Option<Reply<()>>> = (0..count).map(|_| None).collect();
    for part in text.split(&format!("--{boundary}")).skip(1) {
        let Some((at, outcome)) = parse_part(part) else {
            continue;
        };
        match at {
            Some(at) => {
                if let Some(place) = outcomes.get_mut(at) {
                    *place = Some(outcome);
                }
            }
            // Of a batch that is refused as a whole.
            None => outcome?,
        }
    }
    let missing = || Err(unreadable("answer to each delete"));
    Ok(outcomes
        .into_iter()
        .map(|outcome| outcome.unwrap_or_else(missing))
        .collect())
}

/// The number of a part, where it has one, and what it says.
fn parse_part(part: &str) -> Option<(Option<usize>, Reply<()>)> {
    let (outer, inner) = part.split_once("HTTP/1.1 ")?;
    let at = outer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim().eq_ignore_ascii_case("content-id")).then(|| value.trim().parse().ok())?
    });
    let (head, body) = inner
        .split_once("\r\n\r\n")
        .or_else(|| inner.split_once("\n\n"))
        .unwrap_or((inner, ""));
    let mut lines = head.lines();
    let status = lines.next()?.split_whitespace().next()?;
    let status = status
        .parse()
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok())?;
    if status.is_success() {
        return Some((at, Ok(())));
    }
    let headers: HeaderMap = lines
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            let name = HeaderName::try_from(name.trim()).ok()?;
            Some((name, HeaderValue::from_str(value.trim()).ok()?))
        })
        .collect();
    Some((at, Err(answered(status, &headers, body.trim().as_bytes()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(body: &str) -> Whole {
        let kind = HeaderValue::from_static("multipart/mixed; boundary=b_1");
        Whole {
            status: StatusCode::ACCEPTED,
            headers: [(reqwest::header::CONTENT_TYPE, kind)]
                .into_iter()
                .collect(),
            body: body.to_owned().into(),
        }
    }

    const ANSWER: &str = "--b_1\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\n\
        HTTP/1.1 404 The specified blob does not exist.\r\nx-ms-error-code: BlobNotFound\r\n\
        x-ms-request-id: id-2\r\nContent-Type: application/xml\r\n\r\n\
        <?xml version=\"1.0\"?><Error><Code>BlobNotFound</Code><Message>It is gone.</Message></Error>\r\n\
        --b_1\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\nHTTP/1.1 202 Accepted\r\n\
        x-ms-delete-type-permanent: true\r\n\r\n--b_1--";

    #[test]
    fn each_outcome_is_found_in_any_order() {
        let outcomes = outcomes(&whole(ANSWER), 3).unwrap();
        assert!(outcomes[0].is_ok());
        let missing = outcomes[1].as_ref().unwrap_err();
        assert!(missing.is_missing());
        assert!(missing.message().contains("It is gone.") && missing.message().contains("id-2"));
        assert!(outcomes[2].is_err(), "no part speaks of the third");
    }

    #[test]
    fn a_batch_that_is_refused_as_a_whole_is_one_error() {
        let body = "--b_1\r\nContent-Type: application/http\r\n\r\n\
            HTTP/1.1 400 Bad\r\nx-ms-error-code: InvalidInput\r\n\r\n--b_1--";
        assert_eq!(
            outcomes(&whole(body), 2).unwrap_err().code(),
            "InvalidInput"
        );
    }

    #[test]
    fn nonsense_is_an_error() {
        for body in [
            "",
            "--b_1--",
            "--b_1\r\nHTTP/1.1 \r\n--b_1--",
            "--b_1\r\nContent-ID: 9\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n",
        ] {
            let outcomes = outcomes(&whole(body), 1).unwrap();
            assert!(outcomes.iter().all(Result::is_err), "{body:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_answer_makes_it_panic(body: String, at in 0..ANSWER.len()) {
            let start = ANSWER.get(..at).unwrap_or_default();
            let _ = outcomes(&whole(&format!("{start}{body}")), 2);
        }
    }
}
