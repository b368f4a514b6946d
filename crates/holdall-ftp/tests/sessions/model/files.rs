//! What the model tells of files and folders.

use super::expected::{Entry, Expected};
use super::script::Command;
use super::session::Session;
use crate::posix::{Brought, Step};

/// The path that `argument` means in a folder, without a slash before it.
pub(super) fn resolve(folder: &[String], argument: &str) -> String {
    let mut names = match argument.starts_with('/') {
        true => Vec::new(),
        false => folder.to_vec(),
    };
    for name in argument.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name.to_owned()),
        }
    }
    names.join("/")
}

pub(super) fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

impl Session {
    /// The path that `argument` means, without a slash before it.
    pub(super) fn resolve(&self, argument: &str) -> String {
        resolve(&self.state.folder, argument)
    }

    /// Answers commands that only ask.
    pub(super) fn tell(&mut self, command: &Command) -> Expected {
        let expected = match command {
            Command::Size(path) => self.size(path),
            Command::Mdtm(path) => self.stat(path).map(|_| Expected::code(213)),
            Command::Hash(path) => {
                let stat = self.stat(path).filter(|(is_folder, _)| !is_folder);
                stat.map(|_| Expected::code(213))
            }
            Command::Mlst(path) => self.facts(path.as_deref().unwrap_or_default()),
            Command::StatPath(path) => self.listed(path).map(Expected::entries),
            other => panic!("{other:?} has no answer"),
        };
        expected.unwrap_or(Expected::code(550))
    }

    fn size(&mut self, argument: &str) -> Option<Expected> {
        match self.stat(argument)? {
            (false, size) if !self.state.is_ascii => Some(Expected::line(format!("213 {size}"))),
            _ => None,
        }
    }

    fn facts(&mut self, argument: &str) -> Option<Expected> {
        let path = self.resolve(argument);
        let Entry { size, .. } = self.entry(&path)?;
        let name = format!("/{path}");
        Some(Expected::facts(Entry { name, size }))
    }

    /// Whether it is a folder, and its size.
    pub(super) fn stat(&mut self, argument: &str) -> Option<(bool, u64)> {
        let path = self.resolve(argument);
        match self.tree.apply(&Step::Stat(path)) {
            Ok(Brought::Stat(is_folder, size)) => Some((is_folder, size)),
            _ => None,
        }
    }

    fn entry(&mut self, path: &str) -> Option<Entry> {
        let (is_folder, size) = self.stat(&format!("/{path}"))?;
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let size = (!is_folder).then_some(size);
        Some(Entry { name, size })
    }

    /// What a listing shows.
    pub(super) fn listed(&mut self, argument: &str) -> Option<Vec<Entry>> {
        let path = self.resolve(argument);
        let entry = self.entry(&path)?;
        if entry.size.is_some() {
            return Some(vec![entry]);
        }
        let names = match self.tree.apply(&Step::List(path.clone())) {
            Ok(Brought::Names(names)) => names,
            other => panic!("{path:?} is listed: {other:?}"),
        };
        let entries = names.iter().map(|name| self.entry(&join(&path, name)));
        entries.collect()
    }
}
