//! Playing transfers.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::data::{Data, patient, receive, reset, send};
use super::expected::Expected;
use super::files::join;
use super::job::{Job, Upload};
use super::play::{Player, line};
use super::script::{Command, How, Transfer, What};
use crate::client::{Client, Reply};

const ABOR: Command = Command::Abor { telnet: false };

impl Player<'_> {
    /// Plays a transfer, as far as the server lets it come.
    pub(super) async fn transfer(&mut self, transfer: &Transfer) {
        let mut before = Vec::new();
        before.extend(transfer.rest.map(Command::Rest));
        before.extend(transfer.way.map(Command::Prepare));
        self.commands(&before, &transfer.cuts).await;
        if !transfer.late {
            self.connect_early().await;
        }
        let job = self.session.begin(&transfer.what);
        self.send_line(&transfer.what, &transfer.cuts).await;
        match job {
            Err(codes) => {
                self.expect_of(transfer, codes).await;
                self.expect_no_data().await;
            }
            Ok(job) => {
                let begun = self.expect_of(transfer, [150]).await;
                self.carry_out(transfer, job, &begun).await;
            }
        }
    }

    async fn connect_early(&mut self) {
        self.data = match self.data.take() {
            Some(data @ Data::Passive(_)) => data.connect().await.map(Data::Connected),
            data => data,
        };
    }

    async fn send_line(&mut self, what: &What, cuts: &Vec<usize>) {
        let text = match what.argument() {
            Some(argument) => format!("{} {argument}\r\n", what.name()),
            None => format!("{}\r\n", what.name()),
        };
        self.send(text.as_bytes(), cuts).await;
    }

    async fn expect_of(&mut self, transfer: &Transfer, codes: impl Into<Vec<u16>>) -> Reply {
        let expected = Expected::one_of(codes);
        self.expect(transfer.what.name(), &expected, transfer).await
    }

    /// Where a transfer was refused, its data connection ends.
    async fn expect_no_data(&mut self) {
        if !self.session.is_prepared()
            && let Some(Data::Connected(mut stream)) = self.data.take()
        {
            assert_eq!(receive(&mut stream, 1).await, b"");
        }
        self.forget_data();
    }

    async fn carry_out(&mut self, transfer: &Transfer, job: Job, begun: &Reply) {
        let data = self.data.take().expect("a data connection was prepared");
        if let (How::AbortUnconnected, Data::Passive(_)) = (&transfer.how, &data) {
            self.send(&line(&ABOR).0, &transfer.cuts).await;
            self.expect_of(transfer, [426]).await;
            return self.answers(&[ABOR]).await;
        }
        let Some(stream) = data.connect().await else {
            self.expect_of(transfer, [425]).await;
            return;
        };
        match job {
            Job::Upload(upload) => {
                let upload = named(upload, begun);
                self.upload(transfer, &upload, stream).await;
            }
            job => self.fetch(transfer, &job, stream).await,
        }
    }

    async fn upload(&mut self, transfer: &Transfer, upload: &Upload, mut stream: TcpStream) {
        let content = transfer.content.bytes();
        let sent = match transfer.how {
            How::Abort { after, .. } | How::Reset(after) | How::Close(after) => after,
            How::Vanish(after) => after,
            How::AbortUnconnected => 0,
            How::Whole(_) | How::AbortAtTheEnd | How::Goodbye => content.len(),
        };
        let sent = &content[..sent.min(content.len())];
        let (begin, rest) = sent.split_at(sent.len() / 2);
        let cuts = &transfer.cuts;
        send(&mut stream, begin, cuts).await;
        let waiting = self.meanwhile(transfer).await;
        send(&mut stream, rest, cuts).await;
        match &transfer.how {
            How::Whole(_) | How::Close(_) => {
                drop(stream);
                self.expect_of(transfer, [226]).await;
                self.session.store(upload, sent);
                self.answers(&waiting).await;
            }
            How::Goodbye => {
                self.send(b"QUIT\r\n", cuts).await;
                drop(stream);
                self.expect_of(transfer, [226]).await;
                self.session.store(upload, sent);
                self.answers(&[Command::Quit]).await;
            }
            How::Abort { .. } | How::AbortUnconnected => {
                let abort = abort(&transfer.how);
                self.send(&line(&abort).0, cuts).await;
                self.expect_of(transfer, [426]).await;
                self.answers(&[abort]).await;
                self.take_over_cut(upload, sent).await;
                self.answers(&waiting).await;
            }
            How::AbortAtTheEnd => {
                patient(stream.shutdown()).await.unwrap();
                self.send(&line(&ABOR).0, cuts).await;
                match self.expect_of(transfer, [226, 426]).await.code {
                    226 => self.session.store(upload, sent),
                    _ => self.take_over_cut(upload, sent).await,
                }
                self.answers(&[ABOR]).await;
            }
            How::Reset(_) => {
                reset(stream);
                self.expect_of(transfer, or_never_made([426])).await;
                self.take_over_cut(upload, sent).await;
            }
            How::Vanish(_) => {
                self.vanish(stream).await;
                self.take_over_cut(upload, sent).await;
            }
        }
        self.check_file(&upload.path, transfer).await;
    }

    /// What a cut left is what was there, but for what is changed in place.
    async fn take_over_cut(&mut self, upload: &Upload, sent: &[u8]) {
        if self.changes_show && upload.position > 0 {
            let found = self.site.read(&upload.path).await.unwrap();
            let is_right = self.session.adopt(upload, sent, &found);
            assert!(is_right, "{upload:?} left {found:?}");
        }
    }

    async fn check_file(&mut self, path: &str, transfer: &Transfer) {
        let found = self.site.read(path).await;
        let expected = self.session.content(path);
        assert!(found == expected, "{transfer:?} left {found:?}");
    }

    async fn fetch(&mut self, transfer: &Transfer, job: &Job, mut stream: TcpStream) {
        let cuts = &transfer.cuts;
        let after = match transfer.how {
            How::Abort { after, .. } | How::Reset(after) | How::Close(after) => after,
            How::Vanish(after) => after,
            How::AbortUnconnected => 0,
            How::Whole(_) | How::AbortAtTheEnd | How::Goodbye => usize::MAX,
        };
        if let How::Goodbye = transfer.how {
            self.send(b"QUIT\r\n", cuts).await;
        }
        let waiting = self.meanwhile(transfer).await;
        let found = receive(&mut stream, after).await;
        job.check(&found, after == usize::MAX);
        let codes = job.codes_of_a_cut(after);
        match &transfer.how {
            How::Whole(_) => {
                self.expect_of(transfer, [226]).await;
                self.answers(&waiting).await;
            }
            How::Goodbye => {
                self.expect_of(transfer, [226]).await;
                self.answers(&[Command::Quit]).await;
            }
            How::Abort { .. } | How::AbortUnconnected | How::AbortAtTheEnd => {
                let abort = abort(&transfer.how);
                self.send(&line(&abort).0, cuts).await;
                let was_stopped = self.expect_of(transfer, codes).await.code == 426;
                // It goes before the commands that waited only if it stops something.
                let place = if was_stopped { 0 } else { waiting.len() };
                let mut all = waiting;
                all.insert(place, abort);
                self.answers(&all).await;
            }
            How::Reset(_) => {
                reset(stream);
                self.expect_of(transfer, or_never_made(codes)).await;
            }
            How::Close(_) => {
                drop(stream);
                self.expect_of(transfer, codes).await;
            }
            How::Vanish(_) => self.vanish(stream).await,
        }
    }

    /// Sends commands while a transfer runs. `STAT` is answered at once while an
    /// upload stands; gives the others, which wait.
    async fn meanwhile(&mut self, transfer: &Transfer) -> Vec<Command> {
        let (How::Whole(commands)
        | How::Abort {
            meanwhile: commands,
            ..
        }) = &transfer.how
        else {
            return Vec::new();
        };
        let is_stat = |command: &Command| matches!(command, Command::Stat);
        let (at_once, waiting): (Vec<_>, Vec<_>) = commands.iter().cloned().partition(is_stat);
        for command in commands {
            if !is_stat(command) || transfer.what.is_upload() {
                self.send(&line(command).0, &transfer.cuts).await;
            }
        }
        if transfer.what.is_upload() {
            self.answers(&at_once).await;
        }
        waiting
    }

    /// Ends the control connection, and then that of the data.
    async fn vanish(&mut self, stream: TcpStream) {
        let next = Client::connect(self.site.address).await;
        drop(std::mem::replace(&mut self.client, next));
        drop(stream);
        self.begin_again().await;
    }
}

/// An upload with the name that `STOU` told (RFC 1123, 4.1.2.9).
fn named(mut upload: Upload, begun: &Reply) -> Upload {
    if upload.is_unique {
        let name = begun.text.trim_end().strip_prefix("150 FILE: ").unwrap();
        let (folder, base) = upload.path.rsplit_once('/').unwrap_or(("", &upload.path));
        assert!(name.starts_with(&format!("{base}.")), "{begun:?}");
        upload.path = join(folder, name);
    }
    upload
}

fn abort(how: &How) -> Command {
    match how {
        How::Abort { telnet, .. } => Command::Abor { telnet: *telnet },
        _ => ABOR,
    }
}

/// A server that connects can hear of the reset before it hears that the connection
/// was made.
fn or_never_made(codes: impl Into<Vec<u16>>) -> Vec<u16> {
    let mut codes = codes.into();
    codes.push(425);
    codes
}
