//! Commands that change folders and names.

use holdall::pathio::MkdirOptions;

use super::Session;
use super::outcome::{Answer, Refusal};
use super::state::State;
use crate::permissions::Access;
use crate::protocol::{Reply, quoted};
use crate::virtual_path::VirtualPath;

impl Session {
    pub(super) fn pwd(&self) -> Reply {
        Reply::new(257, quoted(self.state.folder.as_str()))
    }

    pub(super) async fn cwd(&mut self, argument: &str) -> Answer {
        let path = self.state.resolve(argument);
        let login = self.state.login()?;
        if login.permissions.of(path.as_str()) == Access::NONE && !path.is_root() {
            return Err(State::permission_denied());
        }
        if !path.is_root() && !login.io.stat(path.as_str()).await?.is_dir() {
            return Err(Refusal::new(550, "It is not a folder."));
        }
        let reply = Reply::new(250, format!("The folder is {}.", quoted(path.as_str())));
        self.state.folder = path;
        Ok(reply)
    }

    pub(super) async fn mkd(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::WRITE)?;
        let io = self.state.io()?;
        io.mkdir(path.as_str(), MkdirOptions::new()).await?;
        Ok(Reply::new(
            257,
            format!("{} is made.", quoted(path.as_str())),
        ))
    }

    pub(super) async fn rmd(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::WRITE)?;
        self.state.io()?.rmdir(path.as_str()).await?;
        Ok(Reply::new(250, "The folder is removed."))
    }

    pub(super) async fn dele(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::WRITE)?;
        self.state.io()?.unlink(path.as_str()).await?;
        Ok(Reply::new(250, "The file is removed."))
    }

    pub(super) async fn rnfr(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::WRITE)?;
        self.state.io()?.stat(path.as_str()).await?;
        self.state.rename_from = Some(path);
        Ok(Reply::new(350, "Send the new name with RNTO."))
    }

    pub(super) async fn rnto(&mut self, from: Option<VirtualPath>, argument: &str) -> Answer {
        let to = self.state.resolve(argument);
        let Some(from) = from else {
            return Err(Refusal::new(503, "Send RNFR first."));
        };
        let login = self.state.login()?;
        if !login.permissions.allow_rename(from.as_str(), to.as_str()) {
            return Err(State::permission_denied());
        }
        login.io.rename(from.as_str(), to.as_str()).await?;
        let (from, to) = (from.as_str(), to.as_str());
        tracing::info!(user = self.user_name(), from, to, "renamed");
        Ok(Reply::new(250, "It has its new name."))
    }
}
