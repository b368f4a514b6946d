//! Many clients at once, slow ones.

#![allow(clippy::unwrap_used)]

mod served;

use std::sync::Arc;
use std::time::Duration;

use holdall::pathio::{AbstractPathIo, AsyncPathIo, MemoryPathIo};
use holdall_ftp_peers::{Failure, Pace, RawSession, Site, content};
use served::Served;

const SESSIONS: u8 = 64;

/// Each session stores, reads back and compares files of its own, in blocks of
/// its own size with pauses between.
async fn session(site: Site, number: u8) -> Result<(), Failure> {
    let mut session = RawSession::log_in(&site).await?;
    session
        .call(&format!("MKD session-{number}"), "257")
        .await?;
    session
        .call(&format!("CWD session-{number}"), "250")
        .await?;
    let pace = Pace {
        block: 700 + 997 * usize::from(number),
        pause: Duration::from_millis(u64::from(number % 7)),
    };
    for round in 0..3 {
        let sent = content(number ^ round, 20_000 + 1000 * usize::from(number));
        let name = format!("file-{round}");
        session.store(&name, &sent, pace).await?;
        let received = session.retrieve(&name, pace).await?;
        if received != sent {
            return Err(format!("{number}: {name} came back as another").into());
        }
    }
    let names = session.names("").await?;
    if names.len() != 3 {
        return Err(format!("{number}: {names:?}").into());
    }
    session.call("QUIT", "221").await.map(drop)
}

async fn all_at_once(io: Arc<dyn AbstractPathIo>) {
    let served = Served::over(io).await;
    let sessions: Vec<_> = (0..SESSIONS)
        .map(|number| tokio::spawn(session(served.site.clone(), number)))
        .collect();
    for session in sessions {
        session.await.unwrap().unwrap();
    }
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_sessions_side_by_side_get_what_they_stored_in_memory() {
    all_at_once(Arc::new(MemoryPathIo::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_sessions_side_by_side_get_what_they_stored_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    all_at_once(Arc::new(AsyncPathIo::new(folder.path()).unwrap())).await;
}
