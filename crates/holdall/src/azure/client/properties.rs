//! What the headers of an answer say.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::HeaderMap;

/// The properties of a blob, of which a listing has only some.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BlobProperties {
    /// Bytes of the whole blob.
    pub(crate) size: u64,
    /// Without quotes.
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<Timestamp>,
    pub(crate) created: Option<Timestamp>,
    /// When the service gave this answer, by its own clock.
    pub(crate) answered: Option<Timestamp>,
    /// The digest that is stored with the blob.
    pub(crate) content_md5: Option<[u8; 16]>,
    pub(crate) content_type: Option<String>,
    pub(crate) version_id: Option<String>,
    /// User metadata, with `hdi_isfolder` left out. Names are lower case, as
    /// headers are.
    pub(crate) metadata: BTreeMap<String, String>,
    /// Whether it is a folder of a hierarchical namespace.
    pub(crate) is_directory: bool,
    pub(crate) copy_id: Option<String>,
    /// The address of what was copied, without a query.
    pub(crate) copy_source: Option<String>,
    /// `pending`, `success`, `aborted` or `failed`.
    pub(crate) copy_status: Option<String>,
    /// Why a copy failed.
    pub(crate) copy_status_description: Option<String>,
}

/// The metadata that marks a folder.
pub(super) const IS_FOLDER: &str = "hdi_isfolder";

impl BlobProperties {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name| header(headers, name).map(str::to_owned);
        let mut metadata = metadata(headers);
        let marked = metadata
            .remove(IS_FOLDER)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let of_type = header(headers, "x-ms-resource-type") == Some("directory");
        Self {
            size: size(headers),
            etag: etag(headers),
            last_modified: time(headers, "last-modified"),
            created: time(headers, "x-ms-creation-time"),
            answered: time(headers, "date"),
            content_md5: stored_md5(headers),
            content_type: text("content-type"),
            version_id: text("x-ms-version-id"),
            metadata,
            is_directory: marked || of_type,
            copy_id: text("x-ms-copy-id"),
            copy_source: header(headers, "x-ms-copy-source").map(without_query),
            copy_status: text("x-ms-copy-status"),
            copy_status_description: text("x-ms-copy-status-description"),
        }
    }
}

/// An address without its query, which may hold a signature.
fn without_query(address: &str) -> String {
    address.split('?').next().unwrap_or_default().to_owned()
}

/// The value of a header, where it is text.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The version tag, without quotes.
pub(super) fn etag(headers: &HeaderMap) -> Option<String> {
    header(headers, "etag").map(|tag| unquoted(tag).to_owned())
}

pub(super) fn unquoted(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    tag.strip_prefix('"')
        .and_then(|tag| tag.strip_suffix('"'))
        .unwrap_or(tag)
}

pub(super) fn time(headers: &HeaderMap, name: &str) -> Option<Timestamp> {
    header(headers, name).and_then(parse_time)
}

/// A time as HTTP has it.
pub(super) fn parse_time(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new()
        .parse_timestamp(text.trim())
        .ok()
}

/// A digest in base64.
pub(super) fn parse_md5(text: &str) -> Option<[u8; 16]> {
    BASE64.decode(text.trim()).ok()?.try_into().ok()
}

/// The digest of the whole: an answer with a part of the blob has one of the
/// part, in the usual place.
fn stored_md5(headers: &HeaderMap) -> Option<[u8; 16]> {
    let name = if headers.contains_key("x-ms-blob-content-md5") {
        "x-ms-blob-content-md5"
    } else if headers.contains_key("content-range") {
        return None;
    } else {
        "content-md5"
    };
    header(headers, name).and_then(parse_md5)
}

/// The length of the whole blob.
fn size(headers: &HeaderMap) -> u64 {
    let of_range = header(headers, "content-range")
        .and_then(|range| range.rsplit('/').next())
        .and_then(|size| size.parse().ok());
    of_range
        .or_else(|| header(headers, "content-length").and_then(|size| size.parse().ok()))
        .unwrap_or_default()
}

