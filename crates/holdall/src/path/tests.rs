use super::*;

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).unwrap()
}

#[test]
fn spellings_of_one_path_are_equal() {
    for (text, normal) in [
        ("a/", "a"),
        ("/a", "a"),
        ("//a//", "a"),
        ("a//b", "a/b"),
        ("a/./b", "a/b"),
        (r"a\b", "a/b"),
        (r"\a\.\\b\", "a/b"),
        (r"C:\x", "C:/x"),
    ] {
        assert_eq!(path(text).as_str(), normal, "{text:?}");
    }
}

#[test]
fn names_that_only_look_special_are_kept_as_they_are() {
    let long = "x".repeat(2_000);
    let composed = "\u{e9}";
    let decomposed = "e\u{301}";
    for text in [
        "...",
        "..a",
        "a..",
        "..foo/x",
        " ",
        " a ",
        "~",
        "a\nb",
        "a\tb\u{7f}",
        "A",
        "a.",
        "*?[",
        composed,
        decomposed,
        &long,
    ] {
        assert_eq!(path(text).as_str(), text);
    }
    assert_ne!(path(composed), path(decomposed));
    assert_ne!(path("a"), path("A"));
}

#[test]
fn what_is_no_path_is_refused_with_the_text_as_given() {
    for (text, reason) in [
        ("", "empty"),
        (".", "empty"),
        ("./", "empty"),
        ("/", "empty"),
        ("//", "empty"),
        (r"\", "empty"),
        ("..", "'..'"),
        ("a/..", "'..'"),
        ("a/../b", "'..'"),
        (r"a\..\b", "'..'"),
        ("a\0b", "NUL"),
        ("../\0", "NUL"),
    ] {
        let error = RemotePath::new(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPath, "{text:?}");
        assert_eq!(error.path(), Some(text));
        assert_eq!(error.backend(), None);
        assert!(error.message().contains(reason), "{text:?}: {error}");
    }
}

#[test]
fn a_suffix_begins_at_the_last_dot_of_a_name_with_a_stem() {
    for (text, suffix) in [
        ("a.csv", ".csv"),
        ("a.tar.gz", ".gz"),
        ("a.", "."),
        ("a", ""),
        (".bashrc", ""),
        (".bashrc.bak", ".bak"),
        ("d.d/a", ""),
        ("..a", ".a"),
    ] {
        assert_eq!(path(text).suffix(), suffix, "{text:?}");
    }
}

#[test]
fn a_path_comes_apart_and_together() {
    let deep = path("a/b/c");
    assert_eq!(deep.name(), "c");
    assert_eq!(deep.parent(), Some(path("a/b")));
    assert_eq!(path("a").parent(), None);
    assert!(deep.parts().eq(["a", "b", "c"]));
    assert_eq!(path("a").join("b/c").unwrap(), deep);
    assert_eq!(
        path("a").join("/b//c/").unwrap(),
        deep,
        "absolute is appended"
    );
    assert_eq!(deep.join("").unwrap(), deep);
    assert_eq!(
        deep.join("../x").unwrap_err().kind(),
        ErrorKind::InvalidPath
    );
}

#[test]
fn the_root_is_a_dot_that_no_text_parses_to() {
    let root = RemotePath::root();
    assert_eq!((root.as_str(), root.name(), root.suffix()), (".", ".", ""));
    assert_eq!(root.parent(), None);
    assert!(root.parts().eq(["."]));
    assert!(root.is_root() && root.key().is_root());
    assert_eq!(root.join("a").unwrap(), path("a"));
    assert_eq!(root.join("").unwrap_err().kind(), ErrorKind::InvalidPath);
    assert_eq!(RemotePath::from_canonical(String::new()), root);
    for text in ["", "."] {
        assert_eq!(RemotePath::from_backend_path(text).unwrap(), root);
    }
    for text in ["./", "/", ".."] {
        assert!(RemotePath::from_backend_path(text).is_err(), "{text:?}");
    }
    assert_eq!(RemotePath::from_backend_path("a/").unwrap(), path("a"));
}

#[test]
fn all_conversions_normalise() {
    assert_eq!("a//b".parse::<RemotePath>().unwrap(), path("a/b"));
    assert_eq!(RemotePath::try_from("/a").unwrap(), path("a"));
    assert_eq!(RemotePath::try_from("/a".to_owned()).unwrap(), path("a"));
    assert!("..".parse::<RemotePath>().is_err());
    assert_eq!(path("/a/").to_string(), "a");
    assert_eq!(format!("{:?}", path("a\n")), r#"RemotePath("a\n")"#);
}

#[test]
fn a_key_is_the_path_with_an_empty_root() {
    let root = Key::ROOT;
    assert_eq!((root.as_str(), root.name(), root.parent()), ("", "", root));
    assert_eq!(root.segments().count(), 0);
    assert_eq!(root.child("a"), "a");

    let deep = path("a/b");
    let key = deep.key();
    assert_eq!(
        (key.as_str(), key.name(), key.parent().as_str()),
        ("a/b", "b", "a")
    );
    assert_eq!(key.parent().parent(), root);
    assert_eq!(key.child("c"), "a/b/c");
    assert!(key.segments().eq(["a", "b"]));
}

#[test]
fn a_canonical_path_is_not_copied() {
    for (text, borrowed) in [("a/b", true), ("", true), ("/", true), ("a/", false)] {
        let normal = normalize(text).unwrap();
        assert_eq!(matches!(normal, Cow::Borrowed(_)), borrowed, "{text:?}");
    }
}

#[test]
fn only_the_exact_form_is_a_temporary_name() {
    assert!(is_temporary_name(".~holdall.0123456789abcdef.tmp"));
    for name in [
        "",
        ".~holdall..tmp",
        ".~holdall.0123456789abcde.tmp",
        ".~holdall.0123456789abcdef0.tmp",
        ".~holdall.0123456789ABCDEF.tmp",
        ".~holdall.0123456789abcdeg.tmp",
        ".~holdall.0123456789abcdef.tmp~",
        "x.~holdall.0123456789abcdef.tmp",
        "~holdall.0123456789abcdef.tmp",
    ] {
        assert!(!is_temporary_name(name), "{name:?}");
    }
}

#[test]
fn a_temporary_name_is_refused_anywhere_in_a_key() {
    let name = ".~holdall.0123456789abcdef.tmp";
    for text in [name.to_owned(), format!("a/{name}"), format!("{name}/a")] {
        let error = refuse_temporary(path(&text).key()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPath);
        assert_eq!(error.path(), Some(text.as_str()));
    }
    assert!(refuse_temporary(path(&format!("{name}x/a")).key()).is_ok());
}
