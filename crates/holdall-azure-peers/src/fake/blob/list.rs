//! List Blobs. No recording shows it; it follows "List Blobs", with the parts on
//! accounts with a hierarchical namespace.

use quick_xml::escape::escape;

use super::super::account::Account;
use super::super::answer::{Answer, http_date};
use super::super::call::Call;
use super::super::continuation;
use super::super::refusal::Result;
use super::super::tree::{Node, Path};
use super::container;

/// An entry of a page: a blob, or what blobs have in common up to the delimiter.
enum Entry<'a> {
    Blob(&'a Path, &'a Node),
    Prefix(String),
}

pub(super) fn list_blobs(account: &mut Account, call: &Call) -> Result<Answer> {
    let limit = account.behaviour.page_size;
    let limit = limit
        .min(call.number("maxresults")?.unwrap_or(limit))
        .max(1);
    let start = call.query("marker").filter(|marker| !marker.is_empty());
    let start = start.map(continuation::decode).transpose()?;
    let (prefix, delimiter) = (
        call.query("prefix").unwrap_or_default(),
        call.query("delimiter"),
    );
    let include = call.query("include").unwrap_or_default();
    let container = container(account, &call.container)?;
    let mut page = Vec::new();
    let mut next = None;
    let mut last_prefix = None;
    let mut last = None;
    for (path, node) in container.tree.below(Path::ROOT, start.as_ref()) {
        let Some(rest) = path.as_str().strip_prefix(prefix) else {
            continue;
        };
        let inner = delimiter.and_then(|delimiter| common(rest, delimiter, node.is_directory()));
        let common = inner.map(|inner| format!("{prefix}{inner}"));
        if common.is_some() && common == last_prefix {
            last = Some(path);
            continue;
        }
        if page.len() == limit {
            next = last.map(continuation::encode);
            break;
        }
        last = Some(path);
        page.push(match common {
            Some(common) => {
                last_prefix = Some(common.clone());
                Entry::Prefix(common)
            }
            None => Entry::Blob(path, node),
        });
    }
    let body = rendered(&call.container, &page, include.contains("metadata"), next);
    Ok(Answer::new(200).xml(body))
}

/// What `rest` has up to and with the delimiter. A directory ends in one.
fn common(rest: &str, delimiter: &str, is_directory: bool) -> Option<String> {
    match rest.split_once(delimiter) {
        Some((inner, _)) => Some(format!("{inner}{delimiter}")),
        None if is_directory && delimiter == "/" && !rest.is_empty() => Some(format!("{rest}/")),
        None => None,
    }
}

fn rendered(container: &str, page: &[Entry<'_>], metadata: bool, next: Option<String>) -> String {
    let blobs: String = page
        .iter()
        .map(|entry| rendered_entry(entry, metadata))
        .collect();
    let next = next.unwrap_or_default();
    format!(
        "<EnumerationResults ContainerName=\"{container}\"><Blobs>{blobs}</Blobs>\
         <NextMarker>{next}</NextMarker></EnumerationResults>"
    )
}

fn rendered_entry(entry: &Entry<'_>, metadata: bool) -> String {
    match entry {
        Entry::Prefix(prefix) => {
            let prefix = escape(prefix.as_str());
            format!("<BlobPrefix><Name>{prefix}</Name></BlobPrefix>")
        }
        Entry::Blob(path, node) => {
            let name = escape(path.as_str());
            let properties = rendered_properties(node);
            let metadata = if metadata {
                rendered_metadata(node)
            } else {
                String::new()
            };
            format!("<Blob><Name>{name}</Name>{properties}{metadata}</Blob>")
        }
    }
}

fn rendered_properties(node: &Node) -> String {
    let content_type = node.content_type.as_deref().unwrap_or_default();
    let md5 = node
        .as_file()
        .and_then(|file| file.md5.as_deref())
        .unwrap_or_default();
    let kind = if node.is_directory() {
        "directory"
    } else {
        "file"
    };
    format!(
        "<Properties><Creation-Time>{}</Creation-Time><Last-Modified>{}</Last-Modified>\
         <Etag>{}</Etag><ResourceType>{kind}</ResourceType>\
         <Content-Length>{}</Content-Length><Content-Type>{}</Content-Type>\
         <Content-MD5>{md5}</Content-MD5><BlobType>BlockBlob</BlobType>\
         <LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState></Properties>",
        http_date(node.created),
        http_date(node.stamp.time),
        node.stamp.etag,
        node.length(),
        escape(content_type),
    )
}

fn rendered_metadata(node: &Node) -> String {
    let mut text = String::from("<Metadata>");
    if node.is_directory() {
        text.push_str("<hdi_isfolder>true</hdi_isfolder>");
    }
    for (name, value) in &node.metadata {
        text.push_str(&format!("<{name}>{}</{name}>", escape(value.as_str())));
    }
    text.push_str("</Metadata>");
    text
}
