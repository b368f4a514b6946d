//! The chapter docs/listing-and-globbing.md, running.

use holdall::ext::glob::glob_files;
use holdall::{AsyncMemoryBackend, AsyncStore, FolderInfoOptions, ListOptions, PathEntry};

#[tokio::main]
async fn main() -> holdall::Result<()> {
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "")?;
    for path in ["top.csv", "2025/q4.csv", "2026/q1.csv", "2026/notes/q1.txt"] {
        store.write(path, "1234").await?;
    }
    files(&store).await?;
    folders(&store).await?;
    children(&store).await?;
    sums(&store).await?;
    globs(&store).await
}

async fn files(store: &AsyncStore) -> holdall::Result<()> {
    assert_eq!(paths(store, ListOptions::new()).await?, ["top.csv"]);
    assert_eq!(
        paths(store, ListOptions::new().recursive(true)).await?,
        ["2025/q4.csv", "2026/notes/q1.txt", "2026/q1.csv", "top.csv"],
    );
    assert_eq!(
        paths(store, ListOptions::new().max_depth(1).pattern("q*")).await?,
        ["2025/q4.csv", "2026/q1.csv"],
    );
    Ok(())
}

async fn paths(store: &AsyncStore, options: ListOptions) -> holdall::Result<Vec<String>> {
    let mut paths = Vec::new();
    let mut files = store.list_files_with("", options)?;
    while let Some(file) = files.next().await {
        paths.push(file?.path.to_string());
    }
    paths.sort();
    Ok(paths)
}

async fn folders(store: &AsyncStore) -> holdall::Result<()> {
    let folders = store.list_folders("")?.try_collect().await?;
    assert_eq!(folders.len(), 2);

    let deeper = ListOptions::new().max_depth(1);
    let folders = store.list_folders_with("", deeper)?.try_collect().await?;
    assert_eq!(folders.len(), 3);
    Ok(())
}

async fn children(store: &AsyncStore) -> holdall::Result<()> {
    let mut children = store.iter_children("2026")?;
    while let Some(child) = children.next().await {
        match child? {
            PathEntry::File(file) => println!("{} ({} bytes)", file.name(), file.size),
            PathEntry::Folder(folder) => println!("{}/", folder.name()),
        }
    }
    Ok(())
}

async fn sums(store: &AsyncStore) -> holdall::Result<()> {
    let all = store.get_folder_info("2026").await?;
    assert_eq!((all.file_count, all.total_size), (2, 8));

    let shallow = FolderInfoOptions::new().max_depth(0);
    let own = store.get_folder_info_with("2026", shallow).await?;
    assert_eq!((own.file_count, own.total_size), (1, 4));
    Ok(())
}

async fn globs(store: &AsyncStore) -> holdall::Result<()> {
    let found = glob_files(store, "20*/**/q?.[ct]*")?.try_collect().await?;
    let mut names: Vec<_> = found.iter().map(|file| file.path.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["2025/q4.csv", "2026/notes/q1.txt", "2026/q1.csv"]);
    Ok(())
}
