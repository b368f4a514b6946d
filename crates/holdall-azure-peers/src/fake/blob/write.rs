//! Put Blob and Delete Blob.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use md5::{Digest, Md5};

use super::super::account::Account;
use super::super::answer::Answer;
use super::super::call::Call;
use super::super::conditions;
use super::super::refusal::{Refusal, Result};
use super::super::tree::{File, Node, Path, UnderFile};
use super::container;

/// A blob below a file is refused as if it were missing: so it is recorded.
impl From<UnderFile> for Refusal {
    fn from(_: UnderFile) -> Self {
        Self::BLOB_NOT_FOUND
    }
}

pub(super) fn put_blob(account: &mut Account, call: &Call) -> Result<Answer> {
    if call.header("x-ms-blob-type") != Some("BlockBlob") {
        return Err(Refusal::MISSING_HEADER);
    }
    let md5 = BASE64_STANDARD.encode(Md5::digest(&call.body));
    if call.header("content-md5").is_some_and(|sent| sent != md5) {
        return Err(Refusal::MD5_MISMATCH);
    }
    let file = File {
        content: call.body.clone(),
        md5: Some(md5.clone()),
        ..File::default()
    };
    Ok(commit(account, call, file)?.header("content-md5", md5))
}

/// Makes `file` what is at the call's key, if its conditions are met.
pub(super) fn commit(account: &mut Account, call: &Call, file: File) -> Result<Answer> {
    let path = Path::new(&call.key);
    let stamp = account.stamp();
    let container = container(account, &call.container)?;
    container.tree.check_ancestors(&path)?;
    let target = container.tree.get(&path);
    conditions::check_write(call, target, Refusal::BLOB_ALREADY_EXISTS)?;
    if target.is_some_and(Node::is_directory) {
        return Err(Refusal::RESOURCE_TYPE_MISMATCH);
    }
    let mut node = Node::file(stamp.clone(), file);
    node.metadata = call.metadata()?;
    if let Some(content_type) = call.header("x-ms-blob-content-type") {
        node.content_type = Some(content_type.to_owned());
    }
    // Written whole, it is a new blob with a new time of creation only where
    // there was none ("Put Blob").
    container.tree.put(&path, node)?;
    container.forget_blocks(&path);
    Ok(Answer::new(201).stamp(&stamp))
}

pub(super) fn delete_blob(account: &mut Account, call: &Call) -> Result<Answer> {
    let path = Path::new(&call.key);
    let container = container(account, &call.container)?;
    if container.tree.check_ancestors(&path).is_err() {
        return Err(Refusal::NOT_IN_CURRENT_STATE);
    }
    let node = container.tree.get(&path).ok_or(Refusal::BLOB_NOT_FOUND)?;
    conditions::check_write(call, Some(node), Refusal::CONDITION_NOT_MET)?;
    if node.is_directory() && !container.tree.is_empty_directory(&path) {
        return Err(Refusal::DIRECTORY_IS_NOT_EMPTY);
    }
    container.tree.remove(&path);
    Ok(Answer::new(202).header("x-ms-delete-type-permanent", "true"))
}
