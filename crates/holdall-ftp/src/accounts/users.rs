//! What a file of users says.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::str::FromStr;

use holdall::pathio::PathName;
use holdall::registry::ConfigDocument;
use ipnet::IpNet;
use serde::Deserialize;
use serde::de::Error as _;

use super::password::PasswordHash;
use crate::limits::AccountLimits;
use crate::permissions::{Access, Permissions};
use crate::rate::ByteRate;

/// The users of one reading of the file.
pub(super) struct Users {
    by_name: BTreeMap<String, User>,
    /// Checked for users that there are not: as costly as the costliest.
    pub(super) decoy: PasswordHash,
}

/// One user.
pub(super) struct User {
    pub(super) password_hash: PasswordHash,
    pub(super) home: PathName,
    pub(super) permissions: Permissions,
    pub(super) require_tls: bool,
    pub(super) limits: AccountLimits,
    /// Everywhere without.
    allowed_addresses: Option<Vec<IpNet>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTable {
    #[serde(default)]
    users: BTreeMap<String, UserTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserTable {
    password_hash: PasswordHash,
    #[serde(default)]
    home: Folder,
    #[serde(default)]
    access: AccessName,
    #[serde(default)]
    permissions: BTreeMap<Folder, AccessName>,
    #[serde(default)]
    allowed_addresses: Option<Vec<AddressRange>>,
    #[serde(default)]
    require_tls: bool,
    #[serde(default)]
    max_sessions: Option<usize>,
    #[serde(default)]
    upload_rate: Option<ByteRate>,
    #[serde(default)]
    download_rate: Option<ByteRate>,
}

impl Users {
    /// Reads the users of `document`. What a user has no limit for is limited as
    /// `limits` says.
    pub(super) fn read(document: &ConfigDocument, limits: AccountLimits) -> holdall::Result<Self> {
        let table: FileTable = document.read()?;
        let mut by_name = BTreeMap::new();
        for (name, user) in table.users {
            if name.is_empty() || name.contains(char::is_control) {
                let message = "a user's name is neither empty nor holds control characters";
                return Err(document.invalid(["users", &name], message));
            }
            by_name.insert(name, user.into_user(limits));
        }
        Ok(Self {
            decoy: decoy(&by_name).map_err(|error| document.invalid(["users"], error))?,
            by_name,
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<&User> {
        self.by_name.get(name)
    }

    pub(super) fn len(&self) -> usize {
        self.by_name.len()
    }
}

fn decoy(users: &BTreeMap<String, User>) -> Result<PasswordHash, super::PasswordHashError> {
    let hashes = users.values().map(|user| &user.password_hash);
    match hashes.max_by_key(|hash| hash.cost()) {
        Some(hash) => Ok(hash.clone()),
        None => PasswordHash::decoy(),
    }
}

impl User {
    /// Whether the user may come from `address`; an unknown one is allowed only
    /// where all are.
    pub(super) fn may_come_from(&self, address: Option<IpAddr>) -> bool {
        let Some(ranges) = &self.allowed_addresses else {
            return true;
        };
        address.is_some_and(|address| ranges.iter().any(|range| range.contains(&address)))
    }
}

impl UserTable {
    fn into_user(self, limits: AccountLimits) -> User {
        let whole = Permissions::new(self.access.0);
        let permissions = self
            .permissions
            .into_iter()
            .fold(whole, |permissions, (path, access)| {
                permissions.with_rule(path.0.as_str(), access.0)
            });
        let ranges = self.allowed_addresses;
        User {
            password_hash: self.password_hash,
            home: self.home.0,
            permissions,
            require_tls: self.require_tls,
            limits: AccountLimits {
                sessions: self.max_sessions.or(limits.sessions),
                upload_rate: self
                    .upload_rate
                    .map(ByteRate::per_second)
                    .or(limits.upload_rate),
                download_rate: self
                    .download_rate
                    .map(ByteRate::per_second)
                    .or(limits.download_rate),
            },
            allowed_addresses: ranges
                .map(|ranges| ranges.into_iter().map(|range| range.0).collect()),
        }
    }
}

/// A folder, in a file.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Folder(PathName);

impl<'de> Deserialize<'de> for Folder {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        PathName::new(&text)
            .map(Self)
            .map_err(|_| D::Error::custom("this must be a path without '..'"))
    }
}

/// What may be done, in a file.
#[derive(Debug, Clone, Copy)]
struct AccessName(Access);

impl Default for AccessName {
    fn default() -> Self {
        Self(Access::READ_WRITE)
    }
}

impl<'de> Deserialize<'de> for AccessName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case")]
        enum Name {
            None,
            ReadOnly,
            WriteOnly,
            ReadWrite,
        }
        Ok(Self(match Name::deserialize(deserializer)? {
            Name::None => Access::NONE,
            Name::ReadOnly => Access::READ,
            Name::WriteOnly => Access::WRITE,
            Name::ReadWrite => Access::READ_WRITE,
        }))
    }
}

/// An address or a range of them, in a file.
struct AddressRange(IpNet);

impl<'de> Deserialize<'de> for AddressRange {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let range = IpNet::from_str(&text).or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        range.map(Self).map_err(|_| {
            D::Error::custom(
                "this must be an address such as 192.0.2.7, or a range such as 192.0.2.0/24",
            )
        })
    }
}
