//! The model: a POSIX tree over a sorted map, as plainly as it can be put.

use std::collections::BTreeMap;
use std::io::SeekFrom;

use futures::TryStreamExt;
use holdall::pathio::{
    AbstractPathIo, MkdirOptions, OpenMode, PathIoErrorKind as Kind, PathIoResult,
};
use proptest::prelude::*;

/// Everything there is: files with their content, folders without.
pub(crate) async fn contents(io: &dyn AbstractPathIo) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries: Vec<_> = io.list(&folder).try_collect().await.unwrap();
        for entry in entries {
            let content = if entry.stat.is_dir() {
                folders.push(entry.path.clone());
                None
            } else {
                let content = content(io, &entry.path).await;
                assert_eq!(content.len() as u64, entry.stat.size, "{}", entry.path);
                Some(content)
            };
            found.insert(entry.path, content);
        }
    }
    found
}

async fn content(io: &dyn AbstractPathIo, path: &str) -> Vec<u8> {
    let mut file = io.open(path, OpenMode::Read).await.unwrap();
    let blocks: Vec<_> = file.iter_by_block(64 * 1024).try_collect().await.unwrap();
    file.close().await.unwrap();
    blocks.concat()
}

/// What a call came to: what it brought, or the kind of its error.
pub(crate) type Outcome = Result<Brought, Kind>;

/// What the rules allow a call to come to. Where several errors apply, POSIX
/// leaves open which is told.
///
/// <https://pubs.opengroup.org/onlinepubs/9799919799/functions/V2_chap02.html#tag_16_03>
pub(crate) type Allowed = Result<Brought, Vec<Kind>>;

/// Whether `found` is one of what is allowed.
pub(crate) fn allows(allowed: &Allowed, found: &Outcome) -> bool {
    match (allowed, found) {
        (Ok(allowed), Ok(found)) => allowed == found,
        (Err(kinds), Err(kind)) => kinds.contains(kind),
        _ => false,
    }
}

/// What a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Brought {
    Nothing,
    Content(Vec<u8>),
    Names(Vec<String>),
    /// Whether it is a folder, and a file's size.
    Stat(bool, u64),
}

/// One call with its arguments.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Write {
        path: String,
        mode: OpenMode,
        /// Where each piece goes.
        pieces: Vec<(u64, Vec<u8>)>,
        closes: bool,
    },
    Read {
        path: String,
        from: u64,
        length: usize,
    },
    List(String),
    Stat(String),
    Mkdir {
        path: String,
        parents: bool,
        exist_ok: bool,
    },
    Rmdir(String),
    Unlink(String),
    Rename(String, String),
}

fn path() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "c"]);
    let names = prop::collection::vec(name, 1..4).prop_map(|names| names.join("/"));
    prop_oneof![30 => names, 1 => Just(String::new())]
}

fn pieces() -> impl Strategy<Value = Vec<(u64, Vec<u8>)>> {
    let piece = prop::collection::vec(any::<u8>(), 1..12);
    prop::collection::vec((0..20_u64, piece), 0..4)
}

/// Any call.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let mode = prop::sample::select(vec![OpenMode::Write, OpenMode::Append, OpenMode::ReadWrite]);
    prop_oneof![
        6 => (path(), mode, pieces(), prop::bool::weighted(0.8)).prop_map(
            // A change in place that is dropped may leave this or that.
            |(path, mode, pieces, closes)| Step::Write {
                closes: closes || mode != OpenMode::Write,
                path, mode, pieces,
            }
        ),
        3 => (path(), 0..30_u64, 0..30_usize)
            .prop_map(|(path, from, length)| Step::Read { path, from, length }),
        2 => path().prop_map(Step::List),
        2 => path().prop_map(Step::Stat),
        6 => (path(), any::<bool>(), any::<bool>())
            .prop_map(|(path, parents, exist_ok)| Step::Mkdir { path, parents, exist_ok }),
        2 => path().prop_map(Step::Rmdir),
        2 => path().prop_map(Step::Unlink),
        5 => (path(), path()).prop_map(|(from, to)| Step::Rename(from, to)),
    ]
}

