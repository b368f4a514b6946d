//! How a file is opened.

use std::fmt;
use std::str::FromStr;

use super::error::{PathIoError, PathIoErrorKind};

/// How a file is opened: the four modes, all of bytes.
///
/// ```
/// use holdall::pathio::OpenMode;
///
/// assert_eq!("r+b".parse::<OpenMode>()?, OpenMode::ReadWrite);
/// assert!("r".parse::<OpenMode>().is_err());
/// # Ok::<(), holdall::pathio::PathIoError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpenMode {
    /// `rb`: read a file that is there.
    Read,
    /// `wb`: write a file anew. It shows when it is closed; until then what stood
    /// there stays.
    Write,
    /// `ab`: write at the end of a file, wherever the position was moved to; an
    /// absent file is made.
    Append,
    /// `r+b`: read and write a file that is there, from its beginning. What is
    /// not written over stays.
    ReadWrite,
}

impl OpenMode {
    /// The mode as Python spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "rb",
            Self::Write => "wb",
            Self::Append => "ab",
            Self::ReadWrite => "r+b",
        }
    }

    /// Whether the file can be read from.
    pub const fn can_read(self) -> bool {
        matches!(self, Self::Read | Self::ReadWrite)
    }

    /// Whether the file can be written to.
    pub const fn can_write(self) -> bool {
        !matches!(self, Self::Read)
    }
}

impl fmt::Display for OpenMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OpenMode {
    type Err = PathIoError;

    /// Reads `rb`, `wb`, `ab` or `r+b`; anything else is
    /// [`PathIoErrorKind::InvalidArgument`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Read, Self::Write, Self::Append, Self::ReadWrite]
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or_else(|| {
                PathIoError::new(
                    PathIoErrorKind::InvalidArgument,
                    format!(
                        "the mode '{}' is none of rb, wb, ab and r+b",
                        text.escape_debug()
                    ),
                )
            })
    }
}
