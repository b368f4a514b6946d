//! What a registry opens, shares and closes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::closing;
use holdall::registry::{
    BackendConfig, BackendFactory, OpenedBackend, Registry, RegistryConfig, StoreProfile,
};
use holdall::{
    AsyncMemoryBackend, Error, ErrorKind, MemoryBackend, Result, RetryPolicy, SyncBackendAdapter,
};

fn two_stores(kind: &str) -> RegistryConfig {
    RegistryConfig::new()
        .with_backend("main", BackendConfig::new(kind))
        .with_store("all", StoreProfile::new("main"))
        .with_store("logs", StoreProfile::new("main").with_root_path("logs"))
}

#[tokio::test]
async fn stores_of_one_backend_share_it() {
    let registry = Registry::new(two_stores("memory")).unwrap();
    registry
        .store("logs")
        .unwrap()
        .write("a.txt", "a")
        .await
        .unwrap();
    let all = registry.store("all").unwrap();
    assert_eq!(all.read_text("logs/a.txt").await.unwrap(), "a");
    assert_eq!(all, registry.store("all").unwrap());
}

#[test]
fn stores_that_block_see_the_same_files() {
    let registry = Registry::new(two_stores("memory")).unwrap();
    registry
        .blocking_store("logs")
        .unwrap()
        .write("a.txt", "a")
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let text = runtime.block_on(async { registry.store("all")?.read_text("logs/a.txt").await });
    assert_eq!(text.unwrap(), "a");
}

#[tokio::test]
async fn a_retry_block_on_what_sends_no_requests_is_accepted() {
    let text = "[backends.m]\ntype = 'memory'\nretry = { max_attempts = 2 }\n\
                [stores.s]\nbackend = 'm'";
    let registry = Registry::new(RegistryConfig::from_toml(text).unwrap()).unwrap();
    registry.store("s").unwrap().write("a", "a").await.unwrap();
}

#[test]
fn a_policy_that_cannot_be_is_refused_for_every_type() {
    let policy = RetryPolicy {
        max_attempts: 0,
        ..RetryPolicy::default()
    };
    let registered: fn(&BackendConfig) -> Result<OpenedBackend> =
        |_| Ok(OpenedBackend::new(AsyncMemoryBackend::new()));
    for kind in ["memory", "local", "mine"] {
        let backend = BackendConfig::new(kind).with_retry(policy);
        let config = RegistryConfig::new().with_backend("main", backend);
        let builder = Registry::builder().register_backend("mine", registered);
        let error = builder.build(config).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(
            error.message().starts_with("backends.main.retry: ")
                && error.message().contains("max_attempts"),
            "{error}"
        );
    }
}

#[test]
fn an_unknown_store_names_the_nearest() {
    let registry = Registry::new(two_stores("memory")).unwrap();
    let error = registry.store("lgos").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(
        error.message(),
        "no store is configured under the name 'lgos'; did you mean 'logs'?"
    );
    let error = registry.backend("mian").err().unwrap();
    assert!(error.message().contains("did you mean 'main'?"), "{error}");
}

/// Counts what it opens.
#[derive(Default, Clone)]
struct Counting {
    opened: Arc<AtomicUsize>,
}

impl BackendFactory for Counting {
    fn open(&self, _: &BackendConfig) -> Result<OpenedBackend> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(OpenedBackend::new(AsyncMemoryBackend::new()))
    }
}

#[tokio::test]
async fn a_backend_is_opened_at_its_first_use_and_once() {
    let counting = Counting::default();
    let opened = Arc::clone(&counting.opened);
    let registry = Registry::builder()
        .register_backend("counting", counting)
        .build(two_stores("counting"))
        .unwrap();
    assert!(!registry.info().backends[0].open);
    assert_eq!(opened.load(Ordering::Relaxed), 0);
    for name in ["all", "logs", "all"] {
        registry.store(name).unwrap();
    }
    assert_eq!(opened.load(Ordering::Relaxed), 1);
    assert!(registry.info().backends[0].open);

    registry.aclose().await.unwrap();
    assert!(!registry.info().backends[0].open);
    registry.store("all").unwrap();
    assert_eq!(opened.load(Ordering::Relaxed), 2);
}

