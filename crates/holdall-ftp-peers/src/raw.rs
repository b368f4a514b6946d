//! A client that does what no real one would admit to: it stops in the middle,
//! resets connections, reads slowly and vanishes.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::program::Failure;
use crate::site::Site;

/// Whoever waits longer has found a hang: no timeout of a server is that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session that is logged in, plain.
#[derive(Debug)]
pub struct RawSession {
    control: BufReader<TcpStream>,
}

/// How fast data goes.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Bytes at once; at least 1.
    pub block: usize,
    /// The pause after each block.
    pub pause: Duration,
}

impl Pace {
    /// As fast as it goes.
    pub const FAST: Self = Self {
        block: 64 * 1024,
        pause: Duration::ZERO,
    };

    #[allow(clippy::disallowed_methods, reason = "being slow is what it is for")]
    async fn rest(self) {
        tokio::time::sleep(self.pause).await;
    }
}

impl RawSession {
    /// Connects and logs in.
    ///
    /// # Errors
    ///
    /// What the server answered, or that it did not.
    pub async fn log_in(site: &Site) -> Result<Self, Failure> {
        let control = TcpStream::connect((Ipv4Addr::LOCALHOST, site.port)).await?;
        control.set_nodelay(true)?;
        let mut session = Self {
            control: BufReader::new(control),
        };
        session.reply().await?;
        session.send(&format!("USER {}", site.user)).await?;
        session.reply().await?;
        session
            .call(&format!("PASS {}", site.password), "230")
            .await?;
        session.call("TYPE I", "200").await?;
        Ok(session)
    }

    /// Sends a line.
    ///
    /// # Errors
    ///
    /// What sending failed with.
    pub async fn send(&mut self, line: &str) -> Result<(), Failure> {
        Ok(self
            .control
            .write_all(format!("{line}\r\n").as_bytes())
            .await?)
    }

    /// The last line of the next reply.
    ///
    /// # Errors
    ///
    /// That the server ended the session, or said nothing for a minute.
    pub async fn reply(&mut self) -> Result<String, Failure> {
        loop {
            let mut line = String::new();
            let read = in_time(async { Ok(self.control.read_line(&mut line).await?) }).await?;
            if read == 0 {
                return Err("the server ended the session".into());
            }
            let is_code = line.bytes().take(3).all(|byte| byte.is_ascii_digit());
            if is_code && line.as_bytes().get(3) == Some(&b' ') {
                return Ok(line.trim_end().to_owned());
            }
        }
    }

    /// Sends a line and expects a reply that begins so.
    ///
    /// # Errors
    ///
    /// Any other reply.
    pub async fn call(&mut self, line: &str, expected: &str) -> Result<String, Failure> {
        self.send(line).await?;
        self.expect(expected)
            .await
            .map_err(|error| format!("{line}: {error}").into())
    }

    /// Expects a reply that begins so.
    ///
    /// # Errors
    ///
    /// Any other reply.
    pub async fn expect(&mut self, expected: &str) -> Result<String, Failure> {
        let reply = self.reply().await?;
        if reply.starts_with(expected) {
            return Ok(reply);
        }
        Err(format!("{expected} was expected, not {reply}").into())
    }

    /// Opens a data connection and sends the command that uses it.
    ///
    /// # Errors
    ///
    /// Any reply but 1xx.
    pub async fn data(&mut self, command: &str) -> Result<TcpStream, Failure> {
        let reply = self.call("EPSV", "229").await?;
        let port = reply.rsplit('|').nth(1).ok_or("no port")?.parse::<u16>()?;
        let data =
            in_time(async { Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?) }).await?;
        self.call(command, "1").await?;
        Ok(data)
    }

    /// Uploads a file.
    ///
    /// # Errors
    ///
    /// What the server refused, or that it hangs.
    pub async fn store(&mut self, name: &str, content: &[u8], pace: Pace) -> Result<(), Failure> {
        let mut data = self.data(&format!("STOR {name}")).await?;
        for block in content.chunks(pace.block) {
            in_time(async { Ok(data.write_all(block).await?) }).await?;
            pace.rest().await;
        }
        in_time(async { Ok(data.shutdown().await?) }).await?;
        self.expect("226").await.map(drop)
    }

    /// Downloads a file.
    ///
    /// # Errors
    ///
    /// What the server refused, or that it hangs.
    pub async fn retrieve(&mut self, name: &str, pace: Pace) -> Result<Vec<u8>, Failure> {
        let data = self.data(&format!("RETR {name}")).await?;
        let content = read_all(data, pace).await?;
        self.expect("226").await?;
        Ok(content)
    }

    /// The names in a folder.
    ///
    /// # Errors
    ///
    /// What the server refused, or that it hangs.
    pub async fn names(&mut self, folder: &str) -> Result<Vec<String>, Failure> {
        let data = self.data(&format!("MLSD {folder}")).await?;
        let text = String::from_utf8(read_all(data, Pace::FAST).await?)?;
        self.expect("226").await?;
        let files = text
            .lines()
            .filter(|line| line.to_ascii_lowercase().contains("type=file"));
        Ok(files
            .filter_map(|line| Some(line.split_once("; ")?.1.to_owned()))
            .collect())
    }
}

async fn read_all(mut data: TcpStream, pace: Pace) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    let mut block = vec![0; pace.block];
    loop {
        let read = in_time(async { Ok(data.read(&mut block).await?) }).await?;
        if read == 0 {
            return Ok(content);
        }
        content.extend_from_slice(block.get(..read).unwrap_or_default());
        pace.rest().await;
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::time::timeout(PATIENCE, work)
        .await
        .map_err(|_| "the server hangs")?
}
