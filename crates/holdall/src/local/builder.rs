//! Configuration of the local backend.

use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use super::LocalBackend;
use super::driver::LocalDriver;
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::retry::RetryPolicy;

/// What is on disk for good when a write returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SyncPolicy {
    /// Nothing: the operating system writes back in its own time. A crash of
    /// the process loses nothing; a power loss can lose the write.
    #[default]
    Never,
    /// The content, before it shows: after a power loss the path has the old
    /// file or the whole new one.
    Data,
    /// The content, before it shows, and then the folder, with the folders
    /// that were made for it: the write survives a power loss.
    Full,
}

/// Configures a backend on a folder of the local disk.
///
/// ```
/// use holdall::{LocalBackend, SyncPolicy};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("data");
/// let backend = LocalBackend::builder(&path)
///     .write_sync(SyncPolicy::Full)
///     .build()?;
/// assert!(path.is_dir());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a builder does nothing until it is built"]
pub struct LocalBuilder<B = LocalBackend> {
    pub(super) root: PathBuf,
    pub(super) create_root: bool,
    pub(super) write_sync: SyncPolicy,
    pub(super) atomic_write_sync: SyncPolicy,
    pub(super) portable: bool,
    retry: RetryPolicy,
    backend: PhantomData<fn() -> B>,
}

impl<B> LocalBuilder<B> {
    /// Begins with the defaults.
    pub(crate) fn new(root: impl AsRef<Path>) -> Self {
        Self {
            root: root.as_ref().to_path_buf(),
            create_root: true,
            write_sync: SyncPolicy::Never,
            atomic_write_sync: SyncPolicy::Full,
            portable: false,
            retry: RetryPolicy::default(),
            backend: PhantomData,
        }
    }

    /// Whether a missing root is made, with its parents; on by default.
    pub fn create_root(mut self, create: bool) -> Self {
        self.create_root = create;
        self
    }

    /// What `write` and `copy` sync; [`SyncPolicy::Never`] by default.
    pub fn write_sync(mut self, policy: SyncPolicy) -> Self {
        self.write_sync = policy;
        self
    }

    /// What `write_atomic` and `open_atomic` sync; [`SyncPolicy::Full`] by
    /// default.
    pub fn atomic_write_sync(mut self, policy: SyncPolicy) -> Self {
        self.atomic_write_sync = policy;
        self
    }

    /// How requests are repeated. It is checked, and of no effect otherwise: a
    /// disk is asked once.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Uses the implementation for systems without openat2, for tests of it.
    #[doc(hidden)]
    pub fn force_portable(mut self, portable: bool) -> Self {
        self.portable = portable;
        self
    }

    /// Opens the root.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] where the root is missing and not to be made,
    /// or is no folder; [`ErrorKind::PermissionDenied`] where it must not be
    /// made or opened; [`ErrorKind::InvalidArgument`] for a policy of
    /// [`retry`](Self::retry) that is not valid.
    pub fn build(self) -> Result<B>
    where
        B: From<LocalDriver>,
    {
        self.build_driver().map(B::from)
    }

    /// The configured driver alone.
    #[doc(hidden)]
    pub fn build_driver(self) -> Result<LocalDriver> {
        let checked = self.retry.validate();
        checked.map_err(|error| {
            error
                .with_operation(Operation::Open)
                .with_backend(super::driver::NAME)
        })?;
        LocalDriver::open(&self)
    }
}

impl<B> fmt::Debug for LocalBuilder<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalBuilder")
            .field("root", &self.root)
            .field("create_root", &self.create_root)
            .field("write_sync", &self.write_sync)
            .field("atomic_write_sync", &self.atomic_write_sync)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// An error while the root is made or opened.
pub(super) fn unusable_root(root: &Path, error: std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    let kind = match error.kind() {
        Io::NotFound | Io::NotADirectory | Io::AlreadyExists => ErrorKind::NotFound,
        Io::PermissionDenied | Io::ReadOnlyFilesystem => ErrorKind::PermissionDenied,
        Io::StorageFull => ErrorKind::StorageFull,
        _ => ErrorKind::Other,
    };
    Error::new(
        kind,
        format!("the root folder {} cannot be used: {error}", root.display()),
    )
    .with_operation(Operation::Open)
    .with_backend(super::driver::NAME)
    .with_source(error)
}
