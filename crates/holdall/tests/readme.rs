//! What README.md takes from the code is fresh.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use holdall::{AsyncAzureBackend, AsyncBackend, AsyncMemoryBackend, Capability, CapabilitySet};

const BEGIN: &str = "<!-- capabilities: made by `cargo xtask readme` -->\n";
const END: &str = "<!-- capabilities: end -->\n";

/// Set by `cargo xtask readme`.
const REWRITE: &str = "HOLDALL_REWRITE_README";

#[test]
fn the_table_of_capabilities_is_what_the_backends_declare() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let fresh = table(&backends());
    if std::env::var_os(REWRITE).is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{fresh}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(written, fresh, "run `cargo xtask readme`");
}

struct Backend {
    title: &'static str,
    capabilities: CapabilitySet,
    /// What depends on the machine or on the half, and on which.
    conditional: Option<(Capability, &'static str)>,
}

fn backends() -> Vec<Backend> {
    let folder = tempfile::tempdir().unwrap();
    let local = holdall::AsyncLocalBackend::new(folder.path()).unwrap();
    vec![
        Backend {
            title: "memory",
            capabilities: AsyncMemoryBackend::new().capabilities(),
            conditional: Some((Capability::LazyRead, "awaited")),
        },
        Backend {
            title: "local disk",
            capabilities: local.capabilities(),
            conditional: Some((Capability::UserMetadata, "xattr")),
        },
        Backend {
            title: "Azure",
            capabilities: azure().capabilities(),
            conditional: Some((Capability::AtomicMove, "hierarchical")),
        },
    ]
}

/// Nothing is sent: a hierarchical account is what the options say.
fn azure() -> AsyncAzureBackend {
    let builder = AsyncAzureBackend::builder("container").account_name("acct");
    builder.hns(true).build().unwrap()
}

fn table(backends: &[Backend]) -> String {
    let titles: Vec<_> = backends.iter().map(|backend| backend.title).collect();
    let mut table = format!("| capability | {} |\n", titles.join(" | "));
    table += &format!("|---|{}\n", "---|".repeat(backends.len()));
    for capability in Capability::ALL {
        let cells: Vec<_> = backends.iter().map(|b| cell(b, capability)).collect();
        table += &format!("| `{capability:?}` | {} |\n", cells.join(" | "));
    }
    table
}

fn cell(backend: &Backend, capability: Capability) -> &'static str {
    match backend.conditional {
        Some((conditional, on)) if conditional == capability => on,
        _ if backend.capabilities.supports(capability) => "yes",
        _ => "no",
    }
}
