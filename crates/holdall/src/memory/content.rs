//! The content of one file: chunks as they were written, shared.

use std::sync::Arc;

use bytes::Bytes;

/// Content that is shared by its readers and never changes.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// One chunk, as most files have.
    One(Bytes),
    /// Several, each with the offset of its first byte.
    Many(Arc<[(u64, Bytes)]>),
}

impl Content {
    pub(super) fn new(mut chunks: Vec<Bytes>) -> Self {
        chunks.retain(|chunk| !chunk.is_empty());
        match chunks.len() {
            0 => Self::One(Bytes::new()),
            1 => Self::One(chunks.pop().unwrap_or_default()),
            _ => {
                let mut offset = 0;
                let placed = chunks.into_iter().map(|chunk| {
                    let first = offset;
                    offset += chunk.len() as u64;
                    (first, chunk)
                });
                Self::Many(placed.collect())
            }
        }
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Self::One(chunk) => chunk.len() as u64,
            Self::Many(chunks) => chunks
                .last()
                .map_or(0, |(offset, chunk)| offset + chunk.len() as u64),
        }
    }

    /// The bytes from `position` to the end of their chunk, at most `max`;
    /// empty past the end.
    pub(super) fn read(&self, position: u64, max: usize) -> Bytes {
        let (first, chunk) = match self {
            Self::One(chunk) => (0, chunk),
            Self::Many(chunks) => {
                let after = chunks.partition_point(|(offset, _)| *offset <= position);
                match after.checked_sub(1).and_then(|index| chunks.get(index)) {
                    Some((first, chunk)) => (*first, chunk),
                    None => return Bytes::new(),
                }
            }
        };
        let start = usize::try_from(position - first)
            .unwrap_or(usize::MAX)
            .min(chunk.len());
        let end = start.saturating_add(max).min(chunk.len());
        chunk.slice(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_from_any_position_to_the_end_of_its_chunk() {
        let chunks = ["ab", "", "cde"].map(|chunk| Bytes::from_static(chunk.as_bytes()));
        let content = Content::new(chunks.to_vec());
        assert_eq!(content.len(), 5);
        let expected = ["ab", "b", "cde", "de", "e", "", ""];
        for (position, expected) in expected.into_iter().enumerate() {
            assert_eq!(content.read(position as u64, 9), expected, "at {position}");
        }
        assert_eq!(content.read(2, 2), "cd");
        assert_eq!(Content::new(vec![]).read(0, 1), "");
    }
}
