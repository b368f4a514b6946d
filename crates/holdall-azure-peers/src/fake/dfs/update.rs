//! Path - Update: append and flush.

use super::super::account::Account;
use super::super::answer::Answer;
use super::super::blob::joined;
use super::super::call::Call;
use super::super::conditions;
use super::super::refusal::{Refusal, Result};
use super::super::tree::{File, Kind, Node, Path};
use super::filesystem;

/// Keeps what comes for a position. Sending it again for the same position
/// replaces it; the order is of no account until the flush.
pub(super) fn append(account: &mut Account, call: &Call) -> Result<Answer> {
    let position = call
        .number("position")?
        .ok_or(Refusal::INVALID_QUERY_VALUE)?;
    if call.body.is_empty() {
        return Err(Refusal::INVALID_INPUT);
    }
    content(existing(account, call)?)?
        .appended
        .insert(position, call.body.clone());
    Ok(Answer::new(202))
}

/// Makes what was appended part of the file. The position must be the length
/// that the file comes to have.
pub(super) fn flush(account: &mut Account, call: &Call) -> Result<Answer> {
    let position: u64 = call
        .number("position")?
        .ok_or(Refusal::INVALID_QUERY_VALUE)?;
    if !call.body.is_empty() {
        return Err(Refusal::INVALID_INPUT);
    }
    let stamp = account.stamp();
    let node = existing(account, call)?;
    conditions::check_write(call, Some(node), Refusal::CONDITION_NOT_MET)?;
    let file = content(node)?;
    if end_of_appended(file) != Some(position) {
        return Err(Refusal::INVALID_FLUSH_POSITION);
    }
    let pieces = std::iter::once(&file.content).filter(|content| !content.is_empty());
    file.content = joined(pieces.chain(file.appended.values()));
    file.appended.clear();
    file.blocks.clear();
    // The service keeps no digest of appended content, unless it is given one.
    file.md5 = call.header("x-ms-content-md5").map(str::to_owned);
    node.stamp = stamp.clone();
    Ok(Answer::new(200).stamp(&stamp))
}

/// Where the file ends once what was appended is part of it; `None` where that
/// has a gap or an overlap.
fn end_of_appended(file: &File) -> Option<u64> {
    let length = u64::try_from(file.content.len()).ok()?;
    file.appended
        .iter()
        .try_fold(length, |end, (position, piece)| {
            let piece = u64::try_from(piece.len()).ok()?;
            (*position == end).then(|| end.saturating_add(piece))
        })
}

/// The node at the call's key, which must be a file.
fn existing<'a>(account: &'a mut Account, call: &Call) -> Result<&'a mut Node> {
    let path = Path::new(&call.key);
    let filesystem = filesystem(account, &call.container)?;
    if filesystem.tree.check_ancestors(&path).is_err() {
        return Err(Refusal::PATH_CONFLICT);
    }
    filesystem
        .tree
        .get_mut(&path)
        .ok_or(Refusal::PATH_NOT_FOUND)
}

fn content(node: &mut Node) -> Result<&mut File> {
    match &mut node.kind {
        Kind::File(file) => Ok(file),
        Kind::Directory => Err(Refusal::PATH_CONFLICT),
    }
}
