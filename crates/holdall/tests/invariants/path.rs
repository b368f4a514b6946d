//! Invariants of `RemotePath`.

use holdall::{ErrorKind, RemotePath};

/// The rule of normalisation, step by step.
fn expected(text: &str) -> Option<String> {
    let folded = text.replace('\\', "/");
    let segments: Vec<&str> = folded
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != ".")
        .collect();
    let refused = text.contains('\0') || segments.contains(&"..") || segments.is_empty();
    (!refused).then(|| segments.join("/"))
}

/// Any text either is a path in canonical form or is refused as the rules say.
pub(crate) fn check(text: &str) {
    let path = match RemotePath::new(text) {
        Ok(path) => path,
        Err(error) => {
            assert_eq!(expected(text), None, "refused: {text:?}");
            assert_eq!(error.kind(), ErrorKind::InvalidPath);
            assert_eq!(error.path(), Some(text));
            assert_eq!(error.backend(), None);
            return;
        }
    };
    assert_eq!(Some(path.as_str()), expected(text).as_deref(), "{text:?}");
    assert_eq!(RemotePath::new(path.as_str()).unwrap(), path, "idempotent");
    check_parts(&path);
}

fn check_parts(path: &RemotePath) {
    assert!(!path.is_root());
    let parts: Vec<&str> = path.parts().collect();
    for part in &parts {
        assert!(!matches!(*part, "" | "." | ".."), "{path:?}");
        assert!(!part.contains(['/', '\\', '\0']), "{path:?}");
    }
    assert_eq!(parts.join("/"), path.as_str());
    assert_eq!(parts.last(), Some(&path.name()));
    assert!(path.name().ends_with(path.suffix()));
    assert_ne!(path.name(), path.suffix(), "a suffix leaves a stem");
    assert_eq!(RemotePath::root().join(path).unwrap(), *path);
    assert_eq!(path.join("").unwrap(), *path);
    match path.parent() {
        Some(parent) => assert_eq!(parent.join(path.name()).unwrap(), *path),
        None => assert_eq!(parts.len(), 1),
    }
    assert_eq!(path.key().as_str(), path.as_str());
    assert_eq!(path.key().parent().child(path.name()), path.as_str());
    assert!(path.key().segments().eq(parts));
}
