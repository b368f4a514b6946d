//! Random calls on path IOs, in lock step with a plain model of a POSIX tree.

#![allow(clippy::unwrap_used)]

mod path_ios;
mod posix;

use std::sync::Arc;

use holdall::pathio::{AbstractPathIo, MemoryPathIo};
use holdall::{AsyncDriverBackend, AsyncMemoryBackend};
use path_ios::minimal_driver::MapDriver;
use posix::{Model, Step, allows, contents, step};
use proptest::prelude::*;

/// Makes each call on the path IO and on the model, and compares as it goes.
async fn in_lock_step(io: Arc<dyn AbstractPathIo>, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    for (number, step) in steps.iter().enumerate() {
        let expected = model.apply(step);
        let found = step.make(&*io).await;
        prop_assert!(
            allows(&expected, &found),
            "step {number} of {steps:#?}: expected {expected:?}, found {found:?}"
        );
    }
    prop_assert_eq!(contents(&*io).await, model.contents(), "after {:#?}", steps);
    Ok(())
}

/// Seeds come with the failure's message, so none are kept in files.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn run(test: impl Future<Output = Result<(), TestCaseError>>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test)
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn memory_behaves_as_the_model(steps in prop::collection::vec(step(), 1..40)) {
        run(in_lock_step(Arc::new(MemoryPathIo::new()), steps))?;
    }

    #[test]
    fn a_store_in_memory_behaves_as_the_model(steps in prop::collection::vec(step(), 1..40)) {
        run(in_lock_step(path_ios::store(AsyncMemoryBackend::new()), steps))?;
    }

    #[test]
    fn a_store_without_folders_behaves_as_the_model(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let backend = AsyncDriverBackend::from_driver(MapDriver::default());
        run(in_lock_step(path_ios::store(backend), steps))?;
    }
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn a_local_folder_behaves_as_the_model(steps in prop::collection::vec(step(), 1..40)) {
        let root = tempfile::tempdir().unwrap();
        run(in_lock_step(path_ios::path(root.path()), steps))?;
    }

    #[test]
    fn a_local_folder_by_an_executor_behaves_as_the_model(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let root = tempfile::tempdir().unwrap();
        run(in_lock_step(path_ios::async_path(root.path()), steps))?;
    }
}

/// The model and the tests' own idea of it against the system itself.
#[cfg(unix)]
mod against_the_system {
    use super::*;

    proptest! {
        #![proptest_config(config(150))]

        #[test]
        fn the_model_is_the_systems(steps in prop::collection::vec(step(), 1..40)) {
            let root = tempfile::tempdir().unwrap();
            let mut model = Model::default();
            for step in &steps {
                let expected = model.apply(step);
                if let Some(found) = step.by_the_system(root.path()) {
                    prop_assert!(
                        allows(&expected, &found),
                        "{step:?} of {steps:#?}: expected {expected:?}, found {found:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_outcome_is_reached() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let steps = prop::collection::vec(step(), 1..40);
        let mut model = Model::default();
        for step in steps.new_tree(&mut runner).unwrap().current() {
            let refusals = model.apply(&step).err().unwrap_or_default();
            seen.extend(refusals.iter().map(|kind| (step.name(), kind.as_str())));
        }
    }
    for expected in [
        ("wb", "not_found"),
        ("wb", "not_a_directory"),
        ("wb", "is_a_directory"),
        ("ab", "is_a_directory"),
        ("r+b", "not_found"),
        ("rb", "not_found"),
        ("mkdir", "already_exists"),
        ("mkdir", "not_found"),
        ("mkdir", "not_a_directory"),
        ("rmdir", "directory_not_empty"),
        ("rmdir", "not_a_directory"),
        ("rmdir", "invalid_argument"),
        ("unlink", "is_a_directory"),
        ("unlink", "not_found"),
        ("rename", "directory_not_empty"),
        ("rename", "invalid_argument"),
        ("rename", "is_a_directory"),
        ("rename", "not_a_directory"),
        ("rename", "not_found"),
        ("stat", "not_a_directory"),
    ] {
        assert!(seen.contains(&expected), "no sequence reaches {expected:?}");
    }
}
