//! The headers that tell of a blob.

use super::super::answer::{Answer, http_date};
use super::super::tree::{Copy, Kind, Node};

/// An answer with the properties of `node`, as Get Blob and Get Blob Properties
/// give them.
pub(super) fn answer(status: u16, node: &Node) -> Answer {
    let (kind, permissions, acl) = match &node.kind {
        Kind::Directory => ("directory", "rwxr-x---", "user::rwx,group::r-x,other::---"),
        Kind::File(_) => ("file", "rw-r-----", "user::rw-,group::r--,other::---"),
    };
    let mut answer = Answer::new(status)
        .stamp(&node.stamp)
        .header("accept-ranges", "bytes")
        .maybe("content-type", node.content_type.as_deref())
        .header("x-ms-creation-time", http_date(node.created))
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-lease-status", "unlocked")
        .header("x-ms-lease-state", "available")
        .header("x-ms-access-tier", "Hot")
        .header("x-ms-access-tier-inferred", "true")
        .header("x-ms-resource-type", kind)
        .header("x-ms-owner", "$superuser")
        .header("x-ms-group", "$superuser")
        .header("x-ms-permissions", permissions)
        .header("x-ms-acl", acl);
    for (name, value) in &node.metadata {
        answer = answer.header(&format!("x-ms-meta-{name}"), value);
    }
    if node.is_directory() {
        answer = answer.header("x-ms-meta-hdi_isfolder", "true");
    }
    match node.as_file().and_then(|file| file.copy.as_ref()) {
        Some(copy) => with_copy(answer, copy),
        None => answer,
    }
}

fn with_copy(answer: Answer, copy: &Copy) -> Answer {
    let copied = if copy.status == "success" {
        copy.length
    } else {
        0
    };
    let is_pending = copy.pending.is_some();
    let completed = (!is_pending).then(|| http_date(copy.completed));
    answer
        .header("x-ms-copy-id", &copy.id)
        .header("x-ms-copy-source", &copy.source)
        .header("x-ms-copy-status", copy.status)
        .header("x-ms-copy-progress", format!("{copied}/{}", copy.length))
        .maybe("x-ms-copy-completion-time", completed)
}
