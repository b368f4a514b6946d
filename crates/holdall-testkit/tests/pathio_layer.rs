//! What the path-IO layer itself does, whatever the path IO.

#![allow(clippy::unwrap_used)]

use std::error::Error as _;
use std::io;

use holdall::pathio::{
    AbstractPathIo, MemoryPathIo, MkdirOptions, OpenMode, PathIoError, PathIoErrorKind as Kind,
    PathIoOperation, universal_error,
};
use holdall::{Error, ErrorKind};

#[test]
fn an_error_of_the_system_keeps_its_kind_and_is_the_reason() {
    for (of_system, expected) in [
        (io::ErrorKind::NotFound, Kind::NotFound),
        (io::ErrorKind::AlreadyExists, Kind::AlreadyExists),
        (io::ErrorKind::IsADirectory, Kind::IsADirectory),
        (io::ErrorKind::NotADirectory, Kind::NotADirectory),
        (io::ErrorKind::DirectoryNotEmpty, Kind::DirectoryNotEmpty),
        (io::ErrorKind::PermissionDenied, Kind::PermissionDenied),
        (io::ErrorKind::StorageFull, Kind::StorageFull),
        (io::ErrorKind::TimedOut, Kind::TimedOut),
        (io::ErrorKind::BrokenPipe, Kind::Other),
    ] {
        let error = universal_error(io::Error::from(of_system));
        assert_eq!(error.kind(), expected);
        let reason = error.reason().unwrap().downcast_ref::<io::Error>();
        assert_eq!(reason.unwrap().kind(), of_system);
        assert!(error.source().is_some());
    }
}

#[test]
fn an_error_of_a_store_keeps_its_kind_and_is_the_reason() {
    for (of_store, expected) in [
        (ErrorKind::NotFound, Kind::NotFound),
        (ErrorKind::InvalidPath, Kind::InvalidArgument),
        (ErrorKind::CapabilityNotSupported, Kind::NotImplemented),
        (ErrorKind::BackendUnavailable, Kind::Unavailable),
        (ErrorKind::Conflict, Kind::Conflict),
    ] {
        let error = universal_error(Error::new(of_store, "the store said no"));
        assert_eq!(error.kind(), expected);
        assert!(error.reason().unwrap().is::<Error>());
    }
}

#[test]
fn an_error_of_the_layer_goes_through_as_it_is() {
    let ours = PathIoError::not_implemented(PathIoOperation::SetModified).with_path("a");
    for error in [
        universal_error(ours.clone()),
        universal_error(io::Error::other(ours.clone())),
    ] {
        assert_eq!(error.kind(), Kind::NotImplemented);
        assert_eq!(error.operation(), Some(PathIoOperation::SetModified));
        assert_eq!(error.path(), Some("a"));
        assert!(error.reason().is_none());
    }
}

#[tokio::test]
async fn the_cancellation_of_a_task_goes_through_as_such() {
    let task = tokio::spawn(std::future::pending::<()>());
    task.abort();
    let error = universal_error(task.await.unwrap_err());
    assert_eq!(error.kind(), Kind::Cancelled);
}

#[test]
fn any_other_error_is_the_reason_of_one_of_the_layer() {
    let error = universal_error("x".parse::<u8>().unwrap_err());
    assert_eq!(error.kind(), Kind::Other);
    assert!(error.reason().unwrap().is::<std::num::ParseIntError>());
    assert!(!error.message().is_empty());
}

#[test]
fn modes_are_read_as_they_are_written_and_nothing_else_is_one() {
    for mode in [
        OpenMode::Read,
        OpenMode::Write,
        OpenMode::Append,
        OpenMode::ReadWrite,
    ] {
        assert_eq!(mode.to_string().parse::<OpenMode>().unwrap(), mode);
    }
    for text in ["", "r", "w", "rw", "rb+", "xb", "RB"] {
        let error = text.parse::<OpenMode>().unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidArgument, "{text}");
    }
}

#[tokio::test]
async fn a_path_io_in_memory_starts_from_its_working_folder() {
    let io = MemoryPathIo::with_cwd("/home/ann").unwrap();
    let parents = MkdirOptions::new().parents(true).exist_ok(true);
    io.mkdir("/home/ann", parents).await.unwrap();
    io.mkdir("sub", MkdirOptions::new()).await.unwrap();
    assert!(io.is_dir("/home/ann/sub").await.unwrap());
    assert!(!io.exists("/sub").await.unwrap());
    assert_eq!(io.list("").collect_paths().await.unwrap(), ["sub"]);
}
