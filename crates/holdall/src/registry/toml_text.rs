//! TOML into values that know their lines.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::fault::Place;
use super::value::{ConfigTable, ConfigValue, Node};
use crate::error::Result;

/// The document as a table.
pub(super) fn parse(text: &str, place: &Place) -> Result<ConfigValue> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(document) => lines.table(document.get_ref(), None, place),
        // The parser's own display quotes the line, which may hold a secret.
        Err(error) => Err(Place {
            line: error.span().map(|span| lines.line(&span)),
            ..place.clone()
        }
        .error(format!("this is not TOML: {}", error.message()))),
    }
}

/// Where the lines of a text begin.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// The line that `span` begins in, from 1.
    fn line(&self, span: &Range<usize>) -> usize {
        self.starts.partition_point(|start| *start <= span.start)
    }

    fn table(
        &self,
        table: &DeTable<'_>,
        line: Option<usize>,
        place: &Place,
    ) -> Result<ConfigValue> {
        let mut values = ConfigTable::new();
        for (key, value) in table.iter() {
            let (name, line) = self.key(key);
            let place = place.below(name, Some(line));
            values.insert(name, self.value(value, line, &place)?);
        }
        Ok(ConfigValue::from(values).at(line))
    }

    /// A value stands in the line of its key, or of its own in a list.
    fn value(
        &self,
        value: &Spanned<DeValue<'_>>,
        line: usize,
        place: &Place,
    ) -> Result<ConfigValue> {
        let node = match value.get_ref() {
            DeValue::String(text) => Node::Text(text.to_string()),
            DeValue::Boolean(value) => Node::Boolean(*value),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                Node::Integer(parsed.map_err(|_| place.error("the number is too large"))?)
            }
            DeValue::Float(number) => {
                let parsed = number.as_str().parse();
                Node::Float(parsed.map_err(|_| place.error("this is not a number"))?)
            }
            // No option is a date; as text it is what was written.
            DeValue::Datetime(time) => Node::Text(time.to_string()),
            DeValue::Array(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items.iter() {
                    let line = self.line(&item.span());
                    values.push(self.value(item, line, place)?);
                }
                Node::List(values)
            }
            DeValue::Table(table) => return self.table(table, Some(line), place),
        };
        Ok(ConfigValue::new(node).at(Some(line)))
    }

    fn key<'a>(&self, key: &'a Spanned<DeString<'_>>) -> (&'a str, usize) {
        (key.get_ref(), self.line(&key.span()))
    }
}
