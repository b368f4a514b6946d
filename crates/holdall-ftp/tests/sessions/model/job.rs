//! What the model knows of transfers.

use holdall::pathio::OpenMode;

use super::expected::{Entry, same_entries};
use super::files::{join, resolve};
use super::script::{BIG_LENGTH, What};
use super::session::{Session, codes};
use crate::posix::{Brought, Step};

/// More than the systems on both sides hold of what is on its way.
const BUFFERS: usize = BIG_LENGTH / 4 * 3;

/// A transfer that the server must carry out.
#[derive(Debug)]
pub(super) enum Job {
    Upload(Upload),
    /// What must come.
    Download(Vec<u8>),
    Listing(Listing),
}

#[derive(Debug)]
pub(super) struct Upload {
    /// The path; for `STOU` what it begins with.
    pub(super) path: String,
    pub(super) is_unique: bool,
    pub(super) mode: OpenMode,
    pub(super) position: u64,
    pub(super) is_ascii: bool,
}

#[derive(Debug)]
pub(super) struct Listing {
    what: What,
    entries: Vec<Entry>,
    /// Where the session is, and the entries' paths.
    here: Vec<String>,
    paths: Vec<String>,
}

impl Session {
    /// What a transfer must do, or with which code it must be refused.
    pub(super) fn begin(&mut self, what: &What) -> Result<Job, Vec<u16>> {
        self.state.rename_from = None;
        if !self.is_logged_in {
            return Err(vec![530]);
        }
        if what.is_listing() {
            self.use_data_connection()?;
            return self.begin_listing(what);
        }
        let position = std::mem::take(&mut self.state.rest);
        if position > 0 && self.state.is_ascii {
            return Err(vec![554]);
        }
        self.use_data_connection()?;
        let path = self.resolve(what.argument().unwrap_or("upload"));
        let mode = match what {
            What::Retr(_) => return self.begin_download(path, position),
            What::Stou(_) => OpenMode::Write,
            _ if position > 0 => OpenMode::ReadWrite,
            What::Appe(_) => OpenMode::Append,
            _ => OpenMode::Write,
        };
        let is_unique = matches!(what, What::Stou(_));
        self.begin_upload(Upload {
            path,
            is_unique,
            mode,
            // A new file has no place to begin at.
            position: if is_unique { 0 } else { position },
            is_ascii: self.state.is_ascii,
        })
    }

    fn use_data_connection(&mut self) -> Result<(), Vec<u16>> {
        match std::mem::take(&mut self.state.is_prepared) {
            true => Ok(()),
            false => Err(vec![425]),
        }
    }

    fn begin_listing(&mut self, what: &What) -> Result<Job, Vec<u16>> {
        let argument = what.argument().unwrap_or_default();
        let entries = self.listed(argument).ok_or(vec![550])?;
        let is_folder = matches!(self.stat(argument), Some((true, _)));
        if matches!(what, What::Mlsd(_)) && !is_folder {
            return Err(vec![501]);
        }
        let path = self.resolve(argument);
        let paths = entries.iter().map(|entry| match is_folder {
            true => join(&path, &entry.name),
            false => path.clone(),
        });
        Ok(Job::Listing(Listing {
            what: what.clone(),
            paths: paths.collect(),
            here: self.state.folder.clone(),
            entries,
        }))
    }

    fn begin_download(&mut self, path: String, from: u64) -> Result<Job, Vec<u16>> {
        let length = usize::MAX / 2;
        match self.tree.apply(&Step::Read { path, from, length }) {
            Ok(Brought::Content(content)) if self.state.is_ascii => {
                Ok(Job::Download(to_network(&content)))
            }
            Ok(Brought::Content(content)) => Ok(Job::Download(content)),
            Ok(other) => panic!("a read brought {other:?}"),
            Err(kinds) => Err(codes(&kinds, true)),
        }
    }

    fn begin_upload(&mut self, upload: Upload) -> Result<Job, Vec<u16>> {
        let path = match upload.is_unique {
            true => format!("{}.0", upload.path),
            false => upload.path.clone(),
        };
        let without_effect = Step::Write {
            path,
            mode: upload.mode,
            pieces: vec![],
            closes: false,
        };
        match self.tree.apply(&without_effect) {
            Ok(_) => Ok(Job::Upload(upload)),
            Err(kinds) => Err(codes(&kinds, true)),
        }
    }

