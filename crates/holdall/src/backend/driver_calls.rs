//! What the calls of a driver's backend have in common: what each demands
//! first, and how its errors tell what was called.

use std::sync::Arc;

use super::AsyncDriverBackend;
use super::listings::{self, list};
use super::reads::seekable;
use super::upload::{Content, Upload, write_from};
use crate::content::Listing;
use crate::contract::{Keys, LookStep, Seen, Transfer, TransferStep, Walked, Wanted};
use crate::driver::{Detail, Driver, WritePlan};
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::{FolderInfo, WriteResult};
use crate::options::{Depth, TransferOptions, WriteOptions};
use crate::path::RemotePath;
use crate::reader::SeekableReader;

impl<D: Driver> AsyncDriverBackend<D> {
    /// What every call demands first: a backend that is open, and the capability.
    pub(super) fn admit(&self, operation: Operation) -> Result<()> {
        if self.kernel.is_closed() {
            return Err(Error::new(
                ErrorKind::BackendUnavailable,
                "the backend was closed and cannot be used again; build a new one",
            )
            .with_retryable(false));
        }
        self.driver()
            .capabilities()
            .admit(operation, self.driver().name())
    }

    /// Fills in what the kernel does not know: the call, the path as it was
    /// given, the backend.
    pub(super) fn told<T>(&self, operation: Operation, path: &str, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.located(operation, path, self.driver().name()))
    }

    /// The preliminaries of a call on a path that may be the root.
    pub(super) fn any_key(&self, operation: Operation, path: &str) -> Result<RemotePath> {
        self.told(
            operation,
            path,
            self.admit(operation).and_then(|()| Keys::any(path)),
        )
    }

    /// The preliminaries of a call on a path below the root.
    pub(super) fn key_below_root(&self, operation: Operation, path: &str) -> Result<RemotePath> {
        let key = self
            .admit(operation)
            .and_then(|()| Keys::below_root(operation, path));
        self.told(operation, path, key)
    }

    pub(super) async fn look(&self, operation: Operation, path: &str) -> Result<Seen> {
        let key = self.any_key(operation, path)?;
        if key.is_root() {
            return Ok(Seen::Folder);
        }
        // A look for a file need not find out whether a folder is there.
        let detail = match operation {
            Operation::IsFile => Detail::File,
            _ => Detail::Kind,
        };
        let looked = self.kernel.run(LookStep { key, detail }).await;
        self.told(operation, path, looked)
    }

    /// The preliminaries of a write.
    fn plan(
        &self,
        operation: Operation,
        path: &str,
        options: &WriteOptions,
    ) -> Result<(RemotePath, WritePlan)> {
        let checked = options.user_metadata().and_then(|metadata| {
            if metadata.is_some() {
                self.driver()
                    .capabilities()
                    .admit_metadata(self.driver().name())?;
            }
            Ok(metadata)
        });
        let metadata = self.told(operation, path, checked)?;
        let heeded = options.require_heeded(self.driver().supports_if_match());
        self.told(operation, path, heeded)?;
        let key = self.key_below_root(operation, path)?;
        let durable = matches!(operation, Operation::WriteAtomic | Operation::OpenAtomic);
        Ok((
            key,
            WritePlan {
                replace: options.replaces(),
                if_match: options.version().cloned(),
                durable,
                metadata,
            },
        ))
    }

    fn upload(
        &self,
        operation: Operation,
        path: &str,
        key: RemotePath,
        plan: WritePlan,
    ) -> Upload<D> {
        Upload::new(
            Arc::clone(&self.kernel),
            operation,
            path.to_owned(),
            key,
            plan,
        )
    }

    pub(super) async fn write_as(
        &self,
        operation: Operation,
        path: &str,
        content: Content<'_>,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        let (key, plan) = self.plan(operation, path, &options)?;
        write_from(self.upload(operation, path, key, plan), content).await
    }

    /// Begins a write that is filled piece by piece.
    pub(super) async fn begin_upload(
        &self,
        path: &str,
        options: WriteOptions,
    ) -> Result<Upload<D>> {
        let operation = Operation::OpenAtomic;
        let (key, plan) = self.plan(operation, path, &options)?;
        let mut upload = self.upload(operation, path, key, plan);
        upload.begin().await?;
        Ok(upload)
    }

    /// Opens a file for reading at any position, with its first bytes.
    pub(super) async fn open_seekable(
        &self,
        operation: Operation,
        path: &str,
        ahead: u64,
    ) -> Result<SeekableReader> {
        let key = self.key_below_root(operation, path)?;
        seekable(&self.kernel, operation, path, key, ahead).await
    }

    pub(super) async fn transfer(
        &self,
        transfer: Transfer,
        src: &str,
        dst: &str,
        options: TransferOptions,
    ) -> Result<()> {
        let operation = match transfer {
            Transfer::Rename => Operation::Rename,
            Transfer::Copy => Operation::Copy,
        };
        let from = self.key_below_root(operation, src)?;
        let to = self.key_below_root(operation, dst)?;
        let step = TransferStep {
            transfer,
            from,
            to,
            replace: options.replaces(),
        };
        self.told(operation, src, self.kernel.run(step).await)
    }

    pub(super) fn list_as<T: Send + 'static>(
        &self,
        operation: Operation,
        path: &str,
        depth: Depth,
        wanted: Wanted,
        make: fn(Walked) -> Option<T>,
    ) -> Listing<T> {
        match self.any_key(operation, path) {
            Ok(start) => list(&self.kernel, operation, start, depth, wanted, make),
            Err(error) => Listing::failed(error),
        }
    }

    /// Counts every file below a key, a batch at a time.
    pub(super) async fn sum(&self, key: RemotePath) -> Result<FolderInfo> {
        let mut sum = FolderInfo::new(key.clone());
        let operation = Operation::GetFolderInfo;
        let mut files = list(
            &self.kernel,
            operation,
            key,
            Depth::Unlimited,
            Wanted::Files,
            listings::file,
        );
        while let Some(file) = files.next().await {
            let file = file?;
            sum.count(file.size, file.modified_at);
        }
        Ok(sum)
    }
}
