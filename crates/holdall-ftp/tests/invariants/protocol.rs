//! What holds for any bytes that a client sends, however they are split. Shared
//! by the property test and by the fuzz target.

mod commands;
mod replies;

use holdall_ftp::protocol::{LINE_LIMIT, Line, LineBuffer};

/// Telnet's "interpret as command", and an interrupt with its mark, as many a
/// client sends them before `ABOR`.
const IAC: u8 = 255;
const INTERRUPT: &[u8] = b"\xff\xf4\xff\xf2";

/// Fails where `bytes`, which come in pieces of at most `piece` bytes, break a
/// rule.
pub(crate) fn check(bytes: &[u8], piece: usize) {
    let whole = lines(bytes, usize::MAX);
    assert_eq!(whole, lines(bytes, piece), "lines depend on how they came");
    let raw = raw_lines(bytes);
    assert_eq!(whole.len(), raw.len(), "lines are lost or made up");
    for (line, raw) in whole.iter().zip(raw) {
        check_line(line, raw);
        if let Line::Whole(line) = line {
            commands::check(line);
            replies::check(&String::from_utf8_lossy(line));
        }
    }
}

/// Cuts `bytes` into lines, which come in pieces of at most `piece` bytes.
fn lines(bytes: &[u8], piece: usize) -> Vec<Line> {
    let mut buffer = LineBuffer::new();
    let mut lines = Vec::new();
    for piece in bytes.chunks(piece.max(1)) {
        buffer.space().extend_from_slice(piece);
        lines.extend(std::iter::from_fn(|| buffer.take_line()));
        assert!(
            buffer.space().len() < LINE_LIMIT,
            "more is held than a line"
        );
    }
    lines
}

/// Lines with their ends, by the plainest rule. A last one without its end counts
/// once it is too long.
fn raw_lines(bytes: &[u8]) -> Vec<&[u8]> {
    let mut raw: Vec<_> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    raw.pop_if(|last| !last.ends_with(b"\n") && last.len() < LINE_LIMIT);
    raw
}

fn check_line(line: &Line, raw: &[u8]) {
    let Some(text) = raw.strip_suffix(b"\n").filter(|_| raw.len() <= LINE_LIMIT) else {
        assert_eq!(*line, Line::TooLong);
        return;
    };
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if !text.contains(&IAC) {
        assert_eq!(*line, Line::Whole(text.to_vec()));
    }
    // Whatever a line holds can be sent, with telnet's commands before it or not.
    let mut escaped = INTERRUPT.to_vec();
    for byte in text {
        escaped.extend(std::iter::repeat_n(*byte, if *byte == IAC { 2 } else { 1 }));
    }
    escaped.extend_from_slice(b"\r\n");
    if escaped.len() <= LINE_LIMIT {
        assert_eq!(lines(&escaped, usize::MAX), [Line::Whole(text.to_vec())]);
    }
}
