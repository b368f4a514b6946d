//! Writing: one request, or blocks and a commit. Either shows the whole
//! content in one step.

use bytes::Bytes;

use super::AzureDriver;
use super::inspect::md5_digest;
use super::metadata;
use super::own::{self, Attempt};
use super::refusals::{check_name, is_taken, refused_with_container};
use super::stage::AzureStage;
use crate::azure::client::{AzureClient, PutOptions, ServiceError, Written};
use crate::driver::{CallContext, FileStat, Key, Outcome, Refusal, WritePlan};
use crate::error::{Error, ErrorKind};
use crate::version::FileVersion;

/// How often content that is at hand is sent again after somebody else's write
/// has thrown away its blocks.
const ROUNDS: usize = 3;

impl AzureDriver {
    /// A whole write of content that is at hand.
    pub(super) async fn put_content(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
        chunks: &[Bytes],
    ) -> Outcome<FileStat> {
        let size: u64 = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        let mut round = 1;
        loop {
            match self.put_once(cx, key, plan, chunks, size).await {
                Err(Uncommitted::BlocksGone(_)) if round < ROUNDS => round += 1,
                Err(uncommitted) => return Err(self.explain(key, uncommitted).await),
                Ok(stat) => return Ok(stat),
            }
        }
    }

    async fn put_once(
        &self,
        cx: CallContext<'_>,
        key: Key<'_>,
        plan: &WritePlan,
        chunks: &[Bytes],
        size: u64,
    ) -> Result<FileStat, Uncommitted> {
        let mut stage = self.begin(key, plan, size).await?;
        if size <= self.client.settings().single_put_size {
            stage.hold(chunks);
        } else {
            for chunk in chunks {
                stage.append(chunk.clone()).await?;
            }
        }
        self.commit(cx, stage, key).await
    }

    /// Begins a write: nothing is sent yet.
    pub(super) async fn begin(
        &self,
        key: Key<'_>,
        plan: &WritePlan,
        known_size: u64,
    ) -> Outcome<AzureStage> {
        check_name(key)?;
        metadata::check(plan.metadata.as_ref())?;
        require_tag(plan)?;
        let hierarchical = self.is_hierarchical().await?;
        self.refuse_below_file(key, hierarchical).await?;
        // A condition is for the file itself, which the blob service replaces in one
        // step as well.
        let blob = match hierarchical && plan.durable && plan.if_match.is_none() {
            true => super::write_hns::temporary_beside(key)?,
            false => key.as_str().to_owned(),
        };
        AzureStage::begin(self, key, blob, plan, known_size)
    }

    /// Adds content to a write to `key`.
    pub(super) async fn append_content(
        &self,
        stage: &mut AzureStage,
        chunks: &[Bytes],
    ) -> Outcome<()> {
        for chunk in chunks {
            if let Err(uncommitted) = stage.append(chunk.clone()).await {
                let target = stage.target.clone();
                return Err(self.explain(Key::of_canonical(&target), uncommitted).await);
            }
        }
        Ok(())
    }

    /// Shows what is staged.
    pub(super) async fn publish_stage(
        &self,
        cx: CallContext<'_>,
        stage: AzureStage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        match self.commit(cx, stage, key).await {
            Ok(stat) => Ok(stat),
            Err(uncommitted) => Err(self.explain(key, uncommitted).await),
        }
    }

    async fn commit(
        &self,
        cx: CallContext<'_>,
        mut stage: AzureStage,
        key: Key<'_>,
    ) -> Result<FileStat, Uncommitted> {
        if !stage.blocks.is_empty() {
            stage.send_rest().await?;
        }
        let client = self.client.clone();
        let work = async move {
            Ok(match stage.is_temporary() {
                false => store(&client, &stage).await,
                true => super::write_hns::store_and_rename(&client, &stage).await,
            })
        };
        self.lanes.run(cx, &[key], work).await?
    }
}

impl AzureStage {
    /// Takes content in that goes in one request.
    fn hold(&mut self, chunks: &[Bytes]) {
        self.size = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        self.filling = chunks.to_vec();
    }
}

/// Why what was staged does not show.
pub(super) enum Uncommitted {
    /// Another write to the blob was committed, and with it the service let go
    /// of the blocks of this one.
    BlocksGone(ServiceError),
    /// The service refused.
    Answered(ServiceError),
    Refused(Refusal),
}

