//! Hops, blocks on their way, and calls that are given up, on an executor driven
//! by hand.

use std::collections::VecDeque;
use std::io::SeekFrom;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use futures::future::{FutureExt, poll_immediate};
use parking_lot::Mutex;
use tempfile::TempDir;

use crate::pathio::{
    AbstractPathIo, AsyncPathIo, MkdirOptions, OpenMode, PathIo, PathIoErrorKind, PathIoResult,
};

type Job = Box<dyn FnOnce() + Send>;

/// Runs jobs when it is told to.
#[derive(Clone, Default)]
struct ByHand {
    jobs: Arc<Mutex<VecDeque<Job>>>,
    begun: Arc<AtomicUsize>,
}

impl ByHand {
    fn path_io(&self, root: &TempDir) -> AsyncPathIo {
        let this = self.clone();
        let executor = move |job: Job| {
            this.begun.fetch_add(1, Ordering::Relaxed);
            this.jobs.lock().push_back(job);
        };
        AsyncPathIo::with_executor(root.path(), executor).unwrap()
    }

    /// Runs all jobs that wait.
    fn run(&self) {
        loop {
            let Some(job) = self.jobs.lock().pop_front() else {
                return;
            };
            job();
        }
    }

    /// Drives a call to its end, and says how many jobs were begun for it.
    async fn hops<T>(&self, call: impl Future<Output = T>) -> (T, usize) {
        let before = self.begun.load(Ordering::Relaxed);
        let mut call = std::pin::pin!(call);
        loop {
            if let Some(done) = poll_immediate(&mut call).await {
                return (done, self.begun.load(Ordering::Relaxed) - before);
            }
            assert!(!self.jobs.lock().is_empty(), "the call waits for no job");
            self.run();
        }
    }

    async fn end<T>(&self, call: impl Future<Output = PathIoResult<T>>) -> T {
        self.hops(call).await.0.unwrap()
    }
}

fn large() -> Vec<u8> {
    (0..1_000_000_u32)
        .map(|number| (number % 251) as u8)
        .collect()
}

fn entries(root: &TempDir) -> usize {
    std::fs::read_dir(root.path()).unwrap().count()
}

#[tokio::test]
async fn every_call_is_one_hop() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let io = hand.path_io(&root);
    let parents = MkdirOptions::new().parents(true);
    assert_eq!(hand.hops(io.mkdir("a/b/c", parents)).await.1, 1);
    assert!(
        hand.hops(io.stat("a/b")).await.1 <= 1,
        "none for what is cached"
    );
    assert_eq!(hand.hops(io.rename("a/b", "d")).await.1, 1);
    assert_eq!(hand.hops(io.rmdir("d/c")).await.1, 1);
    assert_eq!(hand.hops(io.exists("..")).await.1, 0, "a path that is none");
}

#[tokio::test]
async fn a_listing_is_a_hop_for_each_batch() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    for number in 0..100 {
        std::fs::write(root.path().join(number.to_string()), "x").unwrap();
    }
    let (paths, hops) = hand
        .hops(hand.path_io(&root).list("").collect_paths())
        .await;
    assert_eq!(paths.unwrap().len(), 100);
    assert_eq!(hops, 2, "one for the entries, one for the end");
}

#[tokio::test]
async fn a_small_file_is_written_in_two_hops_and_read_in_at_most_one() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let io = hand.path_io(&root);
    let write = async {
        let mut file = io.open("file", OpenMode::Write).await?;
        for _ in 0..1000 {
            file.write("abcd").await?;
        }
        file.close().await
    };
    let (written, hops) = hand.hops(write).await;
    written.unwrap();
    assert_eq!(hops, 2);

    let read = async {
        let mut file = io.open("file", OpenMode::Read).await?;
        let mut length = 0;
        loop {
            let block = file.read(1000).await?;
            if block.is_empty() {
                break;
            }
            length += block.len();
        }
        assert_eq!(file.seek(SeekFrom::End(-3)).await?, 3997);
        assert_eq!(file.read(1000).await?, "bcd");
        file.close().await?;
        PathIoResult::Ok(length)
    };
    let (length, hops) = hand.hops(read).await;
    assert_eq!(length.unwrap(), 4000);
    assert!(hops <= 1, "none for what is cached");
}

