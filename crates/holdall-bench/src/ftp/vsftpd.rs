//! Debian's vsftpd, with settings that only say what it serves.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use super::Done;
use super::server::Process;

/// Starts it, which only root can.
pub fn start(ip: Ipv4Addr, folder: &Path) -> Done<(Process, u16)> {
    let free = TcpListener::bind((ip, 0))?;
    let port = free.local_addr()?.port();
    drop(free);
    // Beside the folder that it serves, and gone with that.
    let settings = folder.with_extension("conf");
    fs::write(&settings, text_of_settings(ip, port, folder))?;
    let process = Command::new("vsftpd").arg(&settings).spawn();
    let process = process.map_err(|error| {
        format!("it cannot be started ({error}): install the package vsftpd, and be root")
    })?;
    Ok((Process(process), port))
}

/// <https://security.appspot.com/vsftpd/vsftpd_conf.html>
fn text_of_settings(ip: Ipv4Addr, port: u16, folder: &Path) -> String {
    let folder = folder.display();
    [
        "listen=YES",
        &format!("listen_address={ip}"),
        &format!("listen_port={port}"),
        "background=NO",
        "max_clients=0",
        "max_per_ip=0",
        "anonymous_enable=YES",
        "no_anon_password=YES",
        // Debian may have removed the home of its own user, without which it ends.
        "ftp_username=daemon",
        &format!("anon_root={folder}"),
        "write_enable=YES",
        "anon_upload_enable=YES",
        "anon_other_write_enable=YES",
        "anon_umask=022",
        "xferlog_enable=NO",
        // Its filter kills it on newer kernels.
        "seccomp_sandbox=NO",
        "",
    ]
    .join("\n")
}
