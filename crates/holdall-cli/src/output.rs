//! What goes to standard output: lines, JSON records and content.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use holdall::Timestamp;
use indicatif::BinaryBytes;
use serde::Serialize;

use crate::entries::{Entry, EntryKind};
use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// Standard output, buffered. A reader that goes away is
/// [`Failure::OutputClosed`].
pub(crate) struct Output {
    writer: BufWriter<io::Stdout>,
}

impl Output {
    /// Nothing written yet.
    pub(crate) fn new() -> Self {
        Self {
            writer: BufWriter::new(io::stdout()),
        }
    }

    /// One line of text.
    pub(crate) fn line(&mut self, text: &str) -> Result<()> {
        writeln!(self.writer, "{text}")?;
        Ok(())
    }

    /// One JSON object on a line of its own.
    pub(crate) fn json(&mut self, record: &impl Serialize) -> Result<()> {
        let line = serde_json::to_string(record)
            .map_err(|error| Failure::new(Exit::Other, format!("cannot write JSON: {error}")))?;
        self.line(&line)
    }

    /// Content as it is.
    pub(crate) fn bytes(&mut self, content: &[u8]) -> Result<()> {
        self.writer.write_all(content)?;
        Ok(())
    }

    /// Hands all that is buffered to the reader.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.writer.flush()?;
        Ok(())
    }
}

/// One file or folder in `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Record<'a> {
    /// Relative to the address that was asked for.
    pub(crate) path: &'a str,
    /// The last segment.
    pub(crate) name: &'a str,
    /// `file` or `folder`.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// Bytes; null for a folder in a listing.
    pub(crate) size: Option<u64>,
    /// RFC 3339 in UTC; null where the store does not know it.
    pub(crate) modified_at: Option<String>,
    /// What to give to `holdall` to name the same thing.
    pub(crate) address: String,
}

impl<'a> Record<'a> {
    /// The record of `entry` at `path`.
    pub(crate) fn new(entry: &'a Entry, path: &'a str, address: String) -> Self {
        Self {
            path,
            name: &entry.name,
            kind: entry.kind.as_str(),
            size: (entry.kind == EntryKind::File).then_some(entry.size),
            modified_at: entry.modified_at.map(|time| time.to_string()),
            address,
        }
    }
}

/// `text` without control characters, so that a name can neither break a line
/// nor command a terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().flat_map(|c| {
        let (plain, escape) = if c.is_control() {
            (None, Some(c.escape_default()))
        } else {
            (Some(c), None)
        };
        plain.into_iter().chain(escape.into_iter().flatten())
    });
    Cow::Owned(escaped.collect())
}

/// A number of bytes for people: `4.50 MiB`.
pub(crate) fn human_size(bytes: u64) -> String {
    BinaryBytes(bytes).to_string()
}

/// A time for people, to the second in UTC; `-` where it is not known.
pub(crate) fn human_time(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| format!("{time:.0}"))
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_the_line_or_command_the_terminal() {
        assert_eq!(printable("a\nb\u{1b}[2J"), r"a\nb\u{1b}[2J");
        assert_eq!(printable("plain é 文"), "plain é 文");
    }

    #[test]
    fn times_are_rfc_3339_to_the_second() {
        let time = Timestamp::new(0, 999_000_000).unwrap();
        assert_eq!(human_time(Some(time)), "1970-01-01T00:00:00Z");
        assert_eq!(human_time(None), "-");
    }

    #[test]
    fn counts_know_their_plural() {
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(0, "folder"), "0 folders");
    }
}
