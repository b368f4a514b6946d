//! From text to bytes.

use encoding_rs::{Encoder, EncoderResult, Encoding};

use super::charset::{ByteOrder, Charset};
use super::{TextErrors, TextOptions};
use crate::error::{Error, ErrorKind, Result};

const MARK: char = '\u{feff}';

pub(super) fn encode(text: &str, charset: Charset, options: &TextOptions) -> Result<Vec<u8>> {
    match charset {
        Charset::Ascii => up_to(0x7F, text, options),
        Charset::Latin1 => up_to(0xFF, text, options),
        Charset::Utf8 => Ok(text.as_bytes().to_vec()),
        Charset::Utf8Sig => Ok(format!("{MARK}{text}").into_bytes()),
        Charset::Utf16(order) => Ok(utf16(text, order)),
        Charset::Utf32(order) => Ok(utf32(text, order)),
        Charset::Legacy(encoding) => legacy(text, encoding, options),
    }
}

/// One byte for each character up to `last`.
fn up_to(last: u8, text: &str, options: &TextOptions) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match u8::try_from(c) {
            Ok(byte) if byte <= last => bytes.push(byte),
            _ => bytes.extend(substitute(c, at, text, options)?.into_bytes()),
        }
    }
    Ok(bytes)
}

fn marked(text: &str, order: ByteOrder) -> impl Iterator<Item = char> {
    let mark = (order == ByteOrder::Marked).then_some(MARK);
    mark.into_iter().chain(text.chars())
}

fn utf16(text: &str, order: ByteOrder) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() * 2 + 2);
    for c in marked(text, order) {
        for unit in c.encode_utf16(&mut [0; 2]) {
            bytes.extend(match order {
                ByteOrder::Big => unit.to_be_bytes(),
                ByteOrder::Little | ByteOrder::Marked => unit.to_le_bytes(),
            });
        }
    }
    bytes
}

fn utf32(text: &str, order: ByteOrder) -> Vec<u8> {
    let value = |c| match order {
        ByteOrder::Big => u32::from(c).to_be_bytes(),
        ByteOrder::Little | ByteOrder::Marked => u32::from(c).to_le_bytes(),
    };
    marked(text, order).flat_map(value).collect()
}

fn legacy(text: &str, encoding: &'static Encoding, options: &TextOptions) -> Result<Vec<u8>> {
    let mut encoder = encoding.new_encoder();
    let mut bytes = Vec::new();
    let mut read = 0;
    loop {
        let rest = text.get(read..).unwrap_or_default();
        let (taken, refused) = feed(&mut encoder, rest, &mut bytes, true);
        read += taken;
        let Some(c) = refused else { return Ok(bytes) };
        let at = read.saturating_sub(c.len_utf8());
        // Through the encoder, because some encodings have a state.
        let substitute = substitute(c, at, text, options)?;
        feed(&mut encoder, &substitute, &mut bytes, false);
    }
}

/// Encodes `text` up to its end or the first character that the encoding does
/// not have; returns how many bytes of the text were read, and that character.
fn feed(
    encoder: &mut Encoder,
    text: &str,
    bytes: &mut Vec<u8>,
    last: bool,
) -> (usize, Option<char>) {
    let mut read = 0;
    loop {
        let rest = text.get(read..).unwrap_or_default();
        let room = encoder.max_buffer_length_from_utf8_without_replacement(rest.len());
        bytes.reserve(room.unwrap_or(rest.len()));
        let (result, taken) =
            encoder.encode_from_utf8_to_vec_without_replacement(rest, bytes, last);
        read += taken;
        match result {
            EncoderResult::InputEmpty => return (read, None),
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(c) => return (read, Some(c)),
        }
    }
}

/// What stands for `c`, which begins at the byte `at` of `text`.
fn substitute(c: char, at: usize, text: &str, options: &TextOptions) -> Result<String> {
    Ok(match options.error_handling() {
        TextErrors::Strict => return Err(unencodable(c, at, text, options)),
        TextErrors::Ignore => String::new(),
        TextErrors::Replace => "?".to_owned(),
        TextErrors::BackslashReplace => match u32::from(c) {
            value @ ..=0xFF => format!("\\x{value:02x}"),
            value @ ..=0xFFFF => format!("\\u{value:04x}"),
            value => format!("\\U{value:08x}"),
        },
    })
}

fn unencodable(c: char, at: usize, text: &str, options: &TextOptions) -> Error {
    let position = text.get(..at).unwrap_or_default().chars().count();
    Error::new(
        ErrorKind::InvalidText,
        format!(
            "{} has no character U+{:04X}, which the text holds at character {position}",
            options.encoding_name(),
            u32::from(c),
        ),
    )
}
