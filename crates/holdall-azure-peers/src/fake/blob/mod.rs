//! The Blob service.

mod batch;
mod blocks;
mod container;
mod copy;
mod list;
mod properties;
mod read;
mod write;

use axum::http::Method;

pub(crate) use blocks::joined;

use super::account::{Account, Container};
use super::answer::Answer;
use super::call::Call;
use super::refusal::{Refusal, Result};

/// Answers a call to the Blob service.
pub(crate) fn answer(account: &mut Account, call: &Call) -> Result<Answer> {
    if call.query("restype") == Some("account") && call.query("comp") == Some("properties") {
        return Ok(account_properties());
    }
    if call.query("comp") == Some("batch") && call.method == Method::POST {
        return batch::answer(account, call);
    }
    if call.key.is_empty() {
        return container::answer(account, call);
    }
    let operation = (call.method.as_str(), call.query("comp"));
    match operation {
        ("PUT", Some("block")) => blocks::put_block(account, call),
        ("PUT", Some("blocklist")) => blocks::put_block_list(account, call),
        ("GET", Some("blocklist")) => blocks::get_block_list(account, call),
        ("PUT", Some("copy")) => copy::abort(account, call),
        ("PUT", None) if call.header("x-ms-copy-source").is_some() => copy::answer(account, call),
        ("PUT", None) => write::put_blob(account, call),
        ("GET", None) => read::get_blob(account, call),
        ("HEAD", None) => read::head_blob(account, call),
        ("DELETE", None) => write::delete_blob(account, call),
        _ => Err(Refusal::UNSUPPORTED),
    }
}

/// "Get Account Information".
fn account_properties() -> Answer {
    Answer::new(200)
        .header("x-ms-sku-name", "Standard_LRS")
        .header("x-ms-account-kind", "StorageV2")
        .header("x-ms-is-hns-enabled", "true")
}

fn container<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Container> {
    let container = account.containers.get_mut(name);
    container.ok_or(Refusal::CONTAINER_NOT_FOUND)
}
