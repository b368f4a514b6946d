//! Content on its way in, and streams of content and entries on their way out:
//! those that are awaited, and those that block.

mod atomic_file;
mod byte_stream;
mod entries;
mod listing;
mod read_stream;
mod sync_writable;
mod writable;

pub use atomic_file::{AtomicFile, StagedFile};
pub use byte_stream::ByteStream;
pub use entries::Entries;
pub use listing::Listing;
pub(crate) use listing::batched;
pub use read_stream::{ChunkSource, RandomSource, ReadStream, SeekableStream};
pub use sync_writable::WritableContent;
pub use writable::AsyncWritableContent;
