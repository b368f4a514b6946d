//! Backends by URL.

use holdall::registry::{
    BackendConfig, BackendFactory, BackendUrl, Environment, OpenedBackend, Registry,
    RegistryConfig, UrlTarget,
};
use holdall::{AsyncMemoryBackend, ErrorKind, Result};

fn registry() -> Registry {
    Registry::new(RegistryConfig::new()).unwrap()
}

#[tokio::test]
async fn memory_urls_of_one_registry_share_their_files() {
    let registry = registry();
    registry
        .store_at("memory:logs")
        .unwrap()
        .write("a.txt", "a")
        .await
        .unwrap();
    let all = registry.store_at("memory:").unwrap();
    assert_eq!(all.read_text("logs/a.txt").await.unwrap(), "a");
    let other = self::registry().store_at("memory:").unwrap();
    assert!(!other.exists("logs").await.unwrap());
}

#[test]
fn a_file_url_is_a_folder_of_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a b");
    let path = root
        .to_str()
        .unwrap()
        .replace('\\', "/")
        .replace(' ', "%20");
    let url = format!("file:///{}", path.trim_start_matches('/'));
    let store = registry().blocking_store_at(&url).unwrap();
    store.write("x/y.txt", "y").unwrap();
    assert_eq!(std::fs::read_to_string(root.join("x/y.txt")).unwrap(), "y");
}

#[test]
fn urls_that_name_nothing_are_refused() {
    for (url, why) in [
        ("file://server/x", "another host"),
        ("file:x", "absolute path"),
        ("memory://host/x", "no host"),
        ("memroy:x", "did you mean 'memory'?"),
        ("fiel:///x", "did you mean 'file'?"),
        ("s3://bucket", "no backend has URLs with the scheme 's3'"),
        ("just text", "no scheme"),
    ] {
        let error = registry().store_at(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{url}");
        assert!(error.message().contains(why), "{url}: {error}");
    }
    let error = registry().store_at("memory:../x").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidPath);
}

/// `mine://BUCKET/PATH`, with a password from the environment.
struct Mine;

impl BackendFactory for Mine {
    fn open(&self, config: &BackendConfig) -> Result<OpenedBackend> {
        let password = config
            .options()
            .get("password")
            .and_then(|value| value.as_str());
        if password != Some("hunter2") {
            return Err(config.invalid_option("password", "a wrong password"));
        }
        Ok(OpenedBackend::new(AsyncMemoryBackend::new()))
    }

    fn locate(&self, url: &BackendUrl, environment: &Environment) -> Result<UrlTarget> {
        let mut config = BackendConfig::new("mine").with_option("bucket", url.host());
        if let Some(password) = environment.get("MINE_PASSWORD")? {
            config = config.with_option("password", password);
        }
        Ok(UrlTarget {
            config,
            path: url.path().to_owned(),
        })
    }
}

#[tokio::test]
async fn a_third_party_has_urls_and_finds_credentials_in_the_environment() {
    let registry = Registry::builder()
        .register_backend("mine", Mine)
        .environment(Environment::fixed([("MINE_PASSWORD", "hunter2")]))
        .build(RegistryConfig::new())
        .unwrap();
    registry
        .store_at("mine://b/logs")
        .unwrap()
        .write("a", "a")
        .await
        .unwrap();
    assert!(
        registry
            .store_at("mine://b")
            .unwrap()
            .is_file("logs/a")
            .await
            .unwrap()
    );
    assert!(
        !registry
            .store_at("mine://c")
            .unwrap()
            .exists("logs/a")
            .await
            .unwrap()
    );
}

#[test]
fn a_type_without_urls_says_so() {
    let registry = Registry::builder()
        .register_backend("plain", |_: &BackendConfig| {
            Ok(OpenedBackend::new(AsyncMemoryBackend::new()))
        })
        .build(RegistryConfig::new())
        .unwrap();
    let error = registry.store_at("plain://x").unwrap_err();
    assert!(error.message().contains("have no URLs"), "{error}");
}
