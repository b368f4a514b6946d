//! Whatever a client sends is lines, and each is a command or an error.

#[path = "invariants/protocol.rs"]
mod invariants;

use proptest::prelude::*;

/// Bytes as clients send them, and some that none does.
fn sent() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(holdall_ftp::protocol::Verb::names().collect::<Vec<_>>())
            .prop_map(|name| name.as_bytes().to_vec()),
        prop::sample::select(vec![
            &b" "[..],
            b"\r\n",
            b"\n",
            b"\r",
            b"\xff\xf4\xff\xf2",
            b"\xff\xfa",
            b"-la ",
            b"/../",
            b"|1|127.0.0.1|1025|",
            b"127,0,0,1,4,1",
            b"20260101000000 ",
            b"20260101000000.123456789x f",
            b"|1|127.0.0.1|+1025|",
            b"UTF8 ON",
            b"\0",
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..20),
        Just(vec![b'x'; 5000]),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_commands_or_errors(bytes in sent(), piece in 1..9000_usize) {
        invariants::check(&bytes, piece);
    }
}
