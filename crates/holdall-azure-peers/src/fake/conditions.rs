//! Conditional headers ("Specifying conditional headers for Blob service
//! operations"). The recordings have `If-Match` alone, and met.

use super::call::Call;
use super::refusal::{Refusal, Result};
use super::tree::Node;

/// Whether the conditions of a write on its target are met. `exists` is what is
/// refused where it must not exist.
pub(crate) fn check_write(call: &Call, target: Option<&Node>, exists: Refusal) -> Result<()> {
    check_if_match(call, target)?;
    match (call.header("if-none-match"), target) {
        (Some("*"), Some(_)) => Err(exists),
        (Some(tags), Some(node)) if names(tags, node)? => Err(Refusal::CONDITION_NOT_MET),
        _ => Ok(()),
    }
}

/// Whether the conditions of a read are met.
pub(crate) fn check_read(call: &Call, node: &Node) -> Result<()> {
    check_if_match(call, Some(node))?;
    match call.header("if-none-match") {
        Some("*") => Err(Refusal::INVALID_HEADER_VALUE),
        Some(tags) if names(tags, node)? => Err(Refusal::NOT_MODIFIED),
        _ => Ok(()),
    }
}

/// Whether the conditions on the source of a copy or a rename are met.
pub(crate) fn check_source(call: &Call, source: &Node) -> Result<()> {
    let met = call
        .header("x-ms-source-if-match")
        .map_or(Ok(true), |tags| names(tags, source))?;
    let spared = call
        .header("x-ms-source-if-none-match")
        .map_or(Ok(false), |tags| names(tags, source))?;
    if met && !spared {
        return Ok(());
    }
    Err(Refusal::SOURCE_CONDITION_NOT_MET)
}

fn check_if_match(call: &Call, target: Option<&Node>) -> Result<()> {
    let Some(tags) = call.header("if-match") else {
        return Ok(());
    };
    match target {
        Some(node) if names(tags, node)? => Ok(()),
        _ => Err(Refusal::CONDITION_NOT_MET),
    }
}

/// Whether `tags` has the entity tag of `node`. A tag without quotes is refused.
fn names(tags: &str, node: &Node) -> Result<bool> {
    if tags == "*" {
        return Ok(true);
    }
    let tag = tags.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    Ok(tag.ok_or(Refusal::INVALID_HEADER_VALUE)? == node.stamp.etag)
}
