//! Links between the project's own Markdown files lead somewhere.

use std::path::Path;

use crate::Result;
use crate::check::Outcome;
use crate::process::{tracked_files, workspace_root};

pub(crate) fn check() -> Result<Outcome> {
    let mut broken = Vec::new();
    for file in tracked_files()? {
        if !file.ends_with(".md") {
            continue;
        }
        let path = workspace_root().join(&file);
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let folder = path.parent().unwrap_or(workspace_root());
        let dead = local_targets(&text).filter(|target| !leads_somewhere(folder, target));
        broken.extend(dead.map(|target| format!("{file}: there is no {target}")));
    }
    if broken.is_empty() {
        return Ok(Outcome::Passed);
    }
    Err(broken.join("\n").into())
}

/// The targets of inline links that are neither web addresses nor anchors
/// within the page.
fn local_targets(markdown: &str) -> impl Iterator<Item = &str> {
    markdown
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
}

fn leads_somewhere(folder: &Path, target: &str) -> bool {
    let file = target.split('#').next().unwrap_or(target);
    folder.join(file).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_files_are_looked_at() {
        let markdown = "[a](b.md), [c](https://example.org/d), [e](#f) and [g](h.md#i)";
        let targets: Vec<_> = local_targets(markdown).collect();
        assert_eq!(targets, ["b.md", "h.md#i"]);
    }

    #[test]
    fn an_anchor_does_not_hide_a_missing_file() {
        let root = workspace_root();
        assert!(leads_somewhere(root, "README.md#licence"));
        assert!(!leads_somewhere(root, "MISSING.md#licence"));
    }
}
