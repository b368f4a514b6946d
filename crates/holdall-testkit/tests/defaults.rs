//! What a backend that implements the whole interface need not write must keep
//! the contract as well: ranges, seeking, the writer with a commit, children.

use async_trait::async_trait;
use futures::FutureExt;
use holdall::driver::{ByteRange, CallContext, Detail, Driver, Execution, WritePlan};
use holdall::{
    AsyncBackend, AsyncMemoryBackend, AsyncWritableContent, ByteStream, Bytes, CapabilitySet,
    DeleteFolderOptions, DeleteOptions, Depth, FileInfo, FolderEntry, FolderInfo, Listing,
    MemoryDriver, RemotePath, Result, TransferOptions, WriteOptions, WriteResult,
};
use holdall_testkit::conformance;

/// Only what a backend has to write.
struct Bare(AsyncMemoryBackend);

#[async_trait]
impl AsyncBackend for Bare {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn capabilities(&self) -> CapabilitySet {
        self.0.capabilities()
    }

    async fn exists(&self, path: &str) -> Result<bool> {
        self.0.exists(path).await
    }

    async fn is_file(&self, path: &str) -> Result<bool> {
        self.0.is_file(path).await
    }

    async fn is_folder(&self, path: &str) -> Result<bool> {
        self.0.is_folder(path).await
    }

    fn read(&self, path: &str) -> ByteStream {
        self.0.read(path)
    }

    async fn read_bytes(&self, path: &str) -> Result<Bytes> {
        self.0.read_bytes(path).await
    }

    async fn write(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.0.write(path, content, options).await
    }

    async fn write_atomic(
        &self,
        path: &str,
        content: AsyncWritableContent,
        options: WriteOptions,
    ) -> Result<WriteResult> {
        self.0.write_atomic(path, content, options).await
    }

    async fn delete(&self, path: &str, options: DeleteOptions) -> Result<()> {
        self.0.delete(path, options).await
    }

    async fn delete_folder(&self, path: &str, options: DeleteFolderOptions) -> Result<()> {
        self.0.delete_folder(path, options).await
    }

    fn list_files(&self, path: &str, depth: Depth) -> Listing<FileInfo> {
        self.0.list_files(path, depth)
    }

    fn list_folders(&self, path: &str) -> Listing<FolderEntry> {
        self.0.list_folders(path)
    }

    async fn get_file_info(&self, path: &str) -> Result<FileInfo> {
        self.0.get_file_info(path).await
    }

    async fn get_folder_info(&self, path: &str) -> Result<FolderInfo> {
        self.0.get_folder_info(path).await
    }

    async fn rename(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.0.rename(src, dst, options).await
    }

    async fn copy(&self, src: &str, dst: &str, options: TransferOptions) -> Result<()> {
        self.0.copy(src, dst, options).await
    }
}

#[tokio::test]
async fn the_defaults_keep_the_contract() {
    let families = [
        "read_range/",
        "read_seekable/",
        "open_atomic/",
        "iter_children/",
        "store/",
        "paths/",
        "lifecycle/",
        "capabilities/",
    ];
    conformance(|| async { Bare(AsyncMemoryBackend::new()) })
        .name("bare")
        .only(families)
        .await
        .assert_passed();
}

/// More primitives than a task may run before tokio makes it wait: a driver
/// that says it never waits must not meet that budget.
#[tokio::test]
async fn the_memory_driver_is_ready_at_the_first_poll() -> Result<()> {
    let driver = MemoryDriver::named("memory");
    assert_eq!(driver.execution(), Execution::Ready);
    let (cx, path) = (CallContext::UNBOUND, RemotePath::new("folder/file")?);
    let mut plan = WritePlan::default();
    plan.replace = true;
    for round in 0..500 {
        let content = [Bytes::from("content")];
        let put = driver.put(cx, path.key(), &plan, &content).now_or_never();
        assert!(
            matches!(put, Some(Ok(_))),
            "round {round}: a put waits or fails"
        );
        let stat = driver.stat(cx, path.key(), Detail::Full).now_or_never();
        assert!(
            matches!(stat, Some(Ok(_))),
            "round {round}: a stat waits or fails"
        );
        let open = driver.open(cx, path.key(), ByteRange::ALL).now_or_never();
        assert!(
            matches!(open, Some(Ok(_))),
            "round {round}: an open waits or fails"
        );
    }
    Ok(())
}
