//! Any text is a canonical path, or refused as the rules say.

#![no_main]

#[path = "../../crates/holdall/tests/invariants/path.rs"]
mod invariants;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| invariants::check(text));
