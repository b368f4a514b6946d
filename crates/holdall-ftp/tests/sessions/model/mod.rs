//! Whole sessions at random, in lock step with a model of what they must be.

mod data;
mod expected;
mod files;
mod job;
mod play;
mod script;
mod session;
mod transfer;

use std::sync::Arc;

use holdall::pathio::{AbstractPathIo, AsyncPathIo, MemoryPathIo, OpenMode, StorePathIo};
use holdall::{AsyncMemoryBackend, AsyncStore};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use self::play::{Player, Seen};
use self::script::{BIG, BIG_LENGTH, Script, script};
use self::session::Session;
use crate::posix::{Step, contents};
use crate::site::{Setup, Site};

/// What stands there before any session.
fn tree(is_big: bool) -> Vec<Step> {
    let folder = |path: &str| Step::Mkdir {
        path: path.to_owned(),
        parents: false,
        exist_ok: false,
    };
    let file = |path: &str, content: Vec<u8>| Step::Write {
        path: path.to_owned(),
        mode: OpenMode::Write,
        pieces: vec![(0, content)],
        closes: true,
    };
    let mut steps = vec![
        folder("a"),
        folder("c d"),
        file("a/a", b"two\r\nlines\n".to_vec()),
        file("b", b"0123456789".to_vec()),
    ];
    if is_big {
        steps.push(file(BIG, vec![b'x'; BIG_LENGTH]));
    }
    steps
}

/// Plays a script against a server over `home`, where changes in place show at once
/// or not.
async fn play(home: Arc<dyn AbstractPathIo>, changes_show: bool, script: &Script) -> Seen {
    let mut session = Session::default();
    for step in tree(script.is_big()) {
        step.make(&*home).await.unwrap();
        session.set_up(&step);
    }
    let mut setup = Setup {
        home: Arc::clone(&home),
        ..Setup::default()
    };
    setup.options.block_size = script.block_size;
    setup.options.login_attempts = session::LOGIN_ATTEMPTS;
    let site = Site::with(setup).await;

    let mut player = Player::new(&site, session, changes_show).await;
    player.play(script).await;
    let (session, seen) = player.leave();
    site.wait_for_sessions(0).await;
    assert!(
        contents(&*home).await == session.contents(),
        "the trees differ"
    );
    seen
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test)
}

fn store() -> Arc<dyn AbstractPathIo> {
    let store = AsyncStore::new(AsyncMemoryBackend::new(), "").unwrap();
    Arc::new(StorePathIo::new(store))
}

/// Seeds come with the failure's message, so none are kept in files.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 300,
        max_shrink_time: 120_000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn sessions_over_memory_are_as_the_model(script in script()) {
        run(play(Arc::new(MemoryPathIo::new()), true, &script));
    }

    #[test]
    fn sessions_over_a_store_are_as_the_model(script in script()) {
        run(play(store(), false, &script));
    }
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn sessions_over_a_local_folder_are_as_the_model(script in script()) {
        let root = tempfile::tempdir().unwrap();
        let home = AsyncPathIo::new(root.path()).unwrap();
        run(play(Arc::new(home), true, &script));
    }
}

#[test]
fn sessions_come_to_every_answer() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::new();
    for _ in 0..60 {
        let script = script().new_tree(&mut runner).unwrap().current();
        seen.extend(run(play(Arc::new(MemoryPathIo::new()), true, &script)));
    }
    for (name, codes) in ANSWERS {
        for code in *codes {
            assert!(seen.contains(&(name, *code)), "{name} never came to {code}");
        }
    }
}

/// What a client of any sort comes to see.
const ANSWERS: &[(&str, &[u16])] = &[
    ("ABOR", &[226]),
    ("APPE", &[150, 226, 425, 426, 550]),
    ("CWD", &[250, 530, 550]),
    ("DELE", &[250, 550]),
    ("EPSV", &[229]),
    ("HASH", &[213, 550]),
    ("LIST", &[150, 226, 550]),
    ("MKD", &[257, 550]),
    ("MLSD", &[150, 226, 501, 550]),
    ("MLST", &[250, 550]),
    ("NLST", &[150, 226, 550]),
    ("PASS", &[230, 503, 530]),
    ("PASV", &[227, 503]),
    ("PORT", &[200, 503]),
    ("REIN", &[220]),
    ("RETR", &[150, 226, 425, 426, 530, 550, 554]),
    ("RMD", &[250, 550]),
    ("RNTO", &[250, 503, 550, 553]),
    ("SIZE", &[213, 550]),
    ("STAT", &[211, 213, 550]),
    ("STOR", &[150, 226, 425, 426, 530, 550, 554]),
    ("STOU", &[150, 226, 426]),
];
