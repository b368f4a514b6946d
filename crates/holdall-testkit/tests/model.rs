//! Random sequences of operations, in lock step with a plain reference model.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

mod reference;

use std::collections::BTreeMap;

use holdall::{AsyncLocalBackend, AsyncMemoryBackend, AsyncStore};
use proptest::prelude::*;
use reference::{Model, Operation, Outcome, operation};

/// Everything that a store holds: files with their content, folders without.
async fn contents(store: &AsyncStore) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let all = holdall::ListOptions::new().recursive(true);
    for file in store
        .list_files_with("", all)
        .unwrap()
        .try_collect()
        .await
        .unwrap()
    {
        let content = store.read_bytes(file.path.as_str()).await.unwrap();
        assert_eq!(
            content.len() as u64,
            file.size,
            "the listed size of {}",
            file.path
        );
        found.insert(file.path.to_string(), Some(content.to_vec()));
    }
    let deep = holdall::ListOptions::new().max_depth(20);
    for folder in store
        .list_folders_with("", deep)
        .unwrap()
        .try_collect()
        .await
        .unwrap()
    {
        found.insert(folder.path.to_string(), None);
    }
    found
}

/// Makes each call on the store and on the model, and compares as it goes.
async fn in_lock_step(store: AsyncStore, operations: Vec<Operation>) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    for (step, operation) in operations.iter().enumerate() {
        let expected = model.apply(operation);
        let found = operation.call(&store).await;
        prop_assert_eq!(&found, &expected, "step {} of {:?}", step, &operations);
    }
    prop_assert_eq!(
        contents(&store).await,
        model.contents(),
        "after {:?}",
        operations
    );
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
        .build()
        .unwrap();
    runtime.block_on(test)
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn memory_behaves_as_the_model(operations in prop::collection::vec(operation(), 1..40)) {
        let store = AsyncStore::new(AsyncMemoryBackend::new(), "").unwrap();
        run(in_lock_step(store, operations))?;
    }

    #[test]
    fn a_child_store_behaves_as_the_model(operations in prop::collection::vec(operation(), 1..40)) {
        let store = AsyncStore::new(AsyncMemoryBackend::new(), "some/root").unwrap();
        run(in_lock_step(store, operations))?;
    }
}

proptest! {
    #![proptest_config(config(120))]

    #[test]
    fn the_local_disk_behaves_as_the_model(operations in prop::collection::vec(operation(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let store = AsyncStore::new(AsyncLocalBackend::new(folder.path()).unwrap(), "").unwrap();
        run(in_lock_step(store, operations))?;
    }

    #[test]
    fn the_portable_local_disk_behaves_as_the_model(
        operations in prop::collection::vec(operation(), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let backend = AsyncLocalBackend::builder(folder.path()).force_portable(true);
        let store = AsyncStore::new(backend.build().unwrap(), "").unwrap();
        run(in_lock_step(store, operations))?;
    }
}

#[test]
fn every_outcome_is_reached() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let sequence = prop::collection::vec(operation(), 1..40);
        let mut model = Model::default();
        for operation in sequence.new_tree(&mut runner).unwrap().current() {
            if let Outcome::Failed(kind, _) = model.apply(&operation) {
                seen.insert((operation.name(), kind.as_str()));
            }
        }
    }
    for expected in [
        ("write", "already_exists"),
        ("write", "invalid_path"),
        ("read", "not_found"),
        ("read", "invalid_path"),
        ("delete", "not_found"),
        ("delete_folder", "directory_not_empty"),
        ("delete_folder", "not_found"),
        ("rename", "already_exists"),
        ("rename", "invalid_path"),
        ("rename", "not_found"),
        ("copy", "already_exists"),
        ("folder_info", "invalid_path"),
    ] {
        assert!(seen.contains(&expected), "no sequence reaches {expected:?}");
    }
}
