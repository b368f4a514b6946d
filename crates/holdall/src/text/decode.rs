//! From bytes to text.

use encoding_rs::{DecoderResult, Encoding};

use super::charset::{ByteOrder, Charset};
use super::{TextErrors, TextOptions};
use crate::error::{Error, ErrorKind, Result};

const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn decode(bytes: &[u8], charset: Charset, options: &TextOptions) -> Result<String> {
    let mut decoding = Decoding {
        options,
        text: String::with_capacity(bytes.len()),
        at: 0,
    };
    match charset {
        Charset::Ascii => decoding.by_units(bytes, ascii_unit)?,
        Charset::Latin1 => return Ok(encoding_rs::mem::decode_latin1(bytes).into_owned()),
        Charset::Utf8 => decoding.utf8(bytes)?,
        Charset::Utf8Sig => {
            let content = decoding.without(UTF_8_MARK, bytes);
            decoding.utf8(content)?;
        }
        Charset::Utf16(order) => {
            let (big, content) = decoding.byte_order(order, bytes, b"\xff\xfe", b"\xfe\xff");
            decoding.by_units(content, |bytes| utf16_unit(bytes, big))?;
        }
        Charset::Utf32(order) => {
            let (little_mark, big_mark) = (b"\xff\xfe\0\0", b"\0\0\xfe\xff");
            let (big, content) = decoding.byte_order(order, bytes, little_mark, big_mark);
            decoding.by_units(content, |bytes| utf32_unit(bytes, big))?;
        }
        Charset::Legacy(encoding) => decoding.legacy(bytes, encoding)?,
    }
    Ok(decoding.text)
}

/// What the first bytes of a text are, and how many they are.
enum Unit {
    Character(char, usize),
    Malformed(usize),
}

struct Decoding<'a> {
    options: &'a TextOptions,
    text: String,
    /// How many bytes are done, a byte order mark included.
    at: usize,
}

impl Decoding<'_> {
    /// Passes over `mark` where `bytes` begin with it.
    fn without<'b>(&mut self, mark: &[u8], bytes: &'b [u8]) -> &'b [u8] {
        match bytes.strip_prefix(mark) {
            Some(content) => {
                self.at = mark.len();
                content
            }
            None => bytes,
        }
    }

    /// Whether the content is big endian, and the content without the mark
    /// that says so.
    fn byte_order<'b>(
        &mut self,
        order: ByteOrder,
        bytes: &'b [u8],
        little_mark: &[u8],
        big_mark: &[u8],
    ) -> (bool, &'b [u8]) {
        match order {
            ByteOrder::Little => (false, bytes),
            ByteOrder::Big => (true, bytes),
            ByteOrder::Marked if bytes.starts_with(big_mark) => {
                (true, self.without(big_mark, bytes))
            }
            ByteOrder::Marked => (false, self.without(little_mark, bytes)),
        }
    }

    /// Each malformed sequence is as long as it could still have become a
    /// character: the practice of the Unicode Standard, and Python's.
    fn utf8(&mut self, bytes: &[u8]) -> Result<()> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            self.text.push_str(text);
            return Ok(());
        }
        for chunk in bytes.utf8_chunks() {
            self.text.push_str(chunk.valid());
            self.at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                self.malformed(chunk.invalid())?;
            }
        }
        Ok(())
    }

    fn by_units(&mut self, mut bytes: &[u8], unit: impl Fn(&[u8]) -> Unit) -> Result<()> {
        while !bytes.is_empty() {
            let unit = unit(bytes);
            let (Unit::Character(_, length) | Unit::Malformed(length)) = unit;
            let (taken, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
            bytes = rest;
            match unit {
                Unit::Character(c, _) => {
                    self.text.push(c);
                    self.at += length;
                }
                Unit::Malformed(_) => self.malformed(taken)?,
            }
        }
        Ok(())
    }

    fn legacy(&mut self, bytes: &[u8], encoding: &'static Encoding) -> Result<()> {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut read = 0;
        loop {
            let rest = bytes.get(read..).unwrap_or_default();
            let room = decoder.max_utf8_buffer_length_without_replacement(rest.len());
            self.text.reserve(room.unwrap_or(rest.len()));
            let (result, taken) =
                decoder.decode_to_string_without_replacement(rest, &mut self.text, true);
            read += taken;
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                // The decoder may have looked at some bytes after the sequence.
                DecoderResult::Malformed(length, after) => {
                    let end = read.saturating_sub(usize::from(after));
                    self.at = end.saturating_sub(usize::from(length));
                    self.malformed(bytes.get(self.at..end).unwrap_or_default())?;
                }
            }
        }
    }

    /// Deals with a malformed sequence at the current position.
    fn malformed(&mut self, sequence: &[u8]) -> Result<()> {
        match self.options.error_handling() {
            TextErrors::Strict => return Err(self.undecodable(sequence)),
            TextErrors::Ignore => {}
            TextErrors::Replace => self.text.push(char::REPLACEMENT_CHARACTER),
            TextErrors::BackslashReplace => {
                let escapes = sequence.iter().map(|byte| format!("\\x{byte:02x}"));
                self.text.extend(escapes);
            }
        }
        self.at += sequence.len();
        Ok(())
    }

    fn undecodable(&self, sequence: &[u8]) -> Error {
        let bytes: Vec<String> = sequence.iter().map(|b| format!("0x{b:02x}")).collect();
        Error::new(
            ErrorKind::InvalidText,
            format!(
                "the content is not {}: {} at byte {}",
                self.options.encoding_name(),
                bytes.join(" "),
                self.at,
            ),
        )
    }
}

fn ascii_unit(bytes: &[u8]) -> Unit {
    match bytes.first() {
        Some(byte) if byte.is_ascii() => Unit::Character(char::from(*byte), 1),
        _ => Unit::Malformed(1),
    }
}

fn utf16_unit(bytes: &[u8], big: bool) -> Unit {
    let read = |pair: &[u8; 2]| {
        if big {
            u16::from_be_bytes(*pair)
        } else {
            u16::from_le_bytes(*pair)
        }
    };
    let Some((first, rest)) = bytes.split_first_chunk() else {
        return Unit::Malformed(bytes.len());
    };
    let first = read(first);
    if let Some(c) = char::from_u32(first.into()) {
        return Unit::Character(c, 2);
    }
    match rest.first_chunk() {
        Some(second) => match char::decode_utf16([first, read(second)]).next() {
            Some(Ok(c)) => Unit::Character(c, 4),
            _ => Unit::Malformed(2),
        },
        // A leading surrogate takes what is left of its pair along.
        None if first < 0xDC00 => Unit::Malformed(bytes.len()),
        None => Unit::Malformed(2),
    }
}

fn utf32_unit(bytes: &[u8], big: bool) -> Unit {
    let Some(four) = bytes.first_chunk() else {
        return Unit::Malformed(bytes.len());
    };
    let value = if big {
        u32::from_be_bytes(*four)
    } else {
        u32::from_le_bytes(*four)
    };
    char::from_u32(value).map_or(Unit::Malformed(4), |c| Unit::Character(c, 4))
}
