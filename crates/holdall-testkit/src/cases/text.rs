//! Text: encodings, byte order marks, and what does not fit.

use holdall::{Capability, ErrorKind, TextErrors, TextOptions, WriteOptions};

use crate::fixture::Fixture;
use crate::stop::{Checked, ensure_eq, expect_error};
use crate::suite::Suite;

/// A text in an encoding, and its bytes.
const ENCODED: [(&str, &str, &str, &[u8]); 8] = [
    (
        "utf_8",
        "utf-8",
        "é€😀",
        b"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
    ),
    ("latin_1", "latin-1", "é\u{85}", b"\xe9\x85"),
    ("ascii", "ascii", "plain", b"plain"),
    ("windows_1252", "windows-1252", "€", b"\x80"),
    (
        "utf_16_with_a_mark",
        "utf-16",
        "hé",
        b"\xff\xfeh\x00\xe9\x00",
    ),
    ("utf_16_le", "utf-16-le", "hé", b"h\x00\xe9\x00"),
    ("utf_16_be", "utf-16-be", "hé", b"\x00h\x00\xe9"),
    (
        "utf_8_with_a_mark",
        "utf-8-sig",
        "é",
        b"\xef\xbb\xbf\xc3\xa9",
    ),
];

/// What a handler makes of `a\xffb` read as UTF-8, and of `aéb` written as ASCII.
const HANDLERS: [(TextErrors, &str, &[u8]); 3] = [
    (TextErrors::Ignore, "ab", b"ab"),
    (TextErrors::Replace, "a\u{fffd}b", b"a?b"),
    (TextErrors::BackslashReplace, "a\\xffb", b"a\\xe9b"),
];

const NEEDS: [Capability; 2] = [Capability::Write, Capability::Read];

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("text");
    for (name, encoding, text, bytes) in ENCODED {
        family.case(
            format!("in_{name}"),
            format!(
                "{text:?} in {encoding} is {}, both ways",
                bytes.escape_ascii()
            ),
            NEEDS,
            move |t| both_ways(t, encoding, text, bytes),
        );
    }
    for (handler, decoded, encoded) in HANDLERS {
        family.case(
            format!("errors_{handler}"),
            format!("the handler '{handler}' decodes and encodes as Python's does"),
            NEEDS,
            move |t| handles(t, handler, decoded, encoded),
        );
    }
    family.case(
        "strict_is_the_default",
        "what does not decode or encode is InvalidText, and nothing is created",
        NEEDS,
        strict,
    );
    family.case(
        "an_unknown_encoding",
        "an unknown encoding is InvalidArgument, before the path is looked at",
        NEEDS,
        unknown_encoding,
    );
    family.case(
        "encoding_comes_first",
        "a text that does not encode is refused before the path and what stands there",
        NEEDS,
        encoding_first,
    );
    family.case(
        "marks_and_line_ends_are_kept",
        "as plain UTF-8 a byte order mark is a character, and line ends are not touched",
        NEEDS,
        marks_are_kept,
    );
    family.case(
        "write_text_overwrites_and_carries_options",
        "write_text takes the options of write",
        NEEDS,
        takes_write_options,
    );
    family.case(
        "an_empty_text",
        "an empty text is an empty file",
        NEEDS,
        |t| async move {
            t.store.write_text("file", "").await?;
            ensure_eq!(t.store.read_text("file").await?, "", "the text");
            t.expect_content("file", "").await
        },
    );
}

async fn both_ways(
    t: Fixture,
    encoding: &'static str,
    text: &'static str,
    bytes: &'static [u8],
) -> Checked {
    let options = TextOptions::new().encoding(encoding);
    let writing = WriteOptions::new();
    let written = t
        .store
        .write_text_with("file", text, options.clone(), writing)
        .await?;
    ensure_eq!(written.size, bytes.len() as u64, "the result's size");
    t.expect_content("file", bytes).await?;
    ensure_eq!(
        t.store.read_text_with("file", options).await?,
        text,
        "the text"
    );
    Ok(())
}

async fn handles(
    t: Fixture,
    handler: TextErrors,
    decoded: &'static str,
    encoded: &'static [u8],
) -> Checked {
    t.put("bytes", b"a\xffb").await?;
    let options = TextOptions::new().errors(handler);
    ensure_eq!(
        t.store.read_text_with("bytes", options).await?,
        decoded,
        "what is read"
    );
    let options = TextOptions::new().encoding("ascii").errors(handler);
    t.store
        .write_text_with("text", "aéb", options, WriteOptions::new())
        .await?;
    t.expect_content("text", encoded).await
}

async fn strict(t: Fixture) -> Checked {
    t.put("bytes", b"a\xffb").await?;
    let kind = ErrorKind::InvalidText;
    let error = expect_error(t.store.read_text("bytes").await, kind, "read_text")?;
    ensure_eq!(error.path(), Some("bytes"), "the error's path");
    let options = TextOptions::new().encoding("ascii");
    let result = t
        .store
        .write_text_with("new", "é", options, WriteOptions::new())
        .await;
    expect_error(result, kind, "write_text")?;
    t.expect_missing("new").await
}

async fn unknown_encoding(t: Fixture) -> Checked {
    let kind = ErrorKind::InvalidArgument;
    let options = TextOptions::new().encoding("klingon");
    for path in ["absent", "a/../b"] {
        let result = t.store.read_text_with(path, options.clone()).await;
        expect_error(result, kind, "read_text")?;
        let writing = WriteOptions::new();
        let result = t
            .store
            .write_text_with(path, "x", options.clone(), writing)
            .await;
        expect_error(result, kind, "write_text")?;
    }
    t.expect_missing("absent").await
}

async fn encoding_first(t: Fixture) -> Checked {
    t.put("file", "old").await?;
    for path in ["file", "", "file/below"] {
        let options = TextOptions::new().encoding("latin-1");
        let result = t
            .store
            .write_text_with(path, "€", options, WriteOptions::new())
            .await;
        expect_error(
            result,
            ErrorKind::InvalidText,
            format!("write_text({path:?})"),
        )?;
    }
    t.expect_content("file", "old").await
}

async fn marks_are_kept(t: Fixture) -> Checked {
    let text = "\u{feff}one\r\ntwo\rthree\n";
    t.store.write_text("file", text).await?;
    t.expect_content("file", text).await?;
    ensure_eq!(t.store.read_text("file").await?, text, "the text");
    Ok(())
}

async fn takes_write_options(t: Fixture) -> Checked {
    t.put("file", "a longer old text").await?;
    let options = WriteOptions::new().overwrite(true);
    t.store
        .write_text_with("file", "new", TextOptions::new(), options)
        .await?;
    ensure_eq!(t.store.read_text("file").await?, "new", "the text");
    Ok(())
}
