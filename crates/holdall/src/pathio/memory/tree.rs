//! The tree in memory.

use std::sync::Arc;

use parking_lot::Mutex;

use super::file::MemoryFile;
use super::node::{
    File, Folder, Node, already_exists, directory_not_empty, is_a_directory, not_a_directory,
    not_found,
};
use crate::Timestamp;
use crate::pathio::blocking::{Tree, TreeScan};
use crate::pathio::error::{PathIoErrorKind, PathIoResult};
use crate::pathio::io::{MkdirOptions, SharedState};
use crate::pathio::mode::OpenMode;
use crate::pathio::path::PathName;
use crate::pathio::rules::{below_root, into_itself};
use crate::pathio::stat::PathStat;

/// Entries a batch of a listing.
const BATCH: usize = 1024;

/// The folders and files, which several path IOs may share. The lock is held for
/// no I/O.
#[derive(Debug)]
pub(super) struct Root(Mutex<Folder>);

impl Root {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Folder::new()))
    }

    /// Puts a file at `path`; in place of one that stands there only where it
    /// `replaces`.
    pub(super) fn put(&self, path: &PathName, file: Arc<File>, replaces: bool) -> PathIoResult<()> {
        let (parent, name) = below_root(path, "replaced")?;
        let mut root = self.0.lock();
        let folder = root.folder_mut(&parent)?;
        if !replaces && folder.get(name).is_ok() {
            return Err(already_exists());
        }
        admit_file(folder, name)?;
        let replaced = folder.insert(name, Node::File(file));
        drop(root);
        drop(replaced);
        Ok(())
    }

    /// Takes the name of `file` away, if it still has it and nobody wrote to it.
    pub(super) fn remove_unused(&self, path: &PathName, file: &Arc<File>) {
        let Ok((parent, name)) = below_root(path, "removed") else {
            return;
        };
        let mut root = self.0.lock();
        let Ok(folder) = root.folder_mut(&parent) else {
            return;
        };
        let is_unused = matches!(folder.get(name), Ok(Node::File(standing))
            if Arc::ptr_eq(standing, file) && file.data.lock().content.length() == 0);
        if is_unused {
            folder.remove(name);
        }
    }
}

/// Refuses a file where a folder stands; says whether a file does.
fn admit_file(folder: &Folder, name: &str) -> PathIoResult<()> {
    match folder.get(name) {
        Ok(Node::Folder(_)) => Err(is_a_directory()),
        Ok(Node::File(_)) | Err(_) => Ok(()),
    }
}

/// A tree and the folder that relative paths start from.
#[derive(Debug)]
pub(crate) struct MemoryTree {
    root: Arc<Root>,
    cwd: PathName,
}

impl MemoryTree {
    pub(super) fn new(root: Arc<Root>, cwd: PathName) -> Self {
        Self { root, cwd }
    }

    /// The file at `path`, and whether it was made just now.
    fn file(&self, path: &PathName, make: bool) -> PathIoResult<(Arc<File>, bool)> {
        let Ok((parent, name)) = below_root(path, "opened") else {
            return Err(is_a_directory());
        };
        let mut root = self.root.0.lock();
        let folder = root.folder_mut(&parent)?;
        match folder.get(name) {
            Ok(Node::File(file)) => Ok((Arc::clone(file), false)),
            Ok(Node::Folder(_)) => Err(is_a_directory()),
            Err(_) if make => {
                let file = Arc::new(File::new(Default::default()));
                folder.insert(name, Node::File(Arc::clone(&file)));
                Ok((file, true))
            }
            Err(error) => Err(error),
        }
    }

    /// Refuses a file that could not be put at `path` right now.
    fn admit(&self, path: &PathName) -> PathIoResult<()> {
        let Ok((parent, name)) = below_root(path, "opened") else {
            return Err(is_a_directory());
        };
        admit_file(self.root.0.lock().folder(&parent)?, name)
    }

    /// Moves a file or a folder; onto what stands there only where it `replaces`.
    fn move_node(
        &self,
        source: &PathName,
        destination: &PathName,
        replaces: bool,
    ) -> PathIoResult<()> {
        let (from, name) = below_root(source, "renamed")?;
        let (to, new_name) = below_root(destination, "replaced")?;
        let mut root = self.root.0.lock();
        let moved = root.folder(&from)?.get(name)?;
        let standing = root.folder(&to)?.get(new_name).ok();
        if !replaces && standing.is_some() {
            return Err(already_exists());
        }
        if source == destination {
            return Ok(());
        }
        if destination.is_below(source) {
            return Err(into_itself());
        }
        match (moved, standing) {
            (Node::File(_), Some(Node::Folder(_))) => return Err(is_a_directory()),
            (Node::Folder(_), Some(Node::File(_))) => return Err(not_a_directory()),
            (_, Some(Node::Folder(found))) if !found.is_empty() => {
                return Err(directory_not_empty());
            }
            _ => {}
        }
        let node = root.folder_mut(&from)?.remove(name);
        let replaced = root
            .folder_mut(&to)?
            .insert(new_name, node.ok_or_else(not_found)?);
        drop(root);
        drop(replaced);
        Ok(())
    }
}

