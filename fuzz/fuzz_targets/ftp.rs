//! Whatever a client of the FTP server sends is lines, and each is a command or an
//! error.

#![no_main]

#[path = "../../crates/holdall-ftp/tests/invariants/protocol.rs"]
mod invariants;

use libfuzzer_sys::fuzz_target;

/// What a byte 1 stands for, so that short inputs make lines that are too long.
const MANY: [u8; 1000] = [b'x'; 1000];

// The first byte is how many bytes come at once, the rest what comes.
fuzz_target!(|input: &[u8]| {
    let (piece, sent) = input.split_first().unwrap_or((&1, &[]));
    let mut bytes = Vec::new();
    for byte in sent {
        match byte {
            1 => bytes.extend_from_slice(&MANY),
            byte => bytes.push(*byte),
        }
    }
    invariants::check(&bytes, usize::from(*piece));
});
