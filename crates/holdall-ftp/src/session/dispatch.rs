//! From a line to a reply.

use tokio::time::Instant;

use super::Session;
use super::outcome::{Answer, End, Refusal};
use crate::observer::Event;
use crate::protocol::{Command, Line, Reply, Verb};

impl Session {
    /// Carries a line out and replies.
    pub(super) async fn obey(&mut self, line: Line) -> Result<(), End> {
        let Line::Whole(line) = line else {
            return self.send(&Reply::new(500, "The line is too long.")).await;
        };
        let name = Verb::of_line(&line).map_or("?", Verb::as_str);
        let begun = Instant::now();
        self.state.subject = None;
        let answer = match Command::parse(&line) {
            Ok(command) => self.carry_out(command).await,
            Err(error) => Err(error.into()),
        };
        let reply = match answer {
            Ok(reply) | Err(Refusal::Reply(reply)) => reply,
            Err(Refusal::Silent) => {
                self.report(name, None, begun);
                return Ok(());
            }
            Err(Refusal::End(end)) => {
                self.report(name, end.farewell.as_ref(), begun);
                return Err(end);
            }
        };
        self.report(name, Some(&reply), begun);
        self.send(&reply).await
    }

    /// Tells the log and the observer what came of a command.
    fn report(&self, name: &'static str, reply: Option<&Reply>, begun: Instant) {
        let code = reply.map_or(0, Reply::code);
        let path = self.state.subject.as_ref().map(|path| path.as_str());
        let user = self.user_name();
        match name {
            "DELE" | "MKD" | "RMD" | "RNTO" | "MFMT" => {
                tracing::info!(user, command = name, path, code, "a command was answered");
            }
            _ => tracing::debug!(user, command = name, path, code, "a command was answered"),
        }
        self.observe(&Event::Command {
            name,
            path,
            code,
            duration: begun.elapsed(),
        });
    }

    async fn carry_out(&mut self, command: Command) -> Answer {
        // It holds for the next command alone.
        let rename_from = self.state.rename_from.take();
        match command {
            Command::User(name) => self.user(name),
            Command::Pass(password) => self.pass(password).await,
            Command::Acct => Ok(Reply::new(202, "No account is needed.")),
            Command::Quit => Err(End::with(221, "Goodbye.", "quit").into()),
            Command::Rein => self.reinitialize(),
            Command::Auth(mechanism) => self.auth(mechanism).await,
            Command::Pbsz => self.pbsz(),
            Command::Prot(level) => self.prot(level),
            Command::Ccc => Err(Refusal::new(534, "The connection stays encrypted.")),
            Command::Noop => Ok(Reply::new(200, "OK.")),
            Command::Help(topic) => Ok(Self::help(&topic)),
            Command::Syst => Ok(Reply::new(215, "UNIX Type: L8")),
            Command::Feat => Ok(self.feat()),
            Command::Opts(option) => self.opts(option),
            Command::Clnt => Ok(Reply::new(200, "Welcome.")),
            Command::Stat(None) => Ok(self.status(None)),
            Command::Abor => Ok(self.abor()),
            command => {
                self.state.login()?;
                self.carry_out_for_user(command, rename_from).await
            }
        }
    }

    /// Commands that need a login.
    async fn carry_out_for_user(
        &mut self,
        command: Command,
        rename_from: Option<crate::virtual_path::VirtualPath>,
    ) -> Answer {
        match command {
            Command::Pwd => Ok(self.pwd()),
            Command::Cwd(path) => self.cwd(&path).await,
            Command::Cdup => self.cwd("..").await,
            Command::Type(data_type) => Ok(self.set_type(data_type)),
            Command::Mode => Ok(Reply::new(200, "Mode is S.")),
            Command::Stru => Ok(Reply::new(200, "Structure is F.")),
            Command::Allo => Ok(Reply::new(202, "No need to reserve room.")),
            Command::Pasv => self.pasv(),
            Command::Epsv(request) => self.epsv(request),
            Command::Port(address) | Command::Eprt(address) => self.port(address),
            Command::Rest(position) => Ok(self.rest(position)),
            Command::Retr(path) => self.retr(&path).await,
            Command::Stor(path) => self.stor(&path).await,
            Command::Stou(path) => self.stou(path.as_deref()).await,
            Command::Appe(path) => self.appe(&path).await,
            Command::List(path) => self.list(path.as_deref()).await,
            Command::Nlst(path) => self.nlst(path.as_deref()).await,
            Command::Mlsd(path) => self.mlsd(path.as_deref()).await,
            Command::Mlst(path) => self.mlst(path.as_deref()).await,
            Command::Stat(Some(path)) => self.stat_path(&path).await,
            Command::Size(path) => self.size(&path).await,
            Command::Mdtm(path) => self.mdtm(&path).await,
            Command::Mfmt(time, path) => self.mfmt(time, &path).await,
            Command::Hash(path) => self.hash(&path).await,
            Command::Dele(path) => self.dele(&path).await,
            Command::Mkd(path) => self.mkd(&path).await,
            Command::Rmd(path) => self.rmd(&path).await,
            Command::Rnfr(path) => self.rnfr(&path).await,
            Command::Rnto(path) => self.rnto(rename_from, &path).await,
            _ => Err(Refusal::new(502, "This server does not do that.")),
        }
    }
}
