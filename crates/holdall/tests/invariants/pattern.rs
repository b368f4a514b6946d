//! Invariants of `Pattern`.

use holdall::{Depth, ErrorKind, Pattern, RemotePath};

use super::glob_reference;

/// Any text either compiles and matches as the reference does, or is refused
/// as the rules say. Both texts must be short: the reference is exponential.
pub(crate) fn check(pattern: &str, path: &str) {
    let compiled = match Pattern::new(pattern) {
        Ok(compiled) => compiled,
        Err(error) => return check_refusal(pattern, error.kind()),
    };
    let text = compiled.as_str();
    assert!(!glob_reference::misuses_double_star(text), "{pattern:?}");
    assert_eq!(Pattern::new(text).unwrap(), compiled, "idempotent");
    check_prefix(&compiled);
    if let Ok(path) = RemotePath::new(path) {
        check_match(&compiled, path.as_str());
    }
}

fn check_refusal(pattern: &str, kind: ErrorKind) {
    let expected = match RemotePath::new(pattern) {
        Ok(path) => {
            assert!(
                glob_reference::misuses_double_star(path.as_str()),
                "{pattern:?}"
            );
            ErrorKind::InvalidArgument
        }
        Err(_) if pattern.contains('\0') => ErrorKind::InvalidPath,
        Err(_) if pattern.split(['/', '\\']).any(|segment| segment == "..") => {
            ErrorKind::InvalidPath
        }
        Err(_) => ErrorKind::InvalidArgument,
    };
    assert_eq!(kind, expected, "{pattern:?}");
}

fn check_prefix(pattern: &Pattern) {
    let prefix = pattern.literal_prefix();
    if !prefix.is_empty() {
        assert_eq!(
            RemotePath::new(prefix).unwrap().as_str(),
            prefix,
            "{pattern:?}"
        );
    }
    assert!(pattern.can_match_below(prefix), "{pattern:?}");
    if let Some(path) = pattern.literal_path() {
        assert!(pattern.matches(path), "{pattern:?}");
        assert_eq!(pattern.depth(), Depth::Limit(0));
    }
}

fn check_match(pattern: &Pattern, path: &str) {
    let matched = pattern.matches(path);
    let expected = glob_reference::matches(pattern.as_str(), path);
    assert_eq!(matched, expected, "{pattern:?} against {path:?}");
    if let Some(literal) = pattern.literal_path() {
        assert_eq!(matched, path == literal, "{pattern:?} against {path:?}");
    }
    if matched {
        check_reached(pattern, path);
    }
    check_literal(pattern, path);
}

/// A walk that begins at the prefix and prunes comes by every match.
fn check_reached(pattern: &Pattern, path: &str) {
    let mut folder = "";
    for (at, _) in path.match_indices('/') {
        assert!(
            pattern.can_match_below(folder),
            "{pattern:?} below {folder:?}"
        );
        folder = &path[..at];
    }
    assert!(
        pattern.can_match_below(folder),
        "{pattern:?} below {folder:?}"
    );
    let prefix = pattern.literal_prefix();
    let below = match prefix {
        "" => path,
        prefix => path
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('/'))
            .unwrap(),
    };
    if let Depth::Limit(limit) = pattern.depth() {
        assert_eq!(below.matches('/').count(), limit, "{pattern:?} at {path:?}");
    }
}

/// An escaped path, and a root, mean themselves.
fn check_literal(pattern: &Pattern, path: &str) {
    let escaped = Pattern::new(&Pattern::escape(path)).unwrap();
    assert_eq!(escaped.literal_path(), Some(path));
    let beneath = Pattern::beneath(path, pattern.as_str()).unwrap();
    assert_eq!(
        beneath.matches(&format!("{path}/{path}")),
        pattern.matches(path)
    );
    assert!(!beneath.matches(path) || path.contains('/'));
    assert!(beneath.literal_prefix().starts_with(path));
    assert_eq!(beneath.depth(), pattern.depth());
}
