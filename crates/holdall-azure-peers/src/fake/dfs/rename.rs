//! Path - Create with `x-ms-rename-source`.
//!
//! Recorded are renames of files to new and to existing files, and one below a
//! file. What else is here follows "Path - Create".

use super::super::account::{Account, Container};
use super::super::answer::Answer;
use super::super::authentication;
use super::super::behaviour::RenameConflict;
use super::super::call::{self, Call};
use super::super::conditions;
use super::super::refusal::{Refusal, Result};
use super::super::tree::{Node, Path};
use super::create::properties;
use super::filesystem;

pub(super) fn rename(account: &mut Account, call: &Call) -> Result<Answer> {
    let from = source(account, call)?;
    let conflict = match account.behaviour.rename_conflict {
        RenameConflict::PathAlreadyExists => Refusal::PATH_ALREADY_EXISTS,
        RenameConflict::ConditionNotMet => Refusal::CONDITION_NOT_MET,
    };
    let metadata = call.header("x-ms-properties").map(|_| properties(call));
    let metadata = metadata.transpose()?;
    let to = Path::new(&call.key);
    let filesystem = filesystem(account, &call.container)?;
    let source = filesystem
        .tree
        .get(&from)
        .ok_or(Refusal::SOURCE_PATH_NOT_FOUND)?;
    conditions::check_source(call, source)?;
    check_target(filesystem, call, &from, source, &to, conflict)?;
    let stamp = source.stamp.clone();
    if from != to {
        filesystem.tree.remove(&to);
        filesystem.tree.rename(&from, &to);
        filesystem.forget_blocks(&to);
    }
    // What is renamed keeps its version: so it is recorded.
    if let (Some(metadata), Some(node)) = (metadata, filesystem.tree.get_mut(&to)) {
        node.metadata = metadata;
    }
    Ok(Answer::new(201).stamp(&stamp))
}

fn check_target(
    filesystem: &Container,
    call: &Call,
    from: &Path,
    source: &Node,
    to: &Path,
    conflict: Refusal,
) -> Result<()> {
    if filesystem.tree.check_ancestors(to).is_err() {
        return Err(Refusal::RENAME_TYPES_DIFFER);
    }
    let target = filesystem.tree.get(to);
    conditions::check_write(call, target, conflict)?;
    if to.is_below(from) || (from == to && source.is_directory()) {
        return Err(Refusal::INVALID_RENAME_SOURCE);
    }
    let parent = to.parent();
    if !parent.is_root() && filesystem.tree.get(&parent).is_none() {
        return Err(Refusal::RENAME_PARENT_NOT_FOUND);
    }
    match target {
        Some(target) if target.is_directory() != source.is_directory() => {
            Err(Refusal::RENAME_TYPES_DIFFER)
        }
        Some(target) if target.is_directory() && !filesystem.tree.is_empty_directory(to) => {
            Err(Refusal::DIRECTORY_NOT_EMPTY)
        }
        _ => Ok(()),
    }
}

/// The path that is renamed, within the filesystem that it is renamed in.
fn source(account: &Account, call: &Call) -> Result<Path> {
    let header = call.header("x-ms-rename-source").unwrap_or_default();
    let (path, query) = header.split_once('?').unwrap_or((header, ""));
    let query = call::query_of(query)?;
    authentication::check_source(account, call, &query, Refusal::AUTHENTICATION_FAILED)?;
    let (container, key) = call::container_and_key(&account.name, path)?;
    if container != call.container || key.is_empty() || !path.starts_with('/') {
        return Err(Refusal::INVALID_HEADER_VALUE);
    }
    Ok(Path::new(&key))
}