impl Step {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Write { mode, .. } => mode.as_str(),
            Self::Read { .. } => "rb",
            Self::List(_) => "list",
            Self::Stat(_) => "stat",
            Self::Mkdir { .. } => "mkdir",
            Self::Rmdir(_) => "rmdir",
            Self::Unlink(_) => "unlink",
            Self::Rename(..) => "rename",
        }
    }

    /// Makes the call on a path IO.
    pub(crate) async fn make(&self, io: &dyn AbstractPathIo) -> Outcome {
        self.call(io).await.map_err(|error| error.kind())
    }

    async fn call(&self, io: &dyn AbstractPathIo) -> PathIoResult<Brought> {
        match self {
            Self::Write {
                path,
                mode,
                pieces,
                closes,
            } => {
                let mut file = io.open(path, *mode).await?;
                for (position, piece) in pieces {
                    file.seek(SeekFrom::Start(*position)).await?;
                    file.write(piece.clone()).await?;
                }
                if *closes {
                    file.close().await?;
                }
            }
            Self::Read { path, from, length } => {
                let mut file = io.open(path, OpenMode::Read).await?;
                file.seek(SeekFrom::Start(*from)).await?;
                let mut content = Vec::new();
                while content.len() < *length {
                    let block = file.read(length - content.len()).await?;
                    if block.is_empty() {
                        break;
                    }
                    content.extend_from_slice(&block);
                }
                return Ok(Brought::Content(content));
            }
            Self::List(path) => {
                let entries: Vec<_> = io.list(path).try_collect().await?;
                let mut names: Vec<_> = entries.iter().map(|e| e.name().to_owned()).collect();
                names.sort();
                return Ok(Brought::Names(names));
            }
            Self::Stat(path) => {
                let stat = io.stat(path).await?;
                let size = if stat.is_dir() { 0 } else { stat.size };
                return Ok(Brought::Stat(stat.is_dir(), size));
            }
            Self::Mkdir {
                path,
                parents,
                exist_ok,
            } => {
                let options = MkdirOptions::new().parents(*parents).exist_ok(*exist_ok);
                io.mkdir(path, options).await?;
            }
            Self::Rmdir(path) => io.rmdir(path).await?,
            Self::Unlink(path) => io.unlink(path).await?,
            Self::Rename(from, to) => io.rename(from, to).await?,
        }
        Ok(Brought::Nothing)
    }

    /// Makes the call on the system itself; `None` for one that it has not, or
    /// decides otherwise for its root.
    #[cfg(unix)]
    pub(crate) fn by_the_system(&self, root: &std::path::Path) -> Option<Outcome> {
        use std::fs;
        let at = |path: &str| root.join(path);
        let done = match self {
            Self::Mkdir {
                path,
                parents: false,
                exist_ok: false,
            } => fs::create_dir(at(path)),
            Self::Mkdir {
                path,
                parents,
                exist_ok,
            } => {
                // The system has no such options: bring about what the model has.
                let options = (*parents, *exist_ok);
                return by_hand(&at(path), options);
            }
            Self::Rmdir(path) if !path.is_empty() => fs::remove_dir(at(path)),
            Self::Unlink(path) if !path.is_empty() => fs::remove_file(at(path)),
            Self::Rename(from, to) if !from.is_empty() && !to.is_empty() => {
                fs::rename(at(from), at(to))
            }
            Self::Write {
                path,
                mode,
                pieces,
                closes: true,
            } => write(&at(path), *mode, pieces),
            _ => return None,
        };
        Some(match done {
            Ok(()) => Ok(Brought::Nothing),
            Err(error) => Err(holdall::pathio::PathIoError::from(error).kind()),
        })
    }
}

#[cfg(unix)]
fn by_hand(path: &std::path::Path, (parents, exist_ok): (bool, bool)) -> Option<Outcome> {
    use std::fs;
    if let (true, Some(parent)) = (parents, path.parent())
        && let Err(error) = fs::create_dir_all(parent)
    {
        // It says of a file in the way that it exists.
        let kind = holdall::pathio::PathIoError::from(error).kind();
        return Some(Err(match kind {
            Kind::AlreadyExists => Kind::NotADirectory,
            kind => kind,
        }));
    }
    Some(match fs::create_dir(path) {
        Ok(()) => Ok(Brought::Nothing),
        Err(_) if exist_ok && path.is_dir() => Ok(Brought::Nothing),
        Err(error) => Err(holdall::pathio::PathIoError::from(error).kind()),
    })
}

