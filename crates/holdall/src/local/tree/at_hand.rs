//! What the system's cache answers, on the caller's thread, where the kernel can be
//! told not to wait.

use bytes::Bytes;

use super::errors::Tell;
use super::key;
use crate::driver::{Outcome, Refusal};
use crate::local::driver::LocalDriver;
use crate::local::parents::refuse_long_path;
use crate::pathio::{PathIoResult, PathName, PathStat};

pub(super) fn stat(driver: &LocalDriver, path: &PathName) -> Option<PathIoResult<PathStat>> {
    answer(driver, path, || driver.system.stat(true, path.as_str()))
}

/// The content of a file of less than `limit` bytes.
pub(super) fn content(
    driver: &LocalDriver,
    path: &PathName,
    limit: usize,
) -> Option<PathIoResult<Bytes>> {
    if path.is_root() {
        return None;
    }
    answer(driver, path, || {
        let (file, attributes) = driver.system.open_file(true, path.as_str())?;
        let size = usize::try_from(attributes.size).unwrap_or(usize::MAX);
        if size >= limit {
            return Err(Refusal::WouldWait);
        }
        // One byte more shows that the end is where it was.
        let content = driver.system.read_at(true, &file, 0, size + 1)?;
        if content.len() == size {
            Ok(content)
        } else {
            Err(Refusal::WouldWait)
        }
    })
}

/// The answer, unless it might have to be waited for.
fn answer<T>(
    driver: &LocalDriver,
    path: &PathName,
    ask: impl FnOnce() -> Outcome<T>,
) -> Option<PathIoResult<T>> {
    if !driver.system.can_refuse_to_wait() || refuse_long_path(key(path)).is_err() {
        return None;
    }
    match ask() {
        Err(Refusal::WouldWait) => None,
        answered => Some(answered.told()),
    }
}
