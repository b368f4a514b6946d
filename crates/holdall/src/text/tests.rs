use super::cpython::{DECODED, ENCODED};
use super::*;

fn options(encoding: &'static str, errors: TextErrors) -> TextOptions {
    TextOptions::new().encoding(encoding).errors(errors)
}

fn decoded(encoding: &'static str, bytes: &[u8], errors: TextErrors) -> Result<String> {
    decode(bytes, &options(encoding, errors))
}

fn encoded(encoding: &'static str, text: &str, errors: TextErrors) -> Result<Vec<u8>> {
    encode(text, &options(encoding, errors))
}

#[test]
fn bytes_decode_as_cpython_has_it() {
    for &(encoding, bytes, error, replaced, escaped) in DECODED {
        let case = format!("{encoding} {}", bytes.escape_ascii());
        match (error, decoded(encoding, bytes, TextErrors::Strict)) {
            (None, text) => assert_eq!(text.unwrap(), replaced, "{case}"),
            (Some(at), text) => {
                let error = text.expect_err(&case);
                assert_eq!(error.kind(), ErrorKind::InvalidText, "{case}");
                let tail = format!(" at byte {at}");
                assert!(error.message().ends_with(&tail), "{case}: {error}");
            }
        }
        let text = decoded(encoding, bytes, TextErrors::Replace).unwrap();
        assert_eq!(text, replaced, "{case}");
        let text = decoded(encoding, bytes, TextErrors::BackslashReplace).unwrap();
        assert_eq!(text, escaped, "{case}");
        let text = decoded(encoding, bytes, TextErrors::Ignore).unwrap();
        assert_eq!(text, replaced.replace('\u{fffd}', ""), "{case}");
    }
}

#[test]
fn texts_encode_as_cpython_has_it() {
    for &(encoding, text, error, replaced, escaped) in ENCODED {
        let case = format!("{encoding} {}", text.escape_debug());
        match (error, encoded(encoding, text, TextErrors::Strict)) {
            (None, bytes) => assert_eq!(bytes.unwrap(), replaced, "{case}"),
            (Some(at), bytes) => {
                let error = bytes.expect_err(&case);
                assert_eq!(error.kind(), ErrorKind::InvalidText, "{case}");
                let tail = format!(" at character {at}");
                assert!(error.message().ends_with(&tail), "{case}: {error}");
            }
        }
        let bytes = encoded(encoding, text, TextErrors::Replace).unwrap();
        assert_eq!(bytes, replaced, "{case}");
        let bytes = encoded(encoding, text, TextErrors::BackslashReplace).unwrap();
        assert_eq!(bytes, escaped, "{case}");
    }
}

/// <https://encoding.spec.whatwg.org/#shift_jis-decoder>: a trail byte that is
/// no ASCII is part of the malformed sequence.
#[test]
fn other_encodings_are_malformed_as_the_standard_has_it() {
    let bytes = b"a\x81\xffb\x81";
    let text = |errors| decoded("shift_jis", bytes, errors);
    assert_eq!(text(TextErrors::Replace).unwrap(), "a\u{fffd}b\u{fffd}");
    assert_eq!(
        text(TextErrors::BackslashReplace).unwrap(),
        r"a\x81\xffb\x81"
    );
    let error = text(TextErrors::Strict).unwrap_err();
    assert!(error.message().ends_with("0x81 0xff at byte 1"), "{error}");
    assert_eq!(
        decoded("windows-1252", b"\x81", TextErrors::Strict).unwrap(),
        "\u{81}"
    );
}

#[test]
fn a_sequence_that_ends_before_what_was_read_is_named_exactly() {
    let error = decoded("gb18030", b"a\x81\x30\x81b", TextErrors::Strict).unwrap_err();
    assert!(error.message().ends_with("0x81 at byte 1"), "{error}");
    let text = decoded("gb18030", b"a\x81\x30\x81b", TextErrors::BackslashReplace);
    assert!(text.unwrap().starts_with(r"a\x810"));
}

#[test]
fn ignored_characters_are_left_out() {
    let text = "aé日b";
    assert_eq!(encoded("ascii", text, TextErrors::Ignore).unwrap(), b"ab");
    assert_eq!(
        encoded("latin-1", text, TextErrors::Ignore).unwrap(),
        b"a\xe9b"
    );
    assert_eq!(encoded("koi8-r", text, TextErrors::Ignore).unwrap(), b"ab");
}

