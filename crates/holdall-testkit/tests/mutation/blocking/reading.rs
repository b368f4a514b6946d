//! Reads with a fault.

use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use holdall::{Backend, Error, ErrorKind, RandomSource, ReadStream, Result, SeekableStream};

use super::Broken;
use super::fault::Fault;

pub(super) fn read(broken: &Broken, path: &str) -> Result<ReadStream> {
    match broken.fault {
        Some(Fault::ReadsTellLate) => Ok(opened_late(broken, path)),
        Some(Fault::ReadsOpenLate) => {
            broken.inner.read(path)?;
            Ok(opened_late(broken, path))
        }
        Some(Fault::NeverSeekable) => Ok(forward(broken.inner.read(path)?, Ok)),
        Some(Fault::LosesBytesBetweenChunks) => {
            Ok(forward(broken.inner.read(path)?, |mut chunk| {
                chunk.truncate(chunk.len().min(200_000));
                Ok(chunk)
            }))
        }
        Some(Fault::StreamsStayOnTheirThread) => {
            let home = thread::current().id();
            Ok(forward(broken.inner.read(path)?, move |chunk| {
                if thread::current().id() == home {
                    return Ok(chunk);
                }
                Err(Error::new(ErrorKind::Other, "this is another's stream"))
            }))
        }
        Some(Fault::SeeksOneOff) => Ok(read_seekable(broken, path)?.into()),
        _ => broken.inner.read(path),
    }
}

/// A stream that looks for its file when it is first pulled.
fn opened_late(broken: &Broken, path: &str) -> ReadStream {
    let (inner, path) = (Arc::clone(&broken.inner), path.to_owned());
    let mut open = None;
    ReadStream::new(std::iter::from_fn(move || {
        let mut content: ReadStream = match open.take() {
            Some(content) => content,
            None => match inner.read(&path) {
                Ok(content) => content,
                Err(error) => return Some(Err(error)),
            },
        };
        let chunk = content.next_chunk().transpose();
        open = Some(content);
        chunk
    }))
}

/// The chunks as `pass` leaves them, in a stream that goes forward only.
fn forward(
    mut content: ReadStream,
    mut pass: impl FnMut(Bytes) -> Result<Bytes> + Send + 'static,
) -> ReadStream {
    ReadStream::new(std::iter::from_fn(move || {
        let chunk = content.next_chunk().transpose()?;
        Some(chunk.and_then(&mut pass))
    }))
}

pub(super) fn read_bytes(broken: &Broken, path: &str) -> Result<Bytes> {
    let content = broken.inner.read_bytes(path)?;
    if broken.has(Fault::AnswersWithThoseOfOthers) {
        let caller = thread::current().id();
        let last = broken
            .last_read
            .lock()
            .unwrap()
            .replace((caller, content.clone()));
        if let Some((other, answer)) = last
            && other != caller
        {
            return Ok(answer);
        }
    }
    Ok(content)
}

pub(super) fn read_seekable(broken: &Broken, path: &str) -> Result<SeekableStream> {
    if broken.has(Fault::SeeksOneOff) {
        return Ok(SeekableStream::new(OneOff(broken.inner.read_bytes(path)?)));
    }
    broken.inner.read_seekable(path)
}

/// Forgets one byte wherever it is sent, but for the start.
struct OneOff(Bytes);

impl RandomSource for OneOff {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&mut self, offset: u64, max: usize) -> Result<Bytes> {
        let start = (offset as usize + usize::from(offset > 0)).min(self.0.len());
        let end = (start + max).min(self.0.len());
        Ok(self.0.slice(start..end))
    }
}
