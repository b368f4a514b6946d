//! What is wrong with a configuration, and where.

use std::fmt;
use std::sync::Arc;

use serde::de::{self, Expected, Unexpected};

use super::suggest;
use crate::error::{Error, ErrorKind, Operation};

/// Where something stands: the file, the line and the keys that lead there.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// The file, as messages name it.
    pub(super) file: Option<Arc<str>>,
    /// From 1.
    pub(super) line: Option<usize>,
    /// Such as `backends.main`.
    pub(super) keys: String,
}

impl Place {
    /// The place of `key` in here.
    pub(super) fn below(&self, key: &str, line: Option<usize>) -> Self {
        Self {
            file: self.file.clone(),
            line: line.or(self.line),
            keys: joined(&self.keys, key),
        }
    }

    /// The file and the line.
    pub(super) fn origin(&self) -> Option<(&str, Option<usize>)> {
        self.file.as_deref().map(|file| (file, self.line))
    }

    /// An error that begins with the place.
    pub(super) fn error(&self, message: impl fmt::Display) -> Error {
        self.error_of(ErrorKind::InvalidArgument, message)
    }

    /// The same, of any kind.
    pub(super) fn error_of(&self, kind: ErrorKind, message: impl fmt::Display) -> Error {
        Error::new(kind, format!("{self}{message}")).with_operation(Operation::Open)
    }
}

impl fmt::Display for Place {
    /// `holdall.toml:7: backends.main: `, as far as it is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        if self.keys.is_empty() {
            return Ok(());
        }
        write!(f, "{}: ", self.keys)
    }
}

/// `keys.key`, the key quoted where it would otherwise mislead.
fn joined(keys: &str, key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let key = if !key.is_empty() && key.chars().all(is_bare) {
        key.to_owned()
    } else {
        format!("\"{}\"", key.escape_debug())
    };
    if keys.is_empty() {
        key
    } else {
        format!("{keys}.{key}")
    }
}

/// What serde finds wrong with a value. It never tells the value itself, which
/// may be a secret in the wrong place.
#[derive(Debug)]
pub(super) struct Fault {
    message: String,
    line: Option<usize>,
    /// From the inside out.
    steps: Vec<Step>,
}

/// One step from a value to one that is in it.
#[derive(Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

impl Fault {
    /// A value of another type than the wanted one.
    pub(super) fn wrong_type(wanted: &str, found: &str) -> Self {
        de::Error::custom(format!("this must be {wanted}, not {found}"))
    }

    /// Adds the step that leads to the fault.
    pub(super) fn under(mut self, step: Step, line: Option<usize>) -> Self {
        self.steps.push(step);
        self.in_line(line)
    }

    /// The line, where no nearer one is known.
    pub(super) fn in_line(mut self, line: Option<usize>) -> Self {
        self.line = self.line.or(line);
        self
    }

    /// As an error of the configuration at `place`.
    pub(super) fn into_error(self, place: &Place) -> Error {
        let mut place = Place {
            line: self.line.or(place.line),
            ..place.clone()
        };
        for step in self.steps.iter().rev() {
            place.keys = match step {
                Step::Key(key) => joined(&place.keys, key),
                Step::Index(index) => format!("{}[{index}]", place.keys),
            };
        }
        place.error(self.message)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
            line: None,
            steps: Vec::new(),
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::wrong_type(&wanted(expected), kind(found))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format!(
            "this value is not possible: it must be {}",
            wanted(expected)
        ))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let (variant, hint) = (
            variant.escape_debug(),
            suggest::hint(variant, expected.iter().copied()),
        );
        Self::custom(format!("there is no '{variant}'; {hint}"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        unknown_key(field, expected.iter().copied())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format!("'{field}' is missing"))
    }
}

/// A key that nobody reads.
pub(super) fn unknown_key<'a>(key: &str, known: impl IntoIterator<Item = &'a str>) -> Fault {
    let (key, hint) = (key.escape_debug(), suggest::hint(key, known));
    de::Error::custom(format!("unknown key '{key}'; {hint}"))
}

/// Rust's names of types as people call them.
fn wanted(expected: &dyn Expected) -> String {
    match expected.to_string().as_str() {
        "a string" | "a borrowed string" => "text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "a map" => "a table".to_owned(),
        "a sequence" => "a list".to_owned(),
        unsigned if unsigned.starts_with('u') && unsigned.len() <= 5 => {
            "a whole number from 0".to_owned()
        }
        structure if structure.starts_with("struct ") => "a table".to_owned(),
        other => other.to_owned(),
    }
}

const fn kind(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "true or false",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a whole number",
        Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "text",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a table",
        Unexpected::Unit | Unexpected::Option => "nothing",
        _ => "what it is",
    }
}
