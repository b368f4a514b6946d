//! Records as JSON: what goes out comes back, and nothing invalid comes in.

#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use holdall::{
    ContentDigest, FileInfo, FolderEntry, FolderInfo, PathEntry, RemotePath, ResolutionPlan,
    Timestamp, UserMetadata, WriteResult, WriteSource,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

fn time() -> Timestamp {
    "2026-01-02T03:04:05.678901234Z".parse().unwrap()
}

fn file() -> FileInfo {
    let mut file = FileInfo::new(path("reports/q1.csv"), u64::MAX);
    file.modified_at = Some(time());
    file.digest = Some(ContentDigest::new("md5", "00ff").unwrap());
    file.etag = Some("0xA".to_owned());
    file.content_type = Some("text/csv".to_owned());
    file.metadata = Some(UserMetadata::new([("owner", "finance")]).unwrap());
    file.extra.insert("tier".to_owned(), "hot".to_owned());
    file
}

/// The value as JSON, after a round trip that lost nothing: compared field by
/// field, because records are equal when their paths are.
fn round_trip<T: Serialize + DeserializeOwned + Debug>(record: &T) -> Value {
    let value = to_value(record).unwrap();
    let back: T = from_value(value.clone()).unwrap();
    assert_eq!(format!("{back:?}"), format!("{record:?}"));
    value
}

#[test]
fn a_file_keeps_every_field() {
    let value = round_trip(&file());
    assert_eq!(
        value,
        json!({
            "path": "reports/q1.csv",
            "size": u64::MAX,
            "modified_at": "2026-01-02T03:04:05.678901234Z",
            "digest": {"algorithm": "md5", "value": "00ff"},
            "etag": "0xA",
            "content_type": "text/csv",
            "metadata": {"owner": "finance"},
            "extra": {"tier": "hot"},
        })
    );
    round_trip(&FileInfo::new(path("a"), 0));
}

#[test]
fn a_file_needs_no_more_than_path_and_size() {
    let file: FileInfo = from_value(json!({"path": "a", "size": 1})).unwrap();
    assert_eq!(
        format!("{file:?}"),
        format!("{:?}", FileInfo::new(path("a"), 1))
    );
    assert!(from_value::<FileInfo>(json!({"path": "a"})).is_err());
    assert!(from_value::<FileInfo>(json!({"path": "a", "size": -1})).is_err());
}

#[test]
fn folders_and_children_keep_what_they_are() {
    let mut folder = FolderInfo::new(RemotePath::root());
    folder.count(7, Some(time()));
    assert_eq!(round_trip(&folder)["path"], ".");
    round_trip(&FolderEntry::new(path("a")));

    let child = round_trip(&PathEntry::Folder(FolderEntry::new(path("a"))));
    assert_eq!(child, json!({"type": "folder", "path": "a"}));
    let child = round_trip(&PathEntry::File(file()));
    assert_eq!(
        (&child["type"], &child["path"]),
        (&json!("file"), &json!("reports/q1.csv"))
    );
}

#[test]
fn a_write_result_and_a_plan_keep_every_field() {
    let mut result = WriteResult::from_info(file());
    result.version_id = Some("v1".to_owned());
    assert_eq!(round_trip(&result)["source"], "sidecar");
    for source in [
        WriteSource::Native,
        WriteSource::Basic,
        WriteSource::Sidecar,
    ] {
        assert_eq!(round_trip(&source), json!(source.as_str()));
    }
    let mut plan = ResolutionPlan::new("local", "a", "/srv/a");
    plan.details.insert("root".to_owned(), "/srv".to_owned());
    round_trip(&plan);
}

#[test]
fn what_comes_in_is_normalised_and_validated() {
    let digest: ContentDigest = from_value(json!({"algorithm": " MD5", "value": "00FF"})).unwrap();
    assert_eq!(digest, ContentDigest::new("md5", "00ff").unwrap());
    assert_eq!(
        from_value::<RemotePath>(json!("/a//b")).unwrap(),
        path("a/b")
    );
    assert_eq!(
        from_value::<RemotePath>(json!(".")).unwrap(),
        RemotePath::root()
    );

    assert!(from_value::<ContentDigest>(json!({"algorithm": "md5", "value": "x"})).is_err());
    assert!(from_value::<ContentDigest>(json!({"algorithm": "", "value": "00"})).is_err());
    assert!(from_value::<RemotePath>(json!("a/../b")).is_err());
    assert!(from_value::<UserMetadata>(json!({"_a": "b"})).is_err());
    assert!(from_value::<WriteSource>(json!("Native")).is_err());
}
