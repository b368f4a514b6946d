//! Moving bytes between a file and a data connection.

use std::future::Future;
use std::io;
use std::pin::pin;

use bytes::{Buf, Bytes, BytesMut};
use futures::future::{Either, select, try_join};
use holdall::pathio::AsyncPathFile;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::ascii::{ToFile, ToNetwork};
use super::fault::Fault;
use super::progress::Progress;
use super::throttle::Throttle;

/// The first block of an upload; later ones grow while data comes, so that small
/// files take little memory.
const FIRST_BLOCK: usize = 16 * 1024;
const GROWTH: usize = 4;

/// How bytes are moved.
#[derive(Debug)]
pub(super) struct Mover<'a> {
    pub(super) progress: &'a Progress,
    pub(super) throttle: Throttle,
    pub(super) block_size: usize,
    pub(super) ascii: bool,
}

/// Moves a data connection's bytes into a file, until the connection ends. One
/// block is written while the next one comes.
///
/// After [`Fault::Lost`] and [`Fault::Stopped`] all that had come is in the file.
pub(super) async fn receive(
    source: &mut (impl AsyncRead + Unpin),
    file: &mut AsyncPathFile,
    mut mover: Mover<'_>,
) -> Result<(), Fault> {
    let largest = mover.throttle.block_size(mover.block_size);
    let mut size = FIRST_BLOCK.min(largest);
    let mut converter = mover.ascii.then(ToFile::default);
    let mut ready = Bytes::new();
    loop {
        let mut buffer = BytesMut::with_capacity(size);
        let reading = fill(source, &mut buffer, size, mover.progress);
        let read = overlap(reading, write(file, ready, mover.progress)).await?;
        let ended = read.is_err() || buffer.len() < size;
        mover.throttle.pass(buffer.len()).await;
        ready = to_file(&mut converter, buffer.freeze(), ended);
        if ended {
            write(file, ready, mover.progress).await?;
            return read;
        }
        size = size.saturating_mul(GROWTH).min(largest);
    }
}

fn to_file(converter: &mut Option<ToFile>, block: Bytes, last: bool) -> Bytes {
    let Some(converter) = converter else {
        return block;
    };
    let converted = converter.convert(block);
    let held = if last {
        converter.finish()
    } else {
        Bytes::new()
    };
    if held.is_empty() {
        return converted;
    }
    let mut whole = BytesMut::from(converted);
    whole.extend_from_slice(&held);
    whole.freeze()
}

/// Reads until the block is full, or the connection ends.
async fn fill(
    source: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
    size: usize,
    progress: &Progress,
) -> Result<(), Fault> {
    let mut stopped = pin!(progress.stopped());
    while buffer.len() < size {
        let read = tokio::select! {
            biased;
            () = &mut stopped => return Err(Fault::Stopped),
            read = source.read_buf(buffer) => read.map_err(Fault::Lost)?,
        };
        if read == 0 {
            break;
        }
        progress.moved(read);
    }
    Ok(())
}

async fn write(file: &mut AsyncPathFile, block: Bytes, progress: &Progress) -> Result<(), Fault> {
    if !block.is_empty() {
        file.write(block).await?;
        progress.beat();
    }
    Ok(())
}

/// Reads and writes at the same time. A write that fails ends both; a read that
/// fails lets the write finish, so that the file stays fit for use.
async fn overlap<T>(
    reading: impl Future<Output = Result<T, Fault>>,
    writing: impl Future<Output = Result<(), Fault>>,
) -> Result<Result<T, Fault>, Fault> {
    match select(pin!(reading), pin!(writing)).await {
        Either::Left((read, writing)) => writing.await.map(|()| read),
        Either::Right((written, reading)) => {
            written?;
            Ok(reading.await)
        }
    }
}

/// Moves the rest of a file into a data connection. One block is read while the
/// one before it goes out.
pub(super) async fn send(
    file: &mut AsyncPathFile,
    sink: &mut (impl AsyncWrite + Unpin),
    mut mover: Mover<'_>,
) -> Result<(), Fault> {
    let size = mover.throttle.block_size(mover.block_size);
    let mut converter = mover.ascii.then(ToNetwork::default);
    let mut block = file.read(size).await?;
    while !block.is_empty() {
        let length = block.len();
        if let Some(converter) = &mut converter {
            block = converter.convert(&block);
        }
        let reading = async { file.read(size).await.map_err(Fault::from) };
        let (next, ()) = try_join(reading, push(sink, block, mover.progress)).await?;
        mover.throttle.pass(length).await;
        mover.progress.beat();
        block = next;
    }
    Ok(())
}

/// Writes all of a block to a data connection.
pub(super) async fn push(
    sink: &mut (impl AsyncWrite + Unpin),
    mut block: Bytes,
    progress: &Progress,
) -> Result<(), Fault> {
    while block.has_remaining() {
        let written = sink.write_buf(&mut block).await.map_err(Fault::Lost)?;
        if written == 0 {
            return Err(Fault::Lost(io::Error::from(io::ErrorKind::WriteZero)));
        }
        progress.moved(written);
    }
    Ok(())
}
