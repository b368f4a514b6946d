//! Request bodies that can be sent again.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

/// The most that is handed to the connection at once, so that a slow upload
/// can be told from one that stands still.
const PIECE: usize = 256 * 1024;

/// A request's content: shared, never copied.
#[derive(Debug, Clone, Default)]
pub(super) enum Payload {
    /// No content.
    #[default]
    Empty,
    /// One piece.
    One(Bytes),
    /// Several pieces in order.
    Many(Arc<[Bytes]>),
}

impl Payload {
    pub(super) fn of(chunks: &[Bytes]) -> Self {
        match chunks {
            [] => Self::Empty,
            [one] => Self::One(one.clone()),
            many => Self::Many(many.into()),
        }
    }

    pub(super) fn len(&self) -> u64 {
        let bytes = |chunk: &Bytes| chunk.len() as u64;
        match self {
            Self::Empty => 0,
            Self::One(chunk) => bytes(chunk),
            Self::Many(chunks) => chunks.iter().map(bytes).sum(),
        }
    }

    /// The body for one attempt, and what has been taken of it, where that is
    /// worth knowing.
    pub(super) fn body(&self) -> (Option<reqwest::Body>, Option<Arc<AtomicU64>>) {
        match self {
            Self::Empty => (None, None),
            Self::One(chunk) if chunk.len() <= PIECE => (Some(chunk.clone().into()), None),
            Self::One(_) | Self::Many(_) => {
                let sent = Arc::new(AtomicU64::new(0));
                let body = Pieces {
                    left: self.len(),
                    payload: self.clone(),
                    chunk: 0,
                    offset: 0,
                    sent: Arc::clone(&sent),
                };
                (Some(reqwest::Body::wrap(body)), Some(sent))
            }
        }
    }
}

/// A payload, piece by piece.
struct Pieces {
    payload: Payload,
    /// The next piece's chunk, and where in it the piece begins.
    chunk: usize,
    offset: usize,
    left: u64,
    sent: Arc<AtomicU64>,
}

impl Pieces {
    fn next_piece(&mut self) -> Option<Bytes> {
        loop {
            let chunk = match &self.payload {
                Payload::Empty => None,
                Payload::One(chunk) => (self.chunk == 0).then_some(chunk),
                Payload::Many(chunks) => chunks.get(self.chunk),
            }?;
            let end = chunk.len().min(self.offset + PIECE);
            if self.offset < end {
                let piece = chunk.slice(self.offset..end);
                self.offset = end;
                return Some(piece);
            }
            self.chunk += 1;
            self.offset = 0;
        }
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let pieces = self.get_mut();
        let piece = pieces.next_piece();
        if let Some(piece) = &piece {
            let bytes = piece.len() as u64;
            pieces.left = pieces.left.saturating_sub(bytes);
            pieces.sent.fetch_add(bytes, Ordering::Relaxed);
        }
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_handed_out_in_small_pieces_and_in_order() {
        let long = Bytes::from(vec![7; 2 * PIECE + 3]);
        let payload = Payload::of(&[
            Bytes::from_static(b"head"),
            Bytes::new(),
            long.clone(),
            Bytes::from_static(b"tail"),
        ]);
        assert_eq!(payload.len(), 8 + long.len() as u64);
        let mut pieces = Pieces {
            left: payload.len(),
            payload,
            chunk: 0,
            offset: 0,
            sent: Arc::default(),
        };
        let mut whole = Vec::new();
        while let Some(piece) = pieces.next_piece() {
            assert!(!piece.is_empty() && piece.len() <= PIECE);
            whole.extend_from_slice(&piece);
        }
        assert_eq!(whole, [b"head".as_slice(), &long, b"tail"].concat());
    }
}
