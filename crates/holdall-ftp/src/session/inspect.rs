//! Commands about one file.

use std::sync::Arc;

use holdall::Timestamp;
use holdall::ext::hash::HashAlgorithm;
use holdall::pathio::AsyncPathFile;

use super::Session;
use super::attend::{Attended, Work};
use super::outcome::{Answer, Refusal};
use super::transfers::{refusal_of, refusal_of_stop};
use crate::permissions::Access;
use crate::protocol::{DataType, HashName, Reply, format_time};
use crate::transfer::{Fault, Progress, Stage};

impl Session {
    pub(super) async fn size(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::READ)?;
        if self.state.data_type == DataType::Ascii {
            return Err(Refusal::new(550, "SIZE needs TYPE I."));
        }
        let stat = self.state.io()?.stat(path.as_str()).await?;
        if !stat.is_file() {
            return Err(Refusal::new(550, "It is not a file."));
        }
        Ok(Reply::new(213, stat.size.to_string()))
    }

    pub(super) async fn mdtm(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::READ)?;
        let stat = self.state.io()?.stat(path.as_str()).await?;
        Ok(Reply::new(213, format_time(stat.modified)))
    }

    pub(super) async fn mfmt(&mut self, time: Timestamp, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::WRITE)?;
        self.state.io()?.set_modified(path.as_str(), time).await?;
        let text = format!("Modify={}; {path}", format_time(time));
        Ok(Reply::new(213, text))
    }

    /// `HASH`: reads the whole file, and can be stopped like a transfer.
    pub(super) async fn hash(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::READ)?;
        let file = self.open_to_read(&path, 0).await?;
        let progress = Arc::new(Progress::default());
        progress.enter(Stage::Moving);
        let name = self.state.hash;
        let block_size = self.shared.options.block_size;
        let running = digest(file, name, block_size, Arc::clone(&progress));
        let running = Box::pin(running);
        match self.attend(running, &progress, Work::Unannounced).await? {
            Attended::Ended(Ok(value)) => {
                let last = progress.bytes().saturating_sub(1);
                let text = format!("{} 0-{last} {value} {argument}", name.as_str());
                Ok(Reply::new(213, text))
            }
            Attended::Ended(Err(fault)) => Err(refusal_of(&fault)),
            Attended::Stopped(reason) => Err(refusal_of_stop(reason)),
        }
    }
}

async fn digest(
    mut file: AsyncPathFile,
    name: HashName,
    block_size: usize,
    progress: Arc<Progress>,
) -> Result<String, Fault> {
    let mut hasher = algorithm(name).hasher();
    loop {
        let block = file.read(block_size).await?;
        if block.is_empty() {
            return Ok(hasher.finish().value().to_owned());
        }
        hasher.update(&block);
        progress.moved(block.len());
        // Others want the thread, too.
        tokio::task::yield_now().await;
    }
}

fn algorithm(name: HashName) -> HashAlgorithm {
    match name {
        HashName::Sha256 => HashAlgorithm::Sha256,
        HashName::Sha512 => HashAlgorithm::Sha512,
        HashName::Sha1 => HashAlgorithm::Sha1,
        HashName::Md5 => HashAlgorithm::Md5,
    }
}
