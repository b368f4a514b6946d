//! The storage account: its name and the addresses of its two services.

use std::net::IpAddr;

use reqwest::Url;

use super::connection_string::ConnectionString;
use crate::error::Result;
use crate::secret::Secret;

/// The well-known key of the emulators' account: public, no secret.
/// <https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key>
pub(super) const EMULATOR_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const EMULATOR_BLOB_ENDPOINT: &str = "http://127.0.0.1:10000/devstoreaccount1";
const DEFAULT_SUFFIX: &str = "core.windows.net";

/// One service of an account: `https://host:port`, and for emulators a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Scheme, host and port, without a slash at the end.
    pub(crate) origin: String,
    /// What stands before the container: empty, or `/account` where the
    /// account is not in the host name.
    pub(crate) base: String,
    local: bool,
}

impl Endpoint {
    /// The address up to the container, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.origin, self.base)
    }

    /// Whether it is on this machine, as emulators are.
    pub(crate) fn is_local(&self) -> bool {
        self.local
    }

    fn of(url: &Url) -> Self {
        Self {
            local: url.host_str().is_some_and(is_local),
            origin: url.origin().ascii_serialization(),
            base: url.path().trim_end_matches('/').to_owned(),
        }
    }
}

/// An account as the configuration names it.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) blob: Endpoint,
    pub(super) dfs: Endpoint,
    pub(super) key: Option<Secret>,
    pub(super) sas: Option<Secret>,
}

impl Account {
    /// The public cloud's account `name`.
    pub(super) fn named(name: &str) -> Result<Self> {
        Self::with_suffix(name, "https", DEFAULT_SUFFIX)
    }

    fn with_suffix(name: &str, scheme: &str, suffix: &str) -> Result<Self> {
        check_name(name)?;
        let service = |service: &str| {
            parse_url(
                "the account",
                &format!("{scheme}://{name}.{service}.{suffix}"),
            )
            .map(|url| Endpoint::of(&url))
        };
        Ok(Self {
            name: name.to_owned(),
            blob: service("blob")?,
            dfs: service("dfs")?,
            key: None,
            sas: None,
        })
    }

    /// The account whose blob or dfs service answers at `url`, which may carry
    /// a SAS as its query.
    pub(super) fn at(url: &str) -> Result<Self> {
        let url = parse_url("account_url", url)?;
        let (blob, dfs) = both_services(&url);
        Ok(Self {
            name: account_name(&url)?,
            blob,
            dfs,
            key: None,
            sas: url.query().map(Secret::from),
        })
    }

    /// What a connection string says.
    pub(super) fn of_connection_string(text: &Secret) -> Result<Self> {
        let parsed = ConnectionString::parse(text)?;
        if parsed.development {
            let mut account = Self::at(EMULATOR_BLOB_ENDPOINT)?;
            account.key = Some(EMULATOR_KEY.into());
            return Ok(account);
        }
        let mut account = match &parsed.blob_endpoint {
            Some(url) => {
                let mut account = Self::at(url)?;
                if let Some(name) = &parsed.account_name {
                    account.name.clone_from(name);
                }
                account
            }
            None => Self::with_suffix(
                parsed.account_name.as_deref().unwrap_or_default(),
                parsed.protocol.as_deref().unwrap_or("https"),
                parsed.suffix.as_deref().unwrap_or(DEFAULT_SUFFIX),
            )?,
        };
        if let Some(url) = &parsed.dfs_endpoint {
            account.dfs = endpoint("DfsEndpoint", url)?;
        }
        account.key = parsed.account_key;
        account.sas = parsed.sas.or(account.sas);
        Ok(account)
    }
}

