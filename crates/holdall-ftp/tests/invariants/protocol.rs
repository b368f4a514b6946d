//! What holds for any bytes that a client sends, however they are split. Shared
//! by the property test and by whoever fuzzes the parser.

use holdall_ftp::protocol::{Command, Line, LineBuffer, Reply};

/// Cuts `bytes` into lines, which come in pieces of at most `piece` bytes.
fn lines(bytes: &[u8], piece: usize) -> Vec<Line> {
    let mut buffer = LineBuffer::new();
    let mut lines = Vec::new();
    for piece in bytes.chunks(piece.max(1)) {
        buffer.space().extend_from_slice(piece);
        lines.extend(std::iter::from_fn(|| buffer.take_line()));
    }
    lines
}

/// Fails where `bytes` break a rule.
pub(crate) fn check(bytes: &[u8], piece: usize) {
    let whole = lines(bytes, usize::MAX);
    let ends = bytes.iter().filter(|byte| **byte == b'\n').count();
    assert!(whole.len() <= ends + 1, "more lines than ends of lines");
    assert_eq!(whole, lines(bytes, piece), "lines depend on how they came");
    for line in whole {
        let Line::Whole(line) = line else { continue };
        match Command::parse(&line) {
            Ok(Command::Retr(path) | Command::Stor(path) | Command::Dele(path)) => {
                assert!(!path.is_empty() && !path.contains(['\0', '\r', '\n']));
            }
            Ok(_) => {}
            Err(error) => {
                let reply = Reply::new(error.code(), error.to_string()).encode();
                assert!((500..=504).contains(&error.code()));
                assert_eq!(reply.matches('\n').count(), 1);
            }
        }
    }
}
