//! Lists of paths.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/list>

use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Deserializer};

use super::blob::unreadable;
use super::properties::{header, parse_time, unquoted};
use super::request::Service;
use super::{AzureClient, Reply};

/// A path in a list, from the container on.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PathItem {
    pub(crate) name: String,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) is_directory: bool,
    #[serde(default, rename = "contentLength", deserialize_with = "number")]
    pub(crate) size: u64,
    #[serde(default, deserialize_with = "tag")]
    pub(crate) etag: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub(crate) last_modified: Option<Timestamp>,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PathPage {
    pub(crate) paths: Vec<PathItem>,
    /// Where the next page begins; `None` on the last.
    pub(crate) next: Option<String>,
}

/// A question for a list.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PathList<'a> {
    /// The folder; empty for the root.
    pub(crate) directory: &'a str,
    /// All levels, or the folder's own children.
    pub(crate) recursive: bool,
    /// Where the page begins.
    pub(crate) continuation: Option<&'a str>,
    /// The most of one page; at most 5,000.
    pub(crate) max: Option<u32>,
}

impl AzureClient {
    /// Path List: one page of what is in a folder.
    pub(crate) async fn list_paths(&self, list: PathList<'_>) -> Reply<PathPage> {
        let mut request = self
            .request(Method::GET, Service::Dfs, "")
            .query("resource", "filesystem")
            .query("recursive", if list.recursive { "true" } else { "false" });
        if !list.directory.is_empty() {
            request = request.query("directory", list.directory);
        }
        if let Some(continuation) = list.continuation {
            request = request.query("continuation", continuation);
        }
        if let Some(max) = list.max {
            request = request.query("maxResults", max.to_string());
        }
        let whole = self.send_whole(&request).await?.value;
        let next = header(&whole.headers, "x-ms-continuation").filter(|token| !token.is_empty());
        Ok(PathPage {
            paths: parse(&whole.body)?,
            next: next.map(str::to_owned),
        })
    }
}

fn parse(body: &[u8]) -> Reply<Vec<PathItem>> {
    #[derive(Deserialize)]
    struct Page {
        paths: Vec<PathItem>,
    }
    serde_json::from_slice::<Page>(body)
        .map(|page| page.paths)
        .map_err(|_| unreadable("list of paths"))
}

/// Sizes and flags stand in quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Flag(bool),
    Number(u64),
    Text(String),
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Loose::deserialize(deserializer)? {
        Loose::Flag(flag) => flag,
        Loose::Number(number) => number != 0,
        Loose::Text(text) => text.eq_ignore_ascii_case("true"),
    })
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    match Loose::deserialize(deserializer)? {
        Loose::Number(number) => Ok(number),
        Loose::Text(text) => text.trim().parse().map_err(serde::de::Error::custom),
        Loose::Flag(_) => Err(serde::de::Error::custom("a size is no flag")),
    }
}

fn tag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let tag = Option::<String>::deserialize(deserializer)?;
    Ok(tag.map(|tag| unquoted(&tag).to_owned()))
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let time = Option::<String>::deserialize(deserializer)?;
    Ok(time.as_deref().and_then(parse_time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_flags_are_read_with_quotes_and_without() {
        let body = br#"{"paths":[
            {"name":"d","isDirectory":"true","contentLength":"0","etag":"0x8DE","lastModified":"Thu, 18 Jun 2026 19:54:40 GMT"},
            {"name":"d/f","contentLength":"1234567890123"},
            {"name":"d/g","contentLength":5,"isDirectory":false,"etag":"\"0x8DF\"","owner":"$superuser"}]}"#;
        let paths = parse(body).unwrap();
        let read: Vec<_> = paths
            .iter()
            .map(|path| (path.name.as_str(), path.is_directory, path.size))
            .collect();
        assert_eq!(
            read,
            [
                ("d", true, 0),
                ("d/f", false, 1_234_567_890_123),
                ("d/g", false, 5)
            ]
        );
        assert_eq!(paths[0].last_modified, "2026-06-18T19:54:40Z".parse().ok());
        assert_eq!(paths[2].etag.as_deref(), Some("0x8DF"));
    }

    #[test]
    fn nonsense_is_an_error() {
        for body in [
            "",
            "{}",
            r#"{"paths":[{}]}"#,
            r#"{"paths":[{"name":"a","contentLength":"x"}]}"#,
        ] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
