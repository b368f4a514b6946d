//! What every operation makes of every kind of obstacle: the precedence table
//! of the contract, one case a cell.

use holdall::{AsyncStore, Capability, Error, ErrorKind};

use crate::call::{Answer, Call, Partner};
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure_eq, expect_error};
use crate::suite::Suite;

/// What stands where the call wants to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    Missing,
    File,
    Folder,
    BelowFile,
}

impl Obstacle {
    const ALL: [Self; 4] = [Self::Missing, Self::File, Self::Folder, Self::BelowFile];

    fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Missing => &["absent.txt", "absent/deeper/file.txt"],
            Self::File => &["file.txt"],
            Self::Folder => &["folder"],
            Self::BelowFile => &["file.txt/below.txt", "file.txt/deeper/below.txt"],
        }
    }

    /// How the names of cases say it.
    fn phrase(self, call: Call) -> String {
        let preposition = match call {
            Call::RenameFrom { .. } | Call::CopyFrom { .. } => "from_",
            Call::RenameTo { .. } | Call::CopyTo { .. } => "to_",
            _ => "at_",
        };
        match self {
            Self::Missing => format!("{preposition}missing"),
            Self::File => format!("{preposition}file"),
            Self::Folder => format!("{preposition}folder"),
            Self::BelowFile => format!("{preposition}path_below_file"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Expected {
    Fails(ErrorKind),
    Answers(Answer),
}

/// The precedence table.
fn expected(call: Call, obstacle: Obstacle) -> Expected {
    use Expected::{Answers, Fails};
    use Obstacle::{BelowFile, File, Folder, Missing};

    let ok = Answers(Answer::Done);
    match (call, obstacle) {
        (
            Call::Read
            | Call::ReadBytes
            | Call::ReadText
            | Call::ReadRange
            | Call::ReadSeekable
            | Call::GetFileInfo
            | Call::Head
            | Call::RenameFrom { .. }
            | Call::CopyFrom { .. }
            | Call::Delete { missing_ok: false },
            Missing | BelowFile,
        ) => Fails(ErrorKind::NotFound),
        (
            Call::Read
            | Call::ReadBytes
            | Call::ReadText
            | Call::ReadRange
            | Call::ReadSeekable
            | Call::GetFileInfo
            | Call::Head
            | Call::RenameFrom { .. }
            | Call::CopyFrom { .. }
            | Call::Delete { .. },
            Folder,
        ) => Fails(ErrorKind::InvalidPath),
        (
            Call::Read
            | Call::ReadBytes
            | Call::ReadText
            | Call::ReadRange
            | Call::ReadSeekable
            | Call::GetFileInfo
            | Call::Head
            | Call::RenameFrom { .. }
            | Call::CopyFrom { .. }
            | Call::Delete { .. },
            File,
        )
        | (Call::Delete { missing_ok: true }, Missing | BelowFile) => ok,

        (
            Call::Write { overwrite }
            | Call::WriteText { overwrite }
            | Call::WriteAtomic { overwrite }
            | Call::OpenAtomic { overwrite }
            | Call::RenameTo { overwrite }
            | Call::CopyTo { overwrite },
            obstacle,
        ) => match obstacle {
            Missing => ok,
            File if overwrite => ok,
            File => Fails(ErrorKind::AlreadyExists),
            Folder | BelowFile => Fails(ErrorKind::InvalidPath),
        },

        (Call::DeleteFolder { .. }, File) => Fails(ErrorKind::InvalidPath),
        (Call::DeleteFolder { missing_ok, .. }, Missing | BelowFile) if missing_ok => ok,
        (Call::DeleteFolder { .. }, Missing | BelowFile) => Fails(ErrorKind::NotFound),
        (Call::DeleteFolder { recursive, .. }, Folder) if recursive => ok,
        (Call::DeleteFolder { .. }, Folder) => Fails(ErrorKind::DirectoryNotEmpty),

        (Call::Exists, obstacle) => Answers(Answer::Is(matches!(obstacle, File | Folder))),
        (Call::IsFile, obstacle) => Answers(Answer::Is(obstacle == File)),
        (Call::IsFolder, obstacle) => Answers(Answer::Is(obstacle == Folder)),

        (Call::GetFolderInfo { .. }, File) => Fails(ErrorKind::InvalidPath),
        (Call::GetFolderInfo { .. }, Folder) => ok,
        (Call::GetFolderInfo { .. }, Missing | BelowFile) => Fails(ErrorKind::NotFound),

        (
            Call::ListFiles { .. } | Call::ListFolders | Call::IterChildren,
            Missing | File | BelowFile,
        ) => Answers(Answer::Entries(0)),
        (Call::ListFiles { recursive: false } | Call::ListFolders, Folder) => {
            Answers(Answer::Entries(1))
        }
        (Call::ListFiles { recursive: true } | Call::IterChildren, Folder) => {
            Answers(Answer::Entries(2))
        }
    }
}

/// Whether the cell is only about namespaces whose folders are nodes.
fn is_hierarchical(call: Call, obstacle: Obstacle) -> bool {
    let writes = matches!(
        call,
        Call::Write { .. }
            | Call::WriteText { .. }
            | Call::WriteAtomic { .. }
            | Call::OpenAtomic { .. }
            | Call::RenameTo { .. }
            | Call::CopyTo { .. }
    );
    writes && matches!(obstacle, Obstacle::Folder | Obstacle::BelowFile)
}

pub(crate) fn register(suite: &mut Suite) {
    for call in Call::all() {
        let mut family = suite.family(call.operation().as_str());
        for obstacle in Obstacle::ALL {
            let phrase = obstacle.phrase(call);
            let expected = expected(call, obstacle);
            let rule = format!(
                "{}{} {} comes to {}",
                call.operation(),
                call.choice(),
                phrase.replace('_', " "),
                describe(expected),
            );
            let case = family.case(
                format!("{phrase}{}", call.choice()),
                rule,
                [Capability::Write].into_iter().chain(call.gate()),
                move |t| check(t, call, obstacle, expected),
            );
            if is_hierarchical(call, obstacle) {
                case.hierarchical();
            }
        }
    }
}

fn describe(expected: Expected) -> String {
    match expected {
        Expected::Fails(kind) => format!("{kind}, and nothing changes"),
        Expected::Answers(Answer::Done) => "success".to_owned(),
        Expected::Answers(Answer::Is(is)) => is.to_string(),
        Expected::Answers(Answer::Entries(count)) => format!("{count} entries, without an error"),
    }
}

/// Tries the cell on the backend, on a store at its root, and on a child store,
/// each in a folder of its own.
async fn check(t: Fixture, call: Call, obstacle: Obstacle, expected: Expected) -> Checked {
    for level in ["backend", "store", "child"] {
        if level == "backend" && !call.is_on_backends() {
            continue;
        }
        for file in ["file.txt", "folder/inner.txt", "folder/sub/deep.txt"] {
            t.put(&format!("{level}/{file}"), "old content").await?;
        }
        let child = t.store.child(level)?;
        for path in obstacle.paths() {
            t.put(&format!("{level}/source.txt"), "source").await?;
            let before = t.snapshot().await?;
            let full = format!("{level}/{path}");
            let what = format!("{}({path:?}) on the {level}", call.operation());
            let (given, result) = match level {
                "backend" => {
                    let partner = partner_in("backend/");
                    let result = call.on_backend(&t.backend, &full, &partner).await;
                    (full.as_str(), result)
                }
                "store" => {
                    let partner = partner_in("store/");
                    (
                        full.as_str(),
                        call.on_store(&t.store, &full, &partner).await,
                    )
                }
                _ => (*path, call.on_store(&child, path, &partner_in("")).await),
            };
            match expected {
                Expected::Answers(answer) => ensure_eq!(result?, answer, "{what}"),
                Expected::Fails(kind) => {
                    let error = expect_error(result, kind, &what)?;
                    ensure_eq!(error.path(), Some(given), "the error's path of {what}");
                    if level != "backend" {
                        expect_signed(&error, call, &child, &what)?;
                    }
                    t.expect_unchanged(&before, &what).await?;
                }
            }
        }
    }
    Ok(())
}

/// An error of a store names the operation and the backend.
fn expect_signed(error: &Error, call: Call, store: &AsyncStore, what: &str) -> Checked {
    let operation = Some(call.operation());
    ensure_eq!(
        error.operation(),
        operation,
        "the error's operation of {what}"
    );
    let backend = Some(store.backend().name());
    ensure_eq!(error.backend(), backend, "the error's backend of {what}");
    Ok(())
}

fn partner_in(folder: &str) -> Partner {
    Partner {
        file: format!("{folder}source.txt"),
        free: format!("{folder}free.txt"),
    }
}
