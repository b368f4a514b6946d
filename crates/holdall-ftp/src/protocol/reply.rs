//! Replies.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A reply: a code of three digits, and text for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    text: Cow<'static, str>,
    /// Lines between the first and the last.
    details: Option<Details>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Details {
    lines: Vec<String>,
    closing: &'static str,
}

impl Reply {
    /// A reply of one line.
    pub fn new(code: u16, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            text: text.into(),
            details: None,
        }
    }

    /// A reply with `lines` between a first and a last one.
    pub fn with_lines(
        code: u16,
        opening: &'static str,
        lines: Vec<String>,
        closing: &'static str,
    ) -> Self {
        Self {
            code,
            text: Cow::Borrowed(opening),
            details: Some(Details { lines, closing }),
        }
    }

    /// The code.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The text of the first line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The reply as it goes over the wire. Lines between the first and the last
    /// begin with a space, so that none looks like the last (RFC 959, 4.2).
    pub fn encode(&self) -> String {
        let mut wire = String::with_capacity(self.text.len() + 8);
        let separator = if self.details.is_some() { '-' } else { ' ' };
        push_line(
            &mut wire,
            format_args!("{}{separator}", self.code),
            &self.text,
        );
        if let Some(details) = &self.details {
            for line in &details.lines {
                push_line(&mut wire, format_args!(" "), line);
            }
            push_line(&mut wire, format_args!("{} ", self.code), details.closing);
        }
        wire
    }
}

fn push_line(wire: &mut String, prefix: std::fmt::Arguments<'_>, text: &str) {
    // Writing to a string cannot fail.
    let _ = wire.write_fmt(prefix);
    // A name with an end of line in it must not look like another reply.
    wire.extend(text.chars().map(|c| if c.is_control() { '?' } else { c }));
    wire.push_str("\r\n");
}

/// A path between quotes, with its own quotes doubled (RFC 959, appendix II).
pub fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_between_the_first_and_the_last_are_indented() {
        let reply = Reply::with_lines(
            211,
            "Features:",
            vec!["SIZE".into(), "211 x".into()],
            "End.",
        );
        assert_eq!(
            reply.encode(),
            "211-Features:\r\n SIZE\r\n 211 x\r\n211 End.\r\n"
        );
    }

    #[test]
    fn a_name_cannot_end_a_line() {
        let reply = Reply::new(250, "a\r\n530 b\0");
        assert_eq!(reply.encode(), "250 a??530 b?\r\n");
    }

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(quoted("/a\"b"), "\"/a\"\"b\"");
    }
}