    /// Takes an upload in, of which `content` came over the data connection.
    pub(super) fn store(&mut self, upload: &Upload, content: &[u8]) {
        let content = match upload.is_ascii {
            true => to_file(content),
            false => content.to_vec(),
        };
        let pieces = match content.is_empty() {
            true => vec![],
            false => vec![(upload.position, content)],
        };
        let step = Step::Write {
            path: upload.path.clone(),
            mode: upload.mode,
            pieces,
            closes: true,
        };
        self.tree.apply(&step).unwrap();
    }

    /// What stands in a file; none where there is no file.
    pub(super) fn content(&mut self, path: &str) -> Option<Vec<u8>> {
        match self.tree.apply(&whole(path)) {
            Ok(Brought::Content(content)) => Some(content),
            _ => None,
        }
    }

    /// Takes over what an upload that was cut left of a file that is changed in
    /// place: its old content with some of the new in it. Says whether it is that.
    pub(super) fn adopt(&mut self, upload: &Upload, sent: &[u8], found: &[u8]) -> bool {
        let Some(old) = self.content(&upload.path) else {
            return false;
        };
        if old == found {
            return true;
        }
        let position = usize::try_from(upload.position).unwrap();
        let new = found.get(position..).unwrap_or_default();
        let came = sent.iter().zip(new).take_while(|(sent, new)| sent == new);
        self.store(upload, &sent[..came.count()]);
        self.content(&upload.path).as_deref() == Some(found)
    }
}

/// Reads all of a file.
fn whole(path: &str) -> Step {
    Step::Read {
        path: path.to_owned(),
        from: 0,
        length: usize::MAX / 2,
    }
}

impl Job {
    /// Checks what came of a download or a listing, all of it or the beginning.
    pub(super) fn check(&self, found: &[u8], is_all: bool) {
        let is_right = match self {
            Self::Download(content) if is_all => content == found,
            Self::Download(content) => content.starts_with(found),
            Self::Listing(listing) => !is_all || listing.is(found),
            Self::Upload(_) => false,
        };
        assert!(
            is_right,
            "{self:?}: found {:?}",
            String::from_utf8_lossy(found)
        );
    }

    /// What the server says of a download that was cut after so many bytes: what
    /// its system has taken is sent for it.
    pub(super) fn codes_of_a_cut(&self, after: usize) -> Vec<u16> {
        match self {
            Self::Download(content) if content.len().saturating_sub(after) > BUFFERS => vec![426],
            _ => vec![226, 426],
        }
    }
}

/// RFC 959, 3.1.1.1: CR LF ends lines on the way.
fn to_file(content: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    for (place, byte) in content.iter().enumerate() {
        if !content[place..].starts_with(b"\r\n") {
            file.push(*byte);
        }
    }
    file
}

fn to_network(file: &[u8]) -> Vec<u8> {
    if !file.contains(&b'\n') {
        return file.to_vec();
    }
    let mut content = Vec::new();
    for byte in file {
        if *byte == b'\n' && content.last() != Some(&b'\r') {
            content.push(b'\r');
        }
        content.push(*byte);
    }
    content
}

impl Listing {
    /// Whether the text is a listing of the entries.
    pub(super) fn is(&self, text: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(text) else {
            return false;
        };
        if !text.is_empty() && !text.ends_with("\r\n") {
            return false;
        }
        match &self.what {
            What::Nlst(_) => self.is_of_names(text),
            What::Mlsd(_) => same_entries(text.lines().map(Entry::from_facts), &self.entries),
            _ => same_entries(text.lines().map(Entry::from_long), &self.entries),
        }
    }

    /// Each name is a path that leads to its entry from where the session is.
    fn is_of_names(&self, text: &str) -> bool {
        let mut found: Vec<_> = text.lines().map(|line| resolve(&self.here, line)).collect();
        found.sort();
        found == self.paths
    }
}
