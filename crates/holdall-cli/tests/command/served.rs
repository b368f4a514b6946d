//! A server as an operator starts it, and a client of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};

use crate::harness::Sandbox;

/// A server that runs until the test ends.
pub(crate) struct Served {
    pub(crate) process: Child,
    output: BufReader<ChildStdout>,
    pub(crate) address: String,
    /// The lines that it wrote after the first.
    facts: Vec<String>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Served {
    /// Starts a server on a free port, with `facts` lines after its first.
    pub(crate) fn start(sandbox: &Sandbox, arguments: &[&str], facts: usize) -> Self {
        let mut line = vec!["serve", "ftp", "--listen", "127.0.0.1:0"];
        line.extend(arguments);
        Self::spawn(sandbox.command(&line), facts)
    }

    pub(crate) fn spawn(mut command: std::process::Command, facts: usize) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut served = Self {
            process,
            output,
            address: String::new(),
            facts: Vec::new(),
        };
        let first = served.line();
        let (_, address) = first.rsplit_once("ftp://").unwrap();
        served.address = address.to_owned();
        served.facts = (0..facts).map(|_| served.line()).collect();
        served
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the server ended");
        line.trim_end().to_owned()
    }

    /// What stands behind `name` in a fact.
    pub(crate) fn fact(&self, name: &str) -> &str {
        let facts = self.facts.iter();
        let mut found = facts.filter_map(|fact| fact.strip_prefix(name));
        found.next().unwrap().trim()
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.address)
    }

    /// Logs in and gives the code of the answer.
    pub(crate) fn log_in(&self, user: &str, password: &str) -> u16 {
        self.client().log_in(user, password)
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let mut kill = std::process::Command::new("kill");
        let process = self.process.id().to_string();
        assert!(
            kill.args(["-s", name, &process])
                .status()
                .unwrap()
                .success()
        );
    }
}

/// A control connection.
pub(crate) struct Client {
    pub(crate) stream: BufReader<TcpStream>,
}

impl Client {
    fn connect(address: &str) -> Self {
        let mut client = Self {
            stream: BufReader::new(TcpStream::connect(address).unwrap()),
        };
        assert_eq!(client.reply().0, 220);
        client
    }

    /// One reply: its code and all its text.
    pub(crate) fn reply(&mut self) -> (u16, String) {
        let mut text = String::new();
        loop {
            let mut line = String::new();
            assert_ne!(
                self.stream.read_line(&mut line).unwrap(),
                0,
                "the session ended"
            );
            text.push_str(&line);
            let code = line.get(..3).and_then(|code| code.parse().ok());
            if let (Some(code), Some(" ")) = (code, line.get(3..4)) {
                return (code, text);
            }
        }
    }

    pub(crate) fn send(&mut self, command: &str) -> (u16, String) {
        let line = format!("{command}\r\n");
        self.stream.get_mut().write_all(line.as_bytes()).unwrap();
        self.reply()
    }

    pub(crate) fn log_in(&mut self, user: &str, password: &str) -> u16 {
        match self.send(&format!("USER {user}")).0 {
            331 => self.send(&format!("PASS {password}")).0,
            code => code,
        }
    }

    /// A data connection by `EPSV`.
    pub(crate) fn passive(&mut self) -> TcpStream {
        let (code, text) = self.send("EPSV");
        assert_eq!(code, 229, "{text}");
        let port = text.split('|').nth(3).unwrap().parse().unwrap();
        TcpStream::connect(("127.0.0.1", port)).unwrap()
    }

    pub(crate) fn store(&mut self, path: &str, content: &str) -> u16 {
        let mut data = self.passive();
        assert_eq!(self.send(&format!("STOR {path}")).0, 150);
        data.write_all(content.as_bytes()).unwrap();
        drop(data);
        self.reply().0
    }

    pub(crate) fn fetch(&mut self, path: &str) -> String {
        let mut data = self.passive();
        assert_eq!(self.send(&format!("RETR {path}")).0, 150);
        let mut content = String::new();
        data.read_to_string(&mut content).unwrap();
        assert_eq!(self.reply().0, 226);
        content
    }
}

/// Adds a user with the password `hunter2`.
pub(crate) fn add_user(sandbox: &Sandbox, name: &str, more: &[&str]) {
    let mut line = vec!["user", "add", name, "--users-file", "users.toml"];
    line.extend(more);
    sandbox.run_with(&line, b"hunter2\n").ok();
}
