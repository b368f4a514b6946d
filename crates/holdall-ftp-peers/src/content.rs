//! Content to send, and folders of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::program::Failure;

/// Bytes of every value, which differ from one `seed` to another and from one
/// block to the next.
pub fn content(seed: u8, length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_u32 ^ u32::from(seed);
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()
    })
    .flatten()
    .take(length)
    .collect()
}

/// Fills `folder` with folders and files: an empty one, a large one, names that
/// need care.
///
/// # Errors
///
/// What writing failed with.
pub fn tree(folder: &Path) -> Result<(), Failure> {
    for (name, length) in [
        ("empty", 0),
        ("small.txt", 100),
        ("sub/large.bin", 700_001),
        ("sub/deeper/still/leaf", 4096),
        ("with space/a b.txt", 10),
        ("grün/straße.txt", 11),
    ] {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content(name.len() as u8, length))?;
    }
    Ok(())
}

/// That two folders hold the same files.
///
/// # Errors
///
/// Says what differs.
pub fn same_tree(found: &Path, expected: &Path) -> Result<(), Failure> {
    let (found, expected) = (files(found)?, files(expected)?);
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    if names(&found) != names(&expected) {
        return Err(format!("{:?} instead of {:?}", names(&found), names(&expected)).into());
    }
    for (name, content) in expected {
        crate::program::same(
            &name,
            found.get(&name).cloned().unwrap_or_default(),
            content,
        )?;
    }
    Ok(())
}

fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}
