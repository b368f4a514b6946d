//! The model: what a session and the files behind it must look like to a client.

use std::collections::BTreeMap;

use holdall::pathio::PathIoErrorKind as Kind;

use super::expected::Expected;
use super::script::{Command, Way};
use crate::posix::{Model as Tree, Step};

/// How many logins may fail.
pub(super) const LOGIN_ATTEMPTS: u32 = 3;

/// A session, and the files behind all of them.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) tree: Tree,
    /// The last name of `USER`, and whether there is such a user.
    claimed: Option<bool>,
    failed_logins: u32,
    pub(super) is_logged_in: bool,
    has_ended: bool,
    pub(super) state: State,
}

/// What a login begins with, and the next one forgets.
#[derive(Debug)]
pub(super) struct State {
    pub(super) folder: Vec<String>,
    pub(super) is_ascii: bool,
    pub(super) rest: u64,
    pub(super) rename_from: Option<String>,
    pub(super) is_prepared: bool,
    epsv_alone: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            folder: Vec::new(),
            is_ascii: true,
            rest: 0,
            rename_from: None,
            is_prepared: false,
            epsv_alone: false,
        }
    }
}

/// RFC 959's code for what a path IO refused; `makes_a_name` for commands that
/// bring a name about.
pub(super) fn codes(kinds: &[Kind], makes_a_name: bool) -> Vec<u16> {
    let code = |kind: &Kind| match kind {
        Kind::InvalidArgument if makes_a_name => 553,
        _ => 550,
    };
    kinds.iter().map(code).collect()
}

impl Session {
    /// Makes a change of the tree beneath, which is there before any session.
    pub(super) fn set_up(&mut self, step: &Step) {
        self.tree.apply(step).unwrap();
    }

    pub(super) fn contents(&self) -> BTreeMap<String, Option<Vec<u8>>> {
        self.tree.contents()
    }

    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Whether the client may open a data connection, or has.
    pub(super) fn is_prepared(&self) -> bool {
        self.state.is_prepared
    }

    /// Begins anew, over the same tree.
    pub(super) fn reconnect(&mut self) {
        let tree = std::mem::take(&mut self.tree);
        *self = Self {
            tree,
            ..Self::default()
        };
    }

    /// What the server must answer.
    pub(super) fn answer(&mut self, command: &Command) -> Expected {
        if matches!(command, Command::Garbage(_)) {
            return Expected::one_of([500, 501]);
        }
        if let Command::Constant(_, code) = command {
            if *code < 500 || *code == 534 {
                self.state.rename_from = None;
            }
            return Expected::code(*code);
        }
        let rename_from = self.state.rename_from.take();
        match command {
            Command::User(known) => {
                self.log_out();
                self.claimed = Some(*known);
                Expected::code(331)
            }
            Command::Pass(right) => self.pass(*right),
            Command::Rein => {
                self.log_out();
                Expected::code(220)
            }
            Command::Quit => {
                self.has_ended = true;
                Expected::code(221)
            }
            Command::Stat => Expected::code(211),
            Command::Abor { .. } => {
                self.state.is_prepared = false;
                Expected::code(226)
            }
            _ if !self.is_logged_in => Expected::code(530),
            Command::Rnto(path) => self.rnto(rename_from, path),
            command => self.answer_user(command),
        }
    }

    fn log_out(&mut self) {
        self.is_logged_in = false;
        self.claimed = None;
        self.state = State::default();
    }

    fn pass(&mut self, right: bool) -> Expected {
        match self.claimed.take() {
            None => Expected::code(503),
            Some(known) if known && right => {
                self.is_logged_in = true;
                self.failed_logins = 0;
                Expected::code(230)
            }
            Some(_) => {
                self.failed_logins += 1;
                self.has_ended = self.failed_logins >= LOGIN_ATTEMPTS;
                Expected::code(if self.has_ended { 421 } else { 530 })
            }
        }
    }

    fn answer_user(&mut self, command: &Command) -> Expected {
        match command {
            Command::Pwd => {
                let path = self.state.folder.join("/").replace('"', "\"\"");
                Expected::line(format!("257 \"/{path}\""))
            }
            Command::Cwd(path) => self.cwd(path),
            Command::Cdup => self.cwd(".."),
            Command::Type { ascii } => {
                self.state.is_ascii = *ascii;
                Expected::code(200)
            }
            Command::Rest(position) => {
                self.state.rest = *position;
                Expected::code(350)
            }
            Command::Prepare(way) => self.prepare(*way),
            Command::EpsvAll => {
                self.state.epsv_alone = true;
                Expected::code(200)
            }
            Command::Mkd(path) => self.change(path, 257, |path| Step::Mkdir {
                path,
                parents: false,
                exist_ok: false,
            }),
            Command::Rmd(path) => {
                let step = Step::Rmdir(self.resolve(path));
                self.applied(&step, 250, false)
            }
            Command::Dele(path) => self.change(path, 250, Step::Unlink),
            Command::Rnfr(path) => {
                if self.stat(path).is_none() {
                    return Expected::code(550);
                }
                self.state.rename_from = Some(self.resolve(path));
                Expected::code(350)
            }
            command => self.tell(command),
        }
    }

    fn change(&mut self, path: &str, code: u16, step: impl Fn(String) -> Step) -> Expected {
        let step = step(self.resolve(path));
        self.applied(&step, code, true)
    }

    fn applied(&mut self, step: &Step, done: u16, makes_a_name: bool) -> Expected {
        match self.tree.apply(step) {
            Ok(_) => Expected::code(done),
            Err(kinds) => Expected::one_of(codes(&kinds, makes_a_name)),
        }
    }

    fn cwd(&mut self, path: &str) -> Expected {
        if !matches!(self.stat(path), Some((true, _))) {
            return Expected::code(550);
        }
        let path = self.resolve(path);
        let names = path.split('/').filter(|name| !name.is_empty());
        self.state.folder = names.map(str::to_owned).collect();
        Expected::code(250)
    }

    fn prepare(&mut self, way: Way) -> Expected {
        if self.state.epsv_alone && way != Way::Epsv {
            return Expected::code(503);
        }
        self.state.is_prepared = true;
        Expected::code(match way {
            Way::Epsv => 229,
            Way::Pasv => 227,
            Way::Eprt | Way::Port | Way::Nowhere => 200,
        })
    }

    fn rnto(&mut self, from: Option<String>, to: &str) -> Expected {
        let Some(from) = from else {
            return Expected::code(503);
        };
        let step = Step::Rename(from, self.resolve(to));
        self.applied(&step, 250, true)
    }
}
