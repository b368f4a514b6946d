//! A server of a test's own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use holdall::pathio::{AbstractPathIo, MemoryPathIo, MkdirOptions, OpenMode};
use holdall_ftp::{
    Account, AccountLimits, Permissions, Server, ServerHandle, ServerOptions, SingleUser,
};
use tokio::task::JoinHandle;

use crate::client::Client;

/// How long a test waits before it takes a hang for one.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A server whose one user is `user` with the password `secret`.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) handle: ServerHandle,
    pub(crate) serving: JoinHandle<()>,
    pub(crate) home: Arc<dyn AbstractPathIo>,
}

/// What differs from the usual.
pub(crate) struct Setup {
    /// Where the server listens.
    pub(crate) address: &'static str,
    pub(crate) home: Arc<dyn AbstractPathIo>,
    pub(crate) options: ServerOptions,
    pub(crate) permissions: Permissions,
    pub(crate) limits: AccountLimits,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            address: "127.0.0.1:0",
            home: Arc::new(MemoryPathIo::new()),
            options: ServerOptions::default(),
            permissions: Permissions::read_write(),
            limits: AccountLimits::default(),
        }
    }
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    pub(crate) async fn with_options(change: impl FnOnce(&mut ServerOptions)) -> Self {
        let mut setup = Setup::default();
        change(&mut setup.options);
        Self::with(setup).await
    }

    pub(crate) async fn with(setup: Setup) -> Self {
        let home = setup.home;
        let account = Account::new("user", Arc::clone(&home))
            .with_permissions(setup.permissions)
            .with_limits(setup.limits);
        let server = Server::builder(SingleUser::new(account, "secret".into()))
            .options(setup.options)
            .bind(setup.address)
            .await
            .unwrap();
        Self {
            address: server.local_addr().unwrap(),
            handle: server.handle(),
            serving: tokio::spawn(server.serve()),
            home,
        }
    }

    /// A client that is logged in, and sends bytes as they are.
    pub(crate) async fn client(&self) -> Client {
        let mut client = Client::connect(self.address).await;
        client.log_in().await;
        client.expect("TYPE I", 200).await;
        client
    }

    pub(crate) async fn write(&self, path: &str, content: &[u8]) {
        let content = content.to_vec();
        let opened = self.home.open(path, OpenMode::Write);
        opened
            .run(async |file| file.write(content).await)
            .await
            .unwrap();
    }

    pub(crate) async fn mkdir(&self, path: &str) {
        self.home.mkdir(path, MkdirOptions::new()).await.unwrap();
    }

    /// What stands at a path; `None` for nothing.
    pub(crate) async fn read(&self, path: &str) -> Option<Vec<u8>> {
        let mut file = self.home.open(path, OpenMode::Read).await.ok()?;
        let mut content = Vec::new();
        loop {
            let block = file.read(1 << 20).await.unwrap();
            if block.is_empty() {
                return Some(content);
            }
            content.extend_from_slice(&block);
        }
    }

    /// Waits until no session is left.
    pub(crate) async fn wait_until_deserted(&self) {
        self.wait_for_sessions(0).await;
    }

    /// Waits until no more sessions are left than these.
    pub(crate) async fn wait_for_sessions(&self, count: usize) {
        let waiting = async {
            while self.handle.sessions() > count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    }
}