#[cfg(unix)]
fn write(path: &std::path::Path, mode: OpenMode, pieces: &[(u64, Vec<u8>)]) -> std::io::Result<()> {
    use std::io::{Seek, Write};
    let mut options = std::fs::OpenOptions::new();
    match mode {
        OpenMode::Append => options.append(true).create(true),
        OpenMode::ReadWrite => options.read(true).write(true),
        _ => options.write(true).create(true).truncate(true),
    };
    let mut file = options.open(path)?;
    for (position, piece) in pieces {
        file.seek(SeekFrom::Start(*position))?;
        file.write_all(piece)?;
    }
    Ok(())
}

/// Files with their content, folders as `None`; the root is not in it.
#[derive(Debug, Default)]
pub(crate) struct Model {
    nodes: BTreeMap<String, Option<Vec<u8>>>,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    File,
    Folder,
    Nothing,
}

impl Model {
    pub(crate) fn contents(&self) -> BTreeMap<String, Option<Vec<u8>>> {
        self.nodes.clone()
    }

    pub(crate) fn apply(&mut self, step: &Step) -> Allowed {
        let outcome = match step {
            Step::Write {
                path,
                mode,
                pieces,
                closes,
            } => self.write(path, *mode, pieces, *closes),
            Step::Read { path, from, length } => self.read(path, *from, *length),
            Step::List(path) => Ok(Brought::Names(self.names(path))),
            Step::Stat(path) => self.stat(path),
            Step::Mkdir {
                path,
                parents,
                exist_ok,
            } => self.mkdir(path, *parents, *exist_ok),
            Step::Rmdir(path) => self.rmdir(path),
            Step::Unlink(path) => self.unlink(path),
            Step::Rename(from, to) => return self.rename(from, to),
        };
        outcome.map_err(|kind| vec![kind])
    }

    fn at(&self, path: &str) -> Stands {
        match self.nodes.get(path) {
            _ if path.is_empty() => Stands::Folder,
            None => Stands::Nothing,
            Some(None) => Stands::Folder,
            Some(Some(_)) => Stands::File,
        }
    }

    /// What stands there, once the way is walked.
    fn look(&self, path: &str) -> Result<Stands, Kind> {
        for (end, _) in path.match_indices('/') {
            match self.at(path.get(..end).unwrap_or_default()) {
                Stands::Folder => {}
                Stands::File => return Err(Kind::NotADirectory),
                Stands::Nothing => return Err(Kind::NotFound),
            }
        }
        Ok(self.at(path))
    }

    fn file(&self, path: &str) -> Result<&Vec<u8>, Kind> {
        match self.look(path)? {
            Stands::Folder => Err(Kind::IsADirectory),
            _ => self
                .nodes
                .get(path)
                .and_then(Option::as_ref)
                .ok_or(Kind::NotFound),
        }
    }

    fn read(&self, path: &str, from: u64, length: usize) -> Outcome {
        let content = self.file(path)?;
        let begin = (from as usize).min(content.len());
        let end = content.len().min(begin + length);
        let found = content.get(begin..end).unwrap_or_default();
        Ok(Brought::Content(found.to_vec()))
    }

    fn stat(&self, path: &str) -> Outcome {
        match self.look(path)? {
            Stands::Nothing => Err(Kind::NotFound),
            Stands::Folder => Ok(Brought::Stat(true, 0)),
            Stands::File => Ok(Brought::Stat(false, self.file(path)?.len() as u64)),
        }
    }

    fn unlink(&mut self, path: &str) -> Outcome {
        self.file(path)?;
        self.nodes.remove(path);
        Ok(Brought::Nothing)
    }

    fn names(&self, path: &str) -> Vec<String> {
        let name = |key: &String| {
            let rest = if path.is_empty() {
                key.as_str()
            } else {
                key.strip_prefix(path)?.strip_prefix('/')?
            };
            (!rest.contains('/')).then(|| rest.to_owned())
        };
        self.nodes.keys().filter_map(name).collect()
    }

