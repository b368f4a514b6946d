//! Writing with a digest of what was written, for code that blocks.

use std::io::{self, Read};

use bytes::Bytes;

use crate::content::{AtomicFile, StagedFile, WritableContent};
use crate::error::Result;
use crate::ext::hash::Hasher;
use crate::model::WriteResult;
use crate::options::WriteOptions;
use crate::store::Store;

pub use crate::ext::hash::HashAlgorithm;

/// As [`Store::write_with`]; the result's digest is that of the content,
/// computed here as it passes by. Nothing is read back or held in memory.
///
/// # Errors
///
/// As [`Store::write_with`].
///
/// ```
/// use holdall::ext::sync::write::{HashAlgorithm, write_with_hash};
/// use holdall::{MemoryBackend, Store, WriteOptions};
///
/// # fn main() -> holdall::Result<()> {
/// let store = Store::new(MemoryBackend::new(), "")?;
/// let options = WriteOptions::new();
/// let written = write_with_hash(&store, "a", "abc", HashAlgorithm::Md5, options)?;
/// let digest = written.digest.map(|digest| digest.to_string());
/// assert_eq!(digest.as_deref(), Some("md5:900150983cd24fb0d6963f7d28e17f72"));
/// # Ok(()) }
/// ```
pub fn write_with_hash<'a>(
    store: &Store,
    path: &str,
    content: impl Into<WritableContent<'a>>,
    algorithm: HashAlgorithm,
    options: WriteOptions,
) -> Result<WriteResult> {
    let mut hasher = algorithm.hasher();
    let mut result = match content.into() {
        WritableContent::Bytes(bytes) => {
            let result = store.write_with(path, bytes.clone(), options)?;
            hasher.update(&bytes);
            result
        }
        WritableContent::Reader(reader) => {
            let hasher = &mut hasher;
            let content = WritableContent::from_reader(HashingReader { reader, hasher });
            store.write_with(path, content, options)?
        }
    };
    result.digest = Some(hasher.finish());
    Ok(result)
}

/// A reader that hashes exactly what it hands on.
struct HashingReader<'a, R> {
    reader: R,
    hasher: &'a mut Hasher,
}

impl<R: Read> Read for HashingReader<'_, R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(target)?;
        self.hasher.update(target.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// As [`Store::open_atomic_with`]; the result of the file's
/// [`commit`](AtomicFile::commit) has the digest of what was written.
///
/// # Errors
///
/// As [`Store::open_atomic_with`].
///
/// ```
/// use std::io::Write;
///
/// use holdall::ext::sync::write::{HashAlgorithm, open_atomic_with_hash};
/// use holdall::{MemoryBackend, Store, WriteOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Store::new(MemoryBackend::new(), "")?;
/// let options = WriteOptions::new();
/// let mut file = open_atomic_with_hash(&store, "a", HashAlgorithm::Md5, options)?;
/// write!(file, "abc")?;
/// let digest = file.commit()?.digest.map(|digest| digest.to_string());
/// assert_eq!(digest.as_deref(), Some("md5:900150983cd24fb0d6963f7d28e17f72"));
/// # Ok(()) }
/// ```
pub fn open_atomic_with_hash(
    store: &Store,
    path: &str,
    algorithm: HashAlgorithm,
    options: WriteOptions,
) -> Result<AtomicFile> {
    let file = store.open_atomic_with(path, options)?;
    let hasher = algorithm.hasher();
    Ok(file.wrapped(|staged| Box::new(HashingFile { staged, hasher })))
}

/// Staged content that hashes exactly what it hands on.
struct HashingFile {
    staged: Box<dyn StagedFile>,
    hasher: Hasher,
}

impl StagedFile for HashingFile {
    fn append(&mut self, chunk: Bytes) -> Result<()> {
        self.hasher.update(&chunk);
        self.staged.append(chunk)
    }

    fn commit(self: Box<Self>) -> Result<WriteResult> {
        let mut result = self.staged.commit()?;
        result.digest = Some(self.hasher.finish());
        Ok(result)
    }
}