impl Uncommitted {
    pub(super) fn of(error: ServiceError, client: &AzureClient) -> Self {
        if error.is_container_missing() {
            return Self::Refused(refused_with_container(error, client.container()));
        }
        match error.code() {
            "InvalidBlobOrBlock" => Self::Refused(foreign_blocks(error)),
            _ => Self::Answered(error),
        }
    }
}

/// All block ids of a blob have one length.
/// <https://learn.microsoft.com/rest/api/storageservices/put-block#uri-parameters>
fn foreign_blocks(error: ServiceError) -> Refusal {
    Refusal::Failed(
        Error::new(
            ErrorKind::Conflict,
            "the file has blocks of another program, whose ids have another length: the service \
             takes no others beside them; delete the file, or write it in one request",
        )
        .with_source(Error::from(error)),
    )
}

impl From<Refusal> for Uncommitted {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Uncommitted> for Refusal {
    fn from(uncommitted: Uncommitted) -> Self {
        match uncommitted {
            Uncommitted::Refused(refusal) => refusal,
            Uncommitted::Answered(error) => error.into(),
            Uncommitted::BlocksGone(error) => Self::Failed(
                Error::new(
                    ErrorKind::Conflict,
                    "another write to the file ended while this one was under way, and the \
                     service let go of what this one had sent; write again",
                )
                .with_retryable(true)
                .with_source(Error::from(error)),
            ),
        }
    }
}

/// Makes the staged content the blob at the stage's key.
pub(super) async fn store(
    client: &AzureClient,
    stage: &AzureStage,
) -> Result<FileStat, Uncommitted> {
    let attempt = Attempt::begin(client, stage)?;
    let options = PutOptions {
        create_only: !stage.replaces(),
        if_match: stage.tag_to_match(),
        metadata: stage.plan.metadata.as_ref(),
        mark: attempt.mark(),
        ..PutOptions::default()
    };
    let is_single = stage.blocks.is_empty();
    let answer = match is_single {
        true => client.put_blob(&stage.key, &stage.filling, options).await,
        false => {
            client
                .put_block_list(&stage.key, &stage.blocks, options)
                .await
        }
    };
    match answer {
        Ok(answer) => Ok(written(answer.value, stage.size, is_single)),
        Err(error) => not_stored(client, stage, &attempt, error).await,
    }
}

/// What a failed request means; a success where it is an earlier attempt of this
/// write that keeps it from its place.
async fn not_stored(
    client: &AzureClient,
    stage: &AzureStage,
    attempt: &Attempt,
    error: ServiceError,
) -> Result<FileStat, Uncommitted> {
    if let Some(refusal) = stage.unmet_condition(&error) {
        if error.may_have_landed()
            && let Some(stat) = attempt.is_ours(client, stage).await?
        {
            return Ok(stat);
        }
        return Err(refusal.into());
    }
    match error.code() {
        "InvalidBlockList" => own::blocks_gone(client, stage, error).await,
        _ => Err(Uncommitted::of(error, client)),
    }
}

/// Every file of Azure has a tag; a version without one is another backend's.
fn require_tag(plan: &WritePlan) -> Outcome<()> {
    match &plan.if_match {
        Some(version) if version.etag().is_none() => Err(Refusal::failed(
            ErrorKind::InvalidArgument,
            "the version to be replaced has no version tag: take it from a record of this store",
        )),
        _ => Ok(()),
    }
}

impl AzureStage {
    /// A temporary blob replaces whatever has its name.
    pub(super) fn replaces(&self) -> bool {
        self.plan.replace || self.is_temporary()
    }

    /// The tag of the version that alone is replaced.
    fn tag_to_match(&self) -> Option<&str> {
        self.plan.if_match.as_ref().and_then(FileVersion::etag)
    }

    /// Which condition of this write did not hold.
    fn unmet_condition(&self, error: &ServiceError) -> Option<Refusal> {
        let is_another = error.is_condition_not_met() || error.is_missing();
        if self.plan.if_match.is_some() && is_another {
            return Some(Refusal::Changed);
        }
        (!self.replaces() && is_taken(error)).then_some(Refusal::Occupied)
    }
}

/// The record of a blob that was just written. The answer's digest is the
/// content's only where the content was in the request.
pub(super) fn written(written: Written, size: u64, is_single: bool) -> FileStat {
    FileStat {
        etag: written.etag,
        modified_at: written.last_modified,
        version_id: written.version_id,
        digest: written
            .content_md5
            .filter(|_| is_single)
            .map(|md5| md5_digest(&md5)),
        ..FileStat::new(size)
    }
}
