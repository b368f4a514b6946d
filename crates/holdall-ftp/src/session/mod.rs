//! Sessions: one task for each client.

use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::observer::{Event, SessionInfo};
use crate::server::{Phase, Shared};

/// Serves one client until it leaves or must.
pub(crate) async fn run(
    mut stream: TcpStream,
    info: SessionInfo,
    shared: Arc<Shared>,
    _phase: watch::Receiver<Phase>,
) {
    let _presence = shared.enter();
    shared.observe(&info, &Event::Connected);
    let _ = stream.write_all(b"421 Not yet.\r\n").await;
    shared.observe(&info, &Event::Disconnected);
}
