//! Telling one's own write, whose answer was lost, from somebody else's.

use std::time::Duration;

use jiff::Timestamp;
use md5::{Digest as _, Md5};
use tokio::time::Instant;

use super::inspect::file_stat;
use super::metadata::{CREATE_ID, CREATE_ID_HEADER};
use super::refusals::refused;
use super::stage::{AzureStage, random};
use super::write::Uncommitted;
use crate::azure::client::{AzureClient, BlobProperties, ServiceError};
use crate::driver::{FileStat, Outcome, Refusal};

/// The service tells times in whole seconds.
const GRAIN: Duration = Duration::from_secs(1);

/// What is remembered of a conditional write, in case its answer is lost.
pub(super) struct Attempt {
    begun: Instant,
    id: Option<String>,
}

impl Attempt {
    pub(super) fn begin(client: &AzureClient, stage: &AzureStage) -> Outcome<Self> {
        let is_create = !stage.replaces();
        // Two writers may append the same line to the same version: content alone
        // would not tell whose write it was.
        let is_exact = stage.plan.if_match.is_some() || is_create && client.settings().exact_create;
        let id = match is_exact {
            true => Some(format!("{:016x}{:016x}", random()?, random()?)),
            false => None,
        };
        Ok(Self {
            begun: Instant::now(),
            id,
        })
    }

    /// The hidden metadata of a write that is to be told from all others.
    pub(super) fn mark(&self) -> Option<(&'static str, &str)> {
        self.id.as_deref().map(|id| (CREATE_ID_HEADER, id))
    }

    /// What stands at the key, if this write made it: its blocks are this
    /// write's, or its content is the same and it came to be while this write
    /// was under way. An id decides alone.
    pub(super) async fn is_ours(
        &self,
        client: &AzureClient,
        stage: &AzureStage,
    ) -> Outcome<Option<FileStat>> {
        let properties = match client.head_blob(&stage.key).await {
            Ok(properties) => properties,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(refused(error)),
        };
        let is_ours = match &self.id {
            Some(id) => properties.metadata.get(CREATE_ID) == Some(id),
            None if stage.blocks.is_empty() => self.made(&properties, stage),
            None => has_blocks_of(client, stage).await?,
        };
        Ok(is_ours.then(|| file_stat(properties)))
    }

    fn made(&self, found: &BlobProperties, stage: &AzureStage) -> bool {
        found.size == stage.size
            && found.content_md5 == Some(md5(stage))
            && came_to_be_since(self.begun, found)
    }
}

/// Whether what was found came to be no earlier than `begun`.
pub(super) fn came_to_be_since(begun: Instant, found: &BlobProperties) -> bool {
    let times = found.created.zip(found.answered);
    times.is_some_and(|(created, now)| is_within(created, now, begun.elapsed()))
}

/// Whether `created` is no more than `elapsed` before `now`, both by the
/// service's clock.
fn is_within(created: Timestamp, now: Timestamp, elapsed: Duration) -> bool {
    let age = now.duration_since(created);
    let longest = jiff::SignedDuration::try_from(elapsed + GRAIN);
    longest.is_ok_and(|longest| age <= longest)
}

/// Whether the committed blocks are this write's: their ids are random.
async fn has_blocks_of(client: &AzureClient, stage: &AzureStage) -> Outcome<bool> {
    let blocks = client.get_block_list(&stage.key).await.map_err(refused)?;
    let ids = blocks.iter().map(|block| &block.id);
    Ok(ids.eq(&stage.blocks))
}

/// The service does not know the blocks: they are committed already, or
/// somebody else's write has swept them.
pub(super) async fn blocks_gone(
    client: &AzureClient,
    stage: &AzureStage,
    error: ServiceError,
) -> Result<FileStat, Uncommitted> {
    match client.head_blob(&stage.key).await {
        Ok(properties) => {
            if error.may_have_landed() && has_blocks_of(client, stage).await? {
                return Ok(file_stat(properties));
            }
            if !stage.replaces() {
                return Err(Refusal::Occupied.into());
            }
        }
        Err(error) if error.is_missing() => {}
        Err(error) => return Err(refused(error).into()),
    }
    Err(Uncommitted::BlocksGone(error))
}

fn md5(stage: &AzureStage) -> [u8; 16] {
    let mut digest = Md5::new();
    for chunk in &stage.filling {
        digest.update(chunk);
    }
    digest.finalize().into()
}