#[tokio::test]
async fn the_next_block_is_fetched_while_this_one_is_used() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let content = large();
    std::fs::write(root.path().join("file"), &content).unwrap();
    let io = hand.path_io(&root);
    let mut file = hand
        .end(io.open("file", OpenMode::Read).into_future())
        .await;
    let mut read = Vec::new();
    loop {
        let block = hand.end(file.read(256 * 1024)).await;
        if block.is_empty() {
            break;
        }
        assert!(hand.jobs.lock().len() == 1, "a block is on its way");
        read.extend_from_slice(&block);
    }
    assert!(read == content);
}

#[tokio::test]
async fn blocks_smaller_than_a_hop_is_worth_share_one() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    std::fs::write(root.path().join("file"), large()).unwrap();
    let io = hand.path_io(&root);
    let read = async {
        let mut file = io.open("file", OpenMode::Read).await?;
        while !file.read(1000).await?.is_empty() {}
        file.close().await
    };
    let (read, hops) = hand.hops(read).await;
    read.unwrap();
    assert!(hops <= 8, "{hops} hops for four blocks");
}

#[tokio::test]
async fn a_reader_that_moves_reads_from_there() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let content = large();
    std::fs::write(root.path().join("file"), &content).unwrap();
    let io = hand.path_io(&root);
    let mut file = hand
        .end(io.open("file", OpenMode::Read).into_future())
        .await;
    let moves = [
        (SeekFrom::Start(10), 10),
        (SeekFrom::Current(-5), 15),
        (SeekFrom::Current(65_000), 65_025),
        (SeekFrom::Start(300_000), 300_000),
        (SeekFrom::Start(299_999), 299_999),
        (SeekFrom::End(-10), 999_990),
        (SeekFrom::Start(0), 0),
    ];
    for (to, expected) in moves {
        assert_eq!(hand.end(file.seek(to)).await, expected as u64);
        let block = hand.end(file.read(10)).await;
        assert_eq!(block, content[expected..expected + 10], "after {to:?}");
    }
    let refused = hand.hops(file.seek(SeekFrom::Current(-11))).await.0;
    assert_eq!(
        refused.unwrap_err().kind(),
        PathIoErrorKind::InvalidArgument
    );
    let refused = hand.hops(file.seek(SeekFrom::End(-1_000_001))).await.0;
    assert_eq!(
        refused.unwrap_err().kind(),
        PathIoErrorKind::InvalidArgument
    );
    assert_eq!(hand.end(file.read(2)).await, content[10..12]);
    assert_eq!(hand.end(file.seek(SeekFrom::End(5))).await, 1_000_005);
    assert!(hand.end(file.read(10)).await.is_empty());
}

#[tokio::test]
async fn a_read_that_is_given_up_loses_nothing() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let content = large();
    std::fs::write(root.path().join("file"), &content).unwrap();
    let io = hand.path_io(&root);
    let mut file = hand
        .end(io.open("file", OpenMode::Read).into_future())
        .await;
    let mut read = hand.end(file.read(usize::MAX)).await.to_vec();
    while read.len() < content.len() {
        assert!(file.read(usize::MAX).now_or_never().is_none());
        read.extend_from_slice(&hand.end(file.read(usize::MAX)).await);
    }
    assert!(read == content);
}

#[tokio::test]
async fn a_block_goes_out_while_the_next_is_made() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let io = hand.path_io(&root);
    let block = Bytes::from(vec![7; 256 * 1024]);
    let mut file = hand
        .end(io.open("file", OpenMode::Write).into_future())
        .await;
    file.write(block.clone()).now_or_never().unwrap().unwrap();
    assert_eq!(hand.jobs.lock().len(), 1);
    assert!(
        file.write(block.clone()).now_or_never().is_none(),
        "two are enough"
    );
    drop(file);
    hand.run();
    assert_eq!(entries(&root), 0);
}

