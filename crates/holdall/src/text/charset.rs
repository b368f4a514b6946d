//! Encodings by name.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{Error, ErrorKind, Result};

/// An encoding with Python's meaning of its name, or one of the Encoding
/// Standard where Python's own has no other meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Ascii,
    Latin1,
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Sig,
    Utf16(ByteOrder),
    Utf32(ByteOrder),
    Legacy(&'static Encoding),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    /// As a byte order mark says; little endian without one and for writing.
    Marked,
    Little,
    Big,
}

impl Charset {
    /// Looks up a name, Python's first: the standard takes `latin-1` and
    /// `ascii` for windows-1252, and `utf-16` for `utf-16-le`.
    pub(super) fn find(name: &str) -> Result<Self> {
        let normal = normalize(name);
        python(&normal)
            .or_else(|| standard(name))
            .or_else(|| standard(&normal.replace('_', "-")))
            .or_else(|| standard(respelled(&normal)?))
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidArgument,
                    format!("unknown encoding {name:?}; name one such as utf-8 or latin-1"),
                )
            })
    }
}

/// Lower case, with every run of other characters than letters, digits and
/// dots as one `_`, as Python's `encodings.normalize_encoding` has it; a
/// character outside of ASCII makes the name unknown.
fn normalize(name: &str) -> String {
    if !name.is_ascii() {
        return String::new();
    }
    let is_separator = |c: char| !c.is_ascii_alphanumeric() && c != '.';
    let words: Vec<&str> = name
        .split(is_separator)
        .filter(|word| !word.is_empty())
        .collect();
    words.join("_").to_ascii_lowercase()
}

/// The names and aliases of CPython 3.11's `encodings/aliases.py`.
fn python(normal: &str) -> Option<Charset> {
    Some(match normal {
        "utf_8" | "u8" | "utf" | "utf8" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => Charset::Utf8,
        "utf_8_sig" => Charset::Utf8Sig,
        "utf_16" | "u16" | "utf16" => Charset::Utf16(ByteOrder::Marked),
        "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Charset::Utf16(ByteOrder::Little),
        "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Charset::Utf16(ByteOrder::Big),
        "utf_32" | "u32" | "utf32" => Charset::Utf32(ByteOrder::Marked),
        "utf_32_le" | "utf_32le" => Charset::Utf32(ByteOrder::Little),
        "utf_32_be" | "utf_32be" => Charset::Utf32(ByteOrder::Big),
        "latin_1" | "8859" | "cp819" | "csisolatin1" | "ibm819" | "iso8859" | "iso8859_1"
        | "iso_8859_1" | "iso_8859_1_1987" | "iso_ir_100" | "l1" | "latin" | "latin1" => {
            Charset::Latin1
        }
        "ascii" | "646" | "ansi_x3.4_1968" | "ansi_x3_4_1968" | "ansi_x3.4_1986" | "cp367"
        | "csascii" | "ibm367" | "iso646_us" | "iso_646.irv_1991" | "iso_ir_6" | "us"
        | "us_ascii" => Charset::Ascii,
        _ => return None,
    })
}

/// The standard's label for a name of Python's that it spells differently.
fn respelled(normal: &str) -> Option<&'static str> {
    Some(match normal {
        "iso2022_jp" | "iso2022jp" => "iso-2022-jp",
        "eucjp" | "ujis" => "euc-jp",
        "euckr" => "euc-kr",
        "shiftjis" | "cp932" => "shift_jis",
        "cp936" => "gbk",
        "cp949" | "uhc" => "windows-949",
        "mac_roman" | "macroman" => "macintosh",
        "mac_cyrillic" | "maccyrillic" => "x-mac-cyrillic",
        _ => return None,
    })
}

/// The labels of the Encoding Standard, without those of its `replacement`,
/// which decodes nothing.
fn standard(label: &str) -> Option<Charset> {
    let encoding = Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(if encoding == UTF_8 {
        Charset::Utf8
    } else if encoding == UTF_16LE {
        Charset::Utf16(ByteOrder::Little)
    } else if encoding == UTF_16BE {
        Charset::Utf16(ByteOrder::Big)
    } else {
        Charset::Legacy(encoding)
    })
}
