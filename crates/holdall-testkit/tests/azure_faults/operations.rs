//! Every operation, with what stands in its folder before and after it.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use holdall::{
    AsyncStore, AsyncWritableContent, DeleteFolderOptions, ListOptions, PathEntry, Result,
    TransferOptions, WriteOptions,
};

use super::lane::PART;

/// Content by path, within a folder.
pub(crate) type Files = BTreeMap<String, Bytes>;

/// An operation on the files of a folder.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) before: Files,
    pub(crate) after: Files,
    /// What may also be there once it has failed.
    pub(crate) between: Between,
    pub(crate) act: Act,
    /// What it answers.
    pub(crate) answer: String,
}

/// What an operation may leave behind that failed midway.
pub(crate) enum Between {
    /// All as before, or all done.
    Nothing,
    /// Both the source and its whole copy.
    Both,
    /// Some of the files.
    Some,
}

type Act = fn(AsyncStore) -> BoxFuture<'static, Result<String>>;

fn small(seed: &str) -> Bytes {
    Bytes::from(seed.repeat(300 / seed.len()))
}

/// As much as goes in five requests.
fn long(seed: &str) -> Bytes {
    Bytes::from(seed.repeat(5 * PART / seed.len()))
}

/// The content as a stream whose length nobody knows before its end.
fn stream(content: &Bytes) -> AsyncWritableContent {
    let chunks: Vec<_> = content
        .chunks(PART * 2 / 3)
        .map(|chunk| Ok::<_, holdall::Error>(Bytes::copy_from_slice(chunk)))
        .collect();
    AsyncWritableContent::from_stream(futures::stream::iter(chunks))
}

fn files<const N: usize>(files: [(&str, Bytes); N]) -> Files {
    files
        .map(|(path, content)| (path.to_owned(), content))
        .into()
}

fn folder() -> Files {
    files([
        ("d/a", small("a")),
        ("d/b", long("b")),
        ("d/sub/c", small("c")),
        ("d/sub/d", small("d")),
    ])
}

fn over() -> WriteOptions {
    WriteOptions::new().overwrite(true)
}

