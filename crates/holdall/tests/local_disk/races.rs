//! Many at once: one creator wins, and no link that is swapped in leads out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use holdall::{AsyncStore, ErrorKind, Result};

use crate::disk::{Disk, on_each, replacing};

const RACERS: usize = 8;
const ROUNDS: usize = 40;

/// Races `RACERS` calls for one path, round after round.
async fn race<F>(disk: &Disk, act: impl Fn(AsyncStore, usize, String) -> F)
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    for round in 0..ROUNDS {
        let target = format!("target-{round}");
        let racers: Vec<_> = (0..RACERS)
            .map(|racer| tokio::spawn(act(disk.store.clone(), racer, target.clone())))
            .collect();
        let mut winners = Vec::new();
        for (racer, task) in racers.into_iter().enumerate() {
            match task.await.unwrap() {
                Ok(()) => winners.push(racer),
                Err(error) => assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{error}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}: {winners:?}");
        let content = disk.store.read_text(&target).await.unwrap();
        assert_eq!(content, winners[0].to_string(), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_writers_exactly_one_creates_the_file() {
    on_each(async |disk| {
        race(&disk, |store, racer, target| async move {
            store.write(&target, racer.to_string()).await.map(drop)
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_atomic_writers_exactly_one_creates_the_file() {
    on_each(async |disk| {
        race(&disk, |store, racer, target| async move {
            store
                .write_atomic(&target, racer.to_string())
                .await
                .map(drop)
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_renames_and_copies_exactly_one_lands() {
    on_each(async |disk| {
        race(&disk, |store, racer, target| async move {
            let source = format!("{target}-source-{racer}");
            store.write(&source, racer.to_string()).await?;
            if racer % 2 == 0 {
                store.rename(&source, &target).await
            } else {
                store.copy(&source, &target).await
            }
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stores_on_one_folder_do_not_create_a_file_twice() {
    let first = Disk::new(false);
    let second = crate::disk::open(&first.at(""), true);
    race(&first, |store, racer, target| {
        let store = if racer % 2 == 0 {
            store
        } else {
            second.clone()
        };
        async move { store.write(&target, racer.to_string()).await.map(drop) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_and_a_deleter_of_one_folder_never_fail_oddly() {
    on_each(async |disk| {
        let store = disk.store.clone();
        let writer = tokio::spawn(async move {
            for round in 0..200 {
                store
                    .write_with("folder/sub/a", round.to_string(), replacing())
                    .await
                    .unwrap();
            }
        });
        while !writer.is_finished() {
            let options = holdall::DeleteFolderOptions::new()
                .recursive(true)
                .missing_ok(true);
            match disk.store.delete_folder_with("folder", options).await {
                Ok(()) => {}
                Err(error) => assert!(
                    matches!(
                        error.kind(),
                        ErrorKind::ResourceLocked | ErrorKind::BackendUnavailable
                    ),
                    "{error}"
                ),
            }
        }
        writer.await.unwrap();
    })
    .await;
}

/// Swaps `folder` between a folder and a link to the outside.
fn swap(disk: &Disk, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<()> {
    let (live, spare) = (disk.at("folder"), disk.at("spare"));
    std::os::unix::fs::symlink(disk.outside("vault"), &spare).unwrap();
    std::thread::spawn(move || {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        while !stop.load(Ordering::Relaxed) {
            let _ = renameat_with(CWD, &live, CWD, &spare, RenameFlags::EXCHANGE);
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_is_swapped_in_midway_leads_nothing_out() {
    on_each(async |disk| {
        std::fs::create_dir(disk.outside("vault")).unwrap();
        std::fs::write(disk.outside("vault/a"), "secret").unwrap();
        std::fs::create_dir(disk.at("folder")).unwrap();
        std::fs::write(disk.at("folder/a"), "public").unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let swapper = swap(&disk, Arc::clone(&stop));
        for round in 0..300 {
            if let Ok(text) = disk.store.read_text("folder/a").await {
                assert_eq!(text, "public");
            }
            let _ = disk
                .store
                .write_with("folder/a", "public", replacing())
                .await;
            let _ = disk
                .store
                .write(&format!("folder/new/{round}"), "public")
                .await;
            let _ = disk
                .store
                .copy("folder/a", &format!("folder/copy-{round}"))
                .await;
            let _ = disk.store.delete(&format!("folder/copy-{round}")).await;
            let listed = disk.files("").await.unwrap_or_default();
            assert!(!listed.iter().any(|path| path.contains("vault")));
        }
        stop.store(true, Ordering::Relaxed);
        swapper.join().unwrap();
        let vault: Vec<_> = std::fs::read_dir(disk.outside("vault")).unwrap().collect();
        assert_eq!(vault.len(), 1, "{vault:?}");
        assert_eq!(std::fs::read(disk.outside("vault/a")).unwrap(), b"secret");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recursive_delete_is_never_led_out() {
    on_each(async |disk| {
        std::fs::create_dir(disk.outside("vault")).unwrap();
        std::fs::write(disk.outside("vault/a"), "secret").unwrap();
        std::fs::create_dir(disk.at("folder")).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let swapper = swap(&disk, Arc::clone(&stop));
        for _ in 0..200 {
            let _ = std::fs::create_dir(disk.at("folder"));
            let options = holdall::DeleteFolderOptions::new().recursive(true);
            let _ = disk.store.delete_folder_with("folder", options).await;
        }
        stop.store(true, Ordering::Relaxed);
        swapper.join().unwrap();
        assert_eq!(std::fs::read(disk.outside("vault/a")).unwrap(), b"secret");
    })
    .await;
}
