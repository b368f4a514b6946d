//! What a session remembers between commands.

use std::sync::Arc;

use holdall::pathio::AbstractPathIo;

use super::outcome::Refusal;
use crate::limits::AccountLimits;
use crate::permissions::{Access, Permissions};
use crate::protocol::{DataType, FactSet, HashName};
use crate::server::Seat;
use crate::transfer::Endpoint;
use crate::virtual_path::VirtualPath;

/// What a login opened.
pub(super) struct LoggedIn {
    pub(super) io: Arc<dyn AbstractPathIo>,
    pub(super) permissions: Permissions,
    pub(super) limits: AccountLimits,
    /// Held while the session is logged in.
    pub(super) _seat: Seat,
}

/// What a session remembers between commands.
pub(super) struct State {
    /// The name from `USER`, until a `PASS`.
    pub(super) claimed_user: Option<String>,
    pub(super) failed_logins: u32,
    pub(super) login: Option<LoggedIn>,
    pub(super) folder: VirtualPath,
    pub(super) data_type: DataType,
    /// Where the next transfer begins in its file.
    pub(super) restart: u64,
    /// The path from `RNFR`.
    pub(super) rename_from: Option<VirtualPath>,
    pub(super) endpoint: Endpoint,
    /// Whether only `EPSV` may open data connections.
    pub(super) epsv_alone: bool,
    pub(super) facts: FactSet,
    pub(super) hash: HashName,
    /// Whether `PBSZ` came, which `PROT` needs.
    pub(super) buffer_size_set: bool,
    /// Whether data connections are encrypted.
    pub(super) data_encrypted: bool,
    /// The path that the current command is about, for the log.
    pub(super) subject: Option<VirtualPath>,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            claimed_user: None,
            failed_logins: 0,
            login: None,
            folder: VirtualPath::root(),
            data_type: DataType::Ascii,
            restart: 0,
            rename_from: None,
            endpoint: Endpoint::None,
            epsv_alone: false,
            facts: FactSet::ALL,
            hash: HashName::Sha256,
            buffer_size_set: false,
            data_encrypted: false,
            subject: None,
        }
    }

    /// Forgets everything but how data is protected and how often logins failed.
    pub(super) fn log_out(&mut self) {
        *self = Self {
            failed_logins: self.failed_logins,
            buffer_size_set: self.buffer_size_set,
            data_encrypted: self.data_encrypted,
            ..Self::new()
        };
    }

    pub(super) fn is_logged_in(&self) -> bool {
        self.login.is_some()
    }

    pub(super) fn login(&self) -> Result<&LoggedIn, Refusal> {
        let login = self.login.as_ref();
        login.ok_or_else(|| Refusal::new(530, "Log in first with USER and PASS."))
    }

    /// The user's files.
    pub(super) fn io(&self) -> Result<Arc<dyn AbstractPathIo>, Refusal> {
        Ok(Arc::clone(&self.login()?.io))
    }

    /// What `argument` means in the current folder, whatever may be done there.
    pub(super) fn resolve(&mut self, argument: &str) -> VirtualPath {
        let path = self.folder.resolve(argument);
        self.subject = Some(path.clone());
        path
    }

    /// What `argument` means in the current folder, if `needed` may be done there.
    pub(super) fn permitted(
        &mut self,
        argument: &str,
        needed: Access,
    ) -> Result<VirtualPath, Refusal> {
        let path = self.resolve(argument);
        if self.login()?.permissions.of(path.as_str()).covers(needed) {
            return Ok(path);
        }
        Err(Self::permission_denied())
    }

    pub(super) fn permission_denied() -> Refusal {
        Refusal::new(550, "Permission denied.")
    }
}