impl Tree for MemoryTree {
    type File = MemoryFile;
    type Scan = MemoryScan;

    fn path(&self, path: &str) -> PathIoResult<PathName> {
        PathName::within(&self.cwd, path)
    }

    fn state(&self) -> Option<SharedState> {
        Some(Arc::clone(&self.root) as SharedState)
    }

    fn open(&self, path: &PathName, mode: OpenMode) -> PathIoResult<MemoryFile> {
        match mode {
            OpenMode::Read => {
                let (file, _) = self.file(path, false)?;
                let content = file.data.lock().content.clone();
                Ok(MemoryFile::reading(content))
            }
            OpenMode::Write => {
                self.admit(path)?;
                Ok(MemoryFile::anew(Arc::clone(&self.root), path.clone()))
            }
            OpenMode::Append => {
                let (file, is_new) = self.file(path, true)?;
                let made = is_new.then(|| (Arc::clone(&self.root), path.clone()));
                Ok(MemoryFile::appending(file, made))
            }
            OpenMode::ReadWrite => Ok(MemoryFile::changing(self.file(path, false)?.0)),
        }
    }

    fn stat(&self, path: &PathName) -> PathIoResult<PathStat> {
        let root = self.root.0.lock();
        match below_root(path, "looked at") {
            Ok((parent, name)) => Ok(root.folder(&parent)?.get(name)?.stat()),
            Err(_) => Ok(root.stat()),
        }
    }

    fn scan(&self, path: &PathName) -> PathIoResult<MemoryScan> {
        self.root.0.lock().folder(path)?;
        Ok(MemoryScan {
            root: Arc::clone(&self.root),
            path: path.clone(),
            after: None,
        })
    }

    fn mkdir(&self, path: &PathName, options: MkdirOptions) -> PathIoResult<()> {
        let mut root = self.root.0.lock();
        let Ok((parent, name)) = below_root(path, "made") else {
            return options.exist_ok.then_some(()).ok_or_else(already_exists);
        };
        let folder = if options.parents {
            root.make_folders(&parent)?
        } else {
            root.folder_mut(&parent)?
        };
        match folder.get(name) {
            Ok(Node::Folder(_)) if options.exist_ok => Ok(()),
            Ok(_) => Err(already_exists()),
            Err(_) => {
                folder.insert(name, Node::Folder(Box::new(Folder::new())));
                Ok(())
            }
        }
    }

    fn rmdir(&self, path: &PathName) -> PathIoResult<()> {
        let (parent, name) = below_root(path, "removed")?;
        let mut root = self.root.0.lock();
        let folder = root.folder_mut(&parent)?;
        match folder.get(name)? {
            Node::File(_) => Err(not_a_directory()),
            Node::Folder(found) if !found.is_empty() => Err(directory_not_empty()),
            Node::Folder(_) => {
                folder.remove(name);
                Ok(())
            }
        }
    }

    fn unlink(&self, path: &PathName) -> PathIoResult<()> {
        let Ok((parent, name)) = below_root(path, "removed") else {
            return Err(is_a_directory());
        };
        let mut root = self.root.0.lock();
        let folder = root.folder_mut(&parent)?;
        match folder.get(name)? {
            Node::Folder(_) => Err(is_a_directory()),
            Node::File(_) => {
                let removed = folder.remove(name);
                drop(root);
                drop(removed);
                Ok(())
            }
        }
    }

    fn rename(&self, source: &PathName, destination: &PathName) -> PathIoResult<()> {
        self.move_node(source, destination, true)
    }

    fn rename_new(&self, source: &PathName, destination: &PathName) -> PathIoResult<()> {
        self.move_node(source, destination, false)
    }

    fn set_modified(&self, path: &PathName, modified: Timestamp) -> PathIoResult<()> {
        let mut root = self.root.0.lock();
        match below_root(path, "changed") {
            Ok((parent, name)) => {
                let node = root.folder_mut(&parent)?.get_mut(name)?;
                node.set_modified(modified);
            }
            Err(_) => root.set_modified(modified),
        }
        Ok(())
    }
}

/// A listing in progress: it goes on after the last name that it had.
pub(crate) struct MemoryScan {
    root: Arc<Root>,
    path: PathName,
    after: Option<String>,
}

impl TreeScan for MemoryScan {
    fn next_batch(&mut self) -> PathIoResult<Vec<(String, PathStat)>> {
        let root = self.root.0.lock();
        let batch = match root.folder(&self.path) {
            Ok(folder) => folder.list(self.after.as_deref(), BATCH),
            // Removed meanwhile.
            Err(error) if error.kind() == PathIoErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        drop(root);
        if let Some((name, _)) = batch.last() {
            self.after = Some(name.clone());
        }
        Ok(batch)
    }
}
