//! Path - List.

use serde_json::{Map, Value};

use super::super::account::Account;
use super::super::answer::{Answer, http_date};
use super::super::call::Call;
use super::super::continuation;
use super::super::refusal::{Refusal, Result};
use super::super::tree::{Node, Path};
use super::filesystem;

/// Windows counts time in steps of 100 ns from the year 1601.
const TICKS_PER_SECOND: i128 = 10_000_000;
const SECONDS_FROM_1601_TO_1970: i128 = 11_644_473_600;

pub(super) fn list_paths(account: &mut Account, call: &Call) -> Result<Answer> {
    let limit = account.behaviour.page_size;
    let limit = limit
        .min(call.number("maxresults")?.unwrap_or(limit))
        .max(1);
    let recursive = match call.query("recursive") {
        Some("true") => true,
        Some("false") => false,
        _ => return Err(Refusal::INVALID_QUERY_VALUE),
    };
    let directory = Path::new(call.query("directory").unwrap_or_default());
    let start = call.query("continuation").filter(|token| !token.is_empty());
    let start = start.map(continuation::decode).transpose()?;
    let filesystem = filesystem(account, &call.container)?;
    if filesystem.tree.check_ancestors(&directory).is_err() {
        return Err(Refusal::PATH_CONFLICT);
    }
    if !directory.is_root() {
        let node = filesystem
            .tree
            .get(&directory)
            .ok_or(Refusal::PATH_NOT_FOUND)?;
        // "Path - List" names this code for a path of the wrong type.
        if !node.is_directory() {
            return Err(Refusal::PATH_CONFLICT);
        }
    }
    let below = filesystem.tree.below(&directory, start.as_ref());
    let mut listed = below.filter(|(path, _)| recursive || path.parent() == directory);
    let page: Vec<_> = listed.by_ref().take(limit).collect();
    let more = listed.next().is_some();
    let next = page
        .last()
        .filter(|_| more)
        .map(|(path, _)| continuation::encode(path));
    let paths = page
        .iter()
        .map(|(path, node)| entry(path, node))
        .collect::<Vec<_>>();
    Ok(Answer::new(200)
        .maybe("x-ms-continuation", next)
        .json(&serde_json::json!({ "paths": paths })))
}

/// Numbers and booleans are strings, and only a directory says what it is: so it
/// is recorded.
fn entry(path: &Path, node: &Node) -> Value {
    let mut entry = Map::new();
    let mut set = |name: &str, value: String| entry.insert(name.to_owned(), value.into());
    let permissions = if node.is_directory() {
        "rwxr-x---"
    } else {
        "rw-r-----"
    };
    let ticks = node.created.as_nanosecond() / 100 + SECONDS_FROM_1601_TO_1970 * TICKS_PER_SECOND;
    set("contentLength", node.length().to_string());
    set("creationTime", ticks.to_string());
    set("etag", node.stamp.etag.clone());
    set("expiryTime", "0".to_owned());
    set("group", "$superuser".to_owned());
    if node.is_directory() {
        set("isDirectory", "true".to_owned());
    }
    set("lastModified", http_date(node.stamp.time));
    set("name", path.as_str().to_owned());
    set("owner", "$superuser".to_owned());
    set("permissions", permissions.to_owned());
    Value::Object(entry)
}