#[test]
fn an_awaited_backend_serves_code_that_blocks() {
    let registry = Registry::builder()
        .register_backend("counting", Counting::default())
        .build(two_stores("counting"))
        .unwrap();
    let store = registry.blocking_store("logs").unwrap();
    store.write("a.txt", "a").unwrap();
    let all = registry.blocking_store("all").unwrap();
    assert_eq!(all.read_text("logs/a.txt").unwrap(), "a");
    registry.close().unwrap();
    assert_eq!(all.exists("logs").unwrap_err().kind(), ErrorKind::Closed);
}

#[tokio::test]
async fn a_backend_that_blocks_serves_code_that_awaits() {
    let registry = Registry::builder()
        .register_backend("blocking", |_: &BackendConfig| {
            Ok(OpenedBackend::blocking(MemoryBackend::new()))
        })
        .build(two_stores("blocking"))
        .unwrap();
    let store = registry.store("logs").unwrap();
    assert!(store.backend().name() == "memory");
    store.write("a.txt", "a").await.unwrap();
    assert!(
        registry
            .store("all")
            .unwrap()
            .is_file("logs/a.txt")
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn closing_a_store_leaves_the_others_open() {
    let registry = Registry::builder()
        .register_backend("terminal", |_: &BackendConfig| {
            let backend = holdall::AsyncBackendSyncAdapter::new(AsyncMemoryBackend::new())?;
            Ok(OpenedBackend::new(SyncBackendAdapter::new(backend)))
        })
        .build(two_stores("terminal"))
        .unwrap();
    let (all, logs) = (
        registry.store("all").unwrap(),
        registry.store("logs").unwrap(),
    );
    all.aclose().await.unwrap();
    logs.write("a.txt", "a").await.unwrap();
    registry.aclose().await.unwrap();
    assert!(logs.read_text("a.txt").await.is_err());
}

#[test]
fn closing_goes_on_after_an_error_and_reports_the_first() {
    let closed = Arc::new(AtomicUsize::new(0));
    let mut builder = Registry::builder();
    for kind in ["one", "two", "three"] {
        let closed = Arc::clone(&closed);
        builder = builder.register_backend(kind, move |_: &BackendConfig| {
            Ok(OpenedBackend::blocking(closing::Failing::new(
                kind, &closed,
            )))
        });
    }
    let mut config = RegistryConfig::new();
    for kind in ["one", "two", "three"] {
        config = config
            .with_backend(kind, BackendConfig::new(kind))
            .with_store(kind, StoreProfile::new(kind));
    }
    let registry = builder.build(config).unwrap();
    for kind in ["one", "two", "three"] {
        registry.blocking_store(kind).unwrap();
    }
    let error = registry.close().unwrap_err();
    // In the order of their names.
    assert_eq!(error.message(), "one does not close");
    assert_eq!(closed.load(Ordering::Relaxed), 3);
    registry.close().unwrap();
}

#[test]
fn a_backend_that_cannot_be_opened_is_named() {
    let registry = Registry::builder()
        .register_backend("broken", |_: &BackendConfig| {
            Err(Error::new(ErrorKind::PermissionDenied, "not for you"))
        })
        .build(two_stores("broken"))
        .unwrap();
    let error = registry.store("all").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(error.message(), "backends.main: not for you");
}

#[test]
fn a_third_partys_options_are_checked_when_the_registry_is_built() {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Options {
        #[expect(dead_code, reason = "only read")]
        bucket: String,
    }
    struct Mine;
    impl BackendFactory for Mine {
        fn check(&self, config: &BackendConfig) -> Result<()> {
            config.read_options::<Options>().map(drop)
        }
        fn open(&self, _: &BackendConfig) -> Result<OpenedBackend> {
            Ok(OpenedBackend::new(AsyncMemoryBackend::new()))
        }
    }
    let text = "[backends.main]\ntype = 'mine'\n[backends.main.options]\nbukcet = 'b'";
    let config = RegistryConfig::from_toml(text).unwrap();
    let builder = Registry::builder().register_backend("mine", Mine);
    let error = builder.build(config).unwrap_err();
    assert_eq!(
        error.message(),
        "line 4: backends.main.options: unknown key 'bukcet'; did you mean 'bucket'?"
    );
}

#[test]
fn building_and_asking_create_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    let config = RegistryConfig::new()
        .with_backend(
            "disk",
            BackendConfig::new("local").with_option("root", root.to_str().unwrap()),
        )
        .with_store("disk", StoreProfile::new("disk"));
    let registry = Registry::new(config).unwrap();
    assert_eq!(registry.info().stores[0].kind, "local");
    assert!(!root.exists());
    registry.blocking_store("disk").unwrap();
    assert!(root.is_dir());
}
