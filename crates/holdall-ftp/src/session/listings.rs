//! Commands that list.

use std::sync::Arc;

use futures::stream::{StreamExt, once};
use holdall::Timestamp;
use holdall::pathio::{ListedPath, PathStat};

use super::Session;
use super::outcome::{Answer, Refusal, reply_to};
use crate::listing::{Entries, Format, Found, Lines, MachineFormat, find, machine_line};
use crate::observer::TransferDirection;
use crate::permissions::Access;
use crate::protocol::Reply;
use crate::transfer::{Connector, Listing, Progress};
use crate::virtual_path::VirtualPath;

impl Session {
    pub(super) async fn list(&mut self, argument: Option<&str>) -> Answer {
        let path = self.state.permitted(argument.unwrap_or(""), Access::READ)?;
        let connector = self.connector()?;
        let lines = self.long_lines(&path).await?;
        self.send_listing(connector, lines).await
    }

    pub(super) async fn nlst(&mut self, argument: Option<&str>) -> Answer {
        let argument = argument.unwrap_or("");
        let path = self.state.permitted(argument, Access::READ)?;
        let connector = self.connector()?;
        let io = self.state.io()?;
        let (entries, prefix) = match find(&*io, &path).await? {
            Found::Folder(entries) => (entries, as_prefix(argument)),
            Found::File(stat) => (one_entry(&path, *stat), folder_part(argument, &path)),
            Found::Matches(entries) => (entries, folder_part(argument, &path)),
        };
        let lines = Lines::new(entries, Format::Names { prefix });
        self.send_listing(connector, lines).await
    }

    pub(super) async fn mlsd(&mut self, argument: Option<&str>) -> Answer {
        let path = self.state.permitted(argument.unwrap_or(""), Access::READ)?;
        let connector = self.connector()?;
        let login = self.state.login()?;
        let Found::Folder(entries) = find(&*login.io, &path).await? else {
            return Err(Refusal::new(501, "MLSD lists folders; see MLST."));
        };
        let format = Format::Machine(MachineFormat {
            facts: self.state.facts,
            permissions: login.permissions.clone(),
            folder: path,
        });
        self.send_listing(connector, Lines::new(entries, format))
            .await
    }

    async fn send_listing(&mut self, connector: Connector, lines: Lines) -> Answer {
        let progress = Arc::new(Progress::default());
        let listing = Listing { connector, lines };
        let running = Box::pin(listing.run(Arc::clone(&progress)));
        let text = "Sending the listing.".to_owned();
        self.transfer(TransferDirection::Listing, text, running, &progress)
            .await
    }

    pub(super) async fn mlst(&mut self, argument: Option<&str>) -> Answer {
        let path = self.state.resolve(argument.unwrap_or(""));
        let login = self.state.login()?;
        let access = login.permissions.of(path.as_str());
        if !access.read {
            return Err(super::state::State::permission_denied());
        }
        let stat = login.io.stat(path.as_str()).await?;
        let line = machine_line(self.state.facts, &stat, access, &path);
        Ok(Reply::with_lines(250, "Facts:", vec![line], "End."))
    }

    /// `STAT` of a path: a listing over the control connection.
    pub(super) async fn stat_path(&mut self, argument: &str) -> Answer {
        let path = self.state.permitted(argument, Access::READ)?;
        let mut lines = self.long_lines(&path).await?;
        self.control.send_text("213-Status:\r\n").await?;
        loop {
            match lines.next_block().await {
                Ok(Some(block)) => self.control.send_text(block).await?,
                Ok(None) => return Ok(Reply::new(213, "End.")),
                // The reply has begun with 213, and must end so.
                Err(error) => {
                    let text = reply_to(&error).text().to_owned();
                    return Ok(Reply::new(213, format!("It is not complete: {text}")));
                }
            }
        }
    }

    async fn long_lines(&self, path: &VirtualPath) -> Result<Lines, Refusal> {
        let io = self.state.io()?;
        let entries = match find(&*io, path).await? {
            Found::Folder(entries) | Found::Matches(entries) => entries,
            Found::File(stat) => one_entry(path, *stat),
        };
        let now = Timestamp::now();
        Ok(Lines::new(entries, Format::Long { now }))
    }
}

fn one_entry(path: &VirtualPath, stat: PathStat) -> Entries {
    let path = path.as_str().to_owned();
    once(async { Ok(ListedPath { path, stat }) }).boxed()
}

/// A folder's path as the client gave it, to stand before a name in it.
fn as_prefix(folder: &str) -> String {
    match folder {
        "" | "." | "./" => String::new(),
        folder if folder.ends_with('/') => folder.to_owned(),
        folder => format!("{folder}/"),
    }
}

/// What stands before the last name of a path as the client gave it; where that
/// ends in another way, as `name/.` does, the path's folder.
fn folder_part(argument: &str, path: &VirtualPath) -> String {
    let argument = argument.trim_end_matches('/');
    match argument.strip_suffix(path.name()) {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
        _ => as_prefix(path.parent().as_str()),
    }
}