fn metadata(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .iter()
        .filter_map(|(name, value)| {
            let name = name.as_str().strip_prefix("x-ms-meta-")?;
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            Some((name.to_owned(), value))
        })
        .collect()
}

/// When the service wants to be asked again: seconds, milliseconds or a date.
/// <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    for name in ["x-ms-retry-after-ms", "retry-after-ms"] {
        if let Some(number) = header(headers, name).and_then(|text| text.trim().parse().ok()) {
            return Some(Duration::from_millis(number));
        }
    }
    let text = header(headers, "retry-after")?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let wait = parse_time(text)?.duration_since(now);
            Some(Duration::try_from(wait).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = reqwest::header::HeaderName::from_static(name);
            (name, reqwest::header::HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    #[test]
    fn a_recorded_answer_is_understood() {
        let properties = BlobProperties::of(&headers(&[
            ("content-length", "2"),
            ("content-range", "bytes 0-1/12"),
            ("content-type", "application/octet-stream"),
            ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ("etag", "\"0x8DECD736F3EA578\""),
            ("last-modified", "Thu, 18 Jun 2026 19:54:40 GMT"),
            ("x-ms-blob-content-md5", "fnX2Ep9YO2VmmdPplwfzEQ=="),
            ("x-ms-creation-time", "Thu, 18 Jun 2026 19:54:39 GMT"),
            ("x-ms-resource-type", "file"),
            ("x-ms-meta-author", "ann"),
        ]));
        assert_eq!(properties.size, 12);
        assert_eq!(properties.etag.as_deref(), Some("0x8DECD736F3EA578"));
        let time = "2026-06-18T19:54:40Z".parse().ok();
        assert_eq!(properties.last_modified, time);
        assert!(properties.created < properties.last_modified);
        assert_eq!(properties.content_md5.map(|md5| md5[0]), Some(0x7e));
        assert_eq!(properties.metadata["author"], "ann");
        assert!(!properties.is_directory);
    }

    #[test]
    fn a_folder_is_told_by_its_mark_or_its_type() {
        for mark in [
            ("x-ms-meta-hdi_isfolder", "true"),
            ("x-ms-meta-hdi_isfolder", "True"),
            ("x-ms-resource-type", "directory"),
        ] {
            let properties = BlobProperties::of(&headers(&[mark]));
            assert!(properties.is_directory, "{mark:?}");
            assert!(properties.metadata.is_empty());
        }
    }

    #[test]
    fn the_digest_of_a_part_is_not_the_blobs() {
        let part = [
            ("content-range", "bytes 0-1/12"),
            ("content-md5", "fnX2Ep9YO2VmmdPplwfzEQ=="),
        ];
        assert_eq!(BlobProperties::of(&headers(&part)).content_md5, None);
        assert!(
            BlobProperties::of(&headers(&part[1..]))
                .content_md5
                .is_some()
        );
    }

    #[test]
    fn nonsense_is_passed_over() {
        let properties = BlobProperties::of(&headers(&[
            ("content-length", "many"),
            ("content-md5", "???"),
            ("etag", "W/bare"),
            ("last-modified", "yesterday"),
        ]));
        let expected = BlobProperties {
            etag: Some("bare".to_owned()),
            ..BlobProperties::default()
        };
        assert_eq!(properties, expected);
    }

    #[test]
    fn a_pause_is_asked_for_in_three_ways() {
        let now: Timestamp = "2026-06-18T19:54:40Z".parse().unwrap();
        for (name, value, seconds) in [
            ("retry-after", "7", Some(7)),
            ("retry-after", "Thu, 18 Jun 2026 19:54:45 GMT", Some(5)),
            ("retry-after", "Thu, 18 Jun 2026 19:54:35 GMT", Some(0)),
            ("retry-after", "soon", None),
            ("retry-after-ms", "3000", Some(3)),
            ("x-ms-retry-after-ms", "2000", Some(2)),
            ("date", "7", None),
        ] {
            let wait = retry_after(&headers(&[(name, value)]), now);
            assert_eq!(wait, seconds.map(Duration::from_secs), "{name}: {value}");
        }
    }
}
