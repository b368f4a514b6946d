//! Deleting files and folders.

use holdall::{Capability, DeleteFolderOptions, ErrorKind};

use crate::fixture::Fixture;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

const NEEDS: [Capability; 2] = [Capability::Write, Capability::Delete];

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("delete");
    family.case(
        "removes_the_file_alone",
        "a delete removes one file and nothing beside it",
        NEEDS
            .into_iter()
            .chain([Capability::Read, Capability::List]),
        removes_one,
    );
    family
        .case(
            "leaves_the_folder",
            "the folder of a deleted file stays",
            NEEDS,
            |t| async move {
                t.empty_folder("a/b").await?;
                ensure!(t.store.is_folder("a/b").await?, "the folder is gone");
                ensure!(t.store.exists("a").await?, "the folder above is gone");
                Ok(())
            },
        )
        .hierarchical();
    family.case(
        "twice",
        "a second delete is NotFound",
        NEEDS,
        |t| async move {
            t.put("file", "x").await?;
            t.store.delete("file").await?;
            expect_error(
                t.store.delete("file").await,
                ErrorKind::NotFound,
                "a second delete",
            )?;
            Ok(())
        },
    );

    let mut family = suite.family("delete_folder");
    family
        .case(
            "removes_an_empty_folder",
            "an empty folder is deleted without 'recursive'; the folder above stays",
            NEEDS,
            removes_empty,
        )
        .hierarchical();
    family.case(
        "removes_all_below",
        "a recursive delete removes everything below the folder and nothing beside it",
        NEEDS
            .into_iter()
            .chain([Capability::List, Capability::Read]),
        removes_all_below,
    );
    family.case(
        "removes_a_deep_tree",
        "a recursive delete goes as deep as the tree",
        NEEDS,
        |t| async move {
            let path = format!("folder/{}file", "level/".repeat(100));
            t.put(&path, "x").await?;
            delete_all(&t, "folder").await?;
            t.expect_missing("folder").await
        },
    );
    family.case(
        "removes_a_wide_tree",
        "a recursive delete removes more nodes than fit in one step",
        NEEDS.into_iter().chain([Capability::List]),
        removes_a_wide_tree,
    );
    family
        .case(
            "counts_folders_as_content",
            "a folder that holds only an empty folder is not empty",
            NEEDS,
            |t| async move {
                t.empty_folder("folder/sub").await?;
                let result = t.store.delete_folder("folder").await;
                expect_error(result, ErrorKind::DirectoryNotEmpty, "delete_folder")?;
                ensure!(
                    t.store.is_folder("folder/sub").await?,
                    "the inner folder is gone"
                );
                delete_all(&t, "folder").await?;
                t.expect_missing("folder").await
            },
        )
        .hierarchical();
    family.case(
        "a_refusal_removes_nothing",
        "a delete that is refused as DirectoryNotEmpty leaves every file",
        NEEDS
            .into_iter()
            .chain([Capability::List, Capability::Read]),
        |t| async move {
            t.tree(&["folder/a", "folder/sub/b"]).await?;
            let before = t.snapshot().await?;
            let result = t.store.delete_folder("folder").await;
            expect_error(result, ErrorKind::DirectoryNotEmpty, "delete_folder")?;
            t.expect_unchanged(&before, "a refused delete").await
        },
    );
    family.case(
        "the_name_is_free_again",
        "a deleted folder's name can become a file",
        NEEDS.into_iter().chain([Capability::Read]),
        |t| async move {
            t.tree(&["folder/a", "folder/sub/b"]).await?;
            delete_all(&t, "folder").await?;
            t.store.write("folder", "a file now").await?;
            t.expect_content("folder", "a file now").await
        },
    );
}

async fn delete_all(t: &Fixture, path: &str) -> Checked {
    let options = DeleteFolderOptions::new().recursive(true);
    t.store.delete_folder_with(path, options).await?;
    Ok(())
}

async fn removes_one(t: Fixture) -> Checked {
    t.tree(&["file", "file.txt", "folder/file"]).await?;
    t.store.delete("file").await?;
    t.expect_missing("file").await?;
    ensure_eq!(t.files().await?.len(), 2, "the number of files");
    t.expect_content("file.txt", "file.txt").await?;
    t.expect_content("folder/file", "folder/file").await
}

async fn removes_empty(t: Fixture) -> Checked {
    t.empty_folder("a/b").await?;
    t.store.delete_folder("a/b").await?;
    t.expect_missing("a/b").await?;
    ensure!(t.store.is_folder("a").await?, "the folder above is gone");
    let result = t.store.delete_folder("a/b").await;
    expect_error(result, ErrorKind::NotFound, "a second delete_folder")?;
    Ok(())
}

async fn removes_all_below(t: Fixture) -> Checked {
    t.tree(&[
        "folder/a",
        "folder/sub/b",
        "folder/sub/.c",
        "folder-too/d",
        "folder.txt",
    ])
    .await?;
    delete_all(&t, "folder").await?;
    t.expect_missing("folder").await?;
    t.expect_missing("folder/sub/b").await?;
    let left = ["folder-too/d", "folder.txt"].map(str::to_owned).into();
    ensure_eq!(t.files().await?, left, "the files that are left");
    Ok(())
}

async fn removes_a_wide_tree(t: Fixture) -> Checked {
    for n in 0..1200 {
        t.put(&format!("folder/{}/{n}", n % 7), "").await?;
    }
    t.put("outside", "x").await?;
    delete_all(&t, "folder").await?;
    t.expect_missing("folder").await?;
    ensure_eq!(t.files().await?.len(), 1, "the number of files");
    Ok(())
}
