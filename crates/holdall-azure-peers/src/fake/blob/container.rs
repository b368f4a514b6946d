//! Containers: create, look at, delete, list what is in.

use super::super::account::{Account, Container};
use super::super::answer::Answer;
use super::super::call::Call;
use super::super::refusal::{Refusal, Result};
use super::{container, list};

pub(super) fn answer(account: &mut Account, call: &Call) -> Result<Answer> {
    if call.query("restype") != Some("container") {
        return Err(Refusal::UNSUPPORTED);
    }
    match (call.method.as_str(), call.query("comp")) {
        ("PUT", None) => create(account, call),
        ("GET" | "HEAD", None) => properties(account, call),
        ("DELETE", None) => delete(account, call),
        ("GET", Some("list")) => list::list_blobs(account, call),
        _ => Err(Refusal::UNSUPPORTED),
    }
}

fn create(account: &mut Account, call: &Call) -> Result<Answer> {
    let name = &call.container;
    if account.containers.contains_key(name) {
        return Err(Refusal::CONTAINER_ALREADY_EXISTS);
    }
    // "Naming and referencing containers, blobs, and metadata".
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(3..=63).contains(&name.len()) || !name.chars().all(allowed) {
        return Err(Refusal::INVALID_RESOURCE_NAME);
    }
    let stamp = account.stamp();
    let created = Container::new(stamp.clone());
    account.containers.insert(name.clone(), created);
    Ok(Answer::new(201).stamp(&stamp))
}

fn properties(account: &mut Account, call: &Call) -> Result<Answer> {
    let container = container(account, &call.container)?;
    Ok(Answer::new(200)
        .stamp(&container.stamp)
        .header("x-ms-lease-status", "unlocked")
        .header("x-ms-lease-state", "available")
        .header("x-ms-has-immutability-policy", "false")
        .header("x-ms-has-legal-hold", "false")
        .header("x-ms-immutable-storage-with-versioning-enabled", "false")
        .header("x-ms-default-encryption-scope", "$account-encryption-key")
        .header("x-ms-deny-encryption-scope-override", "false"))
}

fn delete(account: &mut Account, call: &Call) -> Result<Answer> {
    let deleted = account.containers.remove(&call.container);
    deleted.ok_or(Refusal::CONTAINER_NOT_FOUND)?;
    Ok(Answer::new(202))
}
