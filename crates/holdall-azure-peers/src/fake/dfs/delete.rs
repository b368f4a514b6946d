//! Path - Delete.

use super::super::account::Account;
use super::super::answer::Answer;
use super::super::call::Call;
use super::super::conditions;
use super::super::continuation;
use super::super::refusal::{Refusal, Result};
use super::super::tree::Path;
use super::filesystem;

/// Removes a path, and with `recursive=true` all below it. No more go at once
/// than the account allows; the rest go with calls that carry the continuation.
pub(super) fn delete(account: &mut Account, call: &Call) -> Result<Answer> {
    let limit = account.behaviour.deletes_per_call.max(1);
    let path = Path::new(&call.key);
    let recursive = call.query("recursive") == Some("true");
    let continued = call.query("continuation").filter(|token| !token.is_empty());
    if let Some(token) = continued
        && continuation::decode(token)? != path
    {
        return Err(Refusal::INVALID_CONTINUATION);
    }
    let filesystem = filesystem(account, &call.container)?;
    if filesystem.tree.check_ancestors(&path).is_err() {
        return Err(Refusal::PATH_CONFLICT);
    }
    let node = filesystem.tree.get(&path).ok_or(Refusal::PATH_NOT_FOUND)?;
    conditions::check_write(call, Some(node), Refusal::CONDITION_NOT_MET)?;
    let below: Vec<Path> = filesystem
        .tree
        .below(&path, None)
        .map(|(path, _)| path.clone())
        .collect();
    if !below.is_empty() && !recursive {
        return Err(Refusal::DIRECTORY_NOT_EMPTY);
    }
    // From the end, so that no directory goes before what it holds.
    let all = std::iter::once(&path).chain(&below).rev();
    for gone in all.take(limit) {
        filesystem.tree.remove(gone);
    }
    let answer = Answer::new(200).header("x-ms-delete-type-permanent", "true");
    let left = filesystem
        .tree
        .get(&path)
        .map(|_| continuation::encode(&path));
    Ok(answer.maybe("x-ms-continuation", left))
}
