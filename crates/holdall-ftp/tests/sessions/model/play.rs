//! A client that plays a script, and compares as it goes.

use std::collections::{BTreeSet, VecDeque};

use super::data::{Data, pieces, prepare, told};
use super::expected::Expected;
use super::script::{Command, Cuts, Script, Step, Way};
use super::session::Session;
use crate::client::{Client, Reply};
use crate::site::Site;

/// What was answered how: the names of commands, and codes.
pub(super) type Seen = BTreeSet<(&'static str, u16)>;

/// A client, and what it must see.
pub(super) struct Player<'a> {
    pub(super) site: &'a Site,
    pub(super) client: Client,
    pub(super) session: Session,
    pub(super) data: Option<Data>,
    /// Whether files that are changed in place show it at once.
    pub(super) changes_show: bool,
    pub(super) seen: Seen,
}

/// A command on its way.
struct Sent<'a> {
    command: &'a Command,
    /// The client's side of the data connection that it prepares.
    data: Option<Data>,
}

impl<'a> From<&'a Command> for Sent<'a> {
    fn from(command: &'a Command) -> Self {
        Self {
            command,
            data: None,
        }
    }
}

impl<'a> Player<'a> {
    pub(super) async fn new(site: &'a Site, session: Session, changes_show: bool) -> Self {
        Self {
            site,
            client: Client::connect(site.address).await,
            session,
            data: None,
            changes_show,
            seen: Seen::new(),
        }
    }

    /// Plays the script to its end.
    pub(super) async fn play(&mut self, script: &Script) {
        self.log_in().await;
        for step in &script.steps {
            match step {
                Step::Commands(commands, cuts) => self.commands(commands, cuts).await,
                Step::Transfer(transfer) => self.transfer(transfer).await,
                Step::Vanish => self.reconnect().await,
            }
            if self.session.has_ended() {
                assert!(self.client.is_ended().await, "the session goes on");
                self.reconnect().await;
            }
        }
    }

    /// Ends the connections, and gives what must be and what was seen.
    pub(super) fn leave(self) -> (Session, Seen) {
        (self.session, self.seen)
    }

    async fn log_in(&mut self) {
        let login = [
            Command::User(true),
            Command::Pass(true),
            Command::Type { ascii: false },
        ];
        self.commands(&login, &vec![]).await;
    }

    /// Leaves the session, and begins another.
    async fn reconnect(&mut self) {
        self.client = Client::connect(self.site.address).await;
        self.begin_again().await;
    }

    /// Begins with another session, once the last has ended.
    pub(super) async fn begin_again(&mut self) {
        self.data = None;
        self.site.wait_for_sessions(1).await;
        self.session.reconnect();
        self.log_in().await;
    }

    /// Sends commands at once, and checks the replies to them.
    pub(super) async fn commands(&mut self, commands: &[Command], cuts: &Cuts) {
        let mut bytes = Vec::new();
        let mut all_sent = VecDeque::new();
        for command in commands {
            let (line, data) = line(command);
            bytes.extend(line);
            all_sent.push_back(Sent { command, data });
        }
        self.send(&bytes, cuts).await;
        self.replies(all_sent).await;
    }

    /// Checks the replies to commands that have been sent.
    pub(super) async fn answers(&mut self, commands: &[Command]) {
        let sent = commands.iter().map(Sent::from);
        self.replies(sent.collect()).await;
    }

    async fn replies(&mut self, mut queue: VecDeque<Sent<'_>>) {
        while let Some(sent) = queue.pop_front() {
            if self.session.has_ended() {
                return;
            }
            let is_hash = matches!(sent.command, Command::Hash(_));
            let abort = queue
                .iter()
                .position(|sent| matches!(sent.command, Command::Abor { .. }));
            let reply = self.reply_to(sent, is_hash && abort.is_some()).await;
            // What stops another command goes before those that wait.
            if is_hash
                && reply.code == 426
                && let Some(abort) = abort.and_then(|place| queue.remove(place))
            {
                queue.push_front(abort);
            }
        }
    }

