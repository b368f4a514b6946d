//! Addresses: how a command line names a store and a path in it.
//!
//! | form | meaning |
//! |---|---|
//! | `PATH`, `local:PATH` | a path on this machine |
//! | `file:///PATH` | the same as a URL, percent-encoded |
//! | `default:PATH` | in the default store, in the user's data folder |
//! | `mem:PATH` | in this process's memory |
//! | `NAME:PATH` | in the store that is configured under the name |
//! | `azure://CONTAINER/PATH` | in a container, as the environment describes its account |

use holdall::registry::BackendUrl;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// A parsed address; nothing has been looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// A path on this machine.
    Local(String),
    /// A path in the default store; empty for its root.
    Default(String),
    /// A path in this process's memory; empty for its root.
    Memory(String),
    /// A path in a configured store.
    Named {
        /// The store's name.
        store: String,
        /// The path in it; empty for its root.
        path: String,
    },
    /// A path in the store that a URL names.
    Url {
        /// The URL of the store's root, such as `azure://container`.
        store: String,
        /// The path in it, decoded; empty for its root.
        path: String,
    },
}

/// What an address may begin with, for messages.
pub(crate) const SUPPORTED: &str = "use a plain path, local:PATH, file:///PATH, default:PATH, \
     mem:PATH, NAME:PATH with a name of `holdall stores`, or azure://CONTAINER/PATH; \
     a plain path with a colon in its first name needs ./ before it";

/// Names that address something else than a configured store.
pub(crate) const RESERVED: [&str; 3] = ["local", "mem", "file"];

/// What would not come back out of a URL.
const IN_URLS: AsciiSet = CONTROLS.add(b'%').add(b'?').add(b'#');

impl Address {
    /// Parses `text`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(invalid(text, "the address is empty").with_hint(SUPPORTED));
        }
        if text.contains('\0') {
            return Err(invalid(text, "the address holds a NUL character"));
        }
        let Some((scheme, rest)) = split_scheme(text) else {
            return Ok(Self::Local(text.to_owned()));
        };
        match scheme {
            "local" => local(text, rest),
            "default" => Ok(Self::Default(rest.to_owned())),
            "mem" => Ok(Self::Memory(rest.to_owned())),
            _ if scheme.eq_ignore_ascii_case("file") => file_url(text),
            _ if rest.starts_with("//") => url(text),
            _ => Ok(Self::Named {
                store: scheme.to_owned(),
                path: rest.to_owned(),
            }),
        }
    }

    /// Whether the address says by its end that it names a folder.
    pub(crate) fn names_a_folder(&self) -> bool {
        match self {
            Self::Local(path) => path.ends_with(std::path::is_separator),
            Self::Default(path)
            | Self::Memory(path)
            | Self::Named { path, .. }
            | Self::Url { path, .. } => path.ends_with('/'),
        }
    }

    /// The address as text that parses to the same address.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Local(path) if split_scheme(path).is_some() => format!("local:{path}"),
            Self::Local(path) => path.clone(),
            Self::Default(path) => format!("default:{path}"),
            Self::Memory(path) => format!("mem:{path}"),
            Self::Named { store, path } => format!("{store}:{path}"),
            Self::Url { store, path } => format!("{store}/{}", url_path(path)),
        }
    }
}

/// A path as it stands in a URL.
pub(crate) fn url_path(path: &str) -> String {
    utf8_percent_encode(path, &IN_URLS).to_string()
}

/// Whether `NAME:` addresses the store of this name.
pub(crate) fn is_addressable(name: &str) -> bool {
    let is_name = split_scheme(&format!("{name}:")).is_some_and(|(scheme, _)| scheme == name);
    is_name && !RESERVED.contains(&name.to_ascii_lowercase().as_str())
}

/// What stands before the first colon, if that can name a store: two or more
/// letters, digits, `-`, `_` or `.`, a letter first. A single letter is a
/// drive, and anything else part of a path.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let mut characters = scheme.chars();
    let starts_with_letter = characters.next().is_some_and(|c| c.is_ascii_alphabetic());
    let is_name = characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    (scheme.len() > 1 && starts_with_letter && is_name).then_some((scheme, rest))
}

fn local(text: &str, path: &str) -> Result<Address> {
    if path.is_empty() {
        return Err(invalid(text, "the address names no path")
            .with_hint("for the current folder use local:."));
    }
    Ok(Address::Local(path.to_owned()))
}

/// The path of a `file:` URL (RFC 8089): no host or `localhost`, an absolute
/// path, percent-encoded.
fn file_url(text: &str) -> Result<Address> {
    let url = parsed(text)?;
    if !url.host().is_empty() && !url.host().eq_ignore_ascii_case("localhost") {
        return Err(invalid(text, "a file URL of another host cannot be opened")
            .with_hint("leave the host out: file:///PATH"));
    }
    if !url.is_absolute() {
        return Err(
            invalid(text, "a file URL needs an absolute path").with_hint("write file:///PATH")
        );
    }
    let path = format!("/{}", url.path());
    Ok(Address::Local(without_drive_slash(path)))
}