#[test]
fn names_mean_what_python_means() {
    use charset::ByteOrder::{Big, Little, Marked};
    let table: &[(Charset, &[&str])] = &[
        (
            Charset::Utf8,
            &[
                "utf-8", "UTF8", "utf_8", "U8", "utf", "cp65001", "uTf 8", "utf--8", " utf-8 ",
            ],
        ),
        (Charset::Utf8Sig, &["utf-8-sig", "UTF_8_SIG", "utf 8 sig"]),
        (
            Charset::Latin1,
            &[
                "latin-1",
                "latin_1",
                "latin1",
                "L1",
                "iso-8859-1",
                "ISO8859-1",
                "iso_8859-1:1987",
            ],
        ),
        (
            Charset::Ascii,
            &[
                "ascii",
                "us-ascii",
                "US ASCII",
                "646",
                "ansi_x3.4-1968",
                "iso_646.irv:1991",
            ],
        ),
        (Charset::Utf16(Marked), &["utf-16", "utf16", "U16"]),
        (
            Charset::Utf16(Little),
            &["utf-16-le", "UTF-16LE", "utf_16_le", "unicode"],
        ),
        (
            Charset::Utf16(Big),
            &["utf-16-be", "utf-16be", "unicodefffe"],
        ),
        (Charset::Utf32(Marked), &["utf-32", "utf32", "u32"]),
        (Charset::Utf32(Little), &["utf-32-le", "utf-32le"]),
        (Charset::Utf32(Big), &["UTF-32BE", "utf_32_be"]),
        (
            Charset::Legacy(encoding_rs::WINDOWS_1252),
            &["windows-1252", "cp1252", "windows_1252", "CP1252"],
        ),
        (
            Charset::Legacy(encoding_rs::ISO_8859_15),
            &["iso-8859-15", "iso8859_15", "ISO 8859 15"],
        ),
        (
            Charset::Legacy(encoding_rs::SHIFT_JIS),
            &["shift_jis", "Shift-JIS", "sjis"],
        ),
        (
            Charset::Legacy(encoding_rs::EUC_JP),
            &["euc_jp", "euc-jp", "eucjp"],
        ),
        (
            Charset::Legacy(encoding_rs::ISO_2022_JP),
            &["iso-2022-jp", "iso2022_jp"],
        ),
        (Charset::Legacy(encoding_rs::EUC_KR), &["euc_kr", "cp949"]),
        (
            Charset::Legacy(encoding_rs::MACINTOSH),
            &["macintosh", "mac_roman"],
        ),
    ];
    for (charset, names) in table {
        for name in *names {
            assert_eq!(Charset::find(name).unwrap(), *charset, "{name}");
        }
    }
}

#[test]
fn an_unknown_name_is_refused_and_named() {
    for name in [
        "",
        "klingon",
        "utf-9",
        "utf8-sig",
        "utf16-le",
        "utf.8",
        "utf-8é",
        "hz-gb-2312",
        "-",
    ] {
        let options = TextOptions::new().encoding(name);
        let error = options.check().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name}");
        assert!(error.message().contains(&format!("{name:?}")), "{error}");
        assert!(decode(b"", &options).is_err());
        assert!(encode("", &options).is_err());
    }
}

#[test]
fn handlers_go_by_their_python_names() {
    for errors in TextErrors::ALL {
        assert_eq!(errors.to_string().parse::<TextErrors>().unwrap(), errors);
    }
    for name in ["", "Strict", "xmlcharrefreplace", "surrogateescape"] {
        let error = name.parse::<TextErrors>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
}

#[test]
fn what_was_encoded_decodes_to_the_same() {
    let all: String = ('\0'..=char::MAX).step_by(61).collect();
    for encoding in [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
    ] {
        let bytes = encoded(encoding, &all, TextErrors::Strict).unwrap();
        assert_eq!(
            decoded(encoding, &bytes, TextErrors::Strict).unwrap(),
            all,
            "{encoding}"
        );
    }
    let latin: String = ('\0'..='\u{ff}').collect();
    let bytes = encoded("latin-1", &latin, TextErrors::Strict).unwrap();
    assert_eq!(bytes, (0..=255).collect::<Vec<u8>>());
    assert_eq!(
        decoded("latin-1", &bytes, TextErrors::Strict).unwrap(),
        latin
    );
}

#[test]
fn a_long_text_of_another_encoding_round_trips() {
    let text = "日本語のテキスト、".repeat(5_000);
    for encoding in ["shift_jis", "euc-jp", "iso-2022-jp", "gb18030"] {
        let bytes = encoded(encoding, &text, TextErrors::Strict).unwrap();
        assert_eq!(
            decoded(encoding, &bytes, TextErrors::Strict).unwrap(),
            text,
            "{encoding}"
        );
    }
}
