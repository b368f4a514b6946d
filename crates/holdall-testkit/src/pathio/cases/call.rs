//! Every call by name, for the cases that put each through the same test.

use holdall::pathio::{AbstractPathIo, MkdirOptions, OpenMode, PathIoOperation, PathIoResult};

use super::MODES;

/// One call at one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Open(OpenMode),
    List,
    Stat,
    Exists,
    IsDir,
    IsFile,
    Mkdir,
    MkdirParents,
    Rmdir,
    Unlink,
    /// The path is the source.
    RenameFrom,
    /// The path is the destination.
    RenameTo,
}

/// A name that no case gives to anything.
pub(super) const FREE: &str = "a free name";

impl Call {
    pub(super) fn all() -> Vec<Self> {
        let opens = MODES.into_iter().map(Self::Open);
        opens.chain(Self::NAMED).collect()
    }

    /// Every call but those of opening a file.
    pub(super) const NAMED: [Self; 11] = [
        Self::List,
        Self::Stat,
        Self::Exists,
        Self::IsDir,
        Self::IsFile,
        Self::Mkdir,
        Self::MkdirParents,
        Self::Rmdir,
        Self::Unlink,
        Self::RenameFrom,
        Self::RenameTo,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Open(mode) => super::mode_name(mode),
            Self::List => "list",
            Self::Stat => "stat",
            Self::Exists => "exists",
            Self::IsDir => "is_dir",
            Self::IsFile => "is_file",
            Self::Mkdir => "mkdir",
            Self::MkdirParents => "mkdir_parents",
            Self::Rmdir => "rmdir",
            Self::Unlink => "unlink",
            Self::RenameFrom => "rename_from",
            Self::RenameTo => "rename_to",
        }
    }

    /// The operation that its error names.
    pub(super) fn operation(self) -> PathIoOperation {
        match self {
            Self::Open(_) => PathIoOperation::Open,
            Self::List => PathIoOperation::List,
            Self::Stat | Self::Exists | Self::IsDir | Self::IsFile => PathIoOperation::Stat,
            Self::Mkdir | Self::MkdirParents => PathIoOperation::Mkdir,
            Self::Rmdir => PathIoOperation::Rmdir,
            Self::Unlink => PathIoOperation::Unlink,
            Self::RenameFrom | Self::RenameTo => PathIoOperation::Rename,
        }
    }

    /// Makes the call; a file that it opens is closed. For renames `other` is the
    /// other path.
    pub(super) async fn make(
        self,
        io: &dyn AbstractPathIo,
        path: &str,
        other: &str,
    ) -> PathIoResult<()> {
        let parents = MkdirOptions::new().parents(true);
        match self {
            Self::Open(mode) => io.open(path, mode).await?.close().await,
            Self::List => io.list(path).collect_paths().await.map(drop),
            Self::Stat => io.stat(path).await.map(drop),
            Self::Exists => io.exists(path).await.map(drop),
            Self::IsDir => io.is_dir(path).await.map(drop),
            Self::IsFile => io.is_file(path).await.map(drop),
            Self::Mkdir => io.mkdir(path, MkdirOptions::new()).await,
            Self::MkdirParents => io.mkdir(path, parents).await,
            Self::Rmdir => io.rmdir(path).await,
            Self::Unlink => io.unlink(path).await,
            Self::RenameFrom => io.rename(path, other).await,
            Self::RenameTo => io.rename(other, path).await,
        }
    }
}
