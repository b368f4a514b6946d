//! Passing bodies on.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};

use super::gate::Gate;
use super::message::Framing;

/// Where a body goes, and how much of it.
pub(super) struct Relay<'a, W> {
    to: &'a mut W,
    left: u64,
    gate: Option<&'a Gate>,
}

impl<'a, W: AsyncWrite + Unpin> Relay<'a, W> {
    pub(super) fn new(to: &'a mut W) -> Self {
        Self {
            to,
            left: u64::MAX,
            gate: None,
        }
    }

    /// Stops after so many bytes.
    pub(super) fn at_most(self, bytes: u64) -> Self {
        Self {
            left: bytes,
            ..self
        }
    }

    /// Passes on what the gate lets pass.
    pub(super) fn through(self, gate: Option<&'a Gate>) -> Self {
        Self { gate, ..self }
    }

    /// Passes a body on, as it is framed. Tells whether all of it went.
    pub(super) async fn body(
        mut self,
        from: &mut (impl AsyncBufRead + Unpin),
        framing: Framing,
    ) -> io::Result<bool> {
        let whole = match framing {
            Framing::Length(length) => self.bytes(from, length).await?,
            Framing::Chunked => self.chunks(from).await?,
            Framing::UntilClosed => self.rest(from).await?,
        };
        self.to.flush().await?;
        Ok(whole)
    }

    async fn bytes(
        &mut self,
        from: &mut (impl AsyncBufRead + Unpin),
        mut length: u64,
    ) -> io::Result<bool> {
        while length > 0 {
            let piece = from.fill_buf().await?;
            if piece.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let most = usize::try_from(length.min(self.left)).unwrap_or(usize::MAX);
            let piece = piece.get(..most).unwrap_or(piece);
            if piece.is_empty() {
                return Ok(false);
            }
            let passed = match self.gate {
                Some(gate) => gate.pass_some(piece.len()).await,
                None => piece.len(),
            };
            let piece = piece.get(..passed).unwrap_or(piece);
            self.to.write_all(piece).await?;
            if self.gate.is_some() {
                self.to.flush().await?;
            }
            let passed = piece.len();
            from.consume(passed);
            let passed = u64::try_from(passed).unwrap_or(u64::MAX);
            length = length.saturating_sub(passed);
            self.left = self.left.saturating_sub(passed);
        }
        Ok(true)
    }

    /// Chunks, with their sizes and whatever follows the last one.
    async fn chunks(&mut self, from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<bool> {
        loop {
            let size = self.line(from).await?;
            let digits = size.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(digits, 16);
            let size = size.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            if size == 0 {
                break;
            }
            if !self.bytes(from, size).await? {
                return Ok(false);
            }
            self.line(from).await?;
        }
        while !self.line(from).await?.trim_end().is_empty() {}
        Ok(true)
    }

    /// One line, which is not counted: it frames the body.
    async fn line(&mut self, from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<String> {
        let mut line = String::new();
        if from.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.to.write_all(line.as_bytes()).await?;
        Ok(line)
    }

    async fn rest(&mut self, from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<bool> {
        loop {
            let available = from.fill_buf().await?.len();
            let available = u64::try_from(available).unwrap_or(u64::MAX);
            if available == 0 {
                return Ok(true);
            }
            if !self.bytes(from, available).await? {
                return Ok(false);
            }
        }
    }
}
