//! A storage account with a hierarchical namespace, in memory: the Blob and the
//! DFS service over one tree.
//!
//! Recorded exchanges with a live account hold it to the truth
//! (`tests/hns/replay.rs`). Where they are silent it follows the reference of the
//! REST services, <https://learn.microsoft.com/rest/api/storageservices/>, and a
//! comment names the page.

mod account;
mod answer;
mod authentication;
mod behaviour;
mod blob;
mod call;
mod conditions;
mod continuation;
mod dfs;
mod refusal;
mod server;
mod tree;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use account::{Account, Container};
pub use behaviour::{Authentication, Behaviour, CopyOutcome, RenameConflict};
use server::Server;
use tree::Path;

/// A running fake account: its Blob and its DFS service, each on a free port of
/// 127.0.0.1.
///
/// It runs on threads of its own, so that a test of any runtime, or of none, can
/// use it. Dropping the handle stops it.
#[derive(Debug)]
pub struct HnsAccount {
    blob: Server,
    dfs: Server,
    account: Arc<Mutex<Account>>,
    next_container: AtomicU64,
}

impl HnsAccount {
    /// The name of the account.
    pub const ACCOUNT: &'static str = "fakehns";

    /// A key for the account. Signatures are not verified, so any key will do.
    pub const KEY: &'static str = "bm90IGEgc2VjcmV0LCBhIGtleSBmb3IgdGVzdHM=";

    /// Starts an account as the real ones are.
    ///
    /// # Errors
    ///
    /// What listening on a port fails with.
    pub fn start() -> io::Result<Self> {
        Self::start_with(Behaviour::default())
    }

    /// Starts an account that behaves as told.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_with(behaviour: Behaviour) -> io::Result<Self> {
        let account = Arc::new(Mutex::new(Account::new(Self::ACCOUNT, behaviour)));
        Ok(Self {
            blob: Server::start(server::Service::Blob, account.clone())?,
            dfs: Server::start(server::Service::Dfs, account.clone())?,
            account,
            next_container: AtomicU64::new(0),
        })
    }

    /// The address of the Blob service, such as `http://127.0.0.1:40001`. The
    /// account's name may follow it, or not.
    pub fn blob_endpoint(&self) -> String {
        format!("http://{}", self.blob.address())
    }

    /// The address of the DFS service, as [`blob_endpoint`](Self::blob_endpoint).
    pub fn dfs_endpoint(&self) -> String {
        format!("http://{}", self.dfs.address())
    }

    /// Creates a container, without a request, and returns its name, which no
    /// other call on this handle returns.
    pub fn fresh_container(&self) -> String {
        let number = self.next_container.fetch_add(1, Ordering::Relaxed);
        let name = format!("test-{number}");
        let mut account = self.account.lock();
        let container = Container::new(account.stamp());
        account.containers.insert(name.clone(), container);
        name
    }

    /// Every path in a container, files and directories, as they stand there:
    /// what is on its way, too. Empty for a container that is not there.
    pub fn paths(&self, container: &str) -> Vec<String> {
        let account = self.account.lock();
        let container = account.containers.get(container);
        let paths = container.map(|container| {
            let below = container.tree.below(Path::ROOT, None);
            below.map(|(path, _)| path.as_str().to_owned()).collect()
        });
        paths.unwrap_or_default()
    }

    /// Changes how the account behaves from now on.
    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.account.lock().behaviour);
    }
}