    pub(super) async fn send(&mut self, bytes: &[u8], cuts: &Cuts) {
        for piece in pieces(bytes, cuts) {
            // A server that has ended the session hears no more.
            let _ = self.client.try_send(piece).await;
            tokio::task::yield_now().await;
        }
    }

    async fn reply_to(&mut self, sent: Sent<'_>, may_be_stopped: bool) -> Reply {
        let mut expected = self.session.answer(sent.command);
        if may_be_stopped {
            expected = expected.or_stopped();
        }
        let reply = self
            .expect(name(sent.command), &expected, sent.command)
            .await;
        self.forget_data();
        if matches!(reply.code, 227 | 229) {
            self.data = Some(Data::Passive(told(&reply)));
        } else if sent.data.is_some() && reply.code == 200 {
            self.data = sent.data;
        }
        reply
    }

    /// Forgets the data connection that the server has forgotten.
    pub(super) fn forget_data(&mut self) {
        if !self.session.is_prepared() {
            self.data = None;
        }
    }

    /// Checks a reply.
    pub(super) async fn expect(
        &mut self,
        name: &'static str,
        expected: &Expected,
        about: &dyn std::fmt::Debug,
    ) -> Reply {
        let reply = self.client.reply().await;
        assert!(
            expected.allows(&reply),
            "{about:?}: expected {expected:?}, found {reply:?}, in {:?}",
            self.session.state
        );
        self.seen.insert((name, reply.code));
        reply
    }
}

/// What goes over the wire.
pub(super) fn line(command: &Command) -> (Vec<u8>, Option<Data>) {
    let with = |path: &str| format!("{} {path}", name(command));
    let text = match command {
        Command::User(known) => with(if *known { "user" } else { "nobody" }),
        Command::Pass(right) => with(if *right { "secret" } else { "wrong" }),
        Command::Cwd(path)
        | Command::Mkd(path)
        | Command::Rmd(path)
        | Command::Dele(path)
        | Command::Rnfr(path)
        | Command::Rnto(path)
        | Command::Size(path)
        | Command::Mdtm(path)
        | Command::Mlst(Some(path))
        | Command::StatPath(path)
        | Command::Hash(path) => with(path),
        Command::Type { ascii } => with(if *ascii { "A" } else { "I" }),
        Command::Rest(position) => with(&position.to_string()),
        Command::EpsvAll => with("ALL"),
        Command::Prepare(way) => {
            let (line, data) = prepare(*way);
            return (format!("{line}\r\n").into_bytes(), data);
        }
        Command::Abor { telnet: true } => return (b"\xff\xf4\xff\xf2ABOR\r\n".to_vec(), None),
        Command::Constant(line, _) => (*line).to_owned(),
        Command::Garbage(bytes) => return ([bytes, &b"\r\n"[..]].concat(), None),
        command => name(command).to_owned(),
    };
    (format!("{text}\r\n").into_bytes(), None)
}

fn name(command: &Command) -> &'static str {
    match command {
        Command::User(_) => "USER",
        Command::Pass(_) => "PASS",
        Command::Rein => "REIN",
        Command::Quit => "QUIT",
        Command::Pwd => "PWD",
        Command::Cwd(_) => "CWD",
        Command::Cdup => "CDUP",
        Command::Type { .. } => "TYPE",
        Command::Rest(_) => "REST",
        Command::Prepare(Way::Epsv) | Command::EpsvAll => "EPSV",
        Command::Prepare(Way::Pasv) => "PASV",
        Command::Prepare(Way::Port) => "PORT",
        Command::Prepare(Way::Eprt | Way::Nowhere) => "EPRT",
        Command::Mkd(_) => "MKD",
        Command::Rmd(_) => "RMD",
        Command::Dele(_) => "DELE",
        Command::Rnfr(_) => "RNFR",
        Command::Rnto(_) => "RNTO",
        Command::Size(_) => "SIZE",
        Command::Mdtm(_) => "MDTM",
        Command::Mlst(_) => "MLST",
        Command::Stat | Command::StatPath(_) => "STAT",
        Command::Hash(_) => "HASH",
        Command::Abor { .. } => "ABOR",
        Command::Constant(line, _) => line,
        Command::Garbage(_) => "?",
    }
}
