//! Scenarios that need a process of their own: another user, a limit, a mount.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDER: &str = "HOLDALL_TEST_CHILD_FOLDER";
const NOBODY: u32 = 65534;

/// The folder that the parent prepared, where this process is the child.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A copy of this test program that every user can run, and a folder that
/// every user can write to.
pub(crate) struct Stage {
    program: tempfile::TempDir,
    pub(crate) folder: tempfile::TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let stage = Self {
            program: tempfile::tempdir().unwrap(),
            folder: tempfile::tempdir().unwrap(),
        };
        open_to_all(stage.program.path(), 0o755);
        open_to_all(stage.folder.path(), 0o777);
        std::fs::copy(std::env::current_exe().unwrap(), stage.program()).unwrap();
        stage
    }

    fn program(&self) -> PathBuf {
        self.program.path().join("child")
    }

    /// Runs one test again in the child, through `sh -c "script; exec child"`.
    pub(crate) fn run_after(&self, script: &str, test: &str, prepare: impl FnOnce(&mut Command)) {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("{script}; exec \"$0\" \"$@\""))
            .arg(self.program())
            .args([test, "--exact", "--nocapture", "--test-threads=1"])
            .env(FOLDER, self.folder.path());
        prepare(&mut command);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Runs one test again as a user whom permissions bind.
    pub(crate) fn run_as_nobody(&self, test: &str) {
        self.run_after(":", test, |command| {
            if is_root() {
                command.uid(NOBODY).gid(NOBODY);
            }
        });
    }
}

pub(crate) fn open_to_all(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Waits for a scenario on a runtime of its own.
pub(crate) fn block_on<T>(scenario: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
        .block_on(scenario)
}
