//! `holdall stat`: tells what is known of a file or folder.

use std::collections::BTreeMap;

use clap::Args;
use holdall::{FileInfo, FolderInfo};
use serde::Serialize;

use super::Session;
use crate::entries::Entry;
use crate::failure::Result;
use crate::location::{Location, Node, Purpose};
use crate::output::{Output, Record, human_size, printable};

/// Tell what is known of a file or folder
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write one JSON object
    #[arg(long)]
    json: bool,
    /// The file or folder
    #[arg(value_name = "ADDR")]
    address: String,
}

/// A record with all that `stat` adds to a listing's.
#[derive(Debug, Serialize)]
struct Details<'a> {
    #[serde(flatten)]
    record: Record<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<&'a str, &'a str>,
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let location = session.stores.locate(&arguments.address, Purpose::Source)?;
    let mut output = Output::new();
    match location.look_for_something().await? {
        Node::File(info) => {
            let entry = Entry::file(location.name(), &info);
            show(
                &mut output,
                arguments.json,
                &of_file(&location, &entry, &info),
            )?;
        }
        _ => {
            let info = location.store().get_folder_info(location.key()).await;
            let info = info.map_err(|error| location.failure(&error))?;
            let entry = Entry::folder(location.name());
            show(
                &mut output,
                arguments.json,
                &of_folder(&location, &entry, &info),
            )?;
        }
    }
    output.finish()
}

fn of_file<'a>(location: &Location, entry: &'a Entry, info: &'a FileInfo) -> Details<'a> {
    let metadata = info.metadata.iter().flat_map(|metadata| metadata.iter());
    Details {
        record: Record::new(entry, &entry.name, location.label().to_owned()),
        files: None,
        etag: info.etag.as_deref(),
        digest: info.digest.as_ref().map(ToString::to_string),
        content_type: info.content_type.as_deref(),
        metadata: metadata.collect(),
    }
}

fn of_folder<'a>(location: &Location, entry: &'a Entry, info: &FolderInfo) -> Details<'a> {
    let record = Record::new(entry, &entry.name, location.label().to_owned());
    Details {
        record: Record {
            size: Some(info.total_size),
            modified_at: info.modified_at.map(|time| time.to_string()),
            ..record
        },
        files: Some(info.file_count),
        etag: None,
        digest: None,
        content_type: None,
        metadata: BTreeMap::new(),
    }
}

fn show(output: &mut Output, json: bool, details: &Details<'_>) -> Result<()> {
    if json {
        return output.json(details);
    }
    let record = &details.record;
    let mut row =
        |name: &str, value: &str| output.line(&format!("{name:<12} {}", printable(value)));
    row("address", &record.address)?;
    row("type", record.kind)?;
    if let Some(files) = details.files {
        row("files", &files.to_string())?;
    }
    if let Some(size) = record.size {
        row("size", &format!("{size} ({})", human_size(size)))?;
    }
    row("modified", record.modified_at.as_deref().unwrap_or("-"))?;
    for (name, value) in [
        ("etag", details.etag),
        ("digest", details.digest.as_deref()),
        ("content type", details.content_type),
    ] {
        if let Some(value) = value {
            row(name, value)?;
        }
    }
    for (key, value) in &details.metadata {
        row("metadata", &format!("{key}={value}"))?;
    }
    Ok(())
}
