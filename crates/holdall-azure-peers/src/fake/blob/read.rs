//! Get Blob and Get Blob Properties.

use std::ops::Range;

use super::super::account::Account;
use super::super::answer::Answer;
use super::super::call::Call;
use super::super::conditions;
use super::super::refusal::{Refusal, Result};
use super::super::tree::{Kind, Node, Path};
use super::{container, copy, properties};

/// A directory is a blob without content here, whose metadata tells what it is.
pub(super) fn get_blob(account: &mut Account, call: &Call) -> Result<Answer> {
    let node = found(account, call)?;
    let (content, md5) = match &node.kind {
        Kind::File(file) => (file.content.clone(), file.md5.as_deref()),
        Kind::Directory => (bytes::Bytes::new(), None),
    };
    let range = call.header("x-ms-range").or_else(|| call.header("range"));
    let Some(range) = range.and_then(|range| parse_range(range, content.len())) else {
        return Ok(properties::answer(200, node)
            .maybe("content-md5", md5)
            .body(content));
    };
    if range.is_empty() {
        let refused = Answer::refused_by_blob(Refusal::INVALID_RANGE);
        return Ok(refused.header("content-range", format!("bytes */{}", content.len())));
    }
    let last = range.end.saturating_sub(1);
    let told = format!("bytes {}-{last}/{}", range.start, content.len());
    Ok(properties::answer(206, node)
        .header("content-range", told)
        .maybe("x-ms-blob-content-md5", md5)
        .body(content.slice(range)))
}

pub(super) fn head_blob(account: &mut Account, call: &Call) -> Result<Answer> {
    let node = found(account, call)?;
    let file = node.as_file();
    let md5 = file.and_then(|file| file.md5.as_deref());
    let content = file.map(|file| file.content.clone()).unwrap_or_default();
    Ok(properties::answer(200, node)
        .maybe("content-md5", md5)
        .body(content)
        .without_body())
}

/// The node that is read. A look at it moves a pending copy on.
fn found<'a>(account: &'a mut Account, call: &Call) -> Result<&'a Node> {
    let stamp = account.stamp();
    let path = Path::new(&call.key);
    let container = container(account, &call.container)?;
    let node = container
        .tree
        .get_mut(&path)
        .ok_or(Refusal::BLOB_NOT_FOUND)?;
    copy::advance(node, stamp);
    conditions::check_read(call, node)?;
    Ok(node)
}

/// The bytes that a range asks for, none where it begins past the end. A range
/// that is not understood is ignored, as HTTP has it.
fn parse_range(range: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let first: usize = first.parse().ok()?;
    let last = match last {
        "" => usize::MAX,
        last => last.parse().ok()?,
    };
    if last < first {
        return None;
    }
    let end = last.saturating_add(1).min(length);
    Some(first.min(end)..end)
}
