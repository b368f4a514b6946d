//! Lines of the control connection.

use bytes::BytesMut;

/// How many bytes a line may have, with its end: enough for any path of 4,096
/// bytes.
pub const LINE_LIMIT: usize = 8 * 1024;

/// Telnet's "interpret as command" (RFC 854), and the commands that carry more.
const IAC: u8 = 255;
const SB: u8 = 250;
const SE: u8 = 240;
const WILL: u8 = 251;
const DONT: u8 = 254;

/// One line without its end and without the commands of telnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The bytes of the line.
    Whole(Vec<u8>),
    /// The line was longer than [`LINE_LIMIT`] and is lost.
    TooLong,
}

/// Cuts what a client sends into lines. It holds at most [`LINE_LIMIT`] bytes
/// and what was read at once.
#[derive(Debug, Default)]
pub struct LineBuffer {
    bytes: BytesMut,
    /// How many bytes from the front are known to hold no line's end.
    scanned: usize,
    /// Whether the rest of a line that was too long is still to come.
    skipping: bool,
}

impl LineBuffer {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where to read to.
    pub fn space(&mut self) -> &mut BytesMut {
        &mut self.bytes
    }

    /// Forgets all that was read.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The next line, once all of it was read. Lines end with LF, with or without
    /// a CR before it.
    pub fn take_line(&mut self) -> Option<Line> {
        loop {
            let fresh = self.bytes.get(self.scanned..).unwrap_or_default();
            let Some(end) = fresh.iter().position(|byte| *byte == b'\n') else {
                self.scanned = self.bytes.len();
                return self.give_up_overlong();
            };
            let line = self.bytes.split_to(self.scanned + end + 1);
            self.scanned = 0;
            if self.bytes.is_empty() {
                // An idle session keeps no buffer.
                self.bytes = BytesMut::new();
            }
            if !std::mem::take(&mut self.skipping) {
                return Some(whole_line(&line));
            }
        }
    }

    fn give_up_overlong(&mut self) -> Option<Line> {
        if self.bytes.len() < LINE_LIMIT {
            return None;
        }
        self.bytes.clear();
        self.scanned = 0;
        let first_notice = !std::mem::replace(&mut self.skipping, true);
        first_notice.then_some(Line::TooLong)
    }
}

fn whole_line(line: &[u8]) -> Line {
    if line.len() > LINE_LIMIT {
        return Line::TooLong;
    }
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Line::Whole(without_telnet(line))
}

/// Takes out the commands of telnet, such as the interrupt before an `ABOR`.
fn without_telnet(line: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(line.len());
    let mut bytes = line.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != IAC {
            text.push(byte);
            continue;
        }
        match bytes.next() {
            Some(IAC) => text.push(IAC),
            Some(WILL..=DONT) => {
                bytes.next();
            }
            Some(SB) => {
                bytes.by_ref().find(|byte| *byte == SE);
            }
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&[u8]]) -> Vec<Line> {
        let mut buffer = LineBuffer::new();
        let mut lines = Vec::new();
        for chunk in chunks {
            buffer.space().extend_from_slice(chunk);
            lines.extend(std::iter::from_fn(|| buffer.take_line()));
        }
        lines
    }

    fn whole(text: &[u8]) -> Line {
        Line::Whole(text.to_vec())
    }

    #[test]
    fn a_line_may_come_in_pieces_and_with_others() {
        assert_eq!(
            lines(&[b"US", b"ER a\r", b"\nPASS b\nNOOP\r\nQU", b"IT\r\n"]),
            [
                whole(b"USER a"),
                whole(b"PASS b"),
                whole(b"NOOP"),
                whole(b"QUIT")
            ]
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_told_once_and_skipped() {
        let long = vec![b'x'; LINE_LIMIT];
        assert_eq!(
            lines(&[&long, &long, b"y\r\nNOOP\r\n"]),
            [Line::TooLong, whole(b"NOOP")]
        );
        let mut at_once = vec![b'x'; LINE_LIMIT + 1];
        at_once.extend_from_slice(b"\r\nNOOP\r\n");
        assert_eq!(lines(&[&at_once]), [Line::TooLong, whole(b"NOOP")]);
    }

    #[test]
    fn telnet_commands_are_taken_out() {
        assert_eq!(
            lines(&[
                b"\xff\xf4\xff\xf2ABOR\r\n",
                b"\xff\xfd\x06NO\xff\xffOP\n",
                b"\xff\xfa\x01\xff\xf0A\n",
                b"\xff\n"
            ]),
            [whole(b"ABOR"), whole(b"NO\xffOP"), whole(b"A"), whole(b"")]
        );
    }
}