#[tokio::test]
async fn what_is_written_in_pieces_and_places_is_what_a_local_file_has() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let io = hand.path_io(&root);
    for mode in [OpenMode::Write, OpenMode::ReadWrite, OpenMode::Append] {
        let paths = ["in place", "on executor"];
        for path in paths {
            std::fs::write(root.path().join(path), "0123456789").unwrap();
        }
        let in_place = PathIo::new(root.path()).unwrap();
        let ios: [(&dyn AbstractPathIo, _); 2] = [(&in_place, paths[0]), (&io, paths[1])];
        let mut positions = Vec::new();
        for (io, path) in ios {
            let work = async {
                let mut file = io.open(path, mode).await?;
                let mut seen = Vec::new();
                for length in [3, 5000, 300_000, 1, 70_000] {
                    file.write(vec![length as u8; length]).await?;
                    seen.push(file.seek(SeekFrom::Current(-2)).await?);
                    file.write("xy").await?;
                    seen.push(file.seek(SeekFrom::End(3)).await?);
                }
                seen.push(file.seek(SeekFrom::Start(4)).await?);
                file.write("z").await?;
                assert!(file.seek(SeekFrom::Current(-1_000_000)).await.is_err());
                assert!(file.seek(SeekFrom::End(-1_000_000)).await.is_err());
                file.write("end").await?;
                file.close().await?;
                PathIoResult::Ok(seen)
            };
            positions.push(hand.end(work).await);
        }
        assert_eq!(positions[0], positions[1], "{mode}");
        let [a, b] = paths.map(|path| std::fs::read(root.path().join(path)).unwrap());
        assert!(a == b, "{mode}");
    }
}

#[tokio::test]
async fn a_file_that_did_not_take_a_write_says_so_and_never_shows() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let io = hand.path_io(&root);
    let mut file = hand
        .end(io.open("file", OpenMode::Write).into_future())
        .await;
    hand.end(file.write(vec![7; 256 * 1024])).await;
    // The executor loses the block.
    hand.jobs.lock().clear();
    let refused = hand.hops(file.write(vec![7; 256 * 1024])).await.0;
    assert_eq!(refused.unwrap_err().kind(), PathIoErrorKind::Unavailable);
    let refused = hand.hops(file.close()).await.0;
    assert_eq!(refused.unwrap_err().kind(), PathIoErrorKind::Unavailable);
    hand.run();
    assert_eq!(entries(&root), 0);
}

/// Every way to give up a write: after each number of polls, and before or after
/// the job that was begun.
#[tokio::test]
async fn a_write_that_is_given_up_anywhere_shows_whole_or_not_at_all() {
    for (steps, is_run) in (0..6).flat_map(|steps| [(steps, false), (steps, true)]) {
        let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
        let io = hand.path_io(&root);
        let path = root.path().join("file");
        std::fs::write(&path, "old").unwrap();
        let mut write = Box::pin(async {
            let mut file = io.open("file", OpenMode::Write).await?;
            for _ in 0..3 {
                file.write(vec![7; 256 * 1024]).await?;
            }
            file.close().await
        });
        let mut is_done = false;
        for _ in 0..steps {
            if !is_done {
                is_done = poll_immediate(&mut write).await.is_some();
                hand.run();
            }
        }
        if !is_done {
            is_done = poll_immediate(&mut write).await.is_some();
        }
        if is_run {
            hand.run();
        }
        drop(write);
        hand.run();
        let length = std::fs::metadata(&path).unwrap().len();
        assert!(length == 3 || length == 3 * 256 * 1024, "after {steps}");
        assert!(!is_done || length > 3, "after {steps}");
        assert_eq!(entries(&root), 1, "after {steps}");
    }
}

#[tokio::test]
async fn a_call_after_an_append_was_given_up_sees_it_taken_back() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let io = hand.path_io(&root);
    std::fs::write(root.path().join("file"), "old").unwrap();
    for blocks in 0..3 {
        for path in ["file", "new"] {
            let mut file = hand
                .end(io.open(path, OpenMode::Append).into_future())
                .await;
            for _ in 0..blocks {
                hand.end(file.write(vec![7; 256 * 1024])).await;
            }
            drop(file);
            assert!(io.stat(path).now_or_never().is_none(), "it waits");
        }
        assert_eq!(hand.end(io.stat("file")).await.size, 3);
        assert!(!hand.end(io.exists("new")).await);
    }
}

#[tokio::test]
async fn a_change_whose_turn_has_not_come_when_it_is_given_up_is_not_made() {
    let (root, hand) = (tempfile::tempdir().unwrap(), ByHand::default());
    let io = hand.path_io(&root);
    assert!(
        io.mkdir("folder", MkdirOptions::new())
            .now_or_never()
            .is_none()
    );
    hand.run();
    assert_eq!(entries(&root), 0);
}

#[tokio::test]
async fn an_executor_that_drops_a_job_fails_its_call() {
    let root = tempfile::tempdir().unwrap();
    let io = AsyncPathIo::with_executor(root.path(), |job: Job| drop(job)).unwrap();
    let error = io.rmdir("folder").await.unwrap_err();
    assert_eq!(error.kind(), PathIoErrorKind::Unavailable);
    assert_eq!(error.path(), Some("folder"));
}
