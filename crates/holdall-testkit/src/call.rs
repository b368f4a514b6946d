//! Every operation by name, for the cases that put each through the same test.

use std::sync::Arc;

use holdall::driver::ByteRange;
use holdall::{
    AsyncBackend, AsyncStore, AtomicWriter, Capability, DeleteFolderOptions, DeleteOptions, Depth,
    Error, FolderInfoOptions, ListOptions, Listing, Operation, TransferOptions, WriteOptions,
};

/// The content that every writing call stores.
pub(crate) const NEW: &str = "new content";

/// One operation with one choice of its options, at one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Read,
    ReadBytes,
    ReadText,
    ReadRange,
    ReadSeekable,
    GetFileInfo,
    Head,
    Write {
        overwrite: bool,
    },
    WriteText {
        overwrite: bool,
    },
    WriteAtomic {
        overwrite: bool,
    },
    OpenAtomic {
        overwrite: bool,
    },
    Delete {
        missing_ok: bool,
    },
    DeleteFolder {
        recursive: bool,
        missing_ok: bool,
    },
    /// The path is the source.
    RenameFrom {
        overwrite: bool,
    },
    /// The path is the destination.
    RenameTo {
        overwrite: bool,
    },
    CopyFrom {
        overwrite: bool,
    },
    CopyTo {
        overwrite: bool,
    },
    Exists,
    IsFile,
    IsFolder,
    GetFolderInfo {
        depth: bool,
    },
    ListFiles {
        recursive: bool,
    },
    ListFolders,
    IterChildren,
}

/// What a call comes back with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    Is(bool),
    /// The number of entries.
    Entries(usize),
}

/// The other path of a rename or copy, beneath the same folder.
#[derive(Debug, Clone)]
pub(crate) struct Partner {
    /// A file, for the calls whose path is the destination.
    pub(crate) file: String,
    /// A free path, for the calls whose path is the source.
    pub(crate) free: String,
}

