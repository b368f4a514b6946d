//! The recordings, as they stand in the file.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::wire::Request;

const RECORDINGS: &str = include_str!("../data/azure-wire.jsonl");

/// Requests that were made one after the other, and how they were answered.
#[derive(Deserialize)]
pub(crate) struct Scenario {
    #[serde(rename = "scenario")]
    pub(crate) name: String,
    pub(crate) exchanges: Vec<Exchange>,
}

/// A request and its answer.
#[derive(Deserialize)]
pub(crate) struct Exchange {
    pub(crate) endpoint: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) request_headers: BTreeMap<String, String>,
    pub(crate) request_body: Option<Body>,
    pub(crate) status: u16,
    pub(crate) response_headers: BTreeMap<String, String>,
    pub(crate) response_body: Option<Body>,
}

/// A body: text, a few bytes in hexadecimal, or the beginning of a long one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Body {
    Text(String),
    Bytes { hex: String },
    Long { prefix: String, len: usize },
}

pub(crate) fn scenarios() -> Vec<Scenario> {
    let lines = RECORDINGS.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

impl Scenario {
    pub(crate) fn creates_its_container(&self) -> bool {
        let first = self.exchanges.first().unwrap();
        first.method == "PUT" && first.query.contains_key("restype") && first.status == 201
    }

    /// The write of what `exchange` read, where the recordings lack it: of writes
    /// that were made at the same time some are missing.
    pub(crate) fn missed_write(&self, exchange: &Exchange) -> Option<Request> {
        let written = |other: &Exchange| other.method == "PUT" && other.path == exchange.path;
        let is_content = exchange.method == "GET" && exchange.status == 206;
        if !is_content || self.exchanges.iter().any(written) {
            return None;
        }
        let mut write = Request::new("PUT", &exchange.path, "");
        write
            .headers
            .insert("x-ms-blob-type".to_owned(), "BlockBlob".to_owned());
        write.body = exchange.response_body.as_ref()?.bytes();
        Some(write)
    }

    /// The path of the one container that the scenario is about.
    pub(crate) fn container(&self) -> String {
        let path = &self.exchanges.first().unwrap().path;
        let name = path.split('/').nth(1).unwrap();
        format!("/{name}")
    }
}

impl Body {
    /// The bytes, where they are known; a long body goes on as it begins.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Bytes { hex } => {
                let digits: Vec<char> = hex.chars().collect();
                let pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
                pairs
                    .map(|pair| u8::from_str_radix(&pair, 16).unwrap())
                    .collect()
            }
            Self::Long { prefix, len } => prefix.bytes().cycle().take(*len).collect(),
        }
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            endpoint,
            method,
            path,
            query,
            status,
            ..
        } = self;
        write!(f, "{endpoint} {method} {path} {query:?} ({status})")
    }
}
