use super::*;

fn matched<'a>(pattern: &str, paths: &[&'a str]) -> Vec<&'a str> {
    let pattern = Pattern::new(pattern).unwrap();
    paths
        .iter()
        .copied()
        .filter(|path| pattern.matches(path))
        .collect()
}

const TREE: &[&str] = &[
    "b", "x/b", "a/b", "a/x/b", "a/x/y/b", "a/bc", "a/.b", "A/b", "a\n/b", "a/b\n",
];

#[test]
fn a_double_star_stands_for_any_number_of_folders() {
    assert_eq!(matched("a/**/b", TREE), ["a/b", "a/x/b", "a/x/y/b"]);
    assert_eq!(
        matched("**/b", TREE),
        ["b", "x/b", "a/b", "a/x/b", "a/x/y/b", "A/b", "a\n/b"]
    );
    assert_eq!(matched("a/**/**/b", TREE), matched("a/**/b", TREE));
    assert_eq!(matched("**", TREE), TREE);
    assert_eq!(matched("**/**", TREE), TREE);
}

#[test]
fn a_last_double_star_is_everything_below_and_not_the_folder() {
    assert_eq!(
        matched("a/**", &["a", "a/b", "a/b/c", "ab", "b/a"]),
        ["a/b", "a/b/c"]
    );
    assert_eq!(matched("a/**/*", &["a", "a/b", "a/b/c"]), ["a/b", "a/b/c"]);
}

#[test]
fn no_part_but_a_double_star_crosses_a_slash() {
    for pattern in ["a*b", "a?b", "a[!x]b", "a[.-0]b", "a[/]b"] {
        assert_eq!(matched(pattern, &["a/b"]), Vec::<&str>::new(), "{pattern}");
    }
}

#[test]
fn case_and_leading_dots_count_like_other_characters() {
    assert_eq!(matched("a/*", TREE), ["a/b", "a/bc", "a/.b", "a/b\n"]);
    assert_eq!(matched("A/b", TREE), ["A/b"]);
}

#[test]
fn the_end_is_the_end_even_before_a_newline() {
    assert_eq!(matched("a/b", TREE), ["a/b"]);
    assert_eq!(matched("a/?", TREE), ["a/b"]);
}

#[test]
fn braces_are_literal() {
    assert_eq!(matched("{a,b}", &["a", "b", "{a,b}"]), ["{a,b}"]);
}

#[test]
fn a_pattern_is_normalised_as_a_path() {
    for (pattern, normal) in [
        ("/etc/*", "etc/*"),
        ("./d/*.csv", "d/*.csv"),
        ("d//*", "d/*"),
        ("d/./*/", "d/*"),
        (r"d\*", "d/*"),
        (r"d\[*]", "d/[*]"),
    ] {
        assert_eq!(Pattern::new(pattern).unwrap().as_str(), normal, "{pattern}");
    }
}

#[test]
fn what_is_no_pattern_is_refused_by_kind() {
    for (pattern, kind) in [
        ("", ErrorKind::InvalidArgument),
        ("/", ErrorKind::InvalidArgument),
        ("./.", ErrorKind::InvalidArgument),
        ("a**", ErrorKind::InvalidArgument),
        ("**x", ErrorKind::InvalidArgument),
        ("a/***/b", ErrorKind::InvalidArgument),
        ("[**", ErrorKind::InvalidArgument),
        ("../*", ErrorKind::InvalidPath),
        ("d/../*.csv", ErrorKind::InvalidPath),
        (r"d\..\*", ErrorKind::InvalidPath),
        ("a\0*", ErrorKind::InvalidPath),
    ] {
        let error = Pattern::new(pattern).unwrap_err();
        assert_eq!(error.kind(), kind, "{pattern:?}");
        assert_eq!(error.path(), Some(pattern));
    }
    assert!(Pattern::new("[**]").is_ok());
}

#[test]
fn a_set_of_one_character_is_an_escape() {
    assert_eq!(
        matched("d[[]1]/[*]", &["d[1]/*", "d[1]/a", "d1/*"]),
        ["d[1]/*"]
    );
    let literal = Pattern::new("d[[]1]/[*]").unwrap();
    assert_eq!(literal.literal_path(), Some("d[1]/*"));
    assert_eq!(literal.literal_prefix(), "d[1]");
}

#[test]
fn escaped_dots_never_lead_a_listing_out() {
    let pattern = Pattern::new("[.][.]/*").unwrap();
    assert_eq!(pattern.literal_prefix(), "");
    assert_eq!(Pattern::new("[.]").unwrap().literal_path(), None);
}

#[test]
fn a_root_is_literal_and_its_siblings_stay_out() {
    let pattern = Pattern::beneath("d[1]*", "**/*.csv").unwrap();
    assert!(pattern.matches("d[1]*/a.csv"));
    assert!(!pattern.matches("d1x/a.csv"));
    assert_eq!(pattern.literal_prefix(), "d[1]*");
    for root in ["", ".", "/"] {
        assert_eq!(
            Pattern::beneath(root, "*").unwrap(),
            Pattern::new("*").unwrap()
        );
    }
    let error = Pattern::beneath("d", "").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let error = Pattern::beneath("d", "../*").unwrap_err();
    assert_eq!(
        (error.kind(), error.path()),
        (ErrorKind::InvalidPath, Some("../*"))
    );
}

#[test]
fn a_listing_begins_below_the_literal_segments() {
    for (pattern, prefix, depth) in [
        ("*", "", Depth::Limit(0)),
        ("a", "", Depth::Limit(0)),
        ("a/b", "a", Depth::Limit(0)),
        ("a/b/*.csv", "a/b", Depth::Limit(0)),
        ("a/*/c/*.csv", "a", Depth::Limit(2)),
        ("a/**", "a", Depth::Unlimited),
        ("**/a", "", Depth::Unlimited),
        ("a[/b", "a[", Depth::Limit(0)),
    ] {
        let compiled = Pattern::new(pattern).unwrap();
        assert_eq!(compiled.literal_prefix(), prefix, "{pattern}");
        assert_eq!(compiled.depth(), depth, "{pattern}");
    }
}

#[test]
fn a_walk_is_pruned_where_nothing_below_can_match() {
    for (pattern, folder, can) in [
        ("a/*/c", "", true),
        ("a/*/c", ".", true),
        ("a/*/c", "a", true),
        ("a/*/c", "b", false),
        ("a/*/c", "a/x", true),
        ("a/*/c", "a/x/c", false),
        ("a/**/c", "a/x/y/z", true),
        ("a/**/c", "b/x", false),
        ("a/**", "a", true),
        ("*", "a", false),
    ] {
        let compiled = Pattern::new(pattern).unwrap();
        assert_eq!(
            compiled.can_match_below(folder),
            can,
            "{pattern} below {folder:?}"
        );
    }
}

#[test]
fn the_root_matches_nothing() {
    for pattern in ["*", "**", "?", "[.]"] {
        assert_eq!(
            matched(pattern, &["", "."]),
            Vec::<&str>::new(),
            "{pattern}"
        );
    }
}
