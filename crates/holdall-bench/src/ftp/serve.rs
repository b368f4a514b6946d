//! This program as a contender: Holdall's server, libunftp, and the bare copy.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use holdall::pathio::{AbstractPathIo, AsyncPathIo, MemoryPathIo, PathIo, StorePathIo};
use holdall::{AsyncStore, LocalBackend, MemoryBackend};
use holdall_ftp::{Account, Accounts, Login, LoginRefused, Server};

use super::Done;
use super::server::FOLDER;

/// The argument that says that this process is a contender.
pub const COMMAND: &str = "serve";

const BLOCK: usize = 256 * 1024;

/// Prints the port and serves until the process is killed.
pub fn serve(server: &str, ip: &str, folder: &Path) -> Done {
    let ip: Ipv4Addr = ip.parse()?;
    if server == "bare" {
        return copy_bare(ip, folder);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match server {
            "path" => serve_holdall(ip, PathIo::new(folder)?).await,
            "async" => serve_holdall(ip, AsyncPathIo::new(folder)?).await,
            "memory" => serve_holdall(ip, MemoryPathIo::new()).await,
            "store-local" => {
                let store = AsyncStore::new(LocalBackend::new(folder)?, "")?;
                serve_holdall(ip, StorePathIo::new(store)).await
            }
            "store-memory" => {
                let store = AsyncStore::new(MemoryBackend::new(), "")?;
                serve_holdall(ip, StorePathIo::new(store)).await
            }
            "libunftp" => serve_libunftp(ip, folder.to_owned()).await,
            other => Err(format!("no contender is called {other}").into()),
        }
    })
}

/// Everybody may log in.
struct Everybody(Arc<dyn AbstractPathIo>);

#[async_trait]
impl Accounts for Everybody {
    async fn log_in(&self, login: Login<'_>) -> Result<Account, LoginRefused> {
        Ok(Account::new(login.user, Arc::clone(&self.0)))
    }
}

async fn serve_holdall(ip: Ipv4Addr, io: impl AbstractPathIo + 'static) -> Done {
    let server = Server::builder(Everybody(Arc::new(io)));
    let server = server.bind((ip, 0)).await?;
    println!("{}", server.local_addr()?.port());
    server.serve().await;
    Ok(())
}

async fn serve_libunftp(ip: Ipv4Addr, folder: PathBuf) -> Done {
    let free = TcpListener::bind((ip, 0))?;
    let port = free.local_addr()?.port();
    drop(free);
    let storage = move || {
        unftp_sbe_fs::Filesystem::new(folder.clone())
            .unwrap_or_else(|error| panic!("no folder to serve: {error}"))
    };
    let server = libunftp::ServerBuilder::new(Box::new(storage)).build()?;
    println!("{port}");
    server.listen(format!("{ip}:{port}")).await?;
    Ok(())
}

/// `get PATH` and `put PATH`, one a connection, each on a thread of its own.
fn copy_bare(ip: Ipv4Addr, folder: &Path) -> Done {
    let listener = TcpListener::bind((ip, 0))?;
    println!("{}", listener.local_addr()?.port());
    for stream in listener.incoming() {
        let (folder, stream) = (folder.to_owned(), stream?);
        std::thread::spawn(move || {
            // Some only look whether somebody answers.
            let _ = copy_one(&folder, stream);
        });
    }
    Ok(())
}

fn copy_one(folder: &Path, mut stream: TcpStream) -> Done {
    let mut input = BufReader::with_capacity(BLOCK, stream.try_clone()?);
    let mut line = String::new();
    input.read_line(&mut line)?;
    let (verb, path) = line.trim_end().split_once(' ').ok_or("no command")?;
    let path = folder.join(FOLDER).join(path);
    if verb == "get" {
        return copy(&mut File::open(path)?, &mut stream);
    }
    let new = path.with_extension("new");
    copy(&mut input, &mut File::create(&new)?)?;
    fs::rename(new, path)?;
    stream.write_all(b"!")?;
    Ok(())
}

fn copy(from: &mut impl Read, to: &mut impl Write) -> Done {
    let mut block = vec![0; BLOCK];
    loop {
        match from.read(&mut block)? {
            0 => return Ok(()),
            read => to.write_all(&block[..read])?,
        }
    }
}
