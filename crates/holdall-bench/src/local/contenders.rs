//! The libraries that are compared, each in its plainest asynchronous use.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use holdall::{AsyncStore, LocalBackend, WriteOptions};
use object_store::ObjectStoreExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use tokio::io::AsyncWriteExt;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;
type Done<T> = Result<T, Failure>;

pub const HOLDALL: &str = "holdall write (atomic, confined)";

#[async_trait]
pub trait Contender: Send + Sync {
    /// Who it is, with the semantics of its write.
    fn name(&self) -> &str;
    async fn write(&self, name: &str, content: Bytes) -> Done<()>;
    async fn read(&self, name: &str) -> Done<usize>;
    async fn stat(&self, name: &str) -> Done<u64>;
    async fn delete(&self, name: &str) -> Done<()>;
}

/// All contenders, each in a folder of its own below `home`.
pub fn all(home: &Path) -> Done<Vec<Arc<dyn Contender>>> {
    let folder = |name: &str| -> Done<PathBuf> {
        let folder = home.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    };
    let opendal = opendal::services::Fs::default()
        .root(&folder("opendal")?.to_string_lossy())
        .atomic_write_dir(&folder("opendal-staging")?.to_string_lossy());
    let store = |name: &str| -> Done<AsyncStore> {
        Ok(AsyncStore::new(LocalBackend::new(folder(name)?)?, "")?)
    };
    Ok(vec![
        Arc::new(Holdall {
            store: store("holdall")?,
            durable: false,
        }),
        Arc::new(Holdall {
            store: store("holdall-durable")?,
            durable: true,
        }),
        Arc::new(TokioFs(folder("tokio")?)),
        Arc::new(ObjectStoreLocal(LocalFileSystem::new_with_prefix(folder(
            "object_store",
        )?)?)),
        Arc::new(OpenDal(opendal::Operator::new(opendal)?)),
    ])
}

struct Holdall {
    store: AsyncStore,
    durable: bool,
}

#[async_trait]
impl Contender for Holdall {
    fn name(&self) -> &str {
        if self.durable {
            "holdall write_atomic (also synced)"
        } else {
            HOLDALL
        }
    }

    async fn write(&self, name: &str, content: Bytes) -> Done<()> {
        let options = WriteOptions::new();
        if self.durable {
            self.store.write_atomic_with(name, content, options).await?;
        } else {
            self.store.write_with(name, content, options).await?;
        }
        Ok(())
    }

    async fn read(&self, name: &str) -> Done<usize> {
        Ok(self.store.read_bytes(name).await?.len())
    }

    async fn stat(&self, name: &str) -> Done<u64> {
        Ok(self.store.get_file_info(name).await?.size)
    }

    async fn delete(&self, name: &str) -> Done<()> {
        Ok(self.store.delete(name).await?)
    }
}

struct TokioFs(PathBuf);

#[async_trait]
impl Contender for TokioFs {
    fn name(&self) -> &str {
        "tokio::fs (temp + rename, not confined)"
    }

    async fn write(&self, name: &str, content: Bytes) -> Done<()> {
        let staged = self.0.join(format!("{name}.tmp"));
        let mut file = tokio::fs::File::create_new(&staged).await?;
        file.write_all(&content).await?;
        file.flush().await?;
        drop(file);
        Ok(tokio::fs::rename(staged, self.0.join(name)).await?)
    }

    async fn read(&self, name: &str) -> Done<usize> {
        Ok(tokio::fs::read(self.0.join(name)).await?.len())
    }

    async fn stat(&self, name: &str) -> Done<u64> {
        Ok(tokio::fs::metadata(self.0.join(name)).await?.len())
    }

    async fn delete(&self, name: &str) -> Done<()> {
        Ok(tokio::fs::remove_file(self.0.join(name)).await?)
    }
}

struct ObjectStoreLocal(LocalFileSystem);

#[async_trait]
impl Contender for ObjectStoreLocal {
    fn name(&self) -> &str {
        "object_store (temp + rename)"
    }

    async fn write(&self, name: &str, content: Bytes) -> Done<()> {
        self.0.put(&ObjectPath::from(name), content.into()).await?;
        Ok(())
    }

    async fn read(&self, name: &str) -> Done<usize> {
        Ok(self
            .0
            .get(&ObjectPath::from(name))
            .await?
            .bytes()
            .await?
            .len())
    }

    async fn stat(&self, name: &str) -> Done<u64> {
        Ok(self.0.head(&ObjectPath::from(name)).await?.size)
    }

    async fn delete(&self, name: &str) -> Done<()> {
        Ok(self.0.delete(&ObjectPath::from(name)).await?)
    }
}

struct OpenDal(opendal::Operator);

#[async_trait]
impl Contender for OpenDal {
    fn name(&self) -> &str {
        "opendal fs (temp + rename, always synced)"
    }

    async fn write(&self, name: &str, content: Bytes) -> Done<()> {
        self.0.write(name, content).await?;
        Ok(())
    }

    async fn read(&self, name: &str) -> Done<usize> {
        Ok(self.0.read(name).await?.len())
    }

    async fn stat(&self, name: &str) -> Done<u64> {
        Ok(self.0.stat(name).await?.content_length())
    }

    async fn delete(&self, name: &str) -> Done<()> {
        Ok(self.0.delete(name).await?)
    }
}
