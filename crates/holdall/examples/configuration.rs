//! The chapter docs/configuration.md, running.

use std::path::Path;

use holdall::registry::{
    BackendConfig, BackendFactory, BackendUrl, ConfigDocument, ConfigTable, Environment,
    LoadOptions, OpenedBackend, Registry, RegistryConfig, StoreProfile, UrlTarget,
};
use holdall::{AsyncMemoryBackend, ErrorKind, Result, Secret};
use serde::Deserialize;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    from_a_file(scratch.path()).await?;
    in_code().await?;
    other_sources()?;
    part_of_a_file()?;
    faults();
    by_url(scratch.path()).await?;
    masked();
    third_parties().await?;
    beside()?;
    // It starts no runtime, and may not stand in one.
    tokio::task::spawn_blocking(blocking).await??;
    Ok(())
}

const FILE: &str = r#"
[backends.disk]
type = "local"
[backends.disk.options]
root = "${DATA_ROOT:-data}"
write_sync = "data"

[backends.scratch]
type = "memory"

[stores.reports]
backend = "disk"
root_path = "reports"

[stores.drafts]
backend = "scratch"
"#;

async fn from_a_file(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let path = folder.join("holdall.toml");
    std::fs::write(&path, FILE)?;
    let root = folder.join("elsewhere").display().to_string();
    let environment = Environment::fixed([("DATA_ROOT", root)]);

    let options = LoadOptions::new().resolve_env(environment); // or Environment::process()
    let config = RegistryConfig::from_toml_file_with(&path, &options)?;
    let registry = Registry::new(config)?;

    let reports = registry.store("reports")?;
    reports.write("2026/q1.csv", "a,b\n").await?;

    let drafts = registry.store("drafts")?;
    drafts.write("q2.csv", "a,b\n").await?;

    registry.aclose().await?;

    assert!(folder.join("elsewhere/reports/2026/q1.csv").is_file());
    Ok(())
}

async fn in_code() -> Result<()> {
    let config = RegistryConfig::new()
        .with_backend("scratch", BackendConfig::new("memory"))
        .with_store(
            "drafts",
            StoreProfile::new("scratch").with_root_path("drafts"),
        );
    let drafts = Registry::new(config)?.store("drafts")?;
    drafts.write("a.txt", "a").await?;
    Ok(())
}

fn other_sources() -> Result<(), Box<dyn std::error::Error>> {
    let json = r#"{"backends": {"scratch": {"type": "memory"}}}"#;
    let from_json: RegistryConfig = serde_json::from_str(json)?;

    let scratch = ConfigTable::from([("type", "memory")]);
    let backends = ConfigTable::from([("scratch", scratch)]);
    let from_map = RegistryConfig::from_map(ConfigTable::from([("backends", backends)]))?;

    assert_eq!(from_json, from_map);
    Ok(())
}

fn part_of_a_file() -> Result<()> {
    let pyproject = "[tool.holdall.backends.scratch]\ntype = 'memory'\n";
    let options = LoadOptions::new().table(["tool", "holdall"]);
    let config = RegistryConfig::from_toml_with(pyproject, &options)?;
    assert!(config.backends().contains_key("scratch"));
    Ok(())
}

fn faults() {
    let text = "[backends.disk]\ntype = \"local\"\n[backends.disk.options]\nrot = \"data\"\n";

    let fault = RegistryConfig::from_toml(text)
        .and_then(Registry::new)
        .err();
    assert_eq!(
        fault.as_ref().map(|fault| fault.kind()),
        Some(ErrorKind::InvalidArgument)
    );
    assert_eq!(
        fault.map(|fault| fault.message().to_owned()).as_deref(),
        Some("line 4: backends.disk.options: unknown key 'rot'; did you mean 'root'?")
    );
}

async fn by_url(folder: &Path) -> Result<()> {
    let registry = Registry::new(RegistryConfig::new())?;
    let memory = registry.store_at("memory:drafts")?;
    memory.write("a.txt", "a").await?;

    let url = format!("file://{}", folder.display());
    #[cfg(unix)]
    assert!(registry.store_at(&url)?.is_file("holdall.toml").await?);
    #[cfg(not(unix))]
    let _ = url;
    Ok(())
}

fn masked() {
    let config = BackendConfig::new("ftp")
        .with_option("host", "ftp.example.org")
        .with_option("password", "hunter2");
    let shown = format!("{config:?}");
    assert!(shown.contains("ftp.example.org") && !shown.contains("hunter2"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VaultOptions {
    name: String,
    #[serde(default)]
    token: Option<Secret>,
}

struct Vaults;

impl BackendFactory for Vaults {
    fn check(&self, config: &BackendConfig) -> Result<()> {
        config.read_options::<VaultOptions>().map(drop)
    }

    fn open(&self, config: &BackendConfig) -> Result<OpenedBackend> {
        let options: VaultOptions = config.read_options()?;
        if options.token.is_none() {
            return Err(config.invalid("a vault needs a token: set VAULT_TOKEN"));
        }
        connect(&options.name);
        Ok(OpenedBackend::new(AsyncMemoryBackend::new()))
    }

    fn locate(&self, url: &BackendUrl, environment: &Environment) -> Result<UrlTarget> {
        let mut config = BackendConfig::new("vault").with_option("name", url.host());
        if let Some(token) = environment.get("VAULT_TOKEN")? {
            config = config.with_option("token", token);
        }
        Ok(UrlTarget {
            config,
            path: url.path().to_owned(),
        })
    }
}

/// Where a real backend would connect.
fn connect(_: &str) {}

async fn third_parties() -> Result<()> {
    let registry = Registry::builder()
        .register_backend("vault", Vaults)
        .environment(Environment::fixed([("VAULT_TOKEN", "hunter2")]))
        .build(RegistryConfig::new())?;
    let store = registry.store_at("vault://main/2026")?;
    store.write("a.txt", "a").await?;
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Door {
    port: u16,
}

fn beside() -> Result<()> {
    let text = "[door]\nport = 21\n[backends.scratch]\ntype = 'memory'\n";
    let document = ConfigDocument::from_toml(text)?;
    let door: Option<Door> = document
        .table(["door"])?
        .map(|table| table.read())
        .transpose()?;
    assert_eq!(door.map(|door| door.port), Some(21));

    let options = LoadOptions::new().beside(["door"]);
    let config = RegistryConfig::from_document(&document, &options)?;
    assert!(config.backends().contains_key("scratch"));
    Ok(())
}

fn blocking() -> Result<()> {
    let config = RegistryConfig::from_toml(FILE)?;
    let registry = Registry::new(config)?;
    let drafts = registry.blocking_store("drafts")?;
    drafts.write("a.txt", "a")?;
    registry.close()?;
    Ok(())
}
