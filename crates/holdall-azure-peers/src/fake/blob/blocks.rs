//! Put Block, Put Block List and Get Block List.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::{Bytes, BytesMut};
use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

use super::super::account::Account;
use super::super::answer::Answer;
use super::super::call::Call;
use super::super::refusal::{Refusal, Result};
use super::super::tree::{File, Path};
use super::{container, write};

/// The most blocks in one blob ("Put Block List").
const MOST_BLOCKS: usize = 50_000;

/// The most bytes of a block's id before its encoding ("Put Block").
const LONGEST_ID: usize = 64;

pub(super) fn put_block(account: &mut Account, call: &Call) -> Result<Answer> {
    let id = call.query("blockid").ok_or(Refusal::INVALID_QUERY_VALUE)?;
    let decoded = BASE64_STANDARD.decode(id);
    let decoded = decoded.map_err(|_| Refusal::INVALID_QUERY_VALUE)?;
    if decoded.is_empty() || decoded.len() > LONGEST_ID {
        return Err(Refusal::INVALID_QUERY_VALUE);
    }
    let path = Path::new(&call.key);
    let container = container(account, &call.container)?;
    container.tree.check_ancestors(&path)?;
    let blocks = container
        .uncommitted
        .entry(path.as_str().to_owned())
        .or_default();
    // All ids of one blob have one length ("Put Block").
    if blocks.keys().any(|other| other.len() != id.len()) {
        return Err(Refusal::INVALID_BLOB_OR_BLOCK);
    }
    blocks.insert(id.to_owned(), call.body.clone());
    Ok(Answer::new(201))
}

pub(super) fn put_block_list(account: &mut Account, call: &Call) -> Result<Answer> {
    let path = Path::new(&call.key);
    let container = container(account, &call.container)?;
    let uncommitted = container.uncommitted.get(path.as_str());
    let existing = container.tree.get(&path).and_then(|node| node.as_file());
    let committed = existing.map_or(&[] as &[_], |file| &file.blocks);
    let listed = listed_blocks(&call.body)?;
    let mut blocks = Vec::new();
    for (which, id) in listed {
        let latest = || uncommitted.and_then(|blocks| blocks.get(&id));
        let earlier = || {
            committed
                .iter()
                .find(|(known, _)| *known == id)
                .map(|(_, b)| b)
        };
        let found = match which {
            Which::Latest => latest().or_else(earlier),
            Which::Uncommitted => latest(),
            Which::Committed => earlier(),
        };
        let content = found.ok_or(Refusal::INVALID_BLOCK_LIST)?.clone();
        blocks.push((id, content));
    }
    let file = File {
        content: joined(blocks.iter().map(|(_, content)| content)),
        // No digest of the content, unless the caller gives one.
        md5: call.header("x-ms-blob-content-md5").map(str::to_owned),
        blocks,
        ..File::default()
    };
    write::commit(account, call, file)
}

pub(super) fn get_block_list(account: &mut Account, call: &Call) -> Result<Answer> {
    let path = Path::new(&call.key);
    let container = container(account, &call.container)?;
    let node = container.tree.get(&path);
    let file = node.and_then(|node| node.as_file());
    let uncommitted = container.uncommitted.get(path.as_str());
    if file.is_none() && uncommitted.is_none() {
        return Err(Refusal::BLOB_NOT_FOUND);
    }
    let wanted = call.query("blocklisttype").unwrap_or("committed");
    let mut body = String::from("<BlockList>");
    if wanted != "uncommitted" {
        let blocks = file.map_or(&[] as &[_], |file| &file.blocks);
        let blocks = blocks.iter().map(|(id, content)| (id, content));
        body.push_str(&section("CommittedBlocks", blocks));
    }
    if wanted != "committed" {
        let none = BTreeMap::new();
        body.push_str(&section("UncommittedBlocks", uncommitted.unwrap_or(&none)));
    }
    body.push_str("</BlockList>");
    let length = node.map_or(0, |node| node.length());
    let answer = Answer::new(200).header("x-ms-blob-content-length", length.to_string());
    let answer = match node {
        Some(node) => answer.stamp(&node.stamp),
        None => answer,
    };
    Ok(answer.xml(body))
}

/// Where Put Block List looks for a block.
enum Which {
    Committed,
    Uncommitted,
    Latest,
}

fn listed_blocks(body: &[u8]) -> Result<Vec<(Which, String)>> {
    let text = std::str::from_utf8(body).map_err(|_| Refusal::INVALID_XML)?;
    let mut reader = Reader::from_str(text);
    let mut blocks = Vec::new();
    loop {
        let event = reader.read_event().map_err(|_| Refusal::INVALID_XML)?;
        let which = match event {
            Event::Start(element) => match element.name().as_ref() {
                "Latest" => Which::Latest,
                "Committed" => Which::Committed,
                "Uncommitted" => Which::Uncommitted,
                "BlockList" => continue,
                _ => return Err(Refusal::INVALID_XML),
            },
            Event::Eof => break,
            _ => continue,
        };
        let Ok(Event::Text(id)) = reader.read_event() else {
            return Err(Refusal::INVALID_XML);
        };
        blocks.push((which, (*id).trim().to_owned()));
    }
    if blocks.len() > MOST_BLOCKS {
        return Err(Refusal::INVALID_BLOCK_LIST);
    }
    Ok(blocks)
}

fn section<'a>(name: &str, blocks: impl IntoIterator<Item = (&'a String, &'a Bytes)>) -> String {
    let mut text = format!("<{name}>");
    for (id, content) in blocks {
        let (id, size) = (escape(id.as_str()), content.len());
        text.push_str(&format!(
            "<Block><Name>{id}</Name><Size>{size}</Size></Block>"
        ));
    }
    text.push_str(&format!("</{name}>"));
    text
}

/// Pieces as one; a single piece is shared rather than copied.
pub(crate) fn joined<'a>(mut pieces: impl Iterator<Item = &'a Bytes> + Clone) -> Bytes {
    let length = pieces.clone().map(Bytes::len).sum();
    match (pieces.next(), pieces.next()) {
        (Some(only), None) => only.clone(),
        (Some(first), Some(second)) => {
            let mut all = BytesMut::with_capacity(length);
            for piece in [first, second].into_iter().chain(pieces) {
                all.extend_from_slice(piece);
            }
            all.freeze()
        }
        (None, _) => Bytes::new(),
    }
}
