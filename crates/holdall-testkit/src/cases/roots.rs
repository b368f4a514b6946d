//! The root in each of its spellings, on backends and on stores.

use holdall::{Capability, ErrorKind};

use crate::call::{Answer, Call, Partner};
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure_eq, expect_error};
use crate::suite::Suite;

/// How the root is spelled on a store.
const ON_STORES: [&str; 2] = ["", "."];
/// Spellings that only backends take.
const ON_BACKENDS_ALONE: [&str; 6] = ["/", "./", "//", ".//", "./.", "\\"];

/// What a call at the root comes to; `None` is `InvalidPath`.
fn expected(call: Call) -> Option<Answer> {
    match call {
        Call::Exists | Call::IsFolder => Some(Answer::Is(true)),
        Call::IsFile => Some(Answer::Is(false)),
        Call::GetFolderInfo { .. } => Some(Answer::Done),
        Call::ListFiles { recursive: false } => Some(Answer::Entries(2)),
        Call::ListFiles { recursive: true } => Some(Answer::Entries(3)),
        Call::ListFolders => Some(Answer::Entries(1)),
        Call::IterChildren => Some(Answer::Entries(3)),
        _ => None,
    }
}

/// How the names of cases say where the root is.
fn phrase(call: Call) -> &'static str {
    match call {
        Call::RenameFrom { .. } | Call::CopyFrom { .. } => "from_root",
        Call::RenameTo { .. } | Call::CopyTo { .. } => "to_root",
        _ => "at_root",
    }
}

pub(crate) fn register(suite: &mut Suite) {
    for call in Call::all() {
        let operation = call.operation();
        let (phrase, choice) = (phrase(call), call.choice());
        let comes_to = match expected(call) {
            None => "InvalidPath",
            Some(_) => "an answer about the whole store",
        };
        let needs = [Capability::Write].into_iter().chain(call.gate());
        let mut family = suite.family(operation.as_str());
        family.case(
            format!("{phrase}_of_store{choice}"),
            format!(
                "on a store, {operation}{choice} of '' and '.' comes to {comes_to}, and every \
                 other spelling of the root is InvalidPath"
            ),
            needs.clone(),
            move |t| on_store(t, call),
        );
        if call.is_on_backends() {
            family.case(
                format!("{phrase}_of_backend{choice}"),
                format!(
                    "on a backend, {operation}{choice} of the root comes to {comes_to} in every \
                     spelling"
                ),
                needs,
                move |t| on_backend(t, call),
            );
        }
    }
}

async fn seed(t: &Fixture, folder: &str) -> Checked {
    for file in ["file.txt", "source.txt", "folder/inner.txt"] {
        t.put(&format!("{folder}{file}"), "old content").await?;
    }
    Ok(())
}

/// A source that is there and one that is missing: the root is refused first.
fn partners() -> [Partner; 2] {
    ["source.txt", "absent.txt"].map(|file| Partner {
        file: file.to_owned(),
        free: "free.txt".to_owned(),
    })
}

async fn on_store(t: Fixture, call: Call) -> Checked {
    seed(&t, "").await?;
    let before = t.snapshot().await?;
    for partner in partners() {
        for spelling in ON_STORES {
            let what = format!("{}({spelling:?}) on the store", call.operation());
            let result = call.on_store(&t.store, spelling, &partner).await;
            match expected(call) {
                Some(answer) => ensure_eq!(result?, answer, "{what}"),
                None => {
                    let error = expect_error(result, ErrorKind::InvalidPath, &what)?;
                    ensure_eq!(error.path(), Some(spelling), "the error's path of {what}");
                    ensure_eq!(
                        error.operation(),
                        Some(call.operation()),
                        "the error's operation of {what}"
                    );
                }
            }
        }
        for spelling in ON_BACKENDS_ALONE {
            let what = format!("{}({spelling:?}) on the store", call.operation());
            let result = call.on_store(&t.store, spelling, &partner).await;
            let error = expect_error(result, ErrorKind::InvalidPath, &what)?;
            ensure_eq!(error.path(), Some(spelling), "the error's path of {what}");
        }
    }
    t.expect_unchanged(&before, "calls at the root").await
}

async fn on_backend(t: Fixture, call: Call) -> Checked {
    seed(&t, "").await?;
    let before = t.snapshot().await?;
    for partner in partners() {
        for spelling in ON_STORES.iter().chain(&ON_BACKENDS_ALONE) {
            let what = format!("{}({spelling:?}) on the backend", call.operation());
            let result = call.on_backend(&t.backend, spelling, &partner).await;
            match expected(call) {
                Some(answer) => ensure_eq!(result?, answer, "{what}"),
                None => {
                    let error = expect_error(result, ErrorKind::InvalidPath, &what)?;
                    ensure_eq!(error.path(), Some(*spelling), "the error's path of {what}");
                }
            }
        }
    }
    t.expect_unchanged(&before, "calls at the root").await
}
