//! The path-IO layer: files and folders by path, opened, sought, read and
//! written in pieces.
//!
//! A store takes and gives whole files. Protocols such as FTP want less and
//! more: a position in a file, a folder that is made by itself, a mode, a number
//! of links. [`AbstractPathIo`] is that interface, with the rules of POSIX and
//! confined to a root:
//!
//! | | over | waits |
//! |---|---|---|
//! | [`PathIo`] | a local folder | in place: for a thread of one's own |
//! | [`AsyncPathIo`] | a local folder | on an executor, one hop for each block |
//! | [`MemoryPathIo`] | a tree in memory | never |
//! | [`StorePathIo`] | any [`AsyncStore`](crate::AsyncStore) | as the store does |
//!
//! [`PathIoBackend`] goes the other way: it makes a backend of any path IO.
//!
//! **Paths** are strings with `/` between names, of UTF-8. A leading `/` and its
//! absence both mean the root, except where a [`MemoryPathIo`] was given a working
//! folder. `.` and doubled slashes are nothing; `..` is refused with
//! [`PathIoErrorKind::InvalidArgument`], never resolved: whoever takes paths from
//! others resolves them by text first, as an FTP server does.
//!
//! **Writes.** What is written to a file opened with [`OpenMode::Write`] shows
//! when [`AsyncPathFile::close`] has succeeded, all of it at once; a file that is
//! dropped leaves what stood there.

pub(crate) mod append;
mod backend;
pub(crate) mod blocking;
mod connection;
mod context;
mod error;
#[cfg(feature = "local")]
mod executor;
mod file;
mod io;
mod lister;
#[cfg(feature = "local")]
mod local;
mod memory;
mod mode;
mod path;
pub(crate) mod rules;
mod stat;
mod store;
mod timed;

pub use backend::{PathIoBackend, PathIoDriver};
pub use connection::Connection;
pub use context::AsyncPathIoContext;
pub use error::{PathIoError, PathIoErrorKind, PathIoOperation, PathIoResult, universal_error};
#[cfg(feature = "local")]
pub use executor::BlockingExecutor;
pub use file::{AsyncPathFile, DEFAULT_BLOCK_SIZE, PathFile};
pub use io::{AbstractPathIo, MkdirOptions, SharedState};
pub use lister::{ListedPath, Lister};
#[cfg(feature = "local")]
pub use local::{AsyncPathIo, PathIo};
pub use memory::MemoryPathIo;
pub use mode::OpenMode;
pub use path::{PathName, file_name, join};
pub use stat::PathStat;
pub use store::{FOLDER_MARKER, StorePathIo};
pub use timed::TimedPathIo;
