//! The one glob language of every backend.

mod name;
mod sequence;

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use crate::options::Depth;
use crate::path::normalize;

pub(crate) use name::NamePattern;

/// A glob pattern over whole paths, compiled once.
///
/// | Part | Matches |
/// |---|---|
/// | `*` | any run of characters within a segment, also none |
/// | `?` | one character |
/// | `[abc]`, `[a-z]` | one character of the set |
/// | `[!abc]` | one character outside the set |
/// | `**` as a whole segment | any number of folders, also none |
/// | `**` as the last segment | everything below |
///
/// No part but `**` ever matches `/`. Matching is case-sensitive, and a name
/// with a leading dot is like any other. There are no braces. A `[` without its
/// `]` in the same segment is literal; a `]` that comes first in a set belongs
/// to the set, and so does a `-` that comes first or last.
///
/// A pattern is normalised as a path is: `/etc/*` is `etc/*`, `./d//*` is
/// `d/*`, and `\` is another spelling of `/`. So `\` never escapes; a set of
/// one character does: `[*]` is a star. [`Pattern::escape`] writes a whole path
/// that way.
///
/// Matching one path takes at most the product of the two lengths, whatever
/// the pattern.
///
/// ```
/// use holdall::Pattern;
///
/// let reports = Pattern::new("reports/**/*.csv")?;
/// assert!(reports.matches("reports/all.csv"));
/// assert!(reports.matches("reports/2026/q1.csv"));
/// assert!(!reports.matches("reports/2026/q1.txt"));
/// assert_eq!(reports.literal_prefix(), "reports");
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: String,
    segments: Vec<Segment>,
    /// The leading segments without wildcards, unescaped.
    literal: String,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Segment {
    /// `**`: any number of folders, also none.
    AnyFolders,
    Literal(String),
    Wild(NamePattern),
}

impl Segment {
    fn parse(text: &str, whole: &str) -> Result<Self> {
        if text == "**" {
            return Ok(Self::AnyFolders);
        }
        let name = NamePattern::new(text);
        if name.has_adjacent_runs() {
            return Err(invalid(
                whole,
                "'**' stands for whole segments only: write 'a/**/b', or '[*]' for a star",
            ));
        }
        // No file is named `.` or `..`, and a listing must never begin at one.
        Ok(match name.as_literal() {
            Some(literal) if !matches!(literal.as_str(), "." | "..") => Self::Literal(literal),
            _ => Self::Wild(name),
        })
    }

    fn accepts(&self, name: &str) -> bool {
        match self {
            Self::AnyFolders => true,
            Self::Literal(literal) => literal == name,
            Self::Wild(pattern) => pattern.matches(name),
        }
    }

    fn is_any_folders(&self) -> bool {
        matches!(self, Self::AnyFolders)
    }
}

impl Pattern {
    /// Normalises and compiles `pattern`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidPath`] for a NUL and for a segment `..`;
    /// [`ErrorKind::InvalidArgument`] for a pattern with nothing left after
    /// normalisation and for a `**` that shares its segment (`a**`, `**x`).
    pub fn new(pattern: &str) -> Result<Self> {
        let text = normalize(pattern)?;
        if text.is_empty() {
            return Err(invalid(pattern, "the pattern is empty"));
        }
        let mut segments = Vec::new();
        for segment in text.split('/') {
            let segment = Segment::parse(segment, pattern)?;
            let repeats =
                segment.is_any_folders() && segments.last().is_some_and(Segment::is_any_folders);
            if !repeats {
                segments.push(segment);
            }
        }
        if segments.last().is_some_and(Segment::is_any_folders) {
            segments.push(Segment::Wild(NamePattern::new("*")));
        }
        Ok(Self {
            literal: leading_literals(&segments),
            text: text.into_owned(),
            segments,
        })
    }

    /// `pattern` applied below the folder `root`, every character of which is
    /// literal. A root of `""` or `"."` adds nothing.
    ///
    /// ```
    /// use holdall::Pattern;
    ///
    /// let pattern = Pattern::beneath("year [2026]", "*.csv")?;
    /// assert!(pattern.matches("year [2026]/q1.csv"));
    /// assert!(!pattern.matches("year 2/q1.csv"));
    /// # Ok::<(), holdall::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Pattern::new`] for `pattern`; [`ErrorKind::InvalidPath`] for a root
    /// that is no path.
    pub fn beneath(root: &str, pattern: &str) -> Result<Self> {
        let own = Self::new(pattern)?;
        let root = normalize(root)?;
        if root.is_empty() {
            return Ok(own);
        }
        Self::new(&format!("{}/{}", Self::escape(&root), own.text))
    }

