//! Copy Blob, and how a copy goes on while it is pending.

use bytes::Bytes;

use super::super::account::Account;
use super::super::answer::Answer;
use super::super::authentication;
use super::super::behaviour::CopyOutcome;
use super::super::call::{self, Call};
use super::super::conditions;
use super::super::refusal::{Refusal, Result};
use super::super::tree::{Copy, File, Kind, Node, Path, Stamp};
use super::container;

/// The recordings have copies that succeed at once, and missing sources and
/// blocked destinations. What else is here follows "Copy Blob".
pub(super) fn answer(account: &mut Account, call: &Call) -> Result<Answer> {
    let url = call.header("x-ms-copy-source").unwrap_or_default();
    let source = source(account, call, url)?;
    let (stamp, id) = (account.stamp(), account.id());
    let behaviour = account.behaviour.clone();
    let content = source
        .as_file()
        .map(|file| file.content.clone())
        .unwrap_or_default();
    let md5 = source.as_file().and_then(|file| file.md5.clone());
    let mut copy = Copy {
        id: id.clone(),
        source: without_query(url).to_owned(),
        length: content.len(),
        status: "pending",
        completed: stamp.time,
        pending: Some(pending(
            &behaviour.copy_outcome,
            behaviour.pending_copy_polls,
            content,
        )),
    };
    let content = end_if_due(&mut copy);
    let status = copy.status;
    let file = File {
        content: content.unwrap_or_default(),
        md5,
        copy: Some(copy),
        ..File::default()
    };
    let mut node = Node::file(stamp.clone(), file);
    node.content_type = source.content_type;
    let metadata = call.metadata()?;
    node.metadata = if metadata.is_empty() {
        source.metadata
    } else {
        metadata
    };
    put(account, call, node)?;
    Ok(Answer::new(202)
        .stamp(&stamp)
        .header("x-ms-copy-id", id)
        .header("x-ms-copy-status", status))
}

/// "Abort Copy Blob": the destination stays, empty.
pub(super) fn abort(account: &mut Account, call: &Call) -> Result<Answer> {
    let stamp = account.stamp();
    let container = container(account, &call.container)?;
    let node = container.tree.get_mut(&Path::new(&call.key));
    let node = node.ok_or(Refusal::BLOB_NOT_FOUND)?;
    if let Kind::File(file) = &mut node.kind
        && let Some(copy) = &mut file.copy
        && call.query("copyid") == Some(copy.id.as_str())
        && copy.pending.take().is_some()
    {
        copy.status = "aborted";
        copy.completed = stamp.time;
        node.stamp = stamp;
        return Ok(Answer::new(204));
    }
    Err(Refusal::NO_PENDING_COPY)
}

/// Moves a pending copy one look on. When it ends, the blob is a new version.
pub(super) fn advance(node: &mut Node, stamp: Stamp) {
    let Kind::File(file) = &mut node.kind else {
        return;
    };
    let Some(copy) = &mut file.copy else {
        return;
    };
    let Some((looks, ..)) = &mut copy.pending else {
        return;
    };
    *looks = looks.saturating_sub(1);
    if let Some(arrived) = end_if_due(copy) {
        copy.completed = stamp.time;
        file.content = arrived;
        node.stamp = stamp;
    }
}

/// Ends a copy for which no further look is needed.
fn end_if_due(copy: &mut Copy) -> Option<Bytes> {
    let due = |pending: &mut (u32, &'static str, Bytes)| pending.0 == 0;
    let (_, outcome, content) = copy.pending.take_if(due)?;
    copy.status = outcome;
    Some(content)
}

fn pending(outcome: &CopyOutcome, looks: u32, content: Bytes) -> (u32, &'static str, Bytes) {
    match outcome {
        CopyOutcome::Success => (looks, "success", content),
        CopyOutcome::Failed => (looks, "failed", Bytes::new()),
        CopyOutcome::Aborted => (looks, "aborted", Bytes::new()),
    }
}

fn source(account: &mut Account, call: &Call, url: &str) -> Result<Node> {
    let (_, rest) = url.split_once("://").ok_or(Refusal::INVALID_HEADER_VALUE)?;
    let path = without_query(rest)
        .split_once('/')
        .map_or("", |(_, path)| path);
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let query = call::query_of(query)?;
    authentication::check_source(account, call, &query, Refusal::CANNOT_VERIFY_COPY_SOURCE)?;
    let (name, key) = call::container_and_key(&account.name, path)?;
    let container = container(account, &name)?;
    let node = container
        .tree
        .get(&Path::new(&key))
        .ok_or(Refusal::BLOB_NOT_FOUND)?;
    if node.is_directory() {
        return Err(Refusal::RESOURCE_TYPE_MISMATCH);
    }
    conditions::check_source(call, node)?;
    Ok(node.clone())
}

fn put(account: &mut Account, call: &Call, node: Node) -> Result<()> {
    let path = Path::new(&call.key);
    let container = container(account, &call.container)?;
    container.tree.check_ancestors(&path)?;
    let target = container.tree.get(&path);
    conditions::check_write(call, target, Refusal::BLOB_ALREADY_EXISTS)?;
    if target.is_some_and(Node::is_directory) {
        return Err(Refusal::RESOURCE_TYPE_MISMATCH);
    }
    container.tree.put(&path, node)?;
    container.forget_blocks(&path);
    Ok(())
}

fn without_query(url: &str) -> &str {
    url.split_once('?').map_or(url, |(path, _)| path)
}
