//! Folders on the way to a file that is to be made.

use std::sync::Arc;

use super::refusals::refused;
use crate::driver::{Key, Outcome, Refusal};
use crate::pathio::io::{AbstractPathIo, MkdirOptions};

/// Folders that were made for a file, and go if it does not come about.
pub(super) struct Parents {
    io: Arc<dyn AbstractPathIo>,
    /// From the deepest up.
    made: Vec<String>,
}

impl Parents {
    /// Makes the folders that `key` lies in, as far as they are missing.
    pub(super) async fn make(io: &Arc<dyn AbstractPathIo>, key: Key<'_>) -> Outcome<Self> {
        let parent = key.parent();
        let mut made = Vec::new();
        let mut folder = parent;
        while !folder.is_root() && !io.exists(folder.as_str()).await.map_err(refused)? {
            made.push(folder.as_str().to_owned());
            folder = folder.parent();
        }
        let options = MkdirOptions::new().parents(true).exist_ok(true);
        match io.mkdir(parent.as_str(), options).await.map_err(refused) {
            // Not a folder, or `exist_ok` had let it pass.
            Err(Refusal::Occupied) => Err(Refusal::NotFolder),
            result => result.map(|()| Self {
                io: Arc::clone(io),
                made,
            }),
        }
    }

    /// Removes them again, those that others have put something in excepted.
    pub(super) async fn remove(self) {
        for folder in &self.made {
            if self.io.rmdir(folder).await.is_err() {
                return;
            }
        }
    }
}
