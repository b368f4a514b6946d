//! Reading: one version of a file, a block ahead of the caller.

use std::io::SeekFrom;

use async_trait::async_trait;
use bytes::{Buf, Bytes};
use futures::future::BoxFuture;

use super::faults;
use super::tree::Tree;
use crate::error::Result;
use crate::pathio::error::PathIoResult;
use crate::pathio::file::{DEFAULT_BLOCK_SIZE, PathFile};
use crate::pathio::path::PathName;
use crate::pathio::rules;
use crate::reader::RandomRead;

type Source = Box<dyn RandomRead>;

/// A file open for reading.
pub(super) struct StoreReader {
    fetch: Fetch,
    size: u64,
    position: u64,
    /// What was fetched and not read yet, from `position` on.
    at_hand: Bytes,
    /// Whether a read has gone on where another stopped.
    goes_on: bool,
}

/// The block that is fetched next, at most one at a time.
enum Fetch {
    Idle(Source),
    Going(u64, BoxFuture<'static, (Source, Result<Bytes>)>),
    Done(u64, Source, Result<Bytes>),
    /// A call was given up midway.
    Lost,
}

impl Tree {
    pub(super) async fn open_to_read(&self, path: PathName) -> PathIoResult<StoreReader> {
        if path.is_root() {
            return Err(faults::is_a_folder());
        }
        let first_block = DEFAULT_BLOCK_SIZE as u64;
        let opened = self.store().read_seekable_ahead(path.as_str(), first_block);
        match opened.await {
            Ok(reader) => Ok(StoreReader {
                size: reader.size(),
                fetch: Fetch::Idle(reader.into_source()?),
                position: 0,
                at_hand: Bytes::new(),
                goes_on: false,
            }),
            Err(error) => Err(self.explained(&path, error).await),
        }
    }
}

fn begin(mut source: Source, offset: u64, max: usize) -> Fetch {
    let fetching = async move {
        let fetched = source.read_at(offset, max).await;
        (source, fetched)
    };
    Fetch::Going(offset, Box::pin(fetching))
}

impl StoreReader {
    /// The bytes at the position.
    async fn fetch(&mut self, max: usize) -> PathIoResult<Bytes> {
        loop {
            match std::mem::replace(&mut self.fetch, Fetch::Lost) {
                Fetch::Idle(source) => self.fetch = begin(source, self.position, max),
                Fetch::Going(offset, fetching) => {
                    let (source, fetched) = fetching.await;
                    self.fetch = Fetch::Done(offset, source, fetched);
                }
                Fetch::Done(offset, source, fetched) => {
                    self.fetch = Fetch::Idle(source);
                    // What was fetched before a seek is not wanted any more.
                    if offset == self.position {
                        return Ok(fetched?);
                    }
                }
                Fetch::Lost => return Err(faults::given_up()),
            }
        }
    }

    /// Has the block after the one at hand on its way.
    async fn fetch_ahead(&mut self, max: usize) {
        let offset = self.position.saturating_add(self.at_hand.len() as u64);
        if offset >= self.size {
            return;
        }
        self.fetch = match std::mem::replace(&mut self.fetch, Fetch::Lost) {
            Fetch::Idle(source) => match begin(source, offset, max) {
                // The first poll sends it off.
                Fetch::Going(offset, mut fetching) => match futures::poll!(&mut fetching) {
                    std::task::Poll::Ready((source, fetched)) => {
                        Fetch::Done(offset, source, fetched)
                    }
                    std::task::Poll::Pending => Fetch::Going(offset, fetching),
                },
                begun => begun,
            },
            busy => busy,
        };
    }
}

#[async_trait]
impl PathFile for StoreReader {
    async fn read(&mut self, max: usize) -> PathIoResult<Bytes> {
        if self.at_hand.is_empty() {
            if self.position >= self.size {
                return Ok(Bytes::new());
            }
            let block = max.max(DEFAULT_BLOCK_SIZE);
            self.at_hand = self.fetch(block).await?;
            if self.goes_on {
                self.fetch_ahead(block).await;
            }
            self.goes_on = true;
        }
        let piece = self.at_hand.split_to(max.min(self.at_hand.len()));
        self.position += piece.len() as u64;
        Ok(piece)
    }

    async fn write(&mut self, _data: Bytes) -> PathIoResult<()> {
        Err(faults::given_up())
    }

    async fn seek(&mut self, to: SeekFrom) -> PathIoResult<u64> {
        let target = rules::position(to, self.position, || Ok(self.size))?;
        let ahead = target.checked_sub(self.position);
        match ahead.and_then(|ahead| usize::try_from(ahead).ok()) {
            Some(ahead) if ahead <= self.at_hand.len() => self.at_hand.advance(ahead),
            _ => {
                self.at_hand.clear();
                self.goes_on = false;
            }
        }
        self.position = target;
        Ok(target)
    }

    async fn close(self: Box<Self>) -> PathIoResult<()> {
        Ok(())
    }
}
