//! What is known of one file.

use holdall::{Capability, ListOptions, RemotePath, TransferOptions};

use crate::content::noise;
use crate::fixture::Fixture;
use crate::stop::{Checked, Stop, ensure, ensure_eq};
use crate::suite::Suite;

pub(crate) fn register(suite: &mut Suite) {
    let needs = [Capability::Write, Capability::Metadata];
    let mut family = suite.family("get_file_info");
    family.case(
        "path_name_and_size",
        "a record holds the normalised path, its last segment, and the size",
        needs,
        path_name_and_size,
    );
    family.case(
        "size_follows_the_content",
        "the size is that of the latest write",
        needs,
        size_follows,
    );
    family.case(
        "time_does_not_go_back",
        "a file that is written later does not have an earlier time",
        needs,
        time_goes_on,
    );
    family.case(
        "listings_agree",
        "a listing tells the same size, time and etag as get_file_info",
        needs.into_iter().chain([Capability::List]),
        listings_agree,
    );
    family.case(
        "rename_keeps_the_record",
        "a renamed file keeps its size and, where the backend has it, its digest",
        needs.into_iter().chain([Capability::Move]),
        rename_keeps,
    );
    family.case(
        "copy_keeps_the_size",
        "a copy has the size of its source, whatever stood there",
        needs.into_iter().chain([Capability::Copy]),
        copy_keeps,
    );
}

async fn path_name_and_size(t: Fixture) -> Checked {
    t.put("folder/report.tar.gz", noise(1, 1234)).await?;
    for path in ["folder/report.tar.gz", "/folder//report.tar.gz"] {
        let info = t.store.get_file_info(path).await?;
        ensure_eq!(
            info.path,
            RemotePath::new("folder/report.tar.gz")?,
            "the path"
        );
        ensure_eq!(info.name(), "report.tar.gz", "the name");
        ensure_eq!(info.size, 1234, "the size");
    }
    Ok(())
}

async fn size_follows(t: Fixture) -> Checked {
    for size in [0, 5, 100_000, 1, 0] {
        t.put("file", noise(1, size)).await?;
        let info = t.store.get_file_info("file").await?;
        ensure_eq!(info.size, size as u64, "the size");
    }
    Ok(())
}

async fn time_goes_on(t: Fixture) -> Checked {
    let mut last = None;
    for round in 0..5 {
        t.put("file", format!("round {round}")).await?;
        let now = t.store.get_file_info("file").await?.modified_at;
        ensure!(now >= last, "the time went from {last:?} to {now:?}");
        last = now;
    }
    Ok(())
}

async fn listings_agree(t: Fixture) -> Checked {
    t.tree(&["a", "folder/b", "folder/sub/c"]).await?;
    let options = ListOptions::new().recursive(true);
    for listed in t.store.list_files_with("", options)?.try_collect().await? {
        let info = t.store.get_file_info(listed.path.as_str()).await?;
        let path = &listed.path;
        ensure_eq!(listed.size, info.size, "the size of {path}");
        ensure_eq!(listed.modified_at, info.modified_at, "the time of {path}");
        if listed.etag.is_some() {
            ensure_eq!(listed.etag, info.etag, "the etag of {path}");
        }
    }
    for child in t.store.iter_children("folder")?.try_collect().await? {
        let Some(listed) = child.as_file() else {
            continue;
        };
        let info = t.store.get_file_info(listed.path.as_str()).await?;
        ensure_eq!(listed.size, info.size, "the size of a child");
        ensure_eq!(listed.modified_at, info.modified_at, "the time of a child");
    }
    Ok(())
}

async fn rename_keeps(t: Fixture) -> Checked {
    t.put("from", noise(1, 777)).await?;
    let before = t.store.get_file_info("from").await?;
    t.store.rename("from", "folder/to").await?;
    let after = t.store.get_file_info("folder/to").await?;
    ensure_eq!(after.path, RemotePath::new("folder/to")?, "the path");
    ensure_eq!(after.size, before.size, "the size");
    ensure_eq!(after.digest, before.digest, "the digest");
    Ok(())
}

async fn copy_keeps(t: Fixture) -> Checked {
    t.put("from", noise(1, 777)).await?;
    t.put("taken", noise(2, 5000)).await?;
    for target in ["free", "taken"] {
        let options = TransferOptions::new().overwrite(true);
        t.store.copy_with("from", target, options).await?;
        let size = t.store.get_file_info(target).await?.size;
        if size != 777 {
            return Err(Stop::Failed(format!(
                "the copy at {target:?} has {size} bytes"
            )));
        }
    }
    Ok(())
}
