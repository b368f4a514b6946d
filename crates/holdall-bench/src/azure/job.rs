//! What a contender is asked to do.

use serde::Serialize;

/// How large the blocks of a long transfer are, and how many of them are in
/// flight, with every contender that can be told.
pub const BLOCK: usize = 4 * 1024 * 1024;
pub const CONCURRENCY: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Small files, replacing what is there.
    Put,
    /// Small files, none of which may be there yet.
    Create,
    /// Small files, read whole.
    Get,
    /// The sizes of small files.
    Head,
    /// One file, in pieces of which nobody said how many will come.
    Upload,
    /// One file, to its end, without keeping it.
    Download,
    /// All files below a folder, with size and time.
    List,
    /// A folder with all it holds.
    Delete,
}

/// A phase that is timed as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct Job {
    pub kind: Kind,
    /// Where the files are.
    pub folder: String,
    /// How many there are.
    pub count: usize,
    /// The bytes of each.
    pub size: usize,
    /// How many calls are in flight.
    pub in_flight: usize,
}

impl Job {
    /// The path of a file.
    pub fn path(&self, number: usize) -> String {
        format!("{}/f{number}", self.folder)
    }
}
