//! Serves the folder `./data` on a local port: `cargo run -p holdall-example-web`.

use std::error::Error;

use holdall::{AsyncStore, LocalBackend};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = AsyncStore::new(LocalBackend::new("./data")?, "uploads")?;
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    println!("http://{}/files/", listener.local_addr()?);
    axum::serve(listener, holdall_example_web::router(store)).await?;
    Ok(())
}
