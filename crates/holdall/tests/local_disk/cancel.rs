//! Writes that are given up or fail leave what was there.

use futures::stream;
use holdall::{AsyncWritableContent, Bytes, Error, ErrorKind};

use crate::disk::{kind, on_each, replacing};

const CHUNK: usize = 1024 * 1024;

fn failing() -> AsyncWritableContent {
    let chunks = (0..3)
        .map(|_| Ok(Bytes::from(vec![7; CHUNK])))
        .chain([Err(Error::new(ErrorKind::Other, "the source broke"))]);
    AsyncWritableContent::from_stream(stream::iter(chunks.collect::<Vec<_>>()))
}

#[tokio::test]
async fn a_source_that_fails_leaves_the_old_file_and_no_folders() {
    on_each(async |disk| {
        disk.store.write("a", "old").await.unwrap();
        let written = disk.store.write_with("a", failing(), replacing()).await;
        assert!(written.is_err());
        let written = disk.store.write("new/folder/b", failing()).await;
        assert!(written.is_err());
        assert_eq!(disk.store.read_text("a").await.unwrap(), "old");
        assert_eq!(disk.names(""), ["a"]);
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_is_dropped_leaves_nothing() {
    on_each(async |disk| {
        let mut writer = disk.store.open_atomic("new/folder/b").await.unwrap();
        writer.write(vec![7; 3 * CHUNK]).await.unwrap();
        drop(writer);
        assert!(disk.children("").await.unwrap().is_empty());
        // The stage goes with the last step that holds it, on another thread.
        while !disk.names("").is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_write_never_lands_over_a_later_one() {
    on_each(async |disk| {
        for round in 0..300 {
            {
                let early = disk.store.write_with("a", "early", replacing());
                let mut early = std::pin::pin!(early);
                let _ = futures::poll!(early.as_mut());
                for _ in 0..round % 7 {
                    tokio::task::yield_now().await;
                }
            }
            disk.store
                .write_with("a", "late", replacing())
                .await
                .unwrap();
            for _ in 0..3 {
                assert_eq!(disk.store.read_text("a").await.unwrap(), "late", "{round}");
                tokio::task::yield_now().await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_folder_that_is_deleted_under_an_upload_is_made_again() {
    on_each(async |disk| {
        let mut writer = disk.store.open_atomic("folder/sub/b").await.unwrap();
        writer.write("content").await.unwrap();
        std::fs::create_dir_all(disk.at("folder/sub")).unwrap();
        std::fs::remove_dir_all(disk.at("folder")).unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            disk.store.read_text("folder/sub/b").await.unwrap(),
            "content"
        );
    })
    .await;
}

#[tokio::test]
async fn a_reader_stays_on_the_version_that_it_opened() {
    on_each(async |disk| {
        let old = vec![1; 4 * CHUNK];
        disk.store.write("a", old.clone()).await.unwrap();
        let mut content = disk.store.read("a").unwrap();
        let mut read = content.next().await.unwrap().unwrap().to_vec();
        disk.store
            .write_with("a", vec![2; CHUNK], replacing())
            .await
            .unwrap();
        while let Some(chunk) = content.next().await {
            read.extend_from_slice(&chunk.unwrap());
        }
        assert!(read == old);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_cut_short_while_it_is_read_is_an_error_and_no_end() {
    on_each(async |disk| {
        disk.store.write("a", vec![1; 4 * CHUNK]).await.unwrap();
        let mut content = disk.store.read("a").unwrap();
        content.next().await.unwrap().unwrap();
        let file = std::fs::File::options()
            .write(true)
            .open(disk.at("a"))
            .unwrap();
        file.set_len(10).unwrap();
        let mut last = Ok(());
        while let Some(chunk) = content.next().await {
            last = chunk.map(drop);
        }
        assert_eq!(kind(last), ErrorKind::Conflict);
    })
    .await;
}
