//! Listing, a page at a time.

use std::borrow::Cow;

use tokio::task::JoinHandle;

use super::AzureDriver;
use super::inspect::md5_digest;
use super::refusals::refused_among_folders;
use crate::azure::client::{AzureClient, BlobItem, PathItem, PathList};
use crate::driver::{FileStat, Key, Outcome, Refusal, ScanEntry};
use crate::error::{Error, ErrorKind};
use crate::path::{normalize, refuse_temporary};

/// A listing in progress.
pub struct AzureScan {
    source: Source,
    entries: std::vec::IntoIter<ScanEntry>,
    /// Where the page after `entries` begins.
    next: Option<String>,
    /// That page, on its way.
    ahead: Option<Fetching>,
    /// Whether entries of this page were asked for before.
    goes_on: bool,
}

/// A page that is fetched before it is asked for.
struct Fetching(JoinHandle<Outcome<Page>>);

impl Drop for Fetching {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What is listed, and how.
#[derive(Clone)]
struct Source {
    client: AzureClient,
    folder: String,
    deep: bool,
    hierarchical: bool,
}

struct Page {
    entries: Vec<ScanEntry>,
    next: Option<String>,
}

impl AzureDriver {
    /// Begins with the first page.
    pub(super) async fn begin_scan(&self, key: Key<'_>, deep: bool) -> Outcome<AzureScan> {
        let source = Source {
            client: self.client.clone(),
            folder: key.as_str().to_owned(),
            deep,
            hierarchical: self.is_hierarchical().await?,
        };
        let page = source.page(None).await?;
        Ok(AzureScan {
            source,
            entries: page.entries.into_iter(),
            next: page.next,
            ahead: None,
            goes_on: false,
        })
    }
}

impl AzureScan {
    /// The next entries, at most `limit`; empty at the end.
    pub(super) async fn next(&mut self, limit: usize) -> Outcome<Vec<ScanEntry>> {
        loop {
            if self.goes_on {
                self.fetch_ahead();
            }
            self.goes_on = true;
            let entries: Vec<_> = self.entries.by_ref().take(limit).collect();
            if !entries.is_empty() {
                return Ok(entries);
            }
            let Some(page) = self.next_page().await? else {
                return Ok(Vec::new());
            };
            self.entries = page.entries.into_iter();
            self.next = page.next;
            self.goes_on = false;
        }
    }

    /// Has the next page on its way while this one is taken.
    fn fetch_ahead(&mut self) {
        if let Some(marker) = self.next.take() {
            let source = self.source.clone();
            self.ahead = Some(Fetching(tokio::spawn(async move {
                source.page(Some(&marker)).await
            })));
        }
    }

    async fn next_page(&mut self) -> Outcome<Option<Page>> {
        if let Some(mut ahead) = self.ahead.take() {
            return match (&mut ahead.0).await {
                Ok(page) => page.map(Some).map_err(cut_off),
                Err(lost) => Err(Refusal::Failed(
                    Error::new(ErrorKind::Other, "the task of a listing was lost")
                        .with_source(lost),
                )),
            };
        }
        match self.next.take() {
            Some(marker) => self
                .source
                .page(Some(&marker))
                .await
                .map(Some)
                .map_err(cut_off),
            None => Ok(None),
        }
    }
}

/// What is gone at the beginning lists as empty; later that would cut the
/// listing off without a word.
fn cut_off(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Missing | Refusal::NotFolder => Refusal::failed(
            ErrorKind::NotFound,
            "the folder or the container went away while it was listed",
        ),
        other => other,
    }
}

impl Source {
    async fn page(&self, marker: Option<&str>) -> Outcome<Page> {
        match self.hierarchical {
            true => self.page_of_paths(marker).await,
            false => self.page_of_blobs(marker).await,
        }
    }

    async fn page_of_blobs(&self, marker: Option<&str>) -> Outcome<Page> {
        let prefix = self.prefix();
        let page = self
            .client
            .list_blobs(&prefix, !self.deep, marker, None)
            .await
            .map_err(refused_among_folders)?;
        let mut entries = Vec::with_capacity(page.blobs.len() + page.prefixes.len());
        for blob in page.blobs {
            if let Some(name) = listed(&prefix, &blob.name) {
                entries.push(ScanEntry::file(name, blob_stat(blob)));
            }
        }
        for folder in &page.prefixes {
            let folder = folder.strip_suffix('/').unwrap_or(folder);
            if let Some(name) = listed(&prefix, folder) {
                entries.push(ScanEntry::folder(name));
            }
        }
        Ok(Page {
            entries,
            next: page.next,
        })
    }

    async fn page_of_paths(&self, continuation: Option<&str>) -> Outcome<Page> {
        let prefix = self.prefix();
        let page = self
            .client
            .list_paths(PathList {
                directory: &self.folder,
                recursive: self.deep,
                continuation,
                max: None,
            })
            .await
            .map_err(refused_among_folders)?;
        let mut entries = Vec::with_capacity(page.paths.len());
        for path in page.paths {
            let Some(name) = listed(&prefix, &path.name) else {
                continue;
            };
            entries.push(match path.is_directory {
                true => ScanEntry::folder(name),
                false => ScanEntry::file(name, path_stat(path)),
            });
        }
        Ok(Page {
            entries,
            next: page.next,
        })
    }

    fn prefix(&self) -> Cow<'static, str> {
        match self.folder.as_str() {
            "" => Cow::Borrowed(""),
            folder => Cow::Owned(format!("{folder}/")),
        }
    }
}

/// The name below the listed folder; `None` where no path can name it, or it
/// is temporary.
fn listed(prefix: &str, name: &str) -> Option<String> {
    let name = name.strip_prefix(prefix)?;
    let is_canonical = matches!(normalize(name), Ok(Cow::Borrowed(same)) if same == name);
    if name.is_empty() || !is_canonical {
        tracing::debug!(name, "no path can name this blob: it is not listed");
        return None;
    }
    refuse_temporary(Key::of_canonical(name)).ok()?;
    Some(name.to_owned())
}

fn blob_stat(blob: BlobItem) -> FileStat {
    FileStat {
        modified_at: blob.last_modified,
        etag: blob.etag,
        digest: blob.content_md5.map(|md5| md5_digest(&md5)),
        content_type: blob.content_type,
        ..FileStat::new(blob.size)
    }
}

fn path_stat(path: PathItem) -> FileStat {
    FileStat {
        modified_at: path.last_modified,
        etag: path.etag,
        ..FileStat::new(path.size)
    }
}
