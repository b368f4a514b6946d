//! Renaming and copying, within the service.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use tokio::time::Instant;

use super::AzureDriver;
use super::own;
use super::refusals::{check_name, is_taken, refused, refused_among_folders};
use crate::azure::client::{AzureClient, BlobProperties, CopyStatus, PutOptions, ServiceError};
use crate::driver::{CallContext, Key, Outcome, Refusal};
use crate::error::{Error, ErrorKind};

/// The first pause before a copy is asked about; they double up to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often a rename looks again at a source that changes under it.
const ROUNDS: usize = 8;

impl AzureDriver {
    /// Moves a file: in one step where folders are nodes, else by a copy and a
    /// delete of what was copied.
    pub(super) async fn rename_blob(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        let (transfer, hierarchical) = self.transfer(from, to, replace).await?;
        let work = async move {
            match hierarchical {
                true => transfer.rename_path().await,
                false => transfer.copy_and_delete().await,
            }
        };
        self.lanes.run(cx, &[from, to], work).await
    }

    /// Copies a file with its metadata.
    pub(super) async fn copy_blob(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        let (transfer, hierarchical) = self.transfer(from, to, replace).await?;
        let work = async move {
            // What copying a folder would do is not documented.
            if hierarchical {
                transfer.source().await?;
            }
            transfer.copy(None).await
        };
        match self.lanes.run(cx, &[to], work).await {
            // The service says the same of a source that is gone and of a
            // destination below a file.
            Err(Refusal::Missing) if hierarchical && self.is_below_file(to).await => {
                Err(Refusal::NotFolder)
            }
            copied => copied,
        }
    }

    /// What renames and copies begin with; also whether folders are nodes.
    async fn transfer(
        &self,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<(Transfer, bool)> {
        check_name(to)?;
        let hierarchical = self.is_hierarchical().await?;
        self.refuse_below_file(to, hierarchical).await?;
        let transfer = Transfer {
            client: self.client.clone(),
            from: from.as_str().to_owned(),
            to: to.as_str().to_owned(),
            replace,
        };
        Ok((transfer, hierarchical))
    }
}

/// One rename or copy.
struct Transfer {
    client: AzureClient,
    from: String,
    to: String,
    replace: bool,
}

impl Transfer {
    /// The source, which must be a file.
    async fn source(&self) -> Outcome<BlobProperties> {
        let properties = self.client.head_blob(&self.from).await.map_err(refused)?;
        match properties.is_directory {
            true => Err(Refusal::IsFolder),
            false => Ok(properties),
        }
    }

    /// Renames what was looked at: a rename moves a folder, too.
    async fn rename_path(&self) -> Outcome<()> {
        for _ in 0..ROUNDS {
            let source = self.source().await?;
            let etag = source.etag.as_deref();
            let renamed = self
                .client
                .rename_path(&self.from, &self.to, !self.replace, etag)
                .await;
            let Err(error) = renamed else {
                return Ok(());
            };
            if error.may_have_landed() && self.target_is(etag).await? {
                return Ok(());
            }
            match error.code() {
                "SourceConditionNotMet" => continue,
                "RenameDestinationParentPathNotFound" => self.make_parent().await?,
                _ if is_taken(&error) => return Err(Refusal::Occupied),
                _ => return Err(refused_among_folders(error)),
            }
        }
        Err(changes_too_fast())
    }

    /// Whether the destination is what `etag` says, which a rename keeps.
    async fn target_is(&self, etag: Option<&str>) -> Outcome<bool> {
        is_at(&self.client, &self.to, etag).await
    }

    async fn make_parent(&self) -> Outcome<()> {
        let parent = Key::of_canonical(&self.to).parent();
        let made = self.client.create_directory(parent.as_str(), false).await;
        made.map(drop).map_err(refused_among_folders)
    }

    /// Only a finished copy lets its source go, and only as it was copied.
    async fn copy_and_delete(&self) -> Outcome<()> {
        let source = self.source().await?;
        let etag = source.etag.as_deref();
        self.copy(etag).await?;
        match self.client.delete_blob(&self.from, etag).await {
            Ok(_) => Ok(()),
            // Somebody else has taken it away, or this delete has and its
            // answer was lost.
            Err(error) if error.is_missing() => Ok(()),
            // What is missing meets no condition either.
            Err(error) if error.is_condition_not_met() => match self.source().await {
                Err(Refusal::Missing) => Ok(()),
                _ => Err(source_replaced(error)),
            },
            Err(error) => Err(refused(error)),
        }
    }

    /// Copies, and waits until the copy is whole.
    async fn copy(&self, source_etag: Option<&str>) -> Outcome<()> {
        let options = PutOptions {
            create_only: !self.replace,
            source_if_match: source_etag,
            ..PutOptions::default()
        };
        let begun = Instant::now();
        let answer = self.client.copy_blob(&self.from, &self.to, options).await;
        match answer {
            Ok(answer) => self.finish(answer.value).await,
            Err(error) => self.finish_if_ours(error, begun, source_etag).await,
        }
    }

