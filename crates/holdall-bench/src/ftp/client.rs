//! Clients that are not the bottleneck: an FTP session, and one of the bare copy.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddrV4, TcpStream};
use std::time::Duration;

use socket2::SockRef;

use super::Done;
use super::server::{FOLDER, Server};

const BLOCK: usize = 256 * 1024;
/// A server that says nothing for so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client of a server.
pub struct Client {
    block: Vec<u8>,
    way: Way,
}

enum Way {
    Ftp(Session),
    Bare(SocketAddrV4),
}

impl Client {
    /// Connects, and logs in where there is something to log in to.
    pub fn open(server: &Server) -> Done<Self> {
        let way = match server.contender.is_server {
            true => Way::Ftp(Session::open(server)?),
            false => Way::Bare(server.address),
        };
        Ok(Self {
            block: vec![7; BLOCK],
            way,
        })
    }

    pub fn store(&mut self, name: &str, size: u64) -> Done {
        match &mut self.way {
            Way::Ftp(session) => {
                let data = session.data(&format!("STOR {name}"))?;
                send(data, &self.block, size)?;
                session.expect('2').map(drop)
            }
            Way::Bare(address) => {
                let mut stream = asked(*address, &format!("put {name}"))?;
                send_to(&mut stream, &self.block, size)?;
                stream.shutdown(Shutdown::Write)?;
                // One byte says that the file stands.
                check("bytes", count(&stream, &mut self.block)?.bytes, 1)
            }
        }
    }

    pub fn retrieve(&mut self, name: &str, size: u64) -> Done {
        let (data, session) = match &mut self.way {
            Way::Ftp(session) => (session.data(&format!("RETR {name}"))?, Some(session)),
            Way::Bare(address) => (asked(*address, &format!("get {name}"))?, None),
        };
        let read = count(&data, &mut self.block)?.bytes;
        forget(data)?;
        if let Some(session) = session {
            session.expect('2')?;
        }
        check("bytes", read, size)
    }

    /// Lists a folder by `verb`, and says how many lines that has.
    pub fn list(&mut self, verb: &str, folder: &str) -> Done<u64> {
        let Way::Ftp(session) = &mut self.way else {
            return Err("a bare copy has no listings".into());
        };
        let data = session.data(&format!("{verb} {folder}"))?;
        let lines = count(&data, &mut self.block)?.lines;
        forget(data)?;
        session.expect('2')?;
        Ok(lines)
    }

    pub fn make_folder(&mut self, folder: &str) -> Done {
        match &mut self.way {
            Way::Ftp(session) => session.call(&format!("MKD {folder}"), '2').map(drop),
            Way::Bare(_) => Err("a bare copy makes no folders".into()),
        }
    }
}

/// A session that is logged in.
struct Session {
    address: SocketAddrV4,
    commands: TcpStream,
    replies: BufReader<TcpStream>,
}

impl Session {
    fn open(server: &Server) -> Done<Self> {
        let address = server.address;
        let commands = connected(address)?;
        let replies = BufReader::with_capacity(512, commands.try_clone()?);
        let mut session = Self {
            address,
            commands,
            replies,
        };
        session.expect('2')?;
        session.command("USER anonymous")?;
        if session.reply()?.starts_with('3') {
            session.call("PASS x", '2')?;
        }
        session.call("TYPE I", '2')?;
        if server.contender.is_in_memory {
            // The first session makes it.
            session.command(&format!("MKD {FOLDER}"))?;
            session.reply()?;
        }
        session.call(&format!("CWD {FOLDER}"), '2')?;
        Ok(session)
    }

    /// The data connection of a command.
    fn data(&mut self, command: &str) -> Done<TcpStream> {
        let reply = self.call("PASV", '2')?;
        let port = passive_port(&reply).ok_or_else(|| format!("no port in {reply}"))?;
        let data = connected(SocketAddrV4::new(*self.address.ip(), port))?;
        self.call(command, '1')?;
        Ok(data)
    }

    fn call(&mut self, command: &str, kind: char) -> Done<String> {
        self.command(command)?;
        self.expect(kind)
    }

    fn command(&mut self, command: &str) -> Done {
        Ok(self
            .commands
            .write_all(format!("{command}\r\n").as_bytes())?)
    }

    fn expect(&mut self, kind: char) -> Done<String> {
        let reply = self.reply()?;
        if reply.starts_with(kind) {
            return Ok(reply);
        }
        Err(format!("{kind}xx was expected, not {reply}").into())
    }

    /// The last line of the next reply.
    fn reply(&mut self) -> Done<String> {
        loop {
            let mut line = String::new();
            if self.replies.read_line(&mut line)? == 0 {
                return Err("the server ended the session".into());
            }
            let is_code = line.bytes().take(3).all(|byte| byte.is_ascii_digit());
            if is_code && line.as_bytes().get(3) == Some(&b' ') {
                return Ok(line.trim_end().to_owned());
            }
        }
    }
}

fn connected(address: SocketAddrV4) -> Done<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// A connection for one request of the bare copy.
fn asked(address: SocketAddrV4, request: &str) -> Done<TcpStream> {
    let mut stream = connected(address)?;
    stream.write_all(format!("{request}\n").as_bytes())?;
    Ok(stream)
}

/// The port in `227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)`
/// (<https://www.rfc-editor.org/rfc/rfc959#section-4.1.2>).
fn passive_port(reply: &str) -> Option<u16> {
    let numbers = reply.rsplit_once('(')?.1.split(')').next()?;
    let mut last = numbers
        .rsplit(',')
        .map(|number| number.trim().parse::<u16>());
    let (low, high) = (last.next()?.ok()?, last.next()?.ok()?);
    high.checked_mul(256)?.checked_add(low)
}

/// Drops a connection that the server has ended, so that its port does not rest:
/// thousands of those a second would soon use up all that there are. Servers that
/// wait for the client's end before they reply need it before their reply.
fn forget(data: TcpStream) -> Done {
    Ok(SockRef::from(&data).set_linger(Some(Duration::ZERO))?)
}

/// Sends so many bytes and ends the connection.
fn send(mut data: TcpStream, block: &[u8], size: u64) -> Done {
    send_to(&mut data, block, size)
}

fn send_to(data: &mut TcpStream, block: &[u8], size: u64) -> Done {
    let mut left = size;
    while left > 0 {
        let length = left.min(block.len() as u64);
        data.write_all(&block[..length as usize])?;
        left -= length;
    }
    Ok(())
}

#[derive(Default)]
struct Counted {
    bytes: u64,
    lines: u64,
}

/// Reads to the end.
fn count(mut data: &TcpStream, block: &mut [u8]) -> Done<Counted> {
    /// No listing is longer, and nobody asks for the lines of anything else.
    const LONGEST_LISTING: u64 = 8 * 1024 * 1024;
    let mut counted = Counted::default();
    loop {
        let read = data.read(block)?;
        if read == 0 {
            return Ok(counted);
        }
        counted.bytes += read as u64;
        if counted.bytes < LONGEST_LISTING {
            let ends = block[..read].iter().filter(|byte| **byte == b'\n');
            counted.lines += ends.count() as u64;
        }
    }
}

pub fn check(what: &str, found: u64, expected: u64) -> Done {
    if found == expected {
        return Ok(());
    }
    Err(format!("{found} {what} instead of {expected}").into())
}
