//! Tries a client on any server: its name, the server's port on 127.0.0.1, user,
//! password and the file of its certificate.

use holdall_ftp_peers::{Client, Failure, Site};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [client, port, user, password, certificate] = arguments.as_slice() else {
        println!("usage: try_out CLIENT PORT USER PASSWORD CERTIFICATE");
        return Ok(());
    };
    let client = match client.as_str() {
        "curl" => Client::Curl,
        "lftp" => Client::Lftp,
        "ncftp" => Client::NcFtp,
        "ftplib" => Client::Ftplib,
        "aioftp" => Client::Aioftp,
        other => return Err(format!("no client is called {other}").into()),
    };
    let site = Site {
        port: port.parse()?,
        user: user.clone(),
        password: password.clone(),
        certificate: certificate.into(),
    };
    client.try_out(&site).await
}