    /// A copy whose answer was lost may be under way or done.
    async fn finish_if_ours(
        &self,
        error: ServiceError,
        begun: Instant,
        source_etag: Option<&str>,
    ) -> Outcome<()> {
        if self.is_about_source(&error, source_etag).await? {
            return Err(changes_too_fast());
        }
        let is_taken = is_taken(&error) || error.code() == "PendingCopyOperation";
        if is_taken && error.may_have_landed() {
            let found = self.client.head_blob(&self.to).await.map_err(refused)?;
            if self.is_copied_from(&found) && own::came_to_be_since(begun, &found) {
                return self.settle(found).await;
            }
        }
        match is_taken {
            true => Err(Refusal::Occupied),
            false => Err(refused_among_folders(error)),
        }
    }

    /// Whether the source is not what it was. Emulators give the condition on
    /// the source and that on the destination one code: then it is the
    /// destination's only if something stands there.
    async fn is_about_source(
        &self,
        error: &ServiceError,
        source_etag: Option<&str>,
    ) -> Outcome<bool> {
        if error.code() == "SourceConditionNotMet" {
            return Ok(true);
        }
        if source_etag.is_none() || !error.is_condition_not_met() {
            return Ok(false);
        }
        if self.replace {
            return Ok(true);
        }
        match self.client.head_blob(&self.to).await {
            Ok(_) => Ok(false),
            Err(error) if error.is_missing() => Ok(true),
            Err(error) => Err(refused(error)),
        }
    }

    /// Whether what was found is a copy of the source. The service tells the
    /// source's address, and may write it in another way than it was given; a
    /// query would be a credential.
    fn is_copied_from(&self, found: &BlobProperties) -> bool {
        let source = format!("/{}/{}", self.client.container(), self.from);
        let address = found.copy_source.as_deref().unwrap_or_default();
        let path = address.split('?').next().unwrap_or_default();
        percent_decode_str(path)
            .decode_utf8_lossy()
            .ends_with(&source)
    }

    /// Waits for a copy's end, as long as a request may take, and ends one that
    /// takes longer.
    async fn finish(&self, copy: CopyStatus) -> Outcome<()> {
        if copy.status == "success" {
            return Ok(());
        }
        let (begun, limit) = (Instant::now(), self.client.total_timeout());
        let mut pause = FIRST_PAUSE;
        while begun.elapsed() < limit {
            wait(pause.min(limit.saturating_sub(begun.elapsed()))).await;
            if self.has_ended(&copy).await? {
                return Ok(());
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        self.abort(&copy, limit).await
    }

    /// Whether the copy is whole; an error where it never will be.
    async fn has_ended(&self, copy: &CopyStatus) -> Outcome<bool> {
        let found = self.client.head_blob(&self.to).await.map_err(refused)?;
        if found.copy_id != copy.id {
            return Err(replaced());
        }
        match found.copy_status.as_deref() {
            Some("pending") => Ok(false),
            Some("success") => Ok(true),
            _ => Err(self.failed(found).await),
        }
    }

    async fn abort(&self, copy: &CopyStatus, limit: Duration) -> Outcome<()> {
        let id = copy.id.as_deref().unwrap_or_default();
        match self.client.abort_copy(&self.to, id).await {
            Ok(()) => {}
            // It has just ended.
            Err(error) if error.code() == "NoPendingCopyOperation" => {}
            Err(error) => {
                tracing::warn!(key = self.to, error = error.message(), "a copy goes on");
                return Err(goes_on(limit));
            }
        }
        match self.has_ended(copy).await? {
            true => Ok(()),
            false => Err(goes_on(limit)),
        }
    }

    async fn settle(&self, found: BlobProperties) -> Outcome<()> {
        let status = CopyStatus {
            id: found.copy_id.clone(),
            status: found.copy_status.clone().unwrap_or_default(),
        };
        self.finish(status).await
    }

    /// A copy that failed leaves an empty blob behind: it goes.
    async fn failed(&self, found: BlobProperties) -> Refusal {
        let end = found.copy_status.unwrap_or_default();
        let reason = found.copy_status_description.unwrap_or_default();
        let _ = self
            .client
            .delete_blob(&self.to, found.etag.as_deref())
            .await;
        Refusal::failed(
            ErrorKind::BackendUnavailable,
            format!("the copy did not come to its end and is gone: {end} {reason}"),
        )
    }
}

/// Whether what stands at `key` is what `etag` says.
pub(super) async fn is_at(client: &AzureClient, key: &str, etag: Option<&str>) -> Outcome<bool> {
    match client.head_blob(key).await {
        Ok(found) => Ok(etag.is_some() && found.etag.as_deref() == etag),
        Err(error) if error.is_missing() => Ok(false),
        Err(error) => Err(refused(error)),
    }
}

/// The service tells of a copy's end to those who ask alone.
#[allow(clippy::disallowed_methods)]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}

pub(super) fn changes_too_fast() -> Refusal {
    Refusal::failed(
        ErrorKind::Conflict,
        "the source was replaced in the same moment; try again",
    )
}

fn source_replaced(error: ServiceError) -> Refusal {
    Refusal::Failed(
        Error::new(
            ErrorKind::Conflict,
            "the source was replaced while it was copied: both files stay, and the destination \
             has the earlier content",
        )
        .with_source(Error::from(error)),
    )
}

fn goes_on(limit: Duration) -> Refusal {
    Refusal::failed(
        ErrorKind::BackendUnavailable,
        format!(
            "the copy is not at its end after {limit:?} and could not be aborted: it may still \
             replace the destination; the source stays"
        ),
    )
}

fn replaced() -> Refusal {
    Refusal::failed(
        ErrorKind::Conflict,
        "the destination was replaced while the copy was under way",
    )
}
