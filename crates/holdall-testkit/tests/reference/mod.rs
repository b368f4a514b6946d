//! The reference: the contract over a sorted map, as plainly as it can be put.

use std::collections::{BTreeMap, BTreeSet};

use holdall::{
    AsyncStore, DeleteFolderOptions, DeleteOptions, ErrorKind, ListOptions, Result,
    TransferOptions, WriteOptions,
};
use proptest::prelude::*;

/// One call with its arguments.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Write {
        path: String,
        content: Vec<u8>,
        overwrite: bool,
        atomic: bool,
    },
    Read {
        path: String,
    },
    ReadRange {
        path: String,
        start: u64,
        length: u64,
    },
    Delete {
        path: String,
        missing_ok: bool,
    },
    DeleteFolder {
        path: String,
        recursive: bool,
        missing_ok: bool,
    },
    Rename {
        from: String,
        to: String,
        overwrite: bool,
    },
    Copy {
        from: String,
        to: String,
        overwrite: bool,
    },
    Look {
        path: String,
    },
    List {
        path: String,
        depth: usize,
    },
    Folders {
        path: String,
    },
    FolderInfo {
        path: String,
    },
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    Content(Vec<u8>),
    Paths(BTreeSet<String>),
    /// Whether something, a file, a folder stands there.
    Stands(bool, bool, bool),
    /// Files and bytes.
    Sums(u64, u64),
    /// The kind, and the path that the error names.
    Failed(ErrorKind, String),
}

/// Few names, so that calls meet.
fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 1..4)
        .prop_map(|segments| segments.join("/"))
}

/// A path, or the root.
fn folder() -> impl Strategy<Value = String> {
    prop_oneof![9 => path(), 1 => Just(String::new())]
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        20 => prop::collection::vec(any::<u8>(), 0..20),
        1 => (0_u8..3).prop_map(|byte| vec![byte; 1_200_000]),
    ]
}

/// Any call.
pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    let any_bool = any::<bool>;
    prop_oneof![
        4 => (path(), content(), any_bool(), any_bool()).prop_map(
            |(path, content, overwrite, atomic)| Operation::Write { path, content, overwrite, atomic }
        ),
        2 => path().prop_map(|path| Operation::Read { path }),
        1 => (path(), 0_u64..30, 0_u64..30)
            .prop_map(|(path, start, length)| Operation::ReadRange { path, start, length }),
        2 => (path(), any_bool()).prop_map(|(path, missing_ok)| Operation::Delete { path, missing_ok }),
        1 => (path(), any_bool(), any_bool()).prop_map(
            |(path, recursive, missing_ok)| Operation::DeleteFolder { path, recursive, missing_ok }
        ),
        2 => (path(), path(), any_bool())
            .prop_map(|(from, to, overwrite)| Operation::Rename { from, to, overwrite }),
        2 => (path(), path(), any_bool())
            .prop_map(|(from, to, overwrite)| Operation::Copy { from, to, overwrite }),
        1 => folder().prop_map(|path| Operation::Look { path }),
        1 => (folder(), 0_usize..4).prop_map(|(path, depth)| Operation::List { path, depth }),
        1 => folder().prop_map(|path| Operation::Folders { path }),
        1 => folder().prop_map(|path| Operation::FolderInfo { path }),
    ]
}

