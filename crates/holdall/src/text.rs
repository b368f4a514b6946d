//! Text in and out: encodings by name, and what to do with what does not fit.

mod charset;
mod decode;
mod encode;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use charset::Charset;

/// Options of `read_text` and `write_text`: the encoding, and what to do with
/// bytes or characters that it does not have.
///
/// Names are those of the [Encoding Standard](https://encoding.spec.whatwg.org/)
/// and, with Python's meaning and spellings, Python's UTF, `latin-1` and
/// `ascii`. Case and the kind of separator do not matter. In particular:
///
/// | Name | Meaning |
/// |---|---|
/// | `latin-1`, `iso-8859-1` | the first 256 characters, not windows-1252 |
/// | `ascii`, `us-ascii` | the first 128 characters and no more |
/// | `utf-8-sig` | UTF-8 with a byte order mark |
/// | `utf-16`, `utf-32` | in the byte order that the mark tells, else little endian; written little endian with a mark |
/// | `utf-16-le`, `utf-32-be`, ... | in the order named, without a mark |
///
/// A byte order mark is dropped only by the three names that write one; any
/// other encoding reads it as the character U+FEFF. Line ends are kept. All
/// other encodings are the standard's own tables, which assign more bytes than
/// Python's: 0x81 of windows-1252, say, is U+0081.
///
/// ```
/// use holdall::{TextErrors, TextOptions};
///
/// let options = TextOptions::new().encoding("latin-1").errors(TextErrors::Replace);
/// assert_eq!(options.encoding_name(), "latin-1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextOptions {
    encoding: Cow<'static, str>,
    errors: TextErrors,
}

impl TextOptions {
    /// UTF-8, strictly.
    pub fn new() -> Self {
        Self {
            encoding: Cow::Borrowed("utf-8"),
            errors: TextErrors::Strict,
        }
    }

    /// The encoding by name; looked up when the text is read or written, an
    /// unknown one is then [`ErrorKind::InvalidArgument`].
    #[must_use]
    pub fn encoding(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.encoding = name.into();
        self
    }

    /// What to do with what the encoding does not have.
    #[must_use]
    pub fn errors(mut self, errors: TextErrors) -> Self {
        self.errors = errors;
        self
    }

    /// The name as it was given.
    pub fn encoding_name(&self) -> &str {
        &self.encoding
    }

    /// What happens to what the encoding does not have.
    pub fn error_handling(&self) -> TextErrors {
        self.errors
    }

    /// Refuses an unknown encoding, so that a call can fail before any I/O.
    pub(crate) fn check(&self) -> Result<()> {
        Charset::find(&self.encoding).map(drop)
    }
}

impl Default for TextOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// What to do with bytes that do not decode and characters that do not encode,
/// by the names that Python gives its error handlers.
///
/// ```
/// use holdall::TextErrors;
///
/// assert_eq!("replace".parse::<TextErrors>()?, TextErrors::Replace);
/// assert!("surrogateescape".parse::<TextErrors>().is_err());
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum TextErrors {
    /// `strict`: refuse with [`ErrorKind::InvalidText`].
    #[default]
    Strict,
    /// `ignore`: leave it out.
    Ignore,
    /// `replace`: U+FFFD for each malformed sequence, `?` for each character.
    Replace,
    /// `backslashreplace`: `\xNN` for each byte; `\xNN`, `\uNNNN` or
    /// `\UNNNNNNNN` for each character.
    BackslashReplace,
}

impl TextErrors {
    const ALL: [Self; 4] = [
        Self::Strict,
        Self::Ignore,
        Self::Replace,
        Self::BackslashReplace,
    ];

    /// Python's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Ignore => "ignore",
            Self::Replace => "replace",
            Self::BackslashReplace => "backslashreplace",
        }
    }
}

impl fmt::Display for TextErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TextErrors {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|errors| errors.as_str() == name);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            Error::new(
                ErrorKind::InvalidArgument,
                format!("unknown handling of text errors {name:?}; there are {names}"),
            )
        })
    }
}

/// The text of `bytes`.
///
/// # Errors
///
/// [`ErrorKind::InvalidArgument`] for an unknown encoding,
/// [`ErrorKind::InvalidText`] with the byte position for what does not decode.
pub(crate) fn decode(bytes: &[u8], options: &TextOptions) -> Result<String> {
    let charset = Charset::find(&options.encoding)?;
    decode::decode(bytes, charset, options)
}

/// The bytes of `text`.
///
/// # Errors
///
/// [`ErrorKind::InvalidArgument`] for an unknown encoding,
/// [`ErrorKind::InvalidText`] with the character position for what does not
/// encode.
pub(crate) fn encode(text: &str, options: &TextOptions) -> Result<Vec<u8>> {
    let charset = Charset::find(&options.encoding)?;
    encode::encode(text, charset, options)
}

#[cfg(test)]
mod cpython;
#[cfg(test)]
mod tests;
