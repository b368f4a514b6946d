//! `exists`, `is_dir` and `is_file`.

use crate::pathio::case::Suite;
use crate::pathio::fixture::Fixture;
use crate::stop::{Checked, ensure_eq};

/// What stands somewhere, as the three calls tell it.
#[derive(Clone, Copy)]
struct Seen {
    exists: bool,
    is_dir: bool,
    is_file: bool,
}

const NOTHING: Seen = Seen {
    exists: false,
    is_dir: false,
    is_file: false,
};
const FILE: Seen = Seen {
    exists: true,
    is_dir: false,
    is_file: true,
};
const FOLDER: Seen = Seen {
    exists: true,
    is_dir: true,
    is_file: false,
};

pub(super) fn register(suite: &mut Suite) {
    for (place, path, seen) in [
        ("a_file", "folder/file", FILE),
        ("a_folder", "folder", FOLDER),
        ("an_empty_folder", "folder/empty", FOLDER),
        ("the_root", "/", FOLDER),
        ("nothing", "missing", NOTHING),
        ("nothing_in_nothing", "missing/deep", NOTHING),
        ("the_way_blocked_by_a_file", "folder/file/below", NOTHING),
        ("the_beginning_of_a_name", "fold", NOTHING),
    ] {
        let rule =
            |call: &str| format!("{call} tells what stands at a path, and nothing is no error");
        suite
            .family("exists")
            .case(format!("at_{place}"), rule("exists"), move |t| async move {
                prepare(&t).await?;
                ensure_eq!(
                    t.io.exists(path).await?,
                    seen.exists,
                    "whether {path:?} exists"
                );
                Ok(())
            });
        suite
            .family("is_dir")
            .case(format!("at_{place}"), rule("is_dir"), move |t| async move {
                prepare(&t).await?;
                ensure_eq!(
                    t.io.is_dir(path).await?,
                    seen.is_dir,
                    "whether {path:?} is a folder"
                );
                Ok(())
            });
        suite.family("is_file").case(
            format!("at_{place}"),
            rule("is_file"),
            move |t| async move {
                prepare(&t).await?;
                ensure_eq!(
                    t.io.is_file(path).await?,
                    seen.is_file,
                    "whether {path:?} is a file"
                );
                Ok(())
            },
        );
    }
}

async fn prepare(t: &Fixture) -> Checked {
    t.tree(&["folder/file"]).await?;
    t.folder("folder/empty").await
}
