//! Local disk: the whole round on both implementations.

use holdall::{AsyncLocalBackend, AsyncStore, ErrorKind, WriteOptions};

#[tokio::test]
async fn content_makes_the_round_on_both_implementations() {
    for portable in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let backend = AsyncLocalBackend::builder(folder.path())
            .force_portable(portable)
            .build()
            .unwrap();
        let store = AsyncStore::new(backend, "").unwrap();
        store.write("a/b/c.txt", "one").await.unwrap();
        assert_eq!(store.read_text("a/b/c.txt").await.unwrap(), "one");
        let again = store.write("a/b/c.txt", "two").await.unwrap_err();
        assert_eq!(again.kind(), ErrorKind::AlreadyExists);
        let replacing = WriteOptions::new().overwrite(true);
        let written = store
            .write_atomic_with("a/b/c.txt", "two", replacing)
            .await
            .unwrap();
        assert_eq!(written.size, 3);
        store.copy("a/b/c.txt", "d/e.txt").await.unwrap();
        store.rename("d/e.txt", "d/f.txt").await.unwrap();
        assert_eq!(store.read_text("d/f.txt").await.unwrap(), "two");
        let mut names = Vec::new();
        let options = holdall::ListOptions::new().recursive(true);
        let mut files = store.list_files_with("", options).unwrap();
        while let Some(file) = files.next().await {
            names.push(file.unwrap().path.as_str().to_owned());
        }
        names.sort();
        assert_eq!(names, ["a/b/c.txt", "d/f.txt"]);
        let recursive = holdall::DeleteFolderOptions::new().recursive(true);
        store.delete_folder_with("a", recursive).await.unwrap();
        assert!(!store.exists("a").await.unwrap());
        store.delete("d/f.txt").await.unwrap();
        store.delete_folder("d").await.unwrap();
        store.ping().await.unwrap();
    }
}
