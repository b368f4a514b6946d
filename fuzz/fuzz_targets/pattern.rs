//! Any text compiles to a pattern that matches as the reference does, or is
//! refused as the rules say.

#![no_main]

#[path = "../../crates/holdall/tests/invariants"]
mod invariants {
    pub(crate) mod glob_reference;
    pub(crate) mod pattern;
}

use libfuzzer_sys::fuzz_target;

/// The reference takes exponential time, and more than this finds no more.
const LONGEST: usize = 24;

/// The first line is the pattern, the rest the path.
fuzz_target!(|input: &str| {
    let (pattern, path) = input.split_once('\n').unwrap_or((input, "a"));
    if pattern.len() <= LONGEST && path.len() <= LONGEST {
        invariants::pattern::check(pattern, path);
    }
});
