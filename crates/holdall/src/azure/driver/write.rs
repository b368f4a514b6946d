//! Writing: one request, or blocks and a commit. Either shows the whole
//! content in one step.

use bytes::Bytes;

use super::AzureDriver;
use super::inspect::md5_digest;
use super::metadata;
use super::own::{self, Attempt};
use super::refusals::{is_taken, refused_with_container};
use super::stage::AzureStage;
use crate::azure::client::{AzureClient, PutOptions, ServiceError, Written};
use crate::driver::{CallContext, FileStat, Key, Outcome, Refusal, WritePlan};
use crate::error::{Error, ErrorKind};

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
            let mut stage = self.begin(key, plan, size).await?;
            if size <= self.client.settings().single_put_size {
                stage.hold(chunks);
            } else {
                for chunk in chunks {
                    stage.append(chunk.clone()).await?;
                }
            }
            match self.commit(cx, stage, key).await {
                Err(Uncommitted::BlocksGone(_)) if round < ROUNDS => round += 1,
                committed => return committed.map_err(Refusal::from),
            }
        }
    }

    /// Begins a write: nothing is sent yet.
    pub(super) async fn begin(
        &self,
        key: Key<'_>,
        plan: &WritePlan,
        known_size: u64,
    ) -> Outcome<AzureStage> {
        metadata::check(plan.metadata.as_ref())?;
        let hierarchical = self.is_hierarchical().await?;
        let rejects = self.client.settings().reject_write_under_file_ancestor;
        if rejects && !hierarchical && self.is_below_file(key).await {
            return Err(Refusal::NotFolder);
        }
        let blob = match hierarchical && plan.durable {
            true => super::write_hns::temporary_beside(key)?,
            false => key.as_str().to_owned(),
        };
        AzureStage::begin(self, blob, plan, known_size)
    }

    /// Shows what is staged.
    pub(super) async fn publish_stage(
        &self,
        cx: CallContext<'_>,
        stage: AzureStage,
        key: Key<'_>,
    ) -> Outcome<FileStat> {
        Ok(self.commit(cx, stage, key).await?)
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
        let hierarchical = self.is_hierarchical().await?;
        let client = self.client.clone();
        let target = key.as_str().to_owned();
        let work = async move {
            if stage.key == target {
                Ok(store(&client, &stage).await)
            } else {
                Ok(super::write_hns::store_and_rename(&client, &stage, &target).await)
            }
        };
        match self.lanes.run(cx, &[key], work).await? {
            Ok(stat) => Ok(stat),
            Err(uncommitted) if hierarchical => Err(self.explain(key, uncommitted).await),
            Err(uncommitted) => Err(uncommitted),
        }
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
        Err(error) if is_taken(&error) && !stage.replaces() => {
            if error.may_have_landed()
                && let Some(stat) = attempt.is_ours(client, stage).await?
            {
                return Ok(stat);
            }
            Err(Refusal::Occupied.into())
        }
        Err(error) if error.code() == "InvalidBlockList" => {
            own::blocks_gone(client, stage, error).await
        }
        Err(error) if error.is_container_missing() => {
            Err(refused_with_container(error, client.container()).into())
        }
        Err(error) => Err(Uncommitted::Answered(error)),
    }
}

impl AzureStage {
    /// A temporary blob replaces whatever has its name.
    pub(super) fn replaces(&self) -> bool {
        self.plan.replace || self.is_temporary()
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
