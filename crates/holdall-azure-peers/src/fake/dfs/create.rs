//! Path - Create, of files and directories.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::super::account::Account;
use super::super::answer::Answer;
use super::super::call::{Call, check_metadata_name};
use super::super::conditions;
use super::super::refusal::{Refusal, Result};
use super::super::tree::{File, Node, Path};
use super::filesystem;

pub(super) fn create(account: &mut Account, call: &Call) -> Result<Answer> {
    let directory = match call.query("resource") {
        Some("directory") => true,
        Some("file") => false,
        _ => return Err(Refusal::INVALID_QUERY_VALUE),
    };
    if !call.body.is_empty() {
        return Err(Refusal::INVALID_INPUT);
    }
    let metadata = properties(call)?;
    let path = Path::new(&call.key);
    let stamp = account.stamp();
    let filesystem = filesystem(account, &call.container)?;
    if filesystem.tree.check_ancestors(&path).is_err() {
        return Err(Refusal::PATH_CONFLICT);
    }
    let target = filesystem.tree.get(&path);
    conditions::check_write(call, target, Refusal::PATH_ALREADY_EXISTS)?;
    // "Path - Create" gives the code; the recordings have no such call.
    if target.is_some_and(|node| node.is_directory() != directory) {
        return Err(Refusal::PATH_CONFLICT);
    }
    let mut node = Node::file(stamp.clone(), File::default());
    if directory {
        node.kind = Node::directory(stamp.clone()).kind;
    }
    node.metadata = metadata;
    let put = filesystem.tree.put(&path, node);
    put.map_err(|_| Refusal::PATH_CONFLICT)?;
    filesystem.forget_blocks(&path);
    Ok(Answer::new(201).stamp(&stamp))
}

/// The metadata in `x-ms-properties`: `name=value` in base64, between commas.
pub(super) fn properties(call: &Call) -> Result<BTreeMap<String, String>> {
    let text = call.header("x-ms-properties").unwrap_or_default();
    let pairs = text.split(',').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or(Refusal::INVALID_HEADER_VALUE)?;
            check_metadata_name(name)?;
            let value = BASE64_STANDARD.decode(value).ok();
            let value = value.and_then(|value| String::from_utf8(value).ok());
            Ok((name.to_owned(), value.ok_or(Refusal::INVALID_HEADER_VALUE)?))
        })
        .collect()
}
