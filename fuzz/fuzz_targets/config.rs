//! Any text is a configuration of stores, or refused as the rules say.

#![no_main]

#[path = "../../crates/holdall/tests/invariants/config.rs"]
mod invariants;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| invariants::check(text));
