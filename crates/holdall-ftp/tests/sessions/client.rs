//! A client that sends what it is told.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::site::PATIENCE;

pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// A reply: its code, and all of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    pub(crate) text: String,
}

/// A control connection.
pub(crate) struct Client {
    control: BufReader<Box<dyn Wire>>,
    server: SocketAddr,
    /// Where data connections are encrypted, how.
    pub(crate) data_tls: Option<Arc<rustls::ClientConfig>>,
}

impl Client {
    /// Connects and reads the greeting.
    pub(crate) async fn connect(server: SocketAddr) -> Self {
        let (client, greeting) = Self::call(server).await;
        assert_eq!(greeting.code, 220, "{greeting:?}");
        client
    }

    /// Connects and reads whatever comes.
    pub(crate) async fn call(server: SocketAddr) -> (Self, Reply) {
        let stream = TcpStream::connect(server).await.unwrap();
        let mut client = Self {
            control: BufReader::new(Box::new(stream)),
            server,
            data_tls: None,
        };
        let greeting = client.reply().await;
        (client, greeting)
    }

    pub(crate) async fn log_in(&mut self) {
        self.expect("USER user", 331).await;
        self.expect("PASS secret", 230).await;
    }

    pub(crate) async fn try_send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.control.write_all(bytes).await?;
        self.control.flush().await
    }

    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        self.try_send(bytes).await.unwrap();
    }

    pub(crate) async fn send(&mut self, line: &str) {
        self.send_bytes(format!("{line}\r\n").as_bytes()).await;
    }

    async fn line(&mut self) -> String {
        let mut line = Vec::new();
        let reading = self.control.read_until(b'\n', &mut line);
        tokio::time::timeout(PATIENCE, reading)
            .await
            .expect("a reply in time")
            .unwrap();
        String::from_utf8(line).unwrap()
    }

    pub(crate) async fn reply(&mut self) -> Reply {
        let mut text = self.line().await;
        let code: u16 = text
            .get(..3)
            .and_then(|code| code.parse().ok())
            .unwrap_or_else(|| panic!("no reply: {text:?}"));
        if text.as_bytes()[3] == b'-' {
            let last = format!("{code} ");
            loop {
                let line = self.line().await;
                text.push_str(&line);
                if line.starts_with(&last) {
                    break;
                }
            }
        }
        Reply { code, text }
    }

    /// Whether the server has ended the connection.
    pub(crate) async fn is_ended(&mut self) -> bool {
        let mut rest = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.control.read_to_end(&mut rest))
            .await
            .unwrap();
        read.is_err() || rest.is_empty()
    }

    pub(crate) async fn command(&mut self, line: &str) -> Reply {
        self.send(line).await;
        self.reply().await
    }

    pub(crate) async fn expect(&mut self, line: &str, code: u16) -> Reply {
        let reply = self.command(line).await;
        assert_eq!(reply.code, code, "{line}: {reply:?}");
        reply
    }

    pub(crate) async fn expect_reply(&mut self, code: u16) -> Reply {
        let reply = self.reply().await;
        assert_eq!(reply.code, code, "{reply:?}");
        reply
    }

    /// Asks for a port, and gives its address.
    pub(crate) async fn passive(&mut self) -> SocketAddr {
        let reply = self.expect("EPSV", 229).await;
        let port = reply.text.split('|').nth(3).unwrap().parse().unwrap();
        SocketAddr::new(self.server.ip(), port)
    }

    /// Opens a data connection.
    pub(crate) async fn open_data(&mut self) -> TcpStream {
        let address = self.passive().await;
        TcpStream::connect(address).await.unwrap()
    }

    /// Begins a transfer, and gives its data connection.
    pub(crate) async fn begin(&mut self, line: &str) -> Box<dyn Wire> {
        let data = self.open_data().await;
        self.expect(line, 150).await;
        match &self.data_tls {
            Some(config) => Box::new(
                TlsConnector::from(Arc::clone(config))
                    .connect("localhost".try_into().unwrap(), data)
                    .await
                    .unwrap(),
            ),
            None => Box::new(data),
        }
    }

    /// Sends content, and gives the last reply.
    pub(crate) async fn store(&mut self, line: &str, content: &[u8]) -> Reply {
        let mut data = self.begin(line).await;
        data.write_all(content).await.unwrap();
        data.shutdown().await.unwrap();
        drop(data);
        self.reply().await
    }

    /// Fetches content, and expects it to be whole.
    pub(crate) async fn fetch(&mut self, line: &str) -> Vec<u8> {
        let mut data = self.begin(line).await;
        let mut content = Vec::new();
        let reading = data.read_to_end(&mut content);
        tokio::time::timeout(PATIENCE, reading)
            .await
            .unwrap()
            .unwrap();
        self.expect_reply(226).await;
        content
    }

    pub(crate) async fn fetch_text(&mut self, line: &str) -> String {
        String::from_utf8(self.fetch(line).await).unwrap()
    }

    /// Encrypts the control connection.
    pub(crate) async fn encrypt(self, config: Arc<rustls::ClientConfig>) -> Self {
        let stream = TlsConnector::from(config)
            .connect("localhost".try_into().unwrap(), self.control.into_inner())
            .await
            .unwrap();
        Self {
            control: BufReader::new(Box::new(stream)),
            server: self.server,
            data_tls: self.data_tls,
        }
    }
}