fn parsed(text: &str) -> Result<BackendUrl> {
    BackendUrl::parse(text).map_err(|error| Failure::new(Exit::Usage, error.message()))
}

/// On Windows `/C:/x` is `C:/x`.
fn without_drive_slash(path: String) -> String {
    match path.strip_prefix('/') {
        Some(rest) if cfg!(windows) && rest.as_bytes().get(1) == Some(&b':') => rest.to_owned(),
        _ => path,
    }
}

/// The URL of a store and the path in it.
fn url(text: &str) -> Result<Address> {
    let url = parsed(text)?;
    Ok(Address::Url {
        store: format!("{}://{}", url.scheme(), url_path(url.host())),
        path: url.path().to_owned(),
    })
}

fn invalid(text: &str, message: &str) -> Failure {
    Failure::at(
        if text.is_empty() { "''" } else { text },
        Exit::Usage,
        message,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(path: &str) -> Address {
        Address::Local(path.to_owned())
    }

    #[test]
    fn plain_paths_are_local() {
        for path in [
            "a", "../x", "/tmp/x", ".", "a b: c", "x/y:z", "./mem:x", ":x", "1a:b",
        ] {
            assert_eq!(Address::parse(path).unwrap(), local(path), "{path}");
        }
    }

    #[test]
    fn a_single_letter_is_a_drive_and_not_a_scheme() {
        assert_eq!(Address::parse(r"C:\x").unwrap(), local(r"C:\x"));
        assert_eq!(Address::parse("c:x").unwrap(), local("c:x"));
    }

    #[test]
    fn named_stores_take_the_rest_as_path() {
        assert_eq!(Address::parse("local:a/b").unwrap(), local("a/b"));
        assert_eq!(Address::parse("local:mem:x").unwrap(), local("mem:x"));
        let default = Address::Default("a/b".to_owned());
        assert_eq!(Address::parse("default:a/b").unwrap(), default);
        assert_eq!(
            Address::parse("mem:").unwrap(),
            Address::Memory(String::new())
        );
    }

    #[test]
    fn any_other_name_is_that_of_a_configured_store() {
        let named = Address::Named {
            store: "reports".to_owned(),
            path: "2026/q1.csv".to_owned(),
        };
        assert_eq!(Address::parse("reports:2026/q1.csv").unwrap(), named);
        for (name, addressable) in [
            ("reports", true),
            ("default", true),
            ("azure", true),
            ("a-b_c.2", true),
            ("x", false),
            ("2026", false),
            ("a b", false),
            ("a:b", false),
            ("local", false),
            ("mem", false),
            ("File", false),
        ] {
            assert_eq!(is_addressable(name), addressable, "{name}");
        }
    }

    #[test]
    fn a_url_is_the_root_of_a_store_and_a_decoded_path() {
        let url = Address::Url {
            store: "azure://data".to_owned(),
            path: "a b/c%.csv".to_owned(),
        };
        assert_eq!(Address::parse("azure://data/a b/c%25.csv").unwrap(), url);
        assert_eq!(url.label(), "azure://data/a b/c%25.csv");
    }

    #[test]
    fn file_urls_are_decoded() {
        assert_eq!(
            Address::parse("file:///a%20b/%C3%A9").unwrap(),
            local("/a b/é")
        );
        assert_eq!(Address::parse("FILE://localhost/a").unwrap(), local("/a"));
        assert_eq!(Address::parse("file:/a").unwrap(), local("/a"));
    }

    #[test]
    fn a_label_parses_back_to_its_address() {
        for text in [
            "a",
            "local:mem:x",
            "default:a",
            "mem:",
            "file:///a%3Ab",
            r"C:\x",
            "reports:2026/q1.csv",
            "azure://data",
            "azure://data/a%3Fb%25/c d/",
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(Address::parse(&address.label()).unwrap(), address, "{text}");
        }
    }

    #[test]
    fn a_trailing_separator_names_a_folder() {
        for (text, folder) in [
            ("a/", true),
            ("a", false),
            ("mem:a/", true),
            ("mem:", false),
        ] {
            assert_eq!(
                Address::parse(text).unwrap().names_a_folder(),
                folder,
                "{text}"
            );
        }
    }

    #[test]
    fn malformed_addresses_are_usage_errors_that_say_why() {
        for (text, why) in [
            ("", "empty"),
            ("local:", "names no path"),
            ("file://", "absolute path"),
            ("file:a", "absolute path"),
            ("file://server/a", "another host"),
            ("file:///a%2", "hexadecimal"),
            ("file:///a%zz", "hexadecimal"),
            ("file:///%ff", "UTF-8"),
            ("file:///a%00b", "NUL"),
            ("file:///a?b", "a query"),
            ("azure://container/a?sig=x", "a query"),
            ("azure://user@container/a", "a user"),
        ] {
            let failure = Address::parse(text).unwrap_err();
            assert_eq!(failure.exit(), Exit::Usage, "{text}");
            let Failure::Report(report) = failure else {
                panic!("{text} is not reported");
            };
            assert!(report.to_string().contains(why), "{text}: {report}");
        }
    }
}