    /// The pattern that matches `path` and nothing else, as far as `path` is
    /// canonical: each of `*`, `?` and `[` becomes a set of one character.
    ///
    /// ```
    /// use holdall::Pattern;
    ///
    /// assert_eq!(Pattern::escape("a*[1]"), "a[*][[]1]");
    /// ```
    pub fn escape(path: &str) -> String {
        let mut escaped = String::with_capacity(path.len());
        for c in path.chars() {
            if matches!(c, '*' | '?' | '[') {
                escaped.extend(['[', c, ']']);
            } else {
                escaped.push(c);
            }
        }
        escaped
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches the whole of `path`, which must be
    /// canonical. The root matches no pattern.
    pub fn matches(&self, path: &str) -> bool {
        !is_root(path)
            && sequence::matches(
                &self.segments,
                path.split('/'),
                Segment::is_any_folders,
                |segment, name| segment.accepts(name),
            )
    }

    /// The deepest folder that holds every match, `""` for the root: where to
    /// begin a listing. For a pattern without wildcards, the parent folder.
    ///
    /// ```
    /// use holdall::Pattern;
    ///
    /// assert_eq!(Pattern::new("a/b/*/c")?.literal_prefix(), "a/b");
    /// assert_eq!(Pattern::new("a/b/c")?.literal_prefix(), "a/b");
    /// assert_eq!(Pattern::new("*.csv")?.literal_prefix(), "");
    /// # Ok::<(), holdall::Error>(())
    /// ```
    pub fn literal_prefix(&self) -> &str {
        match self.literal_path() {
            Some(path) => path.rsplit_once('/').map_or("", |(parent, _)| parent),
            None => &self.literal,
        }
    }

    /// The one path that a pattern without wildcards matches; `None` for any
    /// other pattern.
    pub fn literal_path(&self) -> Option<&str> {
        self.segments
            .iter()
            .all(|segment| matches!(segment, Segment::Literal(_)))
            .then_some(self.literal.as_str())
    }

    /// How many levels of folders below [`literal_prefix`](Self::literal_prefix)
    /// a match can lie.
    pub fn depth(&self) -> Depth {
        if self.segments.iter().any(Segment::is_any_folders) {
            return Depth::Unlimited;
        }
        let prefix = self.literal_prefix();
        let above = if prefix.is_empty() {
            0
        } else {
            prefix.split('/').count()
        };
        Depth::Limit(self.segments.len().saturating_sub(above + 1))
    }

    /// Whether a path below `folder` can match, at any depth: `false` means
    /// that a walk need not enter it. `folder` must be canonical, `""` or `"."`
    /// for the root.
    ///
    /// ```
    /// use holdall::Pattern;
    ///
    /// let pattern = Pattern::new("logs/*/today/*.log")?;
    /// assert!(pattern.can_match_below("logs/web"));
    /// assert!(!pattern.can_match_below("logs/web/yesterday"));
    /// # Ok::<(), holdall::Error>(())
    /// ```
    pub fn can_match_below(&self, folder: &str) -> bool {
        let mut segments = self.segments.iter();
        let folder = if is_root(folder) { "" } else { folder };
        for name in folder.split('/').filter(|name| !name.is_empty()) {
            match segments.next() {
                Some(Segment::AnyFolders) => return true,
                Some(segment) if segment.accepts(name) => {}
                _ => return false,
            }
        }
        segments.next().is_some()
    }
}

fn is_root(path: &str) -> bool {
    matches!(path, "" | ".")
}

fn leading_literals(segments: &[Segment]) -> String {
    let mut literal = String::new();
    for segment in segments {
        let Segment::Literal(name) = segment else {
            break;
        };
        if !literal.is_empty() {
            literal.push('/');
        }
        literal.push_str(name);
    }
    literal
}

fn invalid(pattern: &str, message: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, message).with_path(pattern)
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.text)
    }
}

impl FromStr for Pattern {
    type Err = Error;

    fn from_str(pattern: &str) -> Result<Self> {
        Self::new(pattern)
    }
}

impl TryFrom<&str> for Pattern {
    type Error = Error;

    fn try_from(pattern: &str) -> Result<Self> {
        Self::new(pattern)
    }
}

#[cfg(test)]
mod tests;
