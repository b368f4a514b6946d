//! Homes and accounts for tests.

use std::sync::Arc;

use async_trait::async_trait;
use holdall::pathio::{
    AbstractPathIo, Connection, Lister, MkdirOptions, OpenMode, PathFile, PathIoError,
    PathIoErrorKind, PathIoOperation, PathIoResult, PathName, PathStat,
};

use super::{Account, Accounts, Homes, Login, LoginRefused, SingleUser};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "hunter2";

/// [`PASSWORD`] by the cheapest argon2, so that tests are quick in any build.
pub(crate) fn cheap_hash() -> String {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
    let params = Params::new(8, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password(PASSWORD.as_bytes())
        .unwrap()
        .to_string()
}

/// One user with [`PASSWORD`].
pub(crate) struct Fixed(SingleUser);

impl Fixed {
    pub(crate) fn new(user: &str) -> Self {
        let account = Account::new(user, Arc::new(Nowhere));
        Self(SingleUser::new(account, PASSWORD.into()))
    }
}

#[async_trait]
impl Accounts for Fixed {
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused> {
        self.0.log_in(login).await
    }
}

/// Every home is [`Nowhere`], but for `missing`, which is none.
pub(crate) struct Nothing;

#[async_trait]
impl Homes for Nothing {
    async fn home(&self, path: &PathName) -> PathIoResult<Arc<dyn AbstractPathIo>> {
        if path.as_str() == "missing" {
            return Err(refused(PathIoOperation::Stat));
        }
        Ok(Arc::new(Nowhere))
    }
}

/// A path IO with nothing in it.
pub(crate) struct Nowhere;

fn refused(operation: PathIoOperation) -> PathIoError {
    PathIoError::new(PathIoErrorKind::NotFound, "nothing is here").with_operation(operation)
}

#[async_trait]
impl AbstractPathIo for Nowhere {
    fn for_connection(&self, _: Connection) -> Arc<dyn AbstractPathIo> {
        Arc::new(Self)
    }

    async fn open_file(&self, _: &str, _: OpenMode) -> PathIoResult<Box<dyn PathFile>> {
        Err(refused(PathIoOperation::Open))
    }

    fn list(&self, path: &str) -> Lister {
        Lister::new(path, futures::stream::empty())
    }

    async fn stat(&self, _: &str) -> PathIoResult<PathStat> {
        Err(refused(PathIoOperation::Stat))
    }

    async fn mkdir(&self, _: &str, _: MkdirOptions) -> PathIoResult<()> {
        Err(refused(PathIoOperation::Mkdir))
    }

    async fn rmdir(&self, _: &str) -> PathIoResult<()> {
        Err(refused(PathIoOperation::Rmdir))
    }

    async fn unlink(&self, _: &str) -> PathIoResult<()> {
        Err(refused(PathIoOperation::Unlink))
    }

    async fn rename(&self, _: &str, _: &str) -> PathIoResult<()> {
        Err(refused(PathIoOperation::Rename))
    }
}
