//! What differs between an answer that was recorded and one of the fake.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use super::recording::{Body, Exchange};
use super::wire::{Answer, Request};

/// What a path or a query's part must not hold as it is.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'%')
    .add(b'?')
    .add(b'#')
    .add(b'&')
    .add(b'+')
    .add(b'=');

/// Headers whose values are times, or ids that are made up anew.
const VARYING: [&str; 5] = [
    "last-modified",
    "x-ms-creation-time",
    "x-ms-copy-completion-time",
    "x-ms-copy-id",
    "x-ms-content-crc64",
];

/// Headers of the fake that the recordings leave out: every real answer has the
/// first two, and listings were sent in chunks.
const ADDED: [&str; 4] = ["date", "x-ms-request-id", "connection", "content-length"];

/// Fields of a listing's entries whose values are times.
const VARYING_FIELDS: [&str; 2] = ["creationTime", "lastModified"];

/// Compares the exchanges of one scenario, in order.
#[derive(Default)]
pub(crate) struct Comparison {
    /// The fake's entity tag for each recorded one.
    etags: BTreeMap<String, String>,
}

impl Comparison {
    /// The recorded request, with the fake's entity tags.
    pub(crate) fn request(&self, exchange: &Exchange) -> Request {
        let encode = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
        let pairs = exchange.query.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let query = pairs.collect::<Vec<_>>().join("&");
        let mut request = Request::new(&exchange.method, &encode(&exchange.path), &query);
        for (name, value) in &exchange.request_headers {
            let bare = value.trim_matches('"');
            let value = match self.etags.get(bare) {
                Some(etag) => format!("\"{etag}\""),
                None => value.clone(),
            };
            request.headers.insert(name.clone(), value);
        }
        request.headers.remove("content-length");
        request.body = exchange
            .request_body
            .as_ref()
            .map(Body::bytes)
            .unwrap_or_default();
        request
    }

    /// Each thing in which `answer` is not what was recorded.
    pub(crate) fn differences(&mut self, exchange: &Exchange, answer: &Answer) -> Vec<String> {
        if exchange.status != answer.status {
            // All else follows from it.
            let (given, recorded) = (answer.status, exchange.status);
            return vec![format!("status {given} rather than {recorded}")];
        }
        let mut differences = Vec::new();
        for (name, recorded) in &exchange.response_headers {
            let Some(given) = answer.headers.get(name) else {
                differences.push(format!("{name} is missing"));
                continue;
            };
            if !self.same_header(exchange, name, recorded, given) {
                differences.push(format!("{name} is {given:?} rather than {recorded:?}"));
            }
        }
        let added = answer.headers.keys().filter(|name| {
            !exchange.response_headers.contains_key(*name) && !ADDED.contains(&name.as_str())
        });
        differences.extend(added.map(|name| format!("{name} was not there")));
        differences.extend(self.body_difference(exchange, answer));
        differences
    }

    fn same_header(
        &mut self,
        exchange: &Exchange,
        name: &str,
        recorded: &str,
        given: &str,
    ) -> bool {
        // A message ends in the request's id and the time, of any length.
        let in_words = exchange.status >= 400 && name == "content-length";
        if VARYING.contains(&name) || in_words {
            return !given.is_empty();
        }
        if name == "etag" {
            return self.same_etag(recorded.trim_matches('"'), given.trim_matches('"'));
        }
        recorded == given
    }

    /// Whether `given` stands for `recorded` everywhere in the scenario.
    fn same_etag(&mut self, recorded: &str, given: &str) -> bool {
        let known = self.etags.entry(recorded.to_owned());
        known.or_insert_with(|| given.to_owned()) == given
    }

    fn body_difference(&mut self, exchange: &Exchange, answer: &Answer) -> Option<String> {
        let recorded = exchange
            .response_body
            .as_ref()
            .map(Body::bytes)
            .unwrap_or_default();
        let content_type = exchange
            .response_headers
            .get("content-type")
            .map(String::as_str);
        let same = match content_type {
            _ if recorded.is_empty() => answer.body.is_empty(),
            Some("application/xml") => first_line(&recorded) == first_line(&answer.body),
            Some(json) if json.starts_with("application/json") && exchange.endpoint == "dfs" => {
                let recorded = serde_json::from_slice(&recorded).unwrap();
                serde_json::from_slice(&answer.body)
                    .is_ok_and(|given| self.same_json(&recorded, &given))
            }
            _ => recorded == answer.body,
        };
        let given = || String::from_utf8_lossy(&answer.body).into_owned();
        (!same).then(|| {
            format!(
                "the body is {:?} rather than {:?}",
                given(),
                String::from_utf8_lossy(&recorded)
            )
        })
    }

    fn same_json(&mut self, recorded: &Value, given: &Value) -> bool {
        match (recorded, given) {
            (Value::Array(recorded), Value::Array(given)) => {
                recorded.len() == given.len()
                    && recorded
                        .iter()
                        .zip(given)
                        .all(|(recorded, given)| self.same_json(recorded, given))
            }
            (Value::Object(recorded), Value::Object(given)) => {
                recorded.keys().eq(given.keys())
                    && recorded
                        .iter()
                        .zip(given.values())
                        .all(|((name, recorded), given)| {
                            match (name.as_str(), recorded.as_str(), given.as_str()) {
                                ("etag", Some(recorded), Some(given)) => {
                                    self.same_etag(recorded, given)
                                }
                                ("message", Some(recorded), Some(given)) => {
                                    recorded.lines().next() == given.lines().next()
                                }
                                (name, Some(_), Some(_)) if VARYING_FIELDS.contains(&name) => true,
                                _ => self.same_json(recorded, given),
                            }
                        })
            }
            _ => recorded == given,
        }
    }
}

/// What precedes the request's id and the time in an error document.
fn first_line(document: &[u8]) -> Option<&[u8]> {
    document.split(|byte| *byte == b'\n').next()
}
