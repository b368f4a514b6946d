//! Writing anew: content flows to the store, and shows at the close.

use std::io::SeekFrom;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::channel::mpsc::{self, Sender};
use futures::future::{BoxFuture, Either, select};
use futures::sink::SinkExt;
use futures::stream::StreamExt;

use super::faults;
use super::tree::Tree;
use crate::capability::Capability;
use crate::content::AsyncWritableContent;
use crate::error::Result;
use crate::model::WriteResult;
use crate::options::WriteOptions;
use crate::pathio::error::{PathIoError, PathIoResult};
use crate::pathio::file::PathFile;
use crate::pathio::path::PathName;
use crate::pathio::rules;

/// How much is held until the close, in bytes: a smaller file is one write.
const HELD: usize = 1024 * 1024;
/// How much of a hole is written at once.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

/// A file that is written anew.
pub(super) struct StoreWriter {
    target: Target,
    state: State,
    position: u64,
}

enum State {
    /// All that was written so far.
    Held(BytesMut),
    Flowing(Flow),
    /// A write failed, with the reason, or was given up midway: nothing of the file
    /// can show any more.
    Failed(PathIoError),
}

/// A write of the store that is fed piece by piece. It goes on while it is fed,
/// and ends with its source; dropped before that, it leaves nothing.
struct Flow {
    source: Sender<Result<Bytes>>,
    writing: BoxFuture<'static, Result<WriteResult>>,
    length: u64,
}

/// What is written.
#[derive(Clone)]
struct Target {
    tree: Tree,
    path: PathName,
    replaces: bool,
    /// How many folders had been made when it was opened.
    made_folders: u64,
}

impl Target {
    async fn store(self, content: impl Into<AsyncWritableContent>) -> Result<WriteResult> {
        let options = WriteOptions::new().overwrite(self.replaces);
        let store = self.tree.store();
        store.write_with(self.path.as_str(), content, options).await
    }

    async fn stored(&self, result: Result<WriteResult>) -> PathIoResult<()> {
        match result {
            Ok(_) => Ok(()),
            Err(error) => Err(self.tree.explained(&self.path, error).await),
        }
    }
}

impl Flow {
    async fn begin_with(target: &Target, held: Bytes) -> PathIoResult<Self> {
        let (source, content) = mpsc::channel(0);
        let content = AsyncWritableContent::Stream(content.boxed());
        let mut flow = Self {
            source,
            writing: Box::pin(target.clone().store(content)),
            length: 0,
        };
        flow.feed(target, held).await?;
        Ok(flow)
    }

    /// Writes at the end, or beyond it.
    async fn write_at(mut self, target: &Target, position: u64, data: Bytes) -> PathIoResult<Self> {
        let hole = position.checked_sub(self.length);
        self.fill(target, hole.ok_or_else(faults::goes_back)?)
            .await?;
        self.feed(target, data).await?;
        Ok(self)
    }

    /// Hands data on once what came before is taken.
    async fn feed(&mut self, target: &Target, data: Bytes) -> PathIoResult<()> {
        let length = data.len() as u64;
        let ended = match select(&mut self.writing, self.source.send(Ok(data))).await {
            Either::Right((Ok(()), _)) => {
                self.length += length;
                return Ok(());
            }
            Either::Right((Err(_), writing)) => writing.await,
            Either::Left((ended, _)) => ended,
        };
        target.stored(ended).await?;
        Err(faults::given_up())
    }

    async fn fill(&mut self, target: &Target, mut hole: u64) -> PathIoResult<()> {
        while hole > 0 {
            let zeros = Bytes::from_static(&ZEROS);
            let length = usize::try_from(hole).map_or(zeros.len(), |hole| hole.min(zeros.len()));
            hole -= length as u64;
            self.feed(target, zeros.slice(..length)).await?;
        }
        Ok(())
    }

    async fn end(self) -> Result<WriteResult> {
        // The end of the content.
        drop(self.source);
        self.writing.await
    }
}

impl Tree {
    pub(super) async fn open_to_write(&self, path: PathName) -> PathIoResult<StoreWriter> {
        if path.is_root() {
            return Err(faults::is_a_folder());
        }
        let backend = self.store().backend();
        self.store()
            .capabilities()
            .require(Capability::Write, backend.name())?;
        let made_folders = self.made_folders();
        self.require_place_for_file(&path).await?;
        let tree = self.clone();
        Ok(StoreWriter {
            target: Target {
                tree,
                path,
                replaces: true,
                made_folders,
            },
            state: State::Held(BytesMut::new()),
            position: 0,
        })
    }
}

impl StoreWriter {
    fn length(&self) -> u64 {
        match &self.state {
            State::Held(held) => held.len() as u64,
            State::Flowing(flow) => flow.length,
            State::Failed(_) => 0,
        }
    }

    /// What was held and what comes now is on its way from here on.
    async fn write_through(&mut self, data: Bytes) -> PathIoResult<()> {
        let state = std::mem::replace(&mut self.state, State::Failed(faults::given_up()));
        let flow = match state {
            State::Held(held) => Flow::begin_with(&self.target, held.freeze()).await,
            State::Flowing(flow) => Ok(flow),
            State::Failed(error) => Err(error),
        };
        let written = match flow {
            Ok(flow) => flow.write_at(&self.target, self.position, data).await,
            Err(error) => Err(error),
        };
        match written {
            Ok(flow) => {
                self.state = State::Flowing(flow);
                Ok(())
            }
            Err(error) => {
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }
}

/// Where in what is held data of so many bytes belongs.
fn place(position: u64, length: usize) -> Option<(usize, usize)> {
    let begin = usize::try_from(position).ok()?;
    Some((begin, begin.checked_add(length)?))
}

#[async_trait]
impl PathFile for StoreWriter {
    async fn read(&mut self, _max: usize) -> PathIoResult<Bytes> {
        Err(faults::given_up())
    }

    async fn write(&mut self, data: Bytes) -> PathIoResult<()> {
        let length = data.len();
        let end_of_write = rules::end_of_write(self.position, length)?;
        if let State::Held(held) = &mut self.state
            && let Some((begin, end)) = place(self.position, length)
            && (end <= HELD || begin < held.len())
        {
            if held.len() < end {
                held.resize(end, 0);
            }
            if let Some(target) = held.get_mut(begin..end) {
                target.copy_from_slice(&data);
            }
        } else {
            self.write_through(data).await?;
        }
        self.position = end_of_write;
        Ok(())
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        self.position = rules::position(to, self.position, || Ok(self.length()))?;
        Ok(self.position)
    }

    fn require_new(&mut self) -> PathIoResult<()> {
        match self.state {
            State::Held(_) => {
                self.target.replaces = false;
                Ok(())
            }
            State::Flowing(_) => Err(faults::given_up()),
            State::Failed(ref error) => Err(error.clone()),
        }
    }

    async fn close(self: Box<Self>) -> PathIoResult<()> {
        let Self { target, state, .. } = *self;
        let place = target
            .tree
            .require_no_new_folder(&target.path, target.made_folders);
        place.await?;
        let stored = match state {
            State::Held(held) => target.clone().store(held.freeze()).await,
            State::Flowing(flow) => flow.end().await,
            State::Failed(error) => return Err(error),
        };
        target.stored(stored).await
    }
}
