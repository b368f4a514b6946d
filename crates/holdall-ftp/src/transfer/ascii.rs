//! Ends of lines: CR LF on the way, LF in files (RFC 959, 3.1.1.1).

use bytes::{BufMut, Bytes, BytesMut};

/// Makes CR LF of each LF that has no CR before it, block by block.
#[derive(Debug, Default)]
pub(crate) struct ToNetwork {
    after_cr: bool,
}

impl ToNetwork {
    pub(crate) fn convert(&mut self, block: &Bytes) -> Bytes {
        if !block.contains(&b'\n') {
            self.after_cr = block.last().map_or(self.after_cr, |byte| *byte == b'\r');
            return block.clone();
        }
        let mut converted = BytesMut::with_capacity(block.len() + block.len() / 16);
        for byte in block {
            if *byte == b'\n' && !self.after_cr {
                converted.put_u8(b'\r');
            }
            self.after_cr = *byte == b'\r';
            converted.put_u8(*byte);
        }
        converted.freeze()
    }
}

/// Makes LF of each CR LF, block by block. Any other CR stays.
#[derive(Debug, Default)]
pub(crate) struct ToFile {
    /// Whether a CR was held back, since an LF may follow.
    held_cr: bool,
}

impl ToFile {
    pub(crate) fn convert(&mut self, block: Bytes) -> Bytes {
        if !self.held_cr && !block.contains(&b'\r') {
            return block;
        }
        let mut converted = BytesMut::with_capacity(block.len() + 1);
        for byte in &block {
            if std::mem::take(&mut self.held_cr) && *byte != b'\n' {
                converted.put_u8(b'\r');
            }
            match *byte {
                b'\r' => self.held_cr = true,
                byte => converted.put_u8(byte),
            }
        }
        converted.freeze()
    }

    /// What was held back, once the last block has come.
    pub(crate) fn finish(&mut self) -> Bytes {
        if std::mem::take(&mut self.held_cr) {
            return Bytes::from_static(b"\r");
        }
        Bytes::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_network(blocks: &[&'static [u8]]) -> Vec<u8> {
        let mut converter = ToNetwork::default();
        let converted = blocks
            .iter()
            .map(|block| converter.convert(&Bytes::from_static(block)));
        converted.flatten().collect()
    }

    fn to_file(blocks: &[&'static [u8]]) -> Vec<u8> {
        let mut converter = ToFile::default();
        let mut file: Vec<u8> = Vec::new();
        for block in blocks {
            file.extend(converter.convert(Bytes::from_static(block)));
        }
        file.extend(converter.finish());
        file
    }

    #[test]
    fn ends_of_lines_become_crlf_wherever_blocks_end() {
        assert_eq!(to_network(&[b"a\nb\n"]), b"a\r\nb\r\n");
        assert_eq!(to_network(&[b"a\r", b"\nb", b"\n"]), b"a\r\nb\r\n");
        assert_eq!(to_network(&[b"a\r", b"", b"\n"]), b"a\r\n");
        assert_eq!(to_network(&[b"a\r", b"b\n"]), b"a\rb\r\n");
    }

    #[test]
    fn crlf_becomes_lf_wherever_blocks_end() {
        assert_eq!(to_file(&[b"a\r\nb\r\n"]), b"a\nb\n");
        assert_eq!(to_file(&[b"a\r", b"\nb\r", b"", b"c"]), b"a\nb\rc");
        assert_eq!(to_file(&[b"a\r\r\n", b"\r"]), b"a\r\n\r");
    }
}
