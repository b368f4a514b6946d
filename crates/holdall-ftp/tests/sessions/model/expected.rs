//! Replies that the model allows, and entries of listings.

use crate::client::Reply;

/// What a reply must be.
#[derive(Debug)]
pub(super) struct Expected {
    codes: Vec<u16>,
    text: Text,
}

#[derive(Debug)]
enum Text {
    Any,
    /// This line and no other.
    Line(String),
    /// Lines as of `ls`, between the first and the last.
    Entries(Vec<Entry>),
    /// The facts of this entry, between the first line and the last.
    Facts(Entry),
}

/// What a listing tells of a name: the size for a file, none for a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size: Option<u64>,
}

impl Expected {
    pub(super) fn code(code: u16) -> Self {
        Self::one_of([code])
    }

    pub(super) fn one_of(codes: impl Into<Vec<u16>>) -> Self {
        Self {
            codes: codes.into(),
            text: Text::Any,
        }
    }

    /// This line and no other.
    pub(super) fn line(line: String) -> Self {
        Self {
            text: Text::Line(line),
            ..Self::code(213)
        }
    }

    pub(super) fn entries(entries: Vec<Entry>) -> Self {
        Self {
            text: Text::Entries(entries),
            ..Self::code(213)
        }
    }

    pub(super) fn facts(entry: Entry) -> Self {
        Self {
            text: Text::Facts(entry),
            ..Self::code(250)
        }
    }

    /// The same, or 426 in the place of a success.
    pub(super) fn or_stopped(mut self) -> Self {
        if self.codes.contains(&213) {
            self.codes.push(426);
        }
        self
    }

    /// Whether the reply is one of those.
    pub(super) fn allows(&self, reply: &Reply) -> bool {
        let text = match &self.text {
            Text::Any => true,
            Text::Line(line) => return reply.text == format!("{line}\r\n"),
            Text::Entries(entries) => {
                let lines = between(&reply.text).map(Entry::from_long);
                same_entries(lines, entries)
            }
            Text::Facts(entry) => {
                let lines = between(&reply.text).map(|line| {
                    let facts = line.strip_prefix(' ')?;
                    Entry::from_facts(facts)
                });
                same_entries(lines, std::slice::from_ref(entry))
            }
        };
        text && self.codes.contains(&reply.code)
    }
}

/// The lines between the first and the last.
fn between(text: &str) -> impl Iterator<Item = &str> {
    let count = text.lines().count();
    text.lines().take(count.saturating_sub(1)).skip(1)
}

/// Whether the lines are of these entries, in any order.
pub(super) fn same_entries(lines: impl Iterator<Item = Option<Entry>>, expected: &[Entry]) -> bool {
    let mut expected = expected.to_vec();
    expected.sort();
    let Some(mut found) = lines.collect::<Option<Vec<_>>>() else {
        return false;
    };
    found.sort();
    found == expected
}

impl Entry {
    /// Reads a line as of `ls -l`.
    pub(super) fn from_long(line: &str) -> Option<Self> {
        let mut rest = line;
        let mut columns = Vec::new();
        for _ in 0..8 {
            let (column, after) = rest.trim_start().split_once(' ')?;
            columns.push(column);
            rest = after;
        }
        let size = match columns[0].chars().next()? {
            'd' => None,
            '-' => Some(columns[4].parse().ok()?),
            _ => return None,
        };
        let name = rest.to_owned();
        Some(Self { name, size })
    }

    /// Reads a line of facts.
    pub(super) fn from_facts(line: &str) -> Option<Self> {
        let (facts, name) = line.split_once(' ')?;
        let fact = |name: &str| {
            let mut facts = facts.split(';').filter_map(|fact| fact.split_once('='));
            facts.find(|fact| fact.0 == name).map(|fact| fact.1)
        };
        let size = match fact("Type")? {
            "dir" => None,
            "file" => Some(fact("Size")?.parse().ok()?),
            _ => return None,
        };
        let name = name.to_owned();
        Some(Self { name, size })
    }
}
