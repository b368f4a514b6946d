//! Renaming files.

use holdall::Capability;

use super::copying::{self, Transfer};
use crate::content::noise;
use crate::stop::{ensure, ensure_eq};
use crate::suite::Suite;

pub(crate) fn register(suite: &mut Suite) {
    copying::common(suite, Transfer::Rename);
    let mut family = suite.family("rename");
    let needs = [Capability::Write, Capability::Read, Capability::Move];
    family.case(
        "the_source_is_gone",
        "after a rename nothing stands at the source, and its folder stays",
        needs,
        |t| async move {
            t.put("a/from", noise(1, 5000)).await?;
            t.store.rename("a/from", "b/c/to").await?;
            t.expect_missing("a/from").await?;
            t.expect_content("b/c/to", noise(1, 5000)).await
        },
    );
    family.case(
        "there_and_back",
        "a file can be renamed back",
        needs,
        |t| async move {
            t.put("one", "content").await?;
            for _ in 0..5 {
                t.store.rename("one", "folder/two").await?;
                t.store.rename("folder/two", "one").await?;
            }
            t.expect_content("one", "content").await?;
            t.expect_missing("folder/two").await
        },
    );
    family.case(
        "keeps_one_file",
        "a rename neither adds nor loses a file",
        needs.into_iter().chain([Capability::List]),
        |t| async move {
            t.tree(&["one", "two", "three"]).await?;
            t.store.rename("one", "folder/one").await?;
            let options = holdall::TransferOptions::new().overwrite(true);
            t.store.rename_with("two", "three", options).await?;
            let expected = ["folder/one", "three"].map(str::to_owned).into();
            ensure_eq!(t.files().await?, expected, "the files");
            t.expect_content("three", "two").await
        },
    );
    family
        .case(
            "leaves_the_folder",
            "the folder that a file was renamed out of stays",
            needs,
            |t| async move {
                t.tree(&["folder/file"]).await?;
                t.store.rename("folder/file", "file").await?;
                ensure!(t.store.is_folder("folder").await?, "the folder is gone");
                Ok(())
            },
        )
        .hierarchical();
}
