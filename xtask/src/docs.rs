//! Every chapter's code is code that runs: each Rust block of a Markdown file
//! stands, apart from indentation, in the example of the same name.

use std::path::{Path, PathBuf};

use crate::Result;
use crate::check::Outcome;
use crate::process::workspace_root;

const EXAMPLES: &str = "crates/holdall/examples";
const EXAMPLE_CRATES: &str = "examples";

pub(crate) fn check() -> Result<Outcome> {
    let mut faults = Vec::new();
    for chapter in chapters()? {
        let text = std::fs::read_to_string(&chapter)?;
        let blocks = rust_blocks(&text);
        if blocks.is_empty() {
            continue;
        }
        let example = example_of(&chapter);
        let Ok(code) = std::fs::read_to_string(&example) else {
            faults.push(format!(
                "{} has code, but there is no {}",
                short(&chapter),
                short(&example)
            ));
            continue;
        };
        let missing = blocks.iter().filter(|block| !contains(&code, &block.code));
        faults.extend(missing.map(|block| {
            format!(
                "{}:{}: this block does not stand in {}",
                short(&chapter),
                block.line,
                short(&example)
            )
        }));
    }
    if faults.is_empty() {
        return Ok(Outcome::Passed);
    }
    Err(faults.join("\n").into())
}

/// README.md and the files in `docs`.
fn chapters() -> Result<Vec<PathBuf>> {
    let mut chapters = vec![workspace_root().join("README.md")];
    for entry in std::fs::read_dir(workspace_root().join("docs"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            chapters.push(path);
        }
    }
    chapters.sort();
    Ok(chapters)
}

/// `docs/error-handling.md` has `error_handling.rs`; `docs/web.md` has the
/// crate `examples/web`, since it leans on more than the library does.
fn example_of(chapter: &Path) -> PathBuf {
    let stem = chapter.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.to_lowercase().replace('-', "_");
    let example_crate = workspace_root().join(EXAMPLE_CRATES).join(&name);
    if example_crate.is_dir() {
        return example_crate.join("src/lib.rs");
    }
    workspace_root().join(EXAMPLES).join(format!("{name}.rs"))
}

fn short(path: &Path) -> String {
    let short = path.strip_prefix(workspace_root()).unwrap_or(path);
    short.display().to_string()
}

/// A fenced block that is marked as `rust`, and the line that it begins in.
struct Block {
    line: usize,
    code: String,
}

fn rust_blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in markdown.lines().enumerate() {
        match &mut open {
            Some(_) if line.trim() == "```" => blocks.extend(open.take()),
            Some(block) => {
                block.code.push_str(line);
                block.code.push('\n');
            }
            None if line.trim() == "```rust" => {
                open = Some(Block {
                    line: number + 1,
                    code: String::new(),
                });
            }
            None => {}
        }
    }
    blocks
}

/// Whether `code` holds the lines of `block` in a row, apart from indentation.
fn contains(code: &str, block: &str) -> bool {
    let code: Vec<&str> = code.lines().map(str::trim).collect();
    let block: Vec<&str> = block.lines().map(str::trim).collect();
    !block.is_empty() && code.windows(block.len()).any(|window| window == block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_blocks_are_found_with_their_lines() {
        let markdown = "# T\n```sh\nls\n```\n```rust\nlet a = 1;\n\nlet b = 2;\n```\n";
        let blocks = rust_blocks(markdown);
        assert_eq!(blocks.len(), 1);
        assert_eq!(blocks[0].line, 5);
        assert_eq!(blocks[0].code, "let a = 1;\n\nlet b = 2;\n");
    }

    #[test]
    fn a_chapter_has_a_file_or_a_crate_of_its_name() {
        let file = workspace_root().join("crates/holdall/examples/error_handling.rs");
        assert_eq!(example_of(Path::new("docs/error-handling.md")), file);
        let library = workspace_root().join("examples/web/src/lib.rs");
        assert_eq!(example_of(Path::new("docs/web.md")), library);
    }

    #[test]
    fn a_block_matches_whatever_its_indentation_and_nothing_else() {
        let code = "fn main() {\n    let a = 1;\n\n    let b = 2;\n}\n";
        assert!(contains(code, "let a = 1;\n\nlet b = 2;\n"));
        assert!(!contains(code, "let a = 1;\nlet b = 2;\n"));
        assert!(!contains(code, ""));
    }
}
