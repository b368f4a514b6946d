//! The libraries that are compared, behind one interface.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;

use super::job::{Job, Kind};
use crate::python::Python;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;
pub type Done<T = ()> = Result<T, Failure>;

/// The bytes of a piece of a long upload.
pub const PIECE: usize = 1024 * 1024;

/// A library of this language, in its plainest use.
#[async_trait]
pub trait Library: Send + Sync {
    async fn put(&self, path: &str, content: Bytes) -> Done;
    async fn create(&self, path: &str, content: Bytes) -> Done;
    async fn get(&self, path: &str) -> Done<usize>;
    async fn head(&self, path: &str) -> Done<u64>;
    async fn upload(&self, path: &str, pieces: usize) -> Done;
    async fn download(&self, path: &str) -> Done<usize>;
    async fn list(&self, folder: &str) -> Done<usize>;
    async fn delete_folder(&self, folder: &str) -> Done;
}

/// One of those who are compared.
pub enum Contender {
    Here(Arc<dyn Library>),
    /// In a process of its own.
    There(Python),
}

impl Contender {
    /// Does `job`, checks it, and tells how long it took.
    pub async fn run(&mut self, job: &Job) -> Done<Duration> {
        match self {
            Self::Here(library) => run(library, job).await,
            Self::There(python) => python.run(job),
        }
    }

    /// The process whose processor time is the contender's.
    pub fn process(&self) -> u32 {
        match self {
            Self::Here(_) => std::process::id(),
            Self::There(python) => python.process(),
        }
    }
}

async fn run(library: &Arc<dyn Library>, job: &Job) -> Done<Duration> {
    let begin = Instant::now();
    match job.kind {
        Kind::Put | Kind::Create | Kind::Get | Kind::Head => small(library, job).await?,
        Kind::Upload => library.upload(&job.path(0), job.size / PIECE).await?,
        Kind::Download => check("bytes", library.download(&job.path(0)).await?, job.size)?,
        Kind::List => check("files", library.list(&job.folder).await?, job.count)?,
        Kind::Delete => library.delete_folder(&job.folder).await?,
    }
    let took = begin.elapsed();
    if job.kind == Kind::Delete {
        check("files left", library.list(&job.folder).await?, 0)?;
    }
    Ok(took)
}

async fn small(library: &Arc<dyn Library>, job: &Job) -> Done {
    let tasks: Vec<_> = (0..job.in_flight)
        .map(|task| {
            let (library, job) = (Arc::clone(library), job.clone());
            tokio::spawn(async move {
                let content = Bytes::from(vec![7; job.size]);
                for number in (task..job.count).step_by(job.in_flight) {
                    call(&*library, &job, &job.path(number), &content).await?;
                }
                Done::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

async fn call(library: &dyn Library, job: &Job, path: &str, content: &Bytes) -> Done {
    match job.kind {
        Kind::Create => library.create(path, content.clone()).await,
        Kind::Get => check("bytes", library.get(path).await?, job.size),
        Kind::Head => check("bytes", library.head(path).await? as usize, job.size),
        _ => library.put(path, content.clone()).await,
    }
}

fn check(what: &str, found: usize, expected: usize) -> Done {
    if found == expected {
        return Ok(());
    }
    Err(format!("{found} {what} instead of {expected}").into())
}
