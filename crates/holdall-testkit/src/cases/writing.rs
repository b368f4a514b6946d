//! Writing: what is there afterwards, for `write` and `write_atomic` alike.

use holdall::{AsyncWritableContent, Capability, Error, ErrorKind, WriteOptions, WriteResult};

use crate::content::noise;
use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::{Family, Suite};

/// The two calls that store a whole content.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Write {
    Plain,
    Atomic,
}

impl Write {
    pub(crate) const BOTH: [Self; 2] = [Self::Plain, Self::Atomic];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "write",
            Self::Atomic => "write_atomic",
        }
    }

    pub(crate) fn gate(self) -> Capability {
        match self {
            Self::Plain => Capability::Write,
            Self::Atomic => Capability::AtomicWrite,
        }
    }

    pub(crate) async fn call(
        self,
        t: &Fixture,
        path: &str,
        content: impl Into<AsyncWritableContent>,
        overwrite: bool,
    ) -> Result<WriteResult, Error> {
        let options = WriteOptions::new().overwrite(overwrite);
        match self {
            Self::Plain => t.store.write_with(path, content, options).await,
            Self::Atomic => t.store.write_atomic_with(path, content, options).await,
        }
    }
}

pub(crate) fn register(suite: &mut Suite) {
    for write in Write::BOTH {
        cases(&mut suite.family(write.name()), write);
    }
    let mut family = suite.family("write");
    family
        .case(
            "a_flat_namespace_has_no_obstacles",
            "on a flat namespace a file may stand at the path of a folder and below another file",
            [Capability::Write, Capability::Read],
            flat_has_no_obstacles,
        )
        .flat();
    family
        .case(
            "never_replaces_a_folder",
            "no write replaces a folder, not even an empty one",
            [Capability::Write, Capability::Delete],
            never_replaces_a_folder,
        )
        .hierarchical();
}

fn cases(family: &mut Family<'_>, write: Write) {
    let needs = [write.gate(), Capability::Write, Capability::Read];
    family.case(
        "creates_its_parents",
        "a write makes the folders above its path",
        needs,
        move |t| async move {
            write.call(&t, "a/b/c/file.txt", "content", false).await?;
            t.expect_content("a/b/c/file.txt", "content").await?;
            for folder in ["a", "a/b", "a/b/c"] {
                ensure!(t.store.is_folder(folder).await?, "{folder:?} is no folder");
            }
            Ok(())
        },
    );
    family.case(
        "replaces_the_whole_content",
        "an overwrite leaves nothing of a longer content",
        needs,
        move |t| async move {
            write.call(&t, "file.txt", noise(1, 100_000), false).await?;
            for content in [noise(2, 200_000), noise(3, 10), noise(4, 0), noise(5, 77)] {
                write.call(&t, "file.txt", content.clone(), true).await?;
                t.expect_content("file.txt", &content).await?;
            }
            Ok(())
        },
    );
    family.case(
        "overwriting_nothing_creates",
        "overwrite is a permission, not a demand",
        needs,
        move |t| async move {
            write.call(&t, "file.txt", "content", true).await?;
            t.expect_content("file.txt", "content").await
        },
    );
    family.case(
        "refuses_by_default",
        "without overwrite a file at the path is AlreadyExists, and keeps its content",
        needs,
        move |t| async move {
            write.call(&t, "file.txt", "first", false).await?;
            for content in ["second", ""] {
                let result = write.call(&t, "file.txt", content, false).await;
                expect_error(result, ErrorKind::AlreadyExists, "a second write")?;
                t.expect_content("file.txt", "first").await?;
            }
            Ok(())
        },
    );
    family.case(
        "leaves_other_files_alone",
        "a write changes no file but its own",
        [
            write.gate(),
            Capability::Write,
            Capability::Read,
            Capability::List,
        ],
        move |t| async move {
            t.tree(&["a/file.txt", "a/file.txt.bak", "a/b/file.txt", "file.txt"])
                .await?;
            write.call(&t, "a/file.txt", "changed", true).await?;
            t.expect_content("a/file.txt", "changed").await?;
            for path in ["a/file.txt.bak", "a/b/file.txt", "file.txt"] {
                t.expect_content(path, path).await?;
            }
            ensure_eq!(t.files().await?.len(), 4, "the number of files");
            Ok(())
        },
    );
    family.case(
        "recreates_after_a_delete",
        "a path is free again once its file is deleted",
        [
            write.gate(),
            Capability::Write,
            Capability::Read,
            Capability::Delete,
        ],
        move |t| async move {
            for content in ["one", "two", "three"] {
                write.call(&t, "file.txt", content, false).await?;
                t.expect_content("file.txt", content).await?;
                t.store.delete("file.txt").await?;
            }
            t.expect_missing("file.txt").await
        },
    );
    family.case(
        "many_at_once",
        "concurrent writes of different paths all succeed",
        [
            write.gate(),
            Capability::Write,
            Capability::Read,
            Capability::List,
        ],
        move |t| many_at_once(t, write),
    );
}

async fn many_at_once(t: Fixture, write: Write) -> Checked {
    let writes: Vec<_> = (0..64)
        .map(|n| {
            let t = t.clone();
            tokio::spawn(async move {
                let path = format!("shared/{}/{n}.bin", n % 4);
                write.call(&t, &path, noise(n, 5000), false).await
            })
        })
        .collect();
    for write in writes {
        write.await??;
    }
    ensure_eq!(t.files().await?.len(), 64, "the number of files");
    for n in 0..64 {
        t.expect_content(&format!("shared/{}/{n}.bin", n % 4), noise(n, 5000))
            .await?;
    }
    Ok(())
}

async fn flat_has_no_obstacles(t: Fixture) -> Checked {
    t.put("folder/file.txt", "below").await?;
    t.store.write("folder", "at a folder").await?;
    t.store
        .write("folder/file.txt/deeper", "below a file")
        .await?;
    t.expect_content("folder", "at a folder").await?;
    t.expect_content("folder/file.txt", "below").await?;
    t.expect_content("folder/file.txt/deeper", "below a file")
        .await
}

async fn never_replaces_a_folder(t: Fixture) -> Checked {
    t.empty_folder("folder").await?;
    for overwrite in [false, true] {
        for write in Write::BOTH {
            if t.require(write.gate()).is_ok() {
                let result = write.call(&t, "folder", "content", overwrite).await;
                expect_error(result, ErrorKind::InvalidPath, write.name())?;
            }
        }
    }
    ensure!(
        t.store.is_folder("folder").await?,
        "the empty folder is gone"
    );
    Ok(())
}
