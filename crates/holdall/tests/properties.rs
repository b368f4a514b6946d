//! Properties of paths and patterns; the fuzz targets of the same names check
//! the same invariants.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

mod invariants;

use holdall::Pattern;
use proptest::prelude::*;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Segments that a pattern is likely to hold, and junk.
fn pattern() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        3 => Just("**".to_owned()),
        3 => "[ab*?]{1,5}",
        2 => "\\[!?[ab-]{0,4}\\]?[ab*]{0,2}",
        1 => "[\\]\\[ab!*?.-]{0,6}",
        1 => Just(".".to_owned()),
    ];
    prop::collection::vec(segment, 1..6).prop_map(|segments| segments.join("/"))
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn any_text_is_a_canonical_path_or_refused(text in any::<String>()) {
        invariants::path::check(&text);
    }

    #[test]
    fn separators_and_dots_are_normalised_or_refused(
        text in "([./\\\\a\u{0}é ~]|\\.\\.){0,12}",
    ) {
        invariants::path::check(&text);
    }

    #[test]
    fn any_text_compiles_to_a_pattern_or_is_refused(
        pattern in "\\PC{0,12}|[./\\\\*\u{0}a]{0,8}",
        path in "[a/.]{0,8}",
    ) {
        invariants::pattern::check(&pattern, &path);
    }
}

proptest! {
    #![proptest_config(cases(5_000))]

    #[test]
    fn a_pattern_matches_as_the_reference_does(
        pattern in pattern(),
        path in "([\\]ab!\\[*-]{1,4}/){0,4}[\\]ab!\\[*-]{1,4}",
    ) {
        invariants::pattern::check(&pattern, &path);
    }
}

#[test]
fn a_pattern_full_of_runs_does_not_explode() {
    let stars = "a*".repeat(500);
    let in_a_name = Pattern::new(&format!("{stars}b")).unwrap();
    assert!(!in_a_name.matches(&"a".repeat(5_000)));

    let folders = "**/*a*/".repeat(200);
    let in_a_path = Pattern::new(&format!("{folders}b")).unwrap();
    assert!(!in_a_path.matches(&["xax"; 1_000].join("/")));
}
