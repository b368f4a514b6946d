//! Renaming: a file by the store, a folder file by file.

use futures::future::try_join;

use super::faults;
use super::look::Standing;
use super::tree::Tree;
use crate::capability::Capability;
use crate::error::{Error, ErrorKind, Result};
use crate::options::{ListOptions, TransferOptions};
use crate::pathio::error::{PathIoError, PathIoErrorKind, PathIoOperation, PathIoResult};
use crate::pathio::path::{PathName, join};
use crate::pathio::rules;

/// How many files of a folder are listed before they are renamed.
const BATCH: usize = 1024;

impl Tree {
    pub(super) async fn rename(&self, from: &PathName, to: &PathName) -> PathIoResult<()> {
        if from.is_root() || to.is_root() {
            return Err(faults::is_root());
        }
        if from == to || to.is_below(from) {
            return self.rename_within_itself(from, to).await;
        }
        let around = async {
            let around = self.require_folder_around(to).await;
            around.map_err(|error| error.with_path(to.as_str()))
        };
        let onto_folder = async { Ok(self.is_taken_by_folder(to).await?) };
        match try_join(around, onto_folder).await? {
            ((), true) => self.rename_onto_folder(from, to).await,
            ((), false) => self.rename_onto_file_or_nothing(from, to).await,
        }
    }

    /// Gives a file the path of nothing.
    pub(super) async fn rename_new(&self, from: &PathName, to: &PathName) -> PathIoResult<()> {
        if from.is_root() || to.is_root() {
            return Err(faults::is_root());
        }
        match self.require_place_for_file(to).await {
            Err(error) if error.kind() == PathIoErrorKind::IsADirectory => {
                return Err(faults::taken().with_path(to.as_str()));
            }
            place => place.map_err(|error| error.with_path(to.as_str()))?,
        }
        match self.store().rename(from.as_str(), to.as_str()).await {
            Ok(()) if from == to => Err(faults::taken()),
            Ok(()) if from.parent() == to.parent() => Ok(()),
            Ok(()) => Ok(self.keep_around(from).await?),
            Err(error) if error.kind() != ErrorKind::InvalidPath => {
                Err(self.explained(from, error).await)
            }
            Err(error) => match self.is_folder(from).await? {
                true => Err(PathIoError::not_implemented(PathIoOperation::RenameNew)),
                false => Err(self.explained(from, error).await),
            },
        }
    }

    async fn rename_within_itself(&self, from: &PathName, to: &PathName) -> PathIoResult<()> {
        match self.standing(from).await? {
            Standing::Nothing => Err(self.nothing_at(from).await),
            _ if from == to => Ok(()),
            Standing::Folder => Err(rules::into_itself()),
            Standing::File => Err(faults::is_no_folder()),
        }
    }

    async fn rename_onto_folder(&self, from: &PathName, to: &PathName) -> PathIoResult<()> {
        match self.standing(from).await? {
            Standing::Nothing => Err(self.nothing_at(from).await),
            Standing::File => Err(faults::is_a_folder()),
            Standing::Folder if self.move_folder_node(from, to).await? => Ok(()),
            Standing::Folder if self.is_empty(to).await? => self.rename_folder(from, to).await,
            Standing::Folder => Err(faults::not_empty()),
        }
    }