pub(crate) fn all() -> Vec<Operation> {
    [
        writes(),
        reads(),
        looks(),
        listings(),
        transfers(),
        deletes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn changes(name: &'static str, before: Files, after: Files, act: Act) -> Operation {
    Operation {
        name,
        before,
        after,
        between: Between::Nothing,
        act,
        answer: String::new(),
    }
}

fn tells(name: &'static str, before: Files, answer: &str, act: Act) -> Operation {
    Operation {
        answer: answer.to_owned(),
        ..changes(name, before.clone(), before, act)
    }
}

fn writes() -> Vec<Operation> {
    let none = || files([]);
    let old = || files([("f", small("old"))]);
    let new = || files([("f", small("new"))]);
    let long_new = || files([("f", long("new"))]);
    vec![
        changes("create", none(), new(), |s| {
            async move { s.write("f", small("new")).await.map(|_| String::new()) }.boxed()
        }),
        changes("overwrite", old(), new(), |s| {
            async move {
                s.write_with("f", small("new"), over())
                    .await
                    .map(|_| String::new())
            }
            .boxed()
        }),
        changes("create in blocks", none(), long_new(), |s| {
            async move { s.write("f", long("new")).await.map(|_| String::new()) }.boxed()
        }),
        changes("overwrite in blocks", old(), long_new(), |s| {
            async move {
                s.write_with("f", long("new"), over())
                    .await
                    .map(|_| String::new())
            }
            .boxed()
        }),
        changes("replace a version", old(), new(), |s| {
            async move {
                let seen = WriteOptions::new().if_match(&s.get_file_info("f").await?);
                let written = s.write_with("f", small("new"), seen).await;
                written.map(|_| String::new())
            }
            .boxed()
        }),
        changes("replace a version in blocks", old(), long_new(), |s| {
            async move {
                let seen = WriteOptions::new().if_match(&s.get_file_info("f").await?);
                let written = s.write_with("f", long("new"), seen).await;
                written.map(|_| String::new())
            }
            .boxed()
        }),
        changes("create atomically", none(), new(), |s| {
            async move {
                s.write_atomic("f", small("new"))
                    .await
                    .map(|_| String::new())
            }
            .boxed()
        }),
        changes("overwrite atomically", old(), long_new(), |s| {
            async move {
                s.write_atomic_with("f", long("new"), over())
                    .await
                    .map(|_| String::new())
            }
            .boxed()
        }),
        changes("create from a stream", none(), long_new(), |s| {
            async move {
                s.write("f", stream(&long("new")))
                    .await
                    .map(|_| String::new())
            }
            .boxed()
        }),
        changes("overwrite from a stream", old(), long_new(), |s| {
            async move {
                let written = s.write_with("f", stream(&long("new")), over()).await;
                written.map(|_| String::new())
            }
            .boxed()
        }),
        changes("stream atomically", none(), long_new(), |s| {
            async move {
                let written = s.write_atomic("f", stream(&long("new"))).await;
                written.map(|_| String::new())
            }
            .boxed()
        }),
        changes("open_atomic", none(), long_new(), |s| {
            async move {
                let mut writer = s.open_atomic("f").await?;
                writer.write(long("new")).await?;
                writer.commit().await.map(|_| String::new())
            }
            .boxed()
        }),
    ]
}

fn text(content: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(content.as_ref()).into_owned()
}

fn reads() -> Vec<Operation> {
    let short = || files([("f", small("old"))]);
    let many = || files([("f", long("old"))]);
    let whole = long("old");
    let stretch = whole.slice(1000..3000);
    vec![
        tells("read", short(), &text(small("old")), |s| {
            async move { s.read_bytes("f").await.map(text) }.boxed()
        }),
        tells("read in parts", many(), &text(&whole), |s| {
            async move { s.read("f")?.bytes().await.map(text) }.boxed()
        }),
        tells("read_range", many(), &text(stretch), |s| {
            async move { s.read_range("f", 1000..3000)?.bytes().await.map(text) }.boxed()
        }),
        tells("read of nothing", files([("f", Bytes::new())]), "", |s| {
            async move { s.read_bytes("f").await.map(text) }.boxed()
        }),
    ]
}

fn looks() -> Vec<Operation> {
    let short = || files([("f", small("old"))]);
    vec![
        tells("exists", short(), "true", |s| {
            async move { s.exists("f").await.map(|found| found.to_string()) }.boxed()
        }),
        tells("exists, and does not", short(), "false", |s| {
            async move { s.exists("g").await.map(|found| found.to_string()) }.boxed()
        }),
        tells("is_file", short(), "true", |s| {
            async move { s.is_file("f").await.map(|found| found.to_string()) }.boxed()
        }),
        tells("is_folder", folder(), "true", |s| {
            async move { s.is_folder("d").await.map(|found| found.to_string()) }.boxed()
        }),
        tells("get_file_info", short(), "300", |s| {
            async move { s.get_file_info("f").await.map(|info| info.size.to_string()) }.boxed()
        }),
        tells("get_folder_info", folder(), "4 files, 6020 bytes", |s| {
            async move {
                let info = s.get_folder_info("d").await?;
                Ok(format!(
                    "{} files, {} bytes",
                    info.file_count, info.total_size
                ))
            }
            .boxed()
        }),
        tells("ping", files([]), "", |s| {
            async move { s.ping().await.map(|()| String::new()) }.boxed()
        }),
    ]
}

fn listings() -> Vec<Operation> {
    vec![
        tells("list_files", folder(), "d/a d/b d/sub/c d/sub/d", |s| {
            async move {
                let all = ListOptions::new().recursive(true);
                let found = s.list_files_with("d", all)?.try_collect().await?;
                Ok(names(found.iter().map(|file| file.path.to_string())))
            }
            .boxed()
        }),
        tells("iter_children", folder(), "d/a d/b d/sub", |s| {
            async move {
                let found: Vec<PathEntry> = s.iter_children("d")?.try_collect().await?;
                Ok(names(found.iter().map(|entry| entry.path().to_string())))
            }
            .boxed()
        }),
        tells("glob", folder(), "d/sub/c", |s| {
            async move {
                let found = s.glob("d/**/c")?.try_collect().await?;
                Ok(names(found.iter().map(|file| file.path.to_string())))
            }
            .boxed()
        }),
    ]
}

fn names(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.join(" ")
}

fn transfers() -> Vec<Operation> {
    let source = || files([("s", long("new"))]);
    let target = || files([("t", long("new"))]);
    let both = || files([("s", long("new")), ("t", long("new"))]);
    let taken = || files([("s", long("new")), ("t", small("old"))]);
    let renames = |name, before, after, act| Operation {
        between: Between::Both,
        ..changes(name, before, after, act)
    };
    vec![
        renames("rename", source(), target(), |s| {
            async move { s.rename("s", "t").await.map(|()| String::new()) }.boxed()
        }),
        renames("rename over", taken(), target(), |s| {
            async move {
                let over = TransferOptions::new().overwrite(true);
                s.rename_with("s", "t", over).await.map(|()| String::new())
            }
            .boxed()
        }),
        changes("copy", source(), both(), |s| {
            async move { s.copy("s", "t").await.map(|()| String::new()) }.boxed()
        }),
        changes("copy over", taken(), both(), |s| {
            async move {
                let over = TransferOptions::new().overwrite(true);
                s.copy_with("s", "t", over).await.map(|()| String::new())
            }
            .boxed()
        }),
    ]
}

fn deletes() -> Vec<Operation> {
    let beside = || files([("e", small("e")), ("f", small("f"))]);
    vec![
        changes("delete", beside(), files([("e", small("e"))]), |s| {
            async move { s.delete("f").await.map(|()| String::new()) }.boxed()
        }),
        Operation {
            between: Between::Some,
            ..changes("delete_folder", folder(), files([]), |s| {
                async move {
                    let all = DeleteFolderOptions::new().recursive(true);
                    s.delete_folder_with("d", all).await.map(|()| String::new())
                }
                .boxed()
            })
        },
    ]
}
