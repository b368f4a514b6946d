//! Whole transfers, from the data connection's beginning to its end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use holdall::pathio::AsyncPathFile;
use tokio::io::AsyncWriteExt;

use super::copy::{Mover, push, receive, send};
use super::endpoint::Connector;
use super::fault::Fault;
use super::progress::{Progress, Stage};
use super::throttle::Throttle;
use crate::listing::Lines;
use crate::stream::Stream;

/// How long the other side has to take TLS's closing alert.
const FAREWELL: Duration = Duration::from_secs(5);

/// How bytes are moved.
#[derive(Debug)]
pub(crate) struct Manner {
    pub(crate) throttle: Throttle,
    pub(crate) block_size: usize,
    pub(crate) ascii: bool,
}

impl Manner {
    fn mover(self, progress: &Progress) -> Mover<'_> {
        Mover {
            progress,
            throttle: self.throttle,
            block_size: self.block_size,
            ascii: self.ascii,
        }
    }
}

/// A file on its way to the server.
pub(crate) struct Upload {
    pub(crate) connector: Connector,
    pub(crate) file: AsyncPathFile,
    pub(crate) manner: Manner,
    /// Whether what came before a cut is kept.
    pub(crate) keep_partial: bool,
}

impl Upload {
    /// Takes the file in. It shows only if its end was told properly.
    pub(crate) async fn run(self, progress: Arc<Progress>) -> Result<(), Fault> {
        let mut file = self.file;
        let mut stream = connect(self.connector, &progress).await?;
        let mut received = receive(&mut stream, &mut file, self.manner.mover(&progress)).await;
        if received.is_ok() {
            received = progress.confirmation().await;
        }
        match received {
            Ok(()) => {
                progress.enter(Stage::Committing);
                // Clients may wait for the answer to their closing alert.
                if matches!(stream, Stream::Tls(_)) {
                    let _ = tokio::time::timeout(FAREWELL, stream.shutdown()).await;
                }
                drop(stream);
                Ok(file.close().await?)
            }
            Err(cut @ (Fault::Lost(_) | Fault::Stopped)) if self.keep_partial => {
                progress.enter(Stage::Committing);
                file.close().await?;
                Err(cut)
            }
            Err(fault) => Err(fault),
        }
    }
}

/// A file on its way to the client.
pub(crate) struct Download {
    pub(crate) connector: Connector,
    pub(crate) file: AsyncPathFile,
    pub(crate) manner: Manner,
}

impl Download {
    pub(crate) async fn run(self, progress: Arc<Progress>) -> Result<(), Fault> {
        let mut file = self.file;
        let mut stream = connect(self.connector, &progress).await?;
        send(&mut file, &mut stream, self.manner.mover(&progress)).await?;
        end(stream).await
    }
}

/// A listing on its way to the client.
pub(crate) struct Listing {
    pub(crate) connector: Connector,
    pub(crate) lines: Lines,
}

impl Listing {
    pub(crate) async fn run(mut self, progress: Arc<Progress>) -> Result<(), Fault> {
        let mut stream = connect(self.connector, &progress).await?;
        while let Some(block) = self.lines.next_block().await? {
            progress.beat();
            push(&mut stream, Bytes::from(block), &progress).await?;
        }
        end(stream).await
    }
}

async fn connect(connector: Connector, progress: &Progress) -> Result<Stream, Fault> {
    let stream = connector.connect().await.map_err(Fault::NoConnection)?;
    progress.enter(Stage::Moving);
    Ok(stream)
}

/// Ends a connection over which all has been sent. A client that knew the length
/// may have ended it already, and has lost nothing.
async fn end(mut stream: Stream) -> Result<(), Fault> {
    stream.flush().await.map_err(Fault::Lost)?;
    let _ = stream.shutdown().await;
    Ok(())
}
