//! The backend: the driver with the contract around it.

use super::builder::AzureBuilder;
use super::driver::AzureDriver;
use crate::backend::AsyncDriverBackend;
use crate::error::Result;

/// A container of an Azure storage account, with a flat or a hierarchical
/// namespace.
///
/// ```
/// use holdall::{AsyncAzureBackend, AsyncStore};
///
/// // Nothing is sent before the first call.
/// let backend = AsyncAzureBackend::builder("reports")
///     .account_name("acct")
///     .sas_token("sv=2026-04-06&sr=c&sp=rl&sig=c2lnbmF0dXJl")
///     .hns(false)
///     .build()?;
/// let store = AsyncStore::new(backend, "2026")?;
/// # Ok::<(), holdall::Error>(())
/// ```
///
/// # What it promises
///
/// - **All or nothing.** A write shows in one step, whole; without `overwrite`
///   exactly one of any number of writers wins, wherever they run. Content up
///   to [`single_put_size`](AzureBuilder::single_put_size) is one request,
///   more is blocks, several in flight, and a commit.
/// - **Rename.** On a hierarchical namespace one step. On a flat one a copy,
///   and then a delete of what was copied: if the process ends in between,
///   both are there, and never none.
/// - **Reads** stay on the version that they began with. If it is replaced
///   midway, they fail with [`Conflict`](crate::ErrorKind::Conflict); a lost
///   connection is taken up where it broke.
/// - **Giving up.** A call that is dropped before its request left changes
///   nothing. One that is dropped later may still take effect, but never over
///   a later call through this backend or a clone of it.
///
/// A long upload to a blob that somebody else writes meanwhile fails with
/// `Conflict`, since Azure drops its blocks when the other one commits.
///
/// Where the answer to a write without `overwrite` is lost, the write is
/// recognised as one's own by its blocks; where it was one request, by content
/// and time, or with [`exact_create`](AzureBuilder::exact_create) by an id.
///
/// User metadata keys are lower-case names (`[a-z_][a-z0-9_]*`), and values
/// printable ASCII without spaces at their ends: headers carry them.
///
/// Closing is terminal: calls afterwards are
/// [`BackendUnavailable`](crate::ErrorKind::BackendUnavailable).
/// [`unwrap`](crate::AsyncStore::unwrap) hands out the
/// [`AzureClient`](crate::AzureClient). Calls need a tokio runtime.
pub type AsyncAzureBackend = AsyncDriverBackend<AzureDriver>;

impl AsyncAzureBackend {
    /// Begins to configure a backend on `container`.
    pub fn builder(container: impl Into<String>) -> AzureBuilder {
        AzureBuilder::new(container)
    }
}

impl AzureBuilder {
    /// The backend. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) that names the
    /// option.
    pub fn build(self) -> Result<AsyncAzureBackend> {
        let client = self.build_client()?;
        Ok(AsyncAzureBackend::from_driver(AzureDriver::new(client)))
    }
}
