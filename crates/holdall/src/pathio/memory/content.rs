//! The content of a file in memory: pieces as they were written, shared.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

/// Up to this size a write is copied, into the piece before it where that is
/// small too: so that many small writes make few pieces, and none keeps a large
/// buffer alive.
const SMALL_WRITE: usize = 4 * 1024;
/// The largest piece that small writes are gathered into.
const GATHERED: usize = 64 * 1024;
/// What the zeros of a hole are read from.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

#[derive(Debug, Clone)]
enum Piece {
    Data(Bytes),
    /// A hole of so many zeros, which takes no memory.
    Hole(u64),
}

/// Content that can be changed; a clone is a snapshot, and costs no copy of
/// bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    /// By the offset of the first byte, side by side and none of them empty.
    pieces: Arc<BTreeMap<u64, Piece>>,
    length: u64,
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Data(data) => data.len() as u64,
            Self::Hole(length) => *length,
        }
    }

    /// What lies before `at` and what lies from there on.
    fn split(self, at: u64) -> (Self, Self) {
        match self {
            Self::Data(mut data) => {
                let rest =
                    data.split_off(usize::try_from(at).map_or(data.len(), |at| at.min(data.len())));
                (Self::Data(data), Self::Data(rest))
            }
            Self::Hole(length) => (Self::Hole(at), Self::Hole(length - at)),
        }
    }
}

impl Content {
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Bytes from `position` on, at least one and at most `max`; empty past the
    /// end.
    pub(super) fn read(&self, position: u64, max: usize) -> Bytes {
        let Some((start, piece)) = self.pieces.range(..=position).next_back() else {
            return Bytes::new();
        };
        let skipped = position - start;
        let length = piece.length().saturating_sub(skipped);
        let length = usize::try_from(length).map_or(max, |length| length.min(max));
        match piece {
            Piece::Data(data) => usize::try_from(skipped)
                .ok()
                .filter(|_| length > 0)
                .map_or_else(Bytes::new, |skipped| data.slice(skipped..skipped + length)),
            Piece::Hole(_) => Bytes::from_static(ZEROS.get(..length).unwrap_or(&ZEROS)),
        }
    }

    /// Puts `data`, which is not empty, at `position`; what lies between the end
    /// and there becomes zeros.
    pub(super) fn write(&mut self, position: u64, data: Bytes) {
        let end = position + data.len() as u64;
        if position >= self.length {
            return self.append(position, data);
        }
        let pieces = Arc::make_mut(&mut self.pieces);
        split_at(pieces, position);
        split_at(pieces, end);
        let mut later = pieces.split_off(&position);
        let mut kept = later.split_off(&end);
        pieces.append(&mut kept);
        pieces.insert(position, Piece::Data(own_small(data)));
        self.length = self.length.max(end);
    }

    /// Cuts what lies from `length` on.
    pub(super) fn truncate(&mut self, length: u64) {
        let pieces = Arc::make_mut(&mut self.pieces);
        split_at(pieces, length);
        pieces.split_off(&length);
        self.length = self.length.min(length);
    }

    fn append(&mut self, position: u64, data: Bytes) {
        let pieces = Arc::make_mut(&mut self.pieces);
        if position > self.length {
            pieces.insert(self.length, Piece::Hole(position - self.length));
        }
        self.length = position + data.len() as u64;
        match pieces.last_entry() {
            Some(mut last) if is_to_gather(last.get(), &data) => {
                if let Piece::Data(gathered) = last.get_mut() {
                    gather(gathered, &data);
                }
            }
            _ => {
                pieces.insert(position, Piece::Data(own_small(data)));
            }
        }
    }
}

fn is_to_gather(last: &Piece, data: &Bytes) -> bool {
    match last {
        Piece::Data(last) => data.len() < SMALL_WRITE && last.len() + data.len() <= GATHERED,
        Piece::Hole(_) => false,
    }
}

/// Adds to a piece, in its own buffer where no reader has a share in it.
fn gather(gathered: &mut Bytes, data: &Bytes) {
    let mut buffer = match std::mem::take(gathered).try_into_mut() {
        Ok(buffer) => buffer,
        Err(shared) => shared.as_ref().into(),
    };
    buffer.extend_from_slice(data);
    *gathered = buffer.freeze();
}

fn own_small(data: Bytes) -> Bytes {
    if data.len() < SMALL_WRITE {
        Bytes::copy_from_slice(&data)
    } else {
        data
    }
}

/// Makes `at` the beginning of a piece, if it lies within one.
fn split_at(pieces: &mut BTreeMap<u64, Piece>, at: u64) {
    let Some((&start, piece)) = pieces.range_mut(..at).next_back() else {
        return;
    };
    if start + piece.length() <= at {
        return;
    }
    let (before, after) = std::mem::replace(piece, Piece::Hole(0)).split(at - start);
    *piece = before;
    pieces.insert(at, after);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(content: &Content) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            let piece = content.read(all.len() as u64, 7);
            if piece.is_empty() {
                return all;
            }
            all.extend_from_slice(&piece);
        }
    }

    #[test]
    fn a_hole_takes_no_memory_and_reads_as_zeros() {
        let mut content = Content::default();
        content.write(1 << 50, Bytes::from_static(b"x"));
        assert_eq!(content.length(), (1 << 50) + 1);
        assert_eq!(content.read(1 << 40, 3), [0; 3].as_slice());
        assert_eq!(content.read((1 << 50) - 1, 9), [0].as_slice());
        assert_eq!(content.read(1 << 50, 9), "x");
        assert_eq!(content.read((1 << 50) + 1, 9), "");
    }

    #[test]
    fn many_small_writes_make_few_pieces_and_large_ones_are_shared() {
        let mut content = Content::default();
        for number in 0..10_000_u64 {
            content.write(number * 10, Bytes::from_static(b"0123456789"));
        }
        assert_eq!(content.pieces.len(), 2);
        let large = Bytes::from(vec![1; 100_000]);
        content.write(content.length(), large.clone());
        assert_eq!(content.read(100_000, 10).as_ptr(), large.as_ptr());
    }

    proptest! {
        #[test]
        fn content_is_what_a_vector_would_be(
            changes in proptest::collection::vec((0..60_usize, 1..20_usize, any::<u8>()), 1..20),
            cut in 0..80_usize,
        ) {
            let (mut content, mut model) = (Content::default(), Vec::new());
            for (position, length, byte) in changes {
                let snapshot = content.clone();
                let before = model.clone();
                model.resize(model.len().max(position + length), 0);
                model[position..position + length].fill(byte);
                content.write(position as u64, vec![byte; length].into());
                prop_assert_eq!(all(&content), model.clone());
                prop_assert_eq!(all(&snapshot), before);
            }
            content.truncate(cut as u64);
            model.truncate(cut);
            prop_assert_eq!(all(&content), model.clone());
            prop_assert_eq!(content.length(), model.len() as u64);
        }
    }
}