impl Call {
    /// Every call with every choice.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![
            Self::Read,
            Self::ReadBytes,
            Self::ReadText,
            Self::ReadRange,
            Self::ReadSeekable,
            Self::GetFileInfo,
            Self::Head,
            Self::Exists,
            Self::IsFile,
            Self::IsFolder,
            Self::ListFolders,
            Self::IterChildren,
        ];
        for choice in [false, true] {
            all.extend([
                Self::Write { overwrite: choice },
                Self::WriteText { overwrite: choice },
                Self::WriteAtomic { overwrite: choice },
                Self::OpenAtomic { overwrite: choice },
                Self::Delete { missing_ok: choice },
                Self::RenameFrom { overwrite: choice },
                Self::RenameTo { overwrite: choice },
                Self::CopyFrom { overwrite: choice },
                Self::CopyTo { overwrite: choice },
                Self::GetFolderInfo { depth: choice },
                Self::ListFiles { recursive: choice },
            ]);
            for missing_ok in [false, true] {
                all.push(Self::DeleteFolder {
                    recursive: choice,
                    missing_ok,
                });
            }
        }
        all
    }

    pub(crate) fn operation(self) -> Operation {
        match self {
            Self::Read => Operation::Read,
            Self::ReadBytes => Operation::ReadBytes,
            Self::ReadText => Operation::ReadText,
            Self::ReadRange => Operation::ReadRange,
            Self::ReadSeekable => Operation::ReadSeekable,
            Self::GetFileInfo => Operation::GetFileInfo,
            Self::Head => Operation::Head,
            Self::Write { .. } => Operation::Write,
            Self::WriteText { .. } => Operation::WriteText,
            Self::WriteAtomic { .. } => Operation::WriteAtomic,
            Self::OpenAtomic { .. } => Operation::OpenAtomic,
            Self::Delete { .. } => Operation::Delete,
            Self::DeleteFolder { .. } => Operation::DeleteFolder,
            Self::RenameFrom { .. } | Self::RenameTo { .. } => Operation::Rename,
            Self::CopyFrom { .. } | Self::CopyTo { .. } => Operation::Copy,
            Self::Exists => Operation::Exists,
            Self::IsFile => Operation::IsFile,
            Self::IsFolder => Operation::IsFolder,
            Self::GetFolderInfo { .. } => Operation::GetFolderInfo,
            Self::ListFiles { .. } => Operation::ListFiles,
            Self::ListFolders => Operation::ListFolders,
            Self::IterChildren => Operation::IterChildren,
        }
    }

    /// What tells this choice from the plain call, for the names of cases.
    pub(crate) fn choice(self) -> &'static str {
        match self {
            Self::Write { overwrite: true }
            | Self::WriteText { overwrite: true }
            | Self::WriteAtomic { overwrite: true }
            | Self::OpenAtomic { overwrite: true }
            | Self::RenameFrom { overwrite: true }
            | Self::RenameTo { overwrite: true }
            | Self::CopyFrom { overwrite: true }
            | Self::CopyTo { overwrite: true } => "_overwriting",
            Self::Delete { missing_ok: true } => "_missing_ok",
            Self::DeleteFolder {
                recursive,
                missing_ok,
            } => match (recursive, missing_ok) {
                (false, false) => "",
                (false, true) => "_missing_ok",
                (true, false) => "_recursive",
                (true, true) => "_recursive_missing_ok",
            },
            Self::GetFolderInfo { depth: true } => "_with_depth",
            Self::ListFiles { recursive: true } => "_recursive",
            _ => "",
        }
    }

    /// What gates the call.
    pub(crate) fn gate(self) -> Option<Capability> {
        match self {
            Self::GetFolderInfo { depth: true } => Some(Capability::List),
            call => Capability::required_by(call.operation()),
        }
    }

    /// Whether `AsyncBackend` has the call too.
    pub(crate) fn is_on_backends(self) -> bool {
        !matches!(
            self,
            Self::ReadText
                | Self::WriteText { .. }
                | Self::Head
                | Self::GetFolderInfo { depth: true }
        )
    }

    /// Makes the call on a store.
    pub(crate) async fn on_store(
        self,
        store: &AsyncStore,
        path: &str,
        partner: &Partner,
    ) -> Result<Answer, Error> {
        let writing = |overwrite| WriteOptions::new().overwrite(overwrite);
        let moving = |overwrite| TransferOptions::new().overwrite(overwrite);
        match self {
            Self::Read => done(store.read(path)?.bytes().await),
            Self::ReadBytes => done(store.read_bytes(path).await),
            Self::ReadText => done(store.read_text(path).await),
            Self::ReadRange => done(store.read_range(path, 0..4)?.bytes().await),
            Self::ReadSeekable => done(store.read_seekable(path).await),
            Self::GetFileInfo => done(store.get_file_info(path).await),
            Self::Head => done(store.head(path).await),
            Self::Write { overwrite } => {
                done(store.write_with(path, NEW, writing(overwrite)).await)
            }
            Self::WriteText { overwrite } => {
                let text = Default::default();
                done(
                    store
                        .write_text_with(path, NEW, text, writing(overwrite))
                        .await,
                )
            }
            Self::WriteAtomic { overwrite } => {
                done(store.write_atomic_with(path, NEW, writing(overwrite)).await)
            }
            Self::OpenAtomic { overwrite } => {
                fill(store.open_atomic_with(path, writing(overwrite)).await?).await
            }
            Self::Delete { missing_ok } => {
                let options = DeleteOptions::new().missing_ok(missing_ok);
                done(store.delete_with(path, options).await)
            }
            Self::DeleteFolder {
                recursive,
                missing_ok,
            } => {
                let options = DeleteFolderOptions::new()
                    .recursive(recursive)
                    .missing_ok(missing_ok);
                done(store.delete_folder_with(path, options).await)
            }
            Self::RenameFrom { overwrite } => done(
                store
                    .rename_with(path, &partner.free, moving(overwrite))
                    .await,
            ),
            Self::RenameTo { overwrite } => done(
                store
                    .rename_with(&partner.file, path, moving(overwrite))
                    .await,
            ),
            Self::CopyFrom { overwrite } => done(
                store
                    .copy_with(path, &partner.free, moving(overwrite))
                    .await,
            ),
            Self::CopyTo { overwrite } => done(
                store
                    .copy_with(&partner.file, path, moving(overwrite))
                    .await,
            ),
            Self::Exists => store.exists(path).await.map(Answer::Is),
            Self::IsFile => store.is_file(path).await.map(Answer::Is),
            Self::IsFolder => store.is_folder(path).await.map(Answer::Is),
            Self::GetFolderInfo { depth: false } => done(store.get_folder_info(path).await),
            Self::GetFolderInfo { depth: true } => {
                let options = FolderInfoOptions::new().max_depth(0);
                done(store.get_folder_info_with(path, options).await)
            }
            Self::ListFiles { recursive } => {
                let options = ListOptions::new().recursive(recursive);
                count(store.list_files_with(path, options)?).await
            }
            Self::ListFolders => count(store.list_folders(path)?).await,
            Self::IterChildren => count(store.iter_children(path)?).await,
        }
    }

    /// Makes the call on a backend; what only stores have is done by the call
    /// that it stands on.
    pub(crate) async fn on_backend(
        self,
        backend: &Arc<dyn AsyncBackend>,
        path: &str,
        partner: &Partner,
    ) -> Result<Answer, Error> {
        let writing = |overwrite| WriteOptions::new().overwrite(overwrite);
        let moving = |overwrite| TransferOptions::new().overwrite(overwrite);
        match self {
            Self::Read => done(backend.read(path).bytes().await),
            Self::ReadBytes | Self::ReadText => done(backend.read_bytes(path).await),
            Self::ReadRange => {
                let range = ByteRange {
                    start: 0,
                    end: Some(4),
                };
                done(backend.read_range(path, range).bytes().await)
            }
            Self::ReadSeekable => done(Arc::clone(backend).read_seekable(path).await),
            Self::GetFileInfo | Self::Head => done(backend.get_file_info(path).await),
            Self::Write { overwrite } | Self::WriteText { overwrite } => {
                done(backend.write(path, NEW.into(), writing(overwrite)).await)
            }
            Self::WriteAtomic { overwrite } => done(
                backend
                    .write_atomic(path, NEW.into(), writing(overwrite))
                    .await,
            ),
            Self::OpenAtomic { overwrite } => {
                fill(
                    Arc::clone(backend)
                        .open_atomic(path, writing(overwrite))
                        .await?,
                )
                .await
            }
            Self::Delete { missing_ok } => {
                let options = DeleteOptions::new().missing_ok(missing_ok);
                done(backend.delete(path, options).await)
            }
            Self::DeleteFolder {
                recursive,
                missing_ok,
            } => {
                let options = DeleteFolderOptions::new()
                    .recursive(recursive)
                    .missing_ok(missing_ok);
                done(backend.delete_folder(path, options).await)
            }
            Self::RenameFrom { overwrite } => {
                done(backend.rename(path, &partner.free, moving(overwrite)).await)
            }
            Self::RenameTo { overwrite } => {
                done(backend.rename(&partner.file, path, moving(overwrite)).await)
            }
            Self::CopyFrom { overwrite } => {
                done(backend.copy(path, &partner.free, moving(overwrite)).await)
            }
            Self::CopyTo { overwrite } => {
                done(backend.copy(&partner.file, path, moving(overwrite)).await)
            }
            Self::Exists => backend.exists(path).await.map(Answer::Is),
            Self::IsFile => backend.is_file(path).await.map(Answer::Is),
            Self::IsFolder => backend.is_folder(path).await.map(Answer::Is),
            Self::GetFolderInfo { .. } => done(backend.get_folder_info(path).await),
            Self::ListFiles { recursive: false } => {
                count(backend.list_files(path, Depth::CHILDREN)).await
            }
            Self::ListFiles { recursive: true } => {
                count(backend.list_files(path, Depth::Unlimited)).await
            }
            Self::ListFolders => count(backend.list_folders(path)).await,
            Self::IterChildren => count(backend.iter_children(path)).await,
        }
    }
}

fn done<T>(result: Result<T, Error>) -> Result<Answer, Error> {
    result.map(|_| Answer::Done)
}

async fn count<T: Send + 'static>(listing: Listing<T>) -> Result<Answer, Error> {
    listing
        .try_collect()
        .await
        .map(|all| Answer::Entries(all.len()))
}

async fn fill(mut writer: AtomicWriter) -> Result<Answer, Error> {
    writer.write(NEW).await?;
    done(writer.commit().await)
}
