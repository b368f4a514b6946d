//! Variables of the environment, and their values in configurations.

use std::collections::BTreeMap;
use std::env::VarError;
use std::fmt;

use super::fault::Place;
use super::value::{ConfigTable, ConfigValue, Node};
use crate::error::{Error, ErrorKind, Operation, Result};

/// Where variables come from: the process's environment, or a fixed set.
///
/// `Debug` shows no values.
#[derive(Clone, Default)]
pub struct Environment {
    /// None is the process's.
    fixed: Option<BTreeMap<String, String>>,
}

impl Environment {
    /// The environment of this process, read whenever it is asked.
    pub fn process() -> Self {
        Self::default()
    }

    /// These variables and no others.
    pub fn fixed<K: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let variables = variables.into_iter();
        let pairs = variables.map(|(name, value)| (name.into(), value.into()));
        Self {
            fixed: Some(pairs.collect()),
        }
    }

    /// The value of `name`; none where it is not set.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) where the value is not
    /// UTF-8.
    pub fn get(&self, name: &str) -> Result<Option<String>> {
        if let Some(variables) = &self.fixed {
            return Ok(variables.get(name).cloned());
        }
        // The system's call cannot be asked for such names.
        if name.is_empty() || name.contains(['=', '\0']) {
            return Ok(None);
        }
        match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("the environment variable {name} is not UTF-8"),
            )
            .with_operation(Operation::Open)),
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fixed {
            None => f.write_str("Environment(process)"),
            Some(variables) => f.debug_set().entries(variables.keys()).finish(),
        }
    }
}

impl ConfigValue {
    /// This value with the variables in its texts replaced, at any depth:
    ///
    /// | text | becomes |
    /// |---|---|
    /// | `${NAME}` | the variable's value; an error where it is not set |
    /// | `${NAME:-default}` | its value, an empty one too, or `default` where it is not set |
    /// | `$${` | `${` |
    ///
    /// Names of options and values that are not text stay as they are, and so
    /// do `${}` and what is never closed. What a variable brings in is not
    /// looked into, and neither is a default. A name is taken as it stands,
    /// blanks included.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for a variable that is
    /// not set and has no default, or is not UTF-8; the message has its name
    /// and where it was asked for, such as `$.a[0].b`.
    pub fn resolve_env(&self, environment: &Environment) -> Result<Self> {
        let root = Place {
            keys: "$".to_owned(),
            ..Place::default()
        };
        self.resolve_env_at(environment, &root)
    }

    pub(super) fn resolve_env_at(&self, environment: &Environment, place: &Place) -> Result<Self> {
        let node = match &self.node {
            Node::Text(text) => {
                let lookup = |name: &str| environment.get(name);
                Node::Text(substituted(text, lookup).map_err(|error| {
                    Place {
                        line: self.line.or(place.line),
                        ..place.clone()
                    }
                    .error(error.message())
                })?)
            }
            Node::List(values) => {
                let mut resolved = Vec::with_capacity(values.len());
                for (index, value) in values.iter().enumerate() {
                    let place = Place {
                        keys: format!("{}[{index}]", place.keys),
                        ..place.clone()
                    };
                    resolved.push(value.resolve_env_at(environment, &place)?);
                }
                Node::List(resolved)
            }
            Node::Table(table) => {
                let mut resolved = ConfigTable::new();
                for (name, value) in table.iter() {
                    let place = place.below(name, value.line);
                    resolved.insert(name, value.resolve_env_at(environment, &place)?);
                }
                Node::Table(resolved)
            }
            other => other.clone(),
        };
        Ok(Self {
            node,
            line: self.line,
            secret: self.secret,
        })
    }
}

/// `text` with its variables replaced.
fn substituted(text: &str, lookup: impl Fn(&str) -> Result<Option<String>>) -> Result<String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(literal) = before.strip_suffix('$') {
            result.push_str(literal);
            result.push_str("${");
            rest = after;
            continue;
        }
        result.push_str(before);
        let Some((inside, behind)) = after.split_once('}') else {
            result.push_str("${");
            result.push_str(after);
            return Ok(result);
        };
        match value_of(inside, &lookup)? {
            Some(value) => result.push_str(&value),
            None => {
                result.push_str("${");
                result.push_str(inside);
                result.push('}');
            }
        }
        rest = behind;
    }
    result.push_str(rest);
    Ok(result)
}

/// What stands for `NAME` or `NAME:-default`; none where there is no name.
fn value_of(
    inside: &str,
    lookup: impl Fn(&str) -> Result<Option<String>>,
) -> Result<Option<String>> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    if name.is_empty() {
        return Ok(None);
    }
    match (lookup(name)?, default) {
        (Some(value), _) => Ok(Some(value)),
        (None, Some(default)) => Ok(Some(default.to_owned())),
        (None, None) => Err(Error::new(
            ErrorKind::InvalidArgument,
            format!(
                "the environment variable {} is not set; set it, or give a default: ${{{}:-...}}",
                name.escape_debug(),
                name.escape_debug()
            ),
        )),
    }
}
