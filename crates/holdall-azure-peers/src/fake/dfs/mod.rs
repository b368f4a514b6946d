//! The DFS service, of Data Lake Storage.

mod create;
mod delete;
mod list;
mod rename;
mod update;

use super::account::{Account, Container};
use super::answer::Answer;
use super::call::Call;
use super::refusal::{Refusal, Result};

/// Answers a call to the DFS service.
pub(crate) fn answer(account: &mut Account, call: &Call) -> Result<Answer> {
    if call.key.is_empty() {
        return match (call.method.as_str(), call.query("resource")) {
            ("GET", Some("filesystem")) => list::list_paths(account, call),
            _ => Err(Refusal::UNSUPPORTED),
        };
    }
    match (call.method.as_str(), call.query("action")) {
        ("PUT", None) if call.header("x-ms-rename-source").is_some() => {
            rename::rename(account, call)
        }
        ("PUT", None) => create::create(account, call),
        ("PATCH", Some("append")) => update::append(account, call),
        ("PATCH", Some("flush")) => update::flush(account, call),
        ("DELETE", None) => delete::delete(account, call),
        _ => Err(Refusal::UNSUPPORTED),
    }
}

fn filesystem<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Container> {
    let container = account.containers.get_mut(name);
    container.ok_or(Refusal::FILESYSTEM_NOT_FOUND)
}
