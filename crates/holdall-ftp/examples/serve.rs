//! A server for one user, `demo` with the password `demo`, over memory or a local
//! folder: `cargo run -p holdall-ftp --example serve -- 127.0.0.1:2121 [FOLDER]`.
//! Without an address it begins to listen, and ends at once.

use std::sync::Arc;
use std::time::Duration;

use holdall::pathio::{AbstractPathIo, MemoryPathIo, PathIo};
use holdall_ftp::{Account, FixedTls, Server, ServerOptions, SingleUser};

/// A certificate that nobody else trusts.
fn self_signed() -> Result<FixedTls, Box<dyn std::error::Error>> {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)?;
    Ok(FixedTls::new(config))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next();
    let home: Arc<dyn AbstractPathIo> = match arguments.next() {
        Some(folder) => Arc::new(PathIo::new(folder)?),
        None => Arc::new(MemoryPathIo::new()),
    };
    let mut options = ServerOptions::default();
    options.tls = Some(Arc::new(self_signed()?));
    let accounts = SingleUser::new(Account::new("demo", home), "demo".into());
    let server = Server::builder(accounts)
        .options(options)
        .bind(address.as_deref().unwrap_or("127.0.0.1:0"))
        .await?;
    println!("ftp://demo:demo@{}", server.local_addr()?);
    let handle = server.handle();
    let serving = tokio::spawn(server.serve());
    // Without an address it is only tried out.
    if address.is_some() {
        tokio::signal::ctrl_c().await?;
    }
    handle.shut_down(Duration::from_secs(5));
    serving.await?;
    Ok(())
}
