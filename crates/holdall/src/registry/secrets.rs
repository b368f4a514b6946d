//! Which options are secret, and how they are shown.

use std::borrow::Cow;

/// What stands in place of a secret.
pub(super) const MASK: &str = "***";

/// Words that make the name that holds them a secret's: `key` hides
/// `account_key`, `token` hides `sas_token`.
const WORDS: [&str; 11] = [
    "key",
    "keys",
    "secret",
    "secrets",
    "password",
    "passwords",
    "passphrase",
    "token",
    "tokens",
    "credential",
    "credentials",
];

/// Whole names besides.
const NAMES: [&str; 2] = ["connection_string", "client_certificate"];

/// Whether the value under `name` is secret. Rather one name too many: nothing
/// but the display depends on it.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    NAMES.contains(&name.as_str()) || name.split('_').any(|word| WORDS.contains(&word))
}

/// What gives away a credential in a text under whatever name.
const SIGNS: [&str; 3] = ["accountkey=", "sharedaccesssignature=", "sig="];

/// `text` as it may be shown: of a URL neither the user with the password nor
/// the query, which can be a signature; nothing of a connection string.
pub(super) fn without_credentials(text: &str) -> Cow<'_, str> {
    let Some(shown) = url_without_credentials(text) else {
        let lower = text.to_lowercase();
        return match SIGNS.iter().any(|sign| lower.contains(sign)) {
            true => Cow::Borrowed(MASK),
            false => Cow::Borrowed(text),
        };
    };
    shown
}

/// None where `text` is no URL.
fn url_without_credentials(text: &str) -> Option<Cow<'_, str>> {
    let (scheme, rest) = text.split_once("://")?;
    if !scheme
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    {
        return None;
    }
    let (address, query) = match rest.split_once(['?', '#']) {
        Some((address, _)) => (address, "?***"),
        None => (rest, ""),
    };
    let (authority, path) = match address.split_once('/') {
        Some((authority, path)) => (authority, Some(path)),
        None => (address, None),
    };
    let (user, host) = match authority.rsplit_once('@') {
        Some((_, host)) => ("***@", host),
        None => ("", authority),
    };
    if user.is_empty() && query.is_empty() {
        return Some(Cow::Borrowed(text));
    }
    let path = path.map(|path| format!("/{path}")).unwrap_or_default();
    Some(Cow::Owned(format!("{scheme}://{user}{host}{path}{query}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_in_any_spelling() {
        for name in [
            "key",
            "secret",
            "password",
            "token",
            "account_key",
            "sas_token",
            "connection_string",
            "client_secret",
            "client_certificate",
            "Account-Key",
            "storage_account_key",
            "refresh_tokens",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["container", "keyring", "root", "tokenizer", "monkey", ""] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_url_is_shown_without_user_and_query() {
        for (url, shown) in [
            ("https://h/p", "https://h/p"),
            ("https://u:p@h/p", "https://***@h/p"),
            ("https://h/p?sv=1&sig=x", "https://h/p?***"),
            ("https://a@b:c@h", "https://***@h"),
            ("no url ? @", "no url ? @"),
            ("s://h#sig", "s://h?***"),
            ("AccountName=a;AccountKey=x", "***"),
            ("BlobEndpoint=https://h;SharedAccessSignature=sv=1", "***"),
            ("?sv=1&sig=x", "***"),
        ] {
            assert_eq!(without_credentials(url), shown);
        }
    }
}
