//! Those that are compared, each doing one job after the other.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::TryStreamExt;
use holdall::pathio::{
    AbstractPathIo, AsyncPathIo, DEFAULT_BLOCK_SIZE, MemoryPathIo, MkdirOptions, OpenMode, PathIo,
};
use serde::Serialize;

use crate::python::{Python, Script};

pub type Failure = Box<dyn std::error::Error + Send + Sync>;
pub type Done<T = ()> = Result<T, Failure>;

/// What is done so many times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    Write,
    Exists,
    Stat,
    Read,
    List,
}

/// Calls of one kind in one folder.
#[derive(Debug, Clone, Serialize)]
pub struct Job {
    pub call: Call,
    pub folder: String,
    pub count: usize,
    /// Bytes of a file, or entries of the listed folder.
    pub size: usize,
}

/// One of those that are compared.
pub enum Contender {
    Std,
    Ours(Arc<dyn AbstractPathIo>),
    There(Python),
}

/// All of them, with their names; `std::fs` is the first. The local ones of ours
/// have `root` for their root.
pub fn all(root: &Path) -> Done<Vec<(&'static str, Contender)>> {
    let ours = |io: Arc<dyn AbstractPathIo>| Contender::Ours(io);
    let aioftp = |name: &str| {
        let script = Script {
            file: "pathio/contender.py",
            environment: "python-aioftp",
            packages: &["aioftp"],
        };
        Python::start(&script, name, &()).map(Contender::There)
    };
    Ok(vec![
        ("std::fs", Contender::Std),
        ("PathIo", ours(Arc::new(PathIo::new(root)?))),
        ("AsyncPathIo", ours(Arc::new(AsyncPathIo::new(root)?))),
        ("MemoryPathIo", ours(Arc::new(MemoryPathIo::new()))),
        ("aioftp PathIO", aioftp("PathIO")?),
        ("aioftp AsyncPathIO", aioftp("AsyncPathIO")?),
        ("aioftp MemoryPathIO", aioftp("MemoryPathIO")?),
    ])
}

impl Contender {
    /// Does `job`, whose folder lies below `root`, checks it, and tells how long
    /// it took.
    pub async fn run(&mut self, root: &Path, job: &Job) -> Done<Duration> {
        let mut native = job.clone();
        native.folder = root.join(&job.folder).to_string_lossy().into_owned();
        match self {
            Self::There(python) => python.run(&native),
            Self::Std => {
                fs::create_dir_all(&native.folder)?;
                let begin = Instant::now();
                for number in 0..job.count {
                    std_call(&native, &format!("{}/f{number}", native.folder))?;
                }
                Ok(begin.elapsed())
            }
            Self::Ours(io) => {
                let options = MkdirOptions::new().parents(true).exist_ok(true);
                io.mkdir(&job.folder, options).await?;
                let begin = Instant::now();
                for number in 0..job.count {
                    our_call(&**io, job, &format!("{}/f{number}", job.folder)).await?;
                }
                Ok(begin.elapsed())
            }
        }
    }
}

/// Without confinement, and with files that show while they are written.
fn std_call(job: &Job, path: &str) -> Done {
    match job.call {
        Call::Exists => check(usize::from(Path::new(path).exists()), 1),
        Call::Stat => check(fs::metadata(path)?.len() as usize, job.size),
        Call::List => {
            let mut found = 0;
            for entry in fs::read_dir(&job.folder)? {
                entry?.metadata()?;
                found += 1;
            }
            check(found, job.size)
        }
        Call::Read => {
            let mut buffer = vec![0; job.size.min(DEFAULT_BLOCK_SIZE)];
            let (mut file, mut found) = (File::open(path)?, 0);
            loop {
                match file.read(&mut buffer)? {
                    0 => break check(found, job.size),
                    read => found += read,
                }
            }
        }
        Call::Write => {
            let block = vec![7; job.size.min(DEFAULT_BLOCK_SIZE)];
            let mut file = File::create(path)?;
            for _ in 0..job.size / block.len() {
                file.write_all(&block)?;
            }
            Ok(())
        }
    }
}

async fn our_call(io: &dyn AbstractPathIo, job: &Job, path: &str) -> Done {
    match job.call {
        Call::Exists => check(usize::from(io.exists(path).await?), 1),
        Call::Stat => check(io.stat(path).await?.size as usize, job.size),
        Call::List => {
            let (mut entries, mut found) = (io.list(&job.folder), 0);
            while entries.try_next().await?.is_some() {
                found += 1;
            }
            check(found, job.size)
        }
        Call::Read => {
            let mut file = io.open(path, OpenMode::Read).await?;
            let mut found = 0;
            loop {
                match file.read(DEFAULT_BLOCK_SIZE).await?.len() {
                    0 => break,
                    read => found += read,
                }
            }
            file.close().await?;
            check(found, job.size)
        }
        Call::Write => {
            let block = Bytes::from(vec![7; job.size.min(DEFAULT_BLOCK_SIZE)]);
            let mut file = io.open(path, OpenMode::Write).await?;
            for _ in 0..job.size / block.len() {
                file.write(block.clone()).await?;
            }
            Ok(file.close().await?)
        }
    }
}

fn check(found: usize, expected: usize) -> Done {
    if found == expected {
        return Ok(());
    }
    Err(format!("{found} instead of {expected}").into())
}
