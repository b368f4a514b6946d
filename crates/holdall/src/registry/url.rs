//! URLs of backends: `memory:`, `file:///srv/data`, `azure://container/path`.

use percent_encoding::percent_decode_str;

use super::secrets::without_credentials;
use crate::error::{Error, ErrorKind, Operation, Result};

/// A URL in its parts, percent-decoded. It has no user, query or fragment:
/// credentials do not belong into addresses.
///
/// ```
/// use holdall::registry::BackendUrl;
///
/// let url = BackendUrl::parse("azure://data/2026/q1%20final.csv")?;
/// assert_eq!((url.scheme(), url.host(), url.path()), ("azure", "data", "2026/q1 final.csv"));
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendUrl {
    scheme: String,
    host: String,
    path: String,
    absolute: bool,
}

impl BackendUrl {
    /// Parses `text`: `SCHEME:PATH` or `SCHEME://HOST/PATH`
    /// ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986)).
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for what is no URL, has a
    /// user, a query or a fragment, or does not decode to UTF-8.
    pub fn parse(text: &str) -> Result<Self> {
        let (scheme, rest) = text
            .split_once(':')
            .filter(|(scheme, _)| is_scheme(scheme))
            .ok_or_else(|| invalid(text, "it has no scheme, such as 'file:'"))?;
        if rest.contains(['?', '#']) {
            return Err(invalid(
                text,
                "it has a query or a fragment; write %3F for '?' and %23 for '#'",
            ));
        }
        let (host, path) = match rest.strip_prefix("//") {
            Some(rest) => match rest.find('/') {
                Some(slash) => rest.split_at_checked(slash).unwrap_or((rest, "")),
                None => (rest, ""),
            },
            None => ("", rest),
        };
        if host.contains('@') {
            return Err(invalid(
                text,
                "it has a user; credentials belong into a configuration",
            ));
        }
        let inner = path.strip_prefix('/');
        Ok(Self {
            scheme: scheme.to_ascii_lowercase(),
            host: decoded(text, host)?,
            path: decoded(text, inner.unwrap_or(path))?,
            absolute: inner.is_some(),
        })
    }

    /// The scheme, in lower case.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// What stands between `//` and the next `/`; empty where there is none.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path, without the `/` that begins it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the path began with `/`.
    pub fn is_absolute(&self) -> bool {
        self.absolute
    }
}

fn is_scheme(scheme: &str) -> bool {
    let mut characters = scheme.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'))
}

fn decoded(url: &str, part: &str) -> Result<String> {
    let well_formed = part.split('%').skip(1).all(|escape| {
        let digits = escape.bytes().take(2).filter(u8::is_ascii_hexdigit);
        digits.count() == 2
    });
    if !well_formed {
        return Err(invalid(
            url,
            "a '%' is not followed by two hexadecimal digits; write %25 for '%'",
        ));
    }
    let decoded = percent_decode_str(part).decode_utf8();
    let decoded = decoded.map_err(|_| invalid(url, "it does not decode to UTF-8"))?;
    if decoded.contains('\0') {
        return Err(invalid(url, "it holds a NUL character"));
    }
    Ok(decoded.into_owned())
}

fn invalid(url: &str, message: &str) -> Error {
    let url = without_credentials(url);
    Error::new(
        ErrorKind::InvalidArgument,
        format!("the URL '{}' cannot be used: {message}", url.escape_debug()),
    )
    .with_operation(Operation::Open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_comes_apart() {
        for (text, scheme, host, path, absolute) in [
            ("memory:", "memory", "", "", false),
            ("memory:a/b", "memory", "", "a/b", false),
            ("FILE:///a%20b", "file", "", "a b", true),
            ("file://localhost/a", "file", "localhost", "a", true),
            ("file:/a", "file", "", "a", true),
            ("azure://c", "azure", "c", "", false),
            ("azure://c/", "azure", "c", "", true),
            ("azure://c/x/y", "azure", "c", "x/y", true),
        ] {
            let url = BackendUrl::parse(text).unwrap();
            let parts = (url.scheme(), url.host(), url.path(), url.is_absolute());
            assert_eq!(parts, (scheme, host, path, absolute), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_its_secrets() {
        for (text, why) in [
            ("", "no scheme"),
            ("no url", "no scheme"),
            ("1a:b", "no scheme"),
            ("azure://c/p?sig=hunter2", "a query"),
            ("ftp://me:hunter2@host/p", "a user"),
            ("file:///%zz", "hexadecimal"),
            ("file:///%ff", "UTF-8"),
            ("file:///%00", "NUL"),
        ] {
            let error = BackendUrl::parse(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(error.message().contains(why), "{text}: {error}");
            assert!(!error.message().contains("hunter2"), "{error}");
        }
    }
}
