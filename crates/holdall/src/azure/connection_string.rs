//! Connection strings: `Name=value;Name=value`.
//!
//! <https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string>

use crate::error::Result;
use crate::secret::Secret;

/// The settings of a connection string that concern blobs.
#[derive(Debug, Default)]
pub(super) struct ConnectionString {
    pub(super) development: bool,
    pub(super) protocol: Option<String>,
    pub(super) account_name: Option<String>,
    pub(super) account_key: Option<Secret>,
    pub(super) suffix: Option<String>,
    pub(super) blob_endpoint: Option<String>,
    pub(super) dfs_endpoint: Option<String>,
    pub(super) sas: Option<Secret>,
}

impl ConnectionString {
    /// Names are the same in upper and lower case, and those of other services
    /// are passed over. No value is shown in an error.
    pub(super) fn parse(text: &Secret) -> Result<Self> {
        let mut parsed = Self::default();
        for setting in text.reveal().split(';').map(str::trim) {
            if setting.is_empty() {
                continue;
            }
            let Some((name, value)) = setting.split_once('=') else {
                return Err(invalid("a part of it is not of the form Name=value"));
            };
            parsed.set(name.trim(), value.trim())?;
        }
        parsed.check()?;
        Ok(parsed)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match name.to_ascii_lowercase().as_str() {
            "usedevelopmentstorage" => self.development = value.eq_ignore_ascii_case("true"),
            "developmentstorageproxyuri" => {
                return Err(invalid(
                    "DevelopmentStorageProxyUri is not supported: give BlobEndpoint",
                ));
            }
            "defaultendpointsprotocol" => self.protocol = text(),
            "accountname" => self.account_name = text(),
            "accountkey" => self.account_key = text().map(Secret::new),
            "endpointsuffix" => self.suffix = text(),
            "blobendpoint" => self.blob_endpoint = text(),
            "dfsendpoint" => self.dfs_endpoint = text(),
            "sharedaccesssignature" => self.sas = text().map(Secret::new),
            _ => {}
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        if self.development {
            return Ok(());
        }
        if self.account_name.is_none() && self.blob_endpoint.is_none() {
            return Err(invalid("it has neither AccountName nor BlobEndpoint"));
        }
        if self
            .protocol
            .as_deref()
            .is_some_and(|protocol| !matches!(protocol, "http" | "https"))
        {
            return Err(invalid("DefaultEndpointsProtocol must be http or https"));
        }
        Ok(())
    }
}

fn invalid(reason: &str) -> crate::error::Error {
    super::builder::invalid(format!("the connection string is not valid: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::super::account::{Account, EMULATOR_KEY};
    use crate::error::ErrorKind;

    fn account(text: &str) -> Account {
        Account::of_connection_string(&text.into()).unwrap()
    }

    #[test]
    fn an_account_with_a_key() {
        let account = account(
            "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=a2V5PT0=;EndpointSuffix=core.chinacloudapi.cn",
        );
        assert_eq!(account.name, "acct");
        assert_eq!(account.key, Some("a2V5PT0=".into()));
        assert_eq!(
            account.blob.url(),
            "https://acct.blob.core.chinacloudapi.cn"
        );
        assert_eq!(account.dfs.url(), "https://acct.dfs.core.chinacloudapi.cn");
    }

    #[test]
    fn development_storage_is_the_emulator() {
        let account = account("UseDevelopmentStorage=true");
        assert_eq!(account.name, "devstoreaccount1");
        assert_eq!(account.key, Some(EMULATOR_KEY.into()));
        assert_eq!(
            account.blob.url(),
            "http://127.0.0.1:10000/devstoreaccount1"
        );
    }

    #[test]
    fn an_endpoint_with_a_signature() {
        let account = account(
            " blobendpoint = https://acct.blob.core.windows.net/ ;QueueEndpoint=https://q/; SharedAccessSignature=sv=2020&sig=a%2Bb%3D ;",
        );
        assert_eq!(account.name, "acct");
        assert_eq!(account.sas, Some("sv=2020&sig=a%2Bb%3D".into()));
        assert_eq!(account.dfs.url(), "https://acct.dfs.core.windows.net");
    }

    #[test]
    fn an_emulator_elsewhere() {
        let account = account(
            "AccountName=devstoreaccount1;AccountKey=aw==;BlobEndpoint=http://10.0.0.1:4000/devstoreaccount1;DfsEndpoint=http://10.0.0.1:5000/devstoreaccount1",
        );
        assert_eq!(account.blob.url(), "http://10.0.0.1:4000/devstoreaccount1");
        assert_eq!(account.dfs.url(), "http://10.0.0.1:5000/devstoreaccount1");
    }

    #[test]
    fn a_bad_one_is_refused_without_being_shown() {
        for text in [
            "",
            "hidden",
            "AccountKey=hidden",
            "UseDevelopmentStorage=false;AccountKey=hidden",
            "AccountName=acct;DefaultEndpointsProtocol=ftp;AccountKey=hidden",
            "BlobEndpoint=hidden",
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://hidden",
        ] {
            let error = Account::of_connection_string(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{text}");
            assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
        }
    }
}
