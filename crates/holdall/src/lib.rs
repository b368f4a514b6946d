//! One store API with a strict contract over memory, local disk and more.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod adapters;
#[cfg(feature = "azure")]
mod azure;
mod backend;
mod capability;
mod content;
mod contract;
pub mod driver;
mod error;
pub mod ext;
#[cfg(feature = "local")]
mod local;
mod memory;
mod metadata;
mod model;
mod options;
mod path;
#[cfg(feature = "pathio")]
pub mod pathio;
mod pattern;
mod pool;
mod reader;
#[cfg(feature = "registry")]
pub mod registry;
mod retry;
mod secret;
mod store;
mod text;
mod unknown_host;
mod version;
mod writer;

pub use adapters::{AsyncBackendSyncAdapter, SyncBackendAdapter};
#[cfg(feature = "azure-core")]
pub use azure::AzureCoreCredential;
#[cfg(feature = "azure")]
pub use azure::{
    AsyncAzureBackend, AzureBuilder, AzureClient, AzureCredential, AzureCredentialProvider,
    AzureDriver, AzureService, AzureTimeouts,
};
pub use backend::{
    AsyncBackend, AsyncDriverBackend, Backend, DriverBackend, IntoAsyncBackend, IntoBackend,
};
pub use capability::{Capability, CapabilitySet};
pub use content::{
    AsyncWritableContent, AtomicFile, ByteStream, ChunkSource, Entries, Listing, RandomSource,
    ReadStream, SeekableStream, StagedFile, WritableContent,
};
pub use error::{Error, ErrorKind, Operation, Result};
#[cfg(feature = "local")]
pub use local::{AsyncLocalBackend, LocalBackend, LocalBuilder, LocalDriver, SyncPolicy};
pub use memory::{AsyncMemoryBackend, MemoryBackend, MemoryBuilder, MemoryDriver};
pub use metadata::{MAX_METADATA_BYTES, UserMetadata};
pub use model::{
    ContentDigest, FileInfo, FolderEntry, FolderInfo, PathEntry, ResolutionPlan, WriteResult,
    WriteSource,
};
pub use options::{
    DeleteFolderOptions, DeleteOptions, Depth, FolderInfoOptions, ListOptions, TransferOptions,
    WriteOptions,
};
pub use path::{RemotePath, is_temporary_name};
pub use pattern::Pattern;
pub use reader::{RandomRead, SeekableReader};
#[cfg(feature = "registry")]
pub use registry::{BackendConfig, Registry, RegistryConfig, StoreProfile};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use store::{AsyncStore, Store};
pub use text::{TextErrors, TextOptions};
pub use unknown_host::UnknownHost;
pub use version::FileVersion;
pub use writer::{AtomicWriter, StagedUpload};

/// Timestamps in records: a re-export, so that callers need not match versions.
pub use jiff::Timestamp;

/// Chunks of content: a re-export, so that callers need not match versions.
pub use bytes::Bytes;

/// Requests and answers of [`AzureClient::execute`]: a re-export, so that
/// callers need not match versions.
#[cfg(feature = "azure")]
pub use http;
