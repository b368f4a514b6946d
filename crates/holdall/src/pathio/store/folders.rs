//! Making and removing folders, and removing files: a folder stays.

use futures::future::{join, try_join};

use super::FOLDER_MARKER;
use super::faults;
use super::look::{Standing, marker_in};
use super::tree::Tree;
use crate::capability::Capability;
use crate::error::{Error, ErrorKind, Result};
use crate::options::DeleteOptions;
use crate::pathio::error::{PathIoError, PathIoResult};
use crate::pathio::io::MkdirOptions;
use crate::pathio::path::PathName;

impl Tree {
    pub(super) async fn make_folder(
        &self,
        path: &PathName,
        options: MkdirOptions,
    ) -> PathIoResult<()> {
        if self.store().has_folder_calls() && !path.is_root() {
            return self.make_folder_node(path, options).await;
        }
        let _turn = self.turn_to_make_folders().await;
        let place = async {
            match options.parents {
                true => Ok(()),
                false => self.require_folder_around(path).await,
            }
        };
        let standing = async { Ok(self.unlikely_standing(path).await?) };
        match try_join(standing, place).await?.0 {
            Standing::Folder if options.exist_ok => return Ok(()),
            Standing::Folder | Standing::File => return Err(faults::taken()),
            Standing::Nothing => {}
        }
        if options.parents && self.is_flat() && self.is_file_or_below_one(path.clone()).await? {
            return Err(faults::is_no_folder());
        }
        match self.write_new_folder(path.as_str()).await {
            Ok(()) => Ok(()),
            // Somebody else made it at the same moment.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => match options.exist_ok {
                true => Ok(()),
                false => Err(faults::taken()),
            },
            Err(error) => Err(self.explained(path, error).await),
        }
    }

    /// Makes a folder where the store has them.
    async fn make_folder_node(&self, path: &PathName, options: MkdirOptions) -> PathIoResult<()> {
        // The root of a store is there, whether the backend has a folder for it or not.
        let parents = options.parents || path.parent().is_none_or(|folder| folder.is_root());
        let made = self.store().make_folder(path.as_str(), parents);
        let error = match made.await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        match error.kind() {
            ErrorKind::AlreadyExists if options.exist_ok && self.is_folder(path).await? => Ok(()),
            ErrorKind::AlreadyExists => Err(faults::taken().with_reason(error)),
            ErrorKind::InvalidPath | ErrorKind::NotFound if self.is_below_file(path).await? => {
                Err(faults::is_no_folder().with_reason(error))
            }
            ErrorKind::NotFound => Err(faults::no_folder().with_reason(error)),
            _ => Err(error.into()),
        }
    }

    async fn is_below_file(&self, path: &PathName) -> Result<bool> {
        match path.parent() {
            Some(folder) => self.is_file_or_below_one(folder).await,
            None => Ok(false),
        }
    }

    /// Makes a folder of a marker, where none is.
    pub(super) async fn write_new_folder(&self, path: &str) -> Result<()> {
        self.count_made_folder();
        self.store().write(&marker_in(path), "").await?;
        // A folder that is a node stays without it.
        match !self.is_flat() && self.store().supports(Capability::Delete) {
            true => self.remove_marker(path).await,
            false => Ok(()),
        }
    }

    async fn remove_marker(&self, folder: &str) -> Result<()> {
        let options = DeleteOptions::new().missing_ok(true);
        self.store().delete_with(&marker_in(folder), options).await
    }

    pub(super) async fn remove_folder(&self, path: &PathName) -> PathIoResult<()> {
        if path.is_root() {
            return Err(faults::is_root());
        }
        if !self.is_flat() {
            match self.store().delete_folder(path.as_str()).await {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {}
                Err(error) => return Err(self.no_folder_because(path, error).await),
            }
        }
        if !self.is_empty(path).await? {
            return Err(faults::not_empty());
        }
        self.remove_emptied_folder(path).await
    }

    /// Removes a folder that has nothing but a marker at the most.
    async fn remove_emptied_folder(&self, path: &PathName) -> PathIoResult<()> {
        if !self.is_flat() {
            self.remove_marker(path.as_str()).await?;
            let deleted = self.store().delete_folder(path.as_str()).await;
            return Ok(deleted?);
        }
        match self
            .remove_and_keep_around(path, &marker_in(path.as_str()))
            .await
        {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(self.no_folder_because(path, error).await)
            }
            removed => Ok(removed?),
        }
    }

    /// Whether the folder holds nothing but a marker at the most; what is
    /// missing, and a file, holds nothing.
    pub(super) async fn is_empty(&self, folder: &PathName) -> Result<bool> {
        let mut children = self.store().iter_children(folder.as_str())?;
        while let Some(child) = children.next().await.transpose()? {
            if child.name() != FOLDER_MARKER {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn no_folder_because(&self, path: &PathName, error: Error) -> PathIoError {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::InvalidPath => {
                match self.is_file_or_below_one(path.clone()).await {
                    Ok(true) => faults::is_no_folder().with_reason(error),
                    Ok(false) => faults::nothing_there().with_reason(error),
                    Err(error) => error.into(),
                }
            }
            _ => error.into(),
        }
    }

    pub(super) async fn remove_file(&self, path: &PathName) -> PathIoResult<()> {
        if path.is_root() {
            return Err(faults::is_a_folder());
        }
        match self.remove_and_keep_around(path, path.as_str()).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.explained(path, error).await),
        }
    }

    /// Removes a file that belongs to `path`, and keeps the folder around `path`,
    /// which might hold nothing else.
    async fn remove_and_keep_around(&self, path: &PathName, file: &str) -> Result<()> {
        let is_kept = async { Ok::<_, Error>(self.is_kept_around(path).await) };
        let removed = self.store().delete(file);
        let (is_kept, removed) = join(is_kept, removed).await;
        removed?;
        match is_kept? {
            true => Ok(()),
            false => self.keep_around(path).await,
        }
    }

    /// Whether the folder around `path` is there whatever it holds.
    async fn is_kept_around(&self, path: &PathName) -> bool {
        match path.parent() {
            Some(folder) if self.is_flat() && !folder.is_root() => {
                let marker = self.store().is_file(&marker_in(folder.as_str())).await;
                // It can be made in any case.
                marker.unwrap_or(false)
            }
            _ => true,
        }
    }

    /// Keeps the folder around `path`, from which something was just taken away.
    pub(super) async fn keep_around(&self, path: &PathName) -> Result<()> {
        let Some(folder) = path.parent().filter(|folder| !folder.is_root()) else {
            return Ok(());
        };
        if !self.is_flat() || !self.store().supports(Capability::Write) {
            return Ok(());
        }
        match self.store().write(&marker_in(folder.as_str()), "").await {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }
}