    fn write(
        &mut self,
        path: &str,
        mode: OpenMode,
        pieces: &[(u64, Vec<u8>)],
        closes: bool,
    ) -> Outcome {
        let mut content = match (self.look(path)?, mode) {
            (Stands::Folder, _) => return Err(Kind::IsADirectory),
            (Stands::Nothing, OpenMode::ReadWrite) => return Err(Kind::NotFound),
            (Stands::Nothing, _) | (_, OpenMode::Write) => Vec::new(),
            (Stands::File, _) => self.file(path)?.clone(),
        };
        for (position, piece) in pieces {
            let begin = match mode {
                OpenMode::Append => content.len(),
                _ => *position as usize,
            };
            let end = begin + piece.len();
            content.resize(content.len().max(end), 0);
            if let Some(place) = content.get_mut(begin..end) {
                place.copy_from_slice(piece);
            }
        }
        if closes {
            self.nodes.insert(path.to_owned(), Some(content));
        }
        Ok(Brought::Nothing)
    }

    fn mkdir(&mut self, path: &str, parents: bool, exist_ok: bool) -> Outcome {
        if parents {
            for (end, _) in path.match_indices('/') {
                let above = path.get(..end).unwrap_or_default();
                match self.at(above) {
                    Stands::File => return Err(Kind::NotADirectory),
                    Stands::Folder => {}
                    Stands::Nothing => {
                        self.nodes.insert(above.to_owned(), None);
                    }
                }
            }
        }
        match self.look(path)? {
            Stands::Folder if exist_ok => {}
            Stands::File | Stands::Folder => return Err(Kind::AlreadyExists),
            Stands::Nothing => {
                self.nodes.insert(path.to_owned(), None);
            }
        }
        Ok(Brought::Nothing)
    }

    fn rmdir(&mut self, path: &str) -> Outcome {
        if path.is_empty() {
            return Err(Kind::InvalidArgument);
        }
        match self.look(path)? {
            Stands::Nothing => Err(Kind::NotFound),
            Stands::File => Err(Kind::NotADirectory),
            Stands::Folder if !self.names(path).is_empty() => Err(Kind::DirectoryNotEmpty),
            Stands::Folder => {
                self.nodes.remove(path);
                Ok(Brought::Nothing)
            }
        }
    }

    fn rename(&mut self, from: &str, to: &str) -> Allowed {
        let refusals = self.refusals(from, to);
        if !refusals.is_empty() {
            return Err(refusals);
        }
        if from == to {
            return Ok(Brought::Nothing);
        }
        let moved = |key: &&String| *key == from || is_below(key, from);
        let moved: Vec<_> = self.nodes.keys().filter(moved).cloned().collect();
        for key in moved {
            let node = self.nodes.remove(&key).flatten();
            let rest = key.strip_prefix(from).unwrap_or_default();
            self.nodes.insert(format!("{to}{rest}"), node);
        }
        Ok(Brought::Nothing)
    }

    /// Every error that applies to a rename.
    fn refusals(&self, from: &str, to: &str) -> Vec<Kind> {
        let mut kinds = Vec::new();
        if from.is_empty() || to.is_empty() {
            kinds.push(Kind::InvalidArgument);
        }
        let (source, target) = (self.look(from), self.look(to));
        kinds.extend([source, target].into_iter().filter_map(Result::err));
        if source == Ok(Stands::Nothing) {
            kinds.push(Kind::NotFound);
        }
        if source != Ok(Stands::File) && is_below(to, from) {
            kinds.push(Kind::InvalidArgument);
        }
        if target == Ok(Stands::Folder) && is_below(from, to) {
            kinds.push(Kind::DirectoryNotEmpty);
        }
        match (source, target) {
            (Ok(Stands::File), Ok(Stands::Folder)) => kinds.push(Kind::IsADirectory),
            (Ok(Stands::Folder), Ok(Stands::File)) => kinds.push(Kind::NotADirectory),
            (Ok(Stands::Folder), Ok(Stands::Folder))
                if from != to && !self.names(to).is_empty() =>
            {
                kinds.push(Kind::DirectoryNotEmpty);
            }
            _ => {}
        }
        kinds
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() && !path.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}