impl Operation {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Write { .. } => "write",
            Self::Read { .. } => "read",
            Self::ReadRange { .. } => "read_range",
            Self::Delete { .. } => "delete",
            Self::DeleteFolder { .. } => "delete_folder",
            Self::Rename { .. } => "rename",
            Self::Copy { .. } => "copy",
            Self::Look { .. } => "look",
            Self::List { .. } => "list",
            Self::Folders { .. } => "folders",
            Self::FolderInfo { .. } => "folder_info",
        }
    }

    /// Makes the call on a store.
    pub(crate) async fn call(&self, store: &AsyncStore) -> Outcome {
        let made = self.try_call(store).await;
        made.unwrap_or_else(|error| {
            Outcome::Failed(error.kind(), error.path().unwrap_or("(none)").to_owned())
        })
    }

    async fn try_call(&self, store: &AsyncStore) -> Result<Outcome> {
        match self {
            Self::Write {
                path,
                content,
                overwrite,
                atomic,
            } => {
                let options = WriteOptions::new().overwrite(*overwrite);
                let content = content.clone();
                if *atomic {
                    store.write_atomic_with(path, content, options).await?;
                } else {
                    store.write_with(path, content, options).await?;
                }
            }
            Self::Read { path } => {
                return Ok(Outcome::Content(store.read_bytes(path).await?.to_vec()));
            }
            Self::ReadRange {
                path,
                start,
                length,
            } => {
                let range = store.read_range(path, *start..start + length)?;
                return Ok(Outcome::Content(range.bytes().await?.to_vec()));
            }
            Self::Delete { path, missing_ok } => {
                let options = DeleteOptions::new().missing_ok(*missing_ok);
                store.delete_with(path, options).await?;
            }
            Self::DeleteFolder {
                path,
                recursive,
                missing_ok,
            } => {
                let options = DeleteFolderOptions::new();
                let options = options.recursive(*recursive).missing_ok(*missing_ok);
                store.delete_folder_with(path, options).await?;
            }
            Self::Rename {
                from,
                to,
                overwrite,
            } => {
                let options = TransferOptions::new().overwrite(*overwrite);
                store.rename_with(from, to, options).await?;
            }
            Self::Copy {
                from,
                to,
                overwrite,
            } => {
                let options = TransferOptions::new().overwrite(*overwrite);
                store.copy_with(from, to, options).await?;
            }
            Self::Look { path } => {
                return Ok(Outcome::Stands(
                    store.exists(path).await?,
                    store.is_file(path).await?,
                    store.is_folder(path).await?,
                ));
            }
            Self::List { path, depth } => {
                let options = ListOptions::new().max_depth(*depth);
                let files = store.list_files_with(path, options)?.try_collect().await?;
                return Ok(Outcome::Paths(
                    files.iter().map(|f| f.path.to_string()).collect(),
                ));
            }
            Self::Folders { path } => {
                let folders = store.list_folders(path)?.try_collect().await?;
                return Ok(Outcome::Paths(
                    folders.iter().map(|f| f.path.to_string()).collect(),
                ));
            }
            Self::FolderInfo { path } => {
                let info = store.get_folder_info(path).await?;
                return Ok(Outcome::Sums(info.file_count, info.total_size));
            }
        }
        Ok(Outcome::Done)
    }
}

/// Every path with what stands there: a file's content, or `None` for a folder.
#[derive(Debug, Default)]
pub(crate) struct Model {
    nodes: BTreeMap<String, Option<Vec<u8>>>,
}

fn fail(kind: ErrorKind, path: &str) -> Outcome {
    Outcome::Failed(kind, path.to_owned())
}

fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

impl Model {
    pub(crate) fn contents(self) -> BTreeMap<String, Option<Vec<u8>>> {
        self.nodes
    }

    fn is_file(&self, path: &str) -> bool {
        matches!(self.nodes.get(path), Some(Some(_)))
    }

    fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || matches!(self.nodes.get(path), Some(None))
    }

    /// What lies below a folder, with the number of folders between.
    fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a String, usize)> {
        self.nodes.keys().filter_map(move |path| {
            let rest = match folder {
                "" => Some(path.as_str()),
                folder => path
                    .strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('/')),
            };
            rest.map(|rest| (path, rest.matches('/').count()))
        })
    }

    /// The first reason that nothing can be put at `path`.
    fn obstacle(&self, path: &str, overwrite: bool) -> Option<Outcome> {
        if self.is_folder(path) || ancestors(path).any(|ancestor| self.is_file(ancestor)) {
            return Some(fail(ErrorKind::InvalidPath, path));
        }
        (self.is_file(path) && !overwrite).then(|| fail(ErrorKind::AlreadyExists, path))
    }

    fn put(&mut self, path: &str, content: Vec<u8>) {
        for ancestor in ancestors(path) {
            self.nodes.insert(ancestor.to_owned(), None);
        }
        self.nodes.insert(path.to_owned(), Some(content));
    }

    fn file(&self, path: &str) -> std::result::Result<&Vec<u8>, Outcome> {
        match self.nodes.get(path) {
            Some(Some(content)) => Ok(content),
            Some(None) => Err(fail(ErrorKind::InvalidPath, path)),
            None => Err(fail(ErrorKind::NotFound, path)),
        }
    }

    /// Makes the call on the model.
    pub(crate) fn apply(&mut self, operation: &Operation) -> Outcome {
        match operation {
            Operation::Write {
                path,
                content,
                overwrite,
                ..
            } => {
                if let Some(obstacle) = self.obstacle(path, *overwrite) {
                    return obstacle;
                }
                self.put(path, content.clone());
                Outcome::Done
            }
            Operation::Read { path } => match self.file(path) {
                Ok(content) => Outcome::Content(content.clone()),
                Err(failed) => failed,
            },
            Operation::ReadRange {
                path,
                start,
                length,
            } => match self.file(path) {
                Ok(content) => {
                    let end = (start + length).min(content.len() as u64) as usize;
                    let start = (*start as usize).min(end);
                    Outcome::Content(content[start..end].to_vec())
                }
                Err(failed) => failed,
            },
            Operation::Delete { path, missing_ok } => match self.file(path).map(drop) {
                Ok(()) => {
                    self.nodes.remove(path);
                    Outcome::Done
                }
                Err(Outcome::Failed(ErrorKind::NotFound, _)) if *missing_ok => Outcome::Done,
                Err(failed) => failed,
            },
            Operation::DeleteFolder {
                path,
                recursive,
                missing_ok,
            } => self.delete_folder(path, *recursive, *missing_ok),
            Operation::Rename {
                from,
                to,
                overwrite,
            } => self.transfer(from, to, *overwrite, true),
            Operation::Copy {
                from,
                to,
                overwrite,
            } => self.transfer(from, to, *overwrite, false),
            Operation::Look { path } => {
                let (file, folder) = (self.is_file(path), self.is_folder(path));
                Outcome::Stands(file || folder, file, folder)
            }
            Operation::List { path, depth } => {
                let files = self
                    .below(path)
                    .filter(|(p, level)| level <= depth && self.is_file(p));
                Outcome::Paths(files.map(|(path, _)| path.clone()).collect())
            }
            Operation::Folders { path } => {
                let folders = self
                    .below(path)
                    .filter(|(p, level)| *level == 0 && self.is_folder(p));
                Outcome::Paths(folders.map(|(path, _)| path.clone()).collect())
            }
            Operation::FolderInfo { path } => self.sums(path),
        }
    }

    fn delete_folder(&mut self, path: &str, recursive: bool, missing_ok: bool) -> Outcome {
        if self.is_file(path) {
            return fail(ErrorKind::InvalidPath, path);
        }
        if !self.is_folder(path) {
            return if missing_ok {
                Outcome::Done
            } else {
                fail(ErrorKind::NotFound, path)
            };
        }
        let below: Vec<_> = self.below(path).map(|(path, _)| path.clone()).collect();
        if !below.is_empty() && !recursive {
            return fail(ErrorKind::DirectoryNotEmpty, path);
        }
        for path in below {
            self.nodes.remove(&path);
        }
        self.nodes.remove(path);
        Outcome::Done
    }

    fn transfer(&mut self, from: &str, to: &str, overwrite: bool, rename: bool) -> Outcome {
        let content = match self.file(from) {
            Ok(content) => content.clone(),
            Err(failed) => return failed,
        };
        if from == to {
            return Outcome::Done;
        }
        if let Some(obstacle) = self.obstacle(to, overwrite) {
            return obstacle;
        }
        if rename {
            self.nodes.remove(from);
        }
        self.put(to, content);
        Outcome::Done
    }

    fn sums(&self, path: &str) -> Outcome {
        if self.is_file(path) {
            return fail(ErrorKind::InvalidPath, path);
        }
        if !self.is_folder(path) {
            return fail(ErrorKind::NotFound, path);
        }
        let contents = self
            .below(path)
            .filter_map(|(path, _)| self.nodes[path].as_ref());
        let sizes: Vec<_> = contents.map(|content| content.len() as u64).collect();
        Outcome::Sums(sizes.len() as u64, sizes.iter().sum())
    }
}