    async fn rename_onto_file_or_nothing(
        &self,
        from: &PathName,
        to: &PathName,
    ) -> PathIoResult<()> {
        let error = match self.move_file(from.as_str(), to.as_str()).await {
            Ok(()) if from.parent() == to.parent() => return Ok(()),
            Ok(()) => return Ok(self.keep_around(from).await?),
            Err(error) => error,
        };
        if error.kind() != ErrorKind::InvalidPath {
            return Err(self.explained(from, error).await);
        }
        match self.move_folder_node(from, to).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            // A file stands at either path.
            Err(error) if error.kind() == ErrorKind::InvalidPath => {}
            Err(error) => return Err(error.into()),
        }
        if !self.is_folder(from).await? {
            return Err(self.explained(from, error).await);
        }
        match self.store().is_file(to.as_str()).await? {
            true => Err(faults::is_no_folder()),
            false => self.rename_folder(from, to).await,
        }
    }

    async fn nothing_at(&self, path: &PathName) -> PathIoError {
        let missing = Error::new(ErrorKind::NotFound, "nothing stands at the path");
        self.explained(path, missing).await
    }

    /// Gives one file another path, in place of any file there.
    async fn move_file(&self, from: &str, to: &str) -> Result<()> {
        let store = self.store();
        let options = TransferOptions::new().overwrite(true);
        let copies = !store.supports(Capability::Move) && store.supports(Capability::Copy);
        if !(copies && store.supports(Capability::Delete)) {
            return store.rename_with(from, to, options).await;
        }
        store.copy_with(from, to, options).await?;
        store.delete(from).await
    }

    /// Moves a folder in one step; false where the store has no such call.
    async fn move_folder_node(&self, from: &PathName, to: &PathName) -> Result<bool> {
        if !self.store().has_folder_calls() {
            return Ok(false);
        }
        let moved = self.store().rename_folder(from.as_str(), to.as_str());
        moved.await.map(|()| true)
    }

    /// Gives a folder the path of nothing, or of an empty folder. After a failure
    /// what was renamed is renamed back, as far as that goes.
    async fn rename_folder(&self, from: &PathName, to: &PathName) -> PathIoResult<()> {
        if let Err(error) = self.move_content(from.as_str(), to.as_str()).await {
            if let Err(second) = self.move_content(to.as_str(), from.as_str()).await {
                let (from, to) = (from.as_str(), to.as_str());
                tracing::warn!(%second, from, to, "a folder stays renamed in part");
            }
            return Err(error.into());
        }
        Ok(self.keep_around(from).await?)
    }

    async fn move_content(&self, from: &str, to: &str) -> Result<()> {
        loop {
            let files = self.some_files_below(from).await?;
            if files.is_empty() {
                break;
            }
            for file in files {
                self.move_file(&join(from, &file), &join(to, &file)).await?;
            }
        }
        match self.is_flat() {
            true => Ok(()),
            false => self.move_folders(from, to).await,
        }
    }

    /// Folders that are nodes, the deepest first; their files are gone.
    async fn move_folders(&self, from: &str, to: &str) -> Result<()> {
        let mut folders = self.folders_below(from).await?;
        folders.push(String::new());
        for folder in folders {
            let (old, new) = (below(from, &folder), below(to, &folder));
            if !self.store().is_folder(&new).await? {
                self.write_new_folder(&new).await?;
            }
            self.store().delete_folder(&old).await?;
        }
        Ok(())
    }

    /// Paths of files, relative to the folder.
    async fn some_files_below(&self, folder: &str) -> Result<Vec<String>> {
        let all = ListOptions::new().recursive(true);
        let mut listing = self.store().list_files_with(folder, all)?;
        let mut files = Vec::new();
        while let Some(file) = listing.next().await.transpose()? {
            files.extend(relative(folder, file.path.as_str()));
            if files.len() >= BATCH {
                break;
            }
        }
        Ok(files)
    }

    /// Paths of folders, relative to the folder, the deepest first.
    async fn folders_below(&self, folder: &str) -> Result<Vec<String>> {
        let all = ListOptions::new().max_depth(usize::MAX);
        let mut listing = self.store().list_folders_with(folder, all)?;
        let mut folders = Vec::new();
        while let Some(found) = listing.next().await.transpose()? {
            folders.extend(relative(folder, found.path.as_str()));
        }
        folders.sort_unstable_by_key(|path| std::cmp::Reverse(path.matches('/').count()));
        Ok(folders)
    }
}

fn below(folder: &str, path: &str) -> String {
    match path.is_empty() {
        true => folder.to_owned(),
        false => join(folder, path),
    }
}

fn relative(folder: &str, path: &str) -> Option<String> {
    let rest = path.strip_prefix(folder)?.strip_prefix('/')?;
    Some(rest.to_owned())
}
