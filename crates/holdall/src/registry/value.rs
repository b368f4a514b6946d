//! Values of a configuration: what TOML, JSON and maps of options have in
//! common, with the line that each stood in and whether it is to be shown.

use std::collections::{BTreeMap, btree_map};
use std::fmt;

use super::secrets;
use crate::secret::Secret;

/// A value in a configuration: a boolean, a number, text, a list or a table.
///
/// A value under a name such as `account_key` or `password`, at any depth, is
/// secret: `Debug` and serialization show `***` in its place. They also leave
/// the user and the query out of a URL.
///
/// ```
/// use holdall::registry::ConfigTable;
///
/// let options = ConfigTable::from([("container", "data"), ("account_key", "hunter2")]);
/// assert_eq!(
///     format!("{options:?}"),
///     r#"{"account_key": ***, "container": "data"}"#,
/// );
/// ```
#[derive(Clone)]
pub struct ConfigValue {
    pub(super) node: Node,
    /// The line in the file, from 1.
    pub(super) line: Option<usize>,
    pub(super) secret: bool,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// JSON's null: as good as not given.
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<ConfigValue>),
    Table(ConfigTable),
}

impl Node {
    /// What kind of value it is, for messages.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl ConfigValue {
    pub(super) const fn new(node: Node) -> Self {
        Self {
            node,
            line: None,
            secret: false,
        }
    }

    pub(super) fn at(mut self, line: Option<usize>) -> Self {
        self.line = line;
        self
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub fn as_table(&self) -> Option<&ConfigTable> {
        match &self.node {
            Node::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Whether nothing was given: JSON's null.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.node, Node::Null)
    }

    /// Whether it is shown as `***`.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// Takes `key` out of the table, if this is one.
    pub(super) fn remove(&mut self, key: &str) {
        if let Node::Table(table) = &mut self.node {
            table.entries.remove(key);
        }
    }

    /// Hides this value and all that is in it.
    fn hide(&mut self) {
        self.secret = true;
        match &mut self.node {
            Node::List(values) => values.iter_mut().for_each(Self::hide),
            Node::Table(table) => table.entries.values_mut().for_each(Self::hide),
            _ => {}
        }
    }

    /// Whether it is a single value that must not be shown.
    pub(super) fn is_masked(&self) -> bool {
        self.secret && !matches!(self.node, Node::Null | Node::List(_) | Node::Table(_))
    }
}

impl PartialEq for ConfigValue {
    /// The same value, whatever line it stood in.
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl fmt::Debug for ConfigValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_masked() {
            return f.write_str(secrets::MASK);
        }
        match &self.node {
            Node::Null => f.write_str("null"),
            Node::Boolean(value) => value.fmt(f),
            Node::Integer(value) => value.fmt(f),
            Node::Float(value) => value.fmt(f),
            Node::Text(text) => secrets::without_credentials(text).fmt(f),
            Node::List(values) => values.fmt(f),
            Node::Table(table) => table.fmt(f),
        }
    }
}

/// Names with values: the options of a backend, or a part of them.
#[derive(Clone, PartialEq, Default)]
pub struct ConfigTable {
    entries: BTreeMap<String, ConfigValue>,
}

impl ConfigTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `name` to `value`, which is secret if the name says so.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<ConfigValue>) {
        let (name, mut value) = (name.into(), value.into());
        if secrets::is_secret(&name) {
            value.hide();
        }
        self.entries.insert(name, value);
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&ConfigValue> {
        self.entries.get(name)
    }

    /// All names with their values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ConfigValue)> {
        self.entries
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn entries(&self) -> btree_map::Iter<'_, String, ConfigValue> {
        self.entries.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

impl fmt::Debug for ConfigTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.fmt(f)
    }
}

impl<K: Into<String>, V: Into<ConfigValue>> FromIterator<(K, V)> for ConfigTable {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(pairs: T) -> Self {
        let mut table = Self::new();
        for (name, value) in pairs {
            table.insert(name, value);
        }
        table
    }
}

impl<K: Into<String>, V: Into<ConfigValue>, const N: usize> From<[(K, V); N]> for ConfigTable {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl From<bool> for ConfigValue {
    fn from(value: bool) -> Self {
        Self::new(Node::Boolean(value))
    }
}

impl From<i64> for ConfigValue {
    fn from(value: i64) -> Self {
        Self::new(Node::Integer(value))
    }
}

impl From<i32> for ConfigValue {
    fn from(value: i32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<u32> for ConfigValue {
    fn from(value: u32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<f64> for ConfigValue {
    fn from(value: f64) -> Self {
        Self::new(Node::Float(value))
    }
}

impl From<&str> for ConfigValue {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for ConfigValue {
    fn from(text: String) -> Self {
        Self::new(Node::Text(text))
    }
}

impl From<Secret> for ConfigValue {
    /// Secret under any name.
    fn from(secret: Secret) -> Self {
        let mut value = Self::from(secret.reveal());
        value.hide();
        value
    }
}

impl<V: Into<ConfigValue>> From<Vec<V>> for ConfigValue {
    fn from(values: Vec<V>) -> Self {
        let values = values.into_iter().map(Into::into);
        Self::new(Node::List(values.collect()))
    }
}

impl From<ConfigTable> for ConfigValue {
    fn from(table: ConfigTable) -> Self {
        Self::new(Node::Table(table))
    }
}
