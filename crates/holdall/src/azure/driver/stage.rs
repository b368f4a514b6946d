//! Content on its way, as blocks that show nowhere until they are committed.

use bytes::Bytes;
use tokio::task::{JoinError, JoinSet};

use super::AzureDriver;
use super::write::Uncommitted;
use crate::azure::client::AzureClient;
use crate::driver::{Key, Outcome, Refusal, WritePlan};
use crate::error::{Error, ErrorKind};

/// The most blocks of one blob.
/// <https://learn.microsoft.com/rest/api/storageservices/understanding-block-blobs--append-blobs--and-page-blobs>
const MOST_BLOCKS: u64 = 50_000;
/// The most bytes of one block.
const LARGEST_BLOCK: u64 = 4000 * 1024 * 1024;
/// After how many blocks they double: content of unknown length then fits in
/// a thousand times as many bytes as without.
const BLOCKS_OF_ONE_SIZE: u64 = MOST_BLOCKS / 10;

/// A write that has begun. Dropped, it ends what it has in flight, and its
/// blocks are never part of a blob.
pub struct AzureStage {
    client: AzureClient,
    /// The file that is written.
    pub(super) target: String,
    /// The blob that gets the blocks: the target, or a temporary one.
    pub(super) key: String,
    pub(super) plan: WritePlan,
    pub(super) size: u64,
    /// Content that no block has yet.
    pub(super) filling: Vec<Bytes>,
    filled: u64,
    block_size: u64,
    /// What the ids of this write's blocks begin with.
    prefix: String,
    pub(super) blocks: Vec<String>,
    in_flight: JoinSet<Result<(), Uncommitted>>,
}

impl AzureStage {
    /// `known_size` is the content's, where it is known.
    pub(super) fn begin(
        driver: &AzureDriver,
        target: Key<'_>,
        key: String,
        plan: &WritePlan,
        known_size: u64,
    ) -> Outcome<Self> {
        let settings = driver.client.settings();
        Ok(Self {
            client: driver.client.clone(),
            target: target.as_str().to_owned(),
            key,
            plan: plan.clone(),
            size: 0,
            filling: Vec::new(),
            filled: 0,
            block_size: settings.block_size.max(known_size.div_ceil(MOST_BLOCKS)),
            prefix: format!("{:016x}", random()?),
            blocks: Vec::new(),
            in_flight: JoinSet::new(),
        })
    }

    /// Takes content in. It waits while as many blocks as may be are in
    /// flight, so no more than that is held.
    pub(super) async fn append(&mut self, mut chunk: Bytes) -> Result<(), Uncommitted> {
        while !chunk.is_empty() {
            let room = self.size_of_next_block().saturating_sub(self.filled);
            if room == 0 {
                self.send_block().await?;
                continue;
            }
            if self.filled == 0 {
                self.wait_for_room().await?;
            }
            let taken = usize::try_from(room).unwrap_or(usize::MAX).min(chunk.len());
            self.filled += taken as u64;
            self.size += taken as u64;
            self.filling.push(chunk.split_to(taken));
        }
        Ok(())
    }

    /// Waits until all blocks are with the service, the last one included.
    pub(super) async fn send_rest(&mut self) -> Result<(), Uncommitted> {
        if self.filled > 0 {
            self.send_block().await?;
        }
        while let Some(sent) = self.in_flight.join_next().await {
            flatten(sent)?;
        }
        Ok(())
    }

    async fn wait_for_room(&mut self) -> Result<(), Uncommitted> {
        while self.in_flight.len() >= self.client.settings().max_concurrency {
            if let Some(sent) = self.in_flight.join_next().await {
                flatten(sent)?;
            }
        }
        Ok(())
    }

    async fn send_block(&mut self) -> Result<(), Uncommitted> {
        self.wait_for_room().await?;
        let number = self.blocks.len() as u64;
        if number >= MOST_BLOCKS {
            return Err(too_large().into());
        }
        // Hexadecimal digits, in multiples of four, are base64 as well.
        let id = format!("{}{number:08x}", self.prefix);
        let (client, key, block) = (self.client.clone(), self.key.clone(), id.clone());
        let body = std::mem::take(&mut self.filling);
        self.filled = 0;
        self.blocks.push(id);
        self.in_flight.spawn(async move {
            let sent = client.put_block(&key, &block, &body).await;
            sent.map(drop)
                .map_err(|error| Uncommitted::of(error, &client))
        });
        Ok(())
    }

    fn size_of_next_block(&self) -> u64 {
        size_of_block(self.blocks.len() as u64, self.block_size)
    }
}

/// The bytes of the block of that number, where the first has `first`.
fn size_of_block(number: u64, first: u64) -> u64 {
    let doubled = number / BLOCKS_OF_ONE_SIZE;
    first
        .saturating_mul(1 << doubled.min(63))
        .min(LARGEST_BLOCK)
}

pub(super) fn random() -> Outcome<u64> {
    getrandom::u64().map_err(|error| {
        Refusal::failed(
            ErrorKind::Other,
            format!("the system has no random numbers: {error}"),
        )
    })
}

fn flatten(sent: Result<Result<(), Uncommitted>, JoinError>) -> Result<(), Uncommitted> {
    sent.unwrap_or_else(|lost| {
        let error = Error::new(ErrorKind::Other, "the task of an upload was lost");
        Err(Refusal::Failed(error.with_source(lost)).into())
    })
}

fn too_large() -> Refusal {
    Refusal::failed(
        ErrorKind::InvalidArgument,
        format!("the content has more than {MOST_BLOCKS} blocks; configure a larger block_size"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_grow_so_that_content_of_any_length_fits() {
        const MIB: u64 = 1024 * 1024;
        let sizes = |first| (0..MOST_BLOCKS).map(move |number| size_of_block(number, first));
        // Nothing grows before 20 GiB.
        assert!(sizes(4 * MIB).take(5000).all(|size| size == 4 * MIB));
        assert!(sizes(4 * MIB).is_sorted());
        assert!(sizes(4 * MIB).sum::<u64>() > 19 * MIB * MIB);
        // The largest that there is: 50,000 blocks of 4,000 MiB.
        assert_eq!(
            sizes(LARGEST_BLOCK).sum::<u64>(),
            MOST_BLOCKS * LARGEST_BLOCK
        );
    }
}