fn is_local(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The service at `url`, for an option of that name.
pub(super) fn endpoint(option: &str, url: &str) -> Result<Endpoint> {
    Ok(Endpoint::of(&parse_endpoint(option, url)?))
}

/// The blob and the dfs service of an account, one of which is at `url`.
pub(super) fn services(option: &str, url: &str) -> Result<(Endpoint, Endpoint)> {
    Ok(both_services(&parse_endpoint(option, url)?))
}

fn parse_endpoint(option: &str, url: &str) -> Result<Url> {
    let url = parse_url(option, url)?;
    if url.query().is_some() {
        return Err(super::builder::invalid(format!(
            "{option} has a query: give a shared access signature as sas_token"
        )));
    }
    Ok(url)
}

/// A URL's text is in no message: it may hold a SAS.
fn parse_url(option: &str, text: &str) -> Result<Url> {
    let url = Url::parse(text.trim()).map_err(|error| {
        super::builder::invalid(format!(
            "{option} is no URL ({error}): it looks like https://ACCOUNT.blob.core.windows.net"
        ))
    })?;
    let fit = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none();
    if !fit {
        return Err(super::builder::invalid(format!(
            "{option} must be an http or https URL with a host and without a user or a fragment"
        )));
    }
    Ok(url)
}

/// The blob and the dfs service of the account at `url`, of which the host
/// names one: `ACCOUNT.blob.` and `ACCOUNT.dfs.` stand for each other. Any
/// other host serves both.
fn both_services(url: &Url) -> (Endpoint, Endpoint) {
    let given = Endpoint::of(url);
    let swap = |from: &str, to: &str| {
        let host = url.host_str()?;
        let (account, rest) = host.split_once('.')?;
        let rest = rest.strip_prefix(from)?.strip_prefix('.')?;
        let origin = given
            .origin
            .replacen(host, &format!("{account}.{to}.{rest}"), 1);
        Some(Endpoint {
            origin,
            base: given.base.clone(),
            local: false,
        })
    };
    if let Some(dfs) = swap("blob", "dfs") {
        return (given, dfs);
    }
    match swap("dfs", "blob") {
        Some(blob) => (blob, given),
        None => (given.clone(), given),
    }
}

/// The account's name: the first segment of the path, as emulators have it, or
/// the host's first label. `ACCOUNT-secondary` reads another copy of ACCOUNT.
fn account_name(url: &Url) -> Result<String> {
    let path = url.path().trim_matches('/');
    let name = match path.split('/').next() {
        Some(segment) if !segment.is_empty() => segment,
        _ => url
            .host_str()
            .and_then(|host| host.split('.').next())
            .unwrap_or_default(),
    };
    let name = name.strip_suffix("-secondary").unwrap_or(name);
    if path.contains('/') {
        return Err(super::builder::invalid(
            "account_url names more than the account: give the container by itself".to_owned(),
        ));
    }
    Ok(name.to_owned())
}

/// <https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name>
fn check_name(name: &str) -> Result<()> {
    let fit = (3..=24).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fit {
        return Ok(());
    }
    Err(super::builder::invalid(format!(
        "the account name {name:?} is not valid: it has 3 to 24 lower-case letters and digits"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn urls(account: &Account) -> (String, String) {
        (account.blob.url(), account.dfs.url())
    }

    fn both(blob: &str, dfs: &str) -> (String, String) {
        (blob.to_owned(), dfs.to_owned())
    }

    #[test]
    fn the_blob_and_the_dfs_form_of_a_url_name_one_account() {
        let expected = both(
            "https://acct.blob.core.windows.net",
            "https://acct.dfs.core.windows.net",
        );
        for url in [
            "https://acct.blob.core.windows.net",
            "https://acct.blob.core.windows.net/",
            "https://acct.dfs.core.windows.net",
        ] {
            let account = Account::at(url).unwrap();
            assert_eq!(
                (account.name.as_str(), urls(&account)),
                ("acct", expected.clone())
            );
        }
        assert_eq!(urls(&Account::named("acct").unwrap()), expected);
    }

    #[test]
    fn an_emulators_account_is_in_its_path() {
        let account = Account::at("http://127.0.0.1:10000/devstoreaccount1").unwrap();
        assert_eq!(account.name, "devstoreaccount1");
        assert_eq!(account.blob.base, "/devstoreaccount1");
        assert_eq!(account.blob, account.dfs);
    }

    #[test]
    fn emulators_are_on_this_machine() {
        for (url, local) in [
            ("http://127.0.0.1:10000/a", true),
            ("http://localhost:10000/a", true),
            ("http://[::1]:10000/a", true),
            ("http://10.0.0.1:10000/a", false),
            ("https://acct.blob.core.windows.net", false),
        ] {
            assert_eq!(Account::at(url).unwrap().blob.is_local(), local, "{url}");
        }
    }

    #[test]
    fn a_secondary_address_is_of_the_same_account() {
        let account = Account::at("https://acct-secondary.blob.core.windows.net").unwrap();
        assert_eq!(account.name, "acct");
        assert!(account.blob.origin.contains("acct-secondary."));
    }

    #[test]
    fn a_query_of_the_url_is_a_sas() {
        let account = Account::at("https://acct.blob.core.windows.net/?sv=1&sig=s%3D").unwrap();
        assert_eq!(account.sas, Some("sv=1&sig=s%3D".into()));
        assert!(!urls(&account).0.contains("sig"));
    }

    #[test]
    fn a_bad_url_is_refused_without_being_shown() {
        for url in [
            "",
            "acct",
            "ftp://acct.blob.core.windows.net/?sig=hidden",
            "https://user:hidden@acct.blob.core.windows.net",
            "https://acct.blob.core.windows.net/container/more?sig=hidden",
        ] {
            let error = Account::at(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{url}");
            assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
        }
    }

    #[test]
    fn a_bad_account_name_is_refused() {
        for name in [
            "",
            "ab",
            "Upper",
            "with.dot",
            "a/b",
            "toolongtoolongtoolongtool",
        ] {
            let error = Account::named(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name}");
        }
    }
}
