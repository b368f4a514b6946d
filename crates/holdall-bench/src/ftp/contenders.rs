//! Who is compared.

/// How a contender is started.
#[derive(Clone, Copy)]
pub enum Host {
    /// This program, as `serve.rs` knows it.
    Ourselves(&'static str),
    /// `peers.py`, as that knows it.
    Python(&'static str),
    Vsftpd,
}

/// A contender.
pub struct Contender {
    pub name: &'static str,
    pub host: Host,
    /// Whether its files are its own, and its folder stays empty.
    pub is_in_memory: bool,
    /// Whether it speaks FTP.
    pub is_server: bool,
}

const fn server(name: &'static str, host: Host) -> Contender {
    Contender {
        name,
        host,
        is_in_memory: false,
        is_server: true,
    }
}

const fn in_memory(name: &'static str, host: Host) -> Contender {
    Contender {
        is_in_memory: true,
        ..server(name, host)
    }
}

/// All of them; the others are compared with the first.
pub static ALL: [Contender; 12] = [
    server("holdall PathIo", Host::Ourselves("path")),
    server("holdall AsyncPathIo", Host::Ourselves("async")),
    in_memory("holdall MemoryPathIo", Host::Ourselves("memory")),
    server("holdall StorePathIo, local", Host::Ourselves("store-local")),
    in_memory(
        "holdall StorePathIo, memory",
        Host::Ourselves("store-memory"),
    ),
    server("vsftpd", Host::Vsftpd),
    server("pyftpdlib", Host::Python("pyftpdlib")),
    server("libunftp", Host::Ourselves("libunftp")),
    server("aioftp PathIO", Host::Python("aioftp-path")),
    server("aioftp AsyncPathIO", Host::Python("aioftp-async")),
    in_memory("aioftp MemoryPathIO", Host::Python("aioftp-memory")),
    Contender {
        is_server: false,
        ..server("bare socket copy", Host::Ourselves("bare"))
    },
];
