//! A contender's process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddrV4, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::contenders::{Contender, Host};
use super::{Done, serve, vsftpd};
use crate::python::Script;

const PYTHON: Script = Script {
    file: "ftp/peers.py",
    environment: "python-ftp",
    packages: &["aioftp==0.28.3", "pyftpdlib==2.2.0"],
};

/// Everything happens in a folder below the root: vsftpd refuses a root that it may
/// write to.
pub const FOLDER: &str = "data";

/// How often, and after how long each time, a server is asked whether it answers.
const ATTEMPTS: usize = 500;
const PAUSE: Duration = Duration::from_millis(20);

/// A running server; dropping it ends it.
pub struct Server {
    pub contender: &'static Contender,
    pub address: SocketAddrV4,
    /// Where the files of [`FOLDER`] are, unless they are in its memory.
    pub folder: PathBuf,
    process: Process,
}

/// A process that ends with its owner.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Starts a contender on a free port and returns once it answers.
    ///
    /// Each needs an address of its own: a port rests for a minute after each
    /// upload, and they would soon have used up each other's.
    pub fn start(contender: &'static Contender, ip: Ipv4Addr, folder: &Path) -> Done<Self> {
        let text = ip.to_string();
        let (process, port) = match contender.host {
            Host::Ourselves(name) => {
                let mut command = Command::new(std::env::current_exe()?);
                with_port(
                    command
                        .args(["ftp", serve::COMMAND, name, &text])
                        .arg(folder),
                )?
            }
            Host::Python(name) => with_port(PYTHON.command()?.args([name, &text]).arg(folder))?,
            Host::Vsftpd => vsftpd::start(ip, folder)?,
        };
        let server = Self {
            contender,
            address: SocketAddrV4::new(ip, port),
            folder: folder.join(FOLDER),
            process,
        };
        server.wait()?;
        Ok(server)
    }

    pub fn process(&self) -> u32 {
        self.process.0.id()
    }

    fn wait(&self) -> Done {
        for _ in 0..ATTEMPTS {
            if TcpStream::connect(self.address).is_ok() {
                return Ok(());
            }
            std::thread::sleep(PAUSE);
        }
        Err("the server does not answer".into())
    }
}

/// Starts a process that prints its port.
fn with_port(command: &mut Command) -> Done<(Process, u16)> {
    let mut process = Process(command.stdout(Stdio::piped()).spawn()?);
    let output = process.0.stdout.take().ok_or("the server has no output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let port = line.trim().parse();
    let port = port.map_err(|_| format!("the server said {line:?} instead of its port"))?;
    Ok((process, port))
}

/// Makes a folder that a server may use which changes its user, and lets everybody
/// reach it.
pub fn make_folder(folder: &Path) -> Done {
    let inner = folder.join(FOLDER);
    fs::create_dir_all(&inner)?;
    for outer in [folder.parent(), Some(folder)].into_iter().flatten() {
        fs::set_permissions(outer, fs::Permissions::from_mode(0o755))?;
    }
    fs::set_permissions(inner, fs::Permissions::from_mode(0o777))?;
    Ok(())
}
