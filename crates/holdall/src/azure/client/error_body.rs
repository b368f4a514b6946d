//! The body of an error: XML from the blob service, JSON from the dfs service.

use quick_xml::Reader;
use quick_xml::events::Event;

/// What an error's body says, as far as it can be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorBody {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

/// Never fails: the status has to do where the body says nothing.
pub(super) fn parse(body: &[u8]) -> ErrorBody {
    let mut said = match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => of_json(body),
        Some(_) => of_xml(body),
        None => ErrorBody::default(),
    };
    said.message = said.message.as_deref().and_then(first_line);
    said
}

/// The service adds the request's id and the time on further lines.
fn first_line(message: &str) -> Option<String> {
    let line = message
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())?;
    Some(without_signature(line))
}

/// Leaves out the signature of a URL that is quoted.
fn without_signature(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("sig=") {
        kept.push_str(before);
        kept.push_str("sig=***");
        let end = after
            .find(|c: char| c == '&' || c == '"' || c == '\'' || c.is_whitespace())
            .unwrap_or(after.len());
        rest = after.get(end..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

fn of_json(body: &[u8]) -> ErrorBody {
    #[derive(serde::Deserialize)]
    struct Outer {
        error: Inner,
    }
    #[derive(serde::Deserialize)]
    struct Inner {
        code: Option<String>,
        message: Option<String>,
    }
    match serde_json::from_slice::<Outer>(body) {
        Ok(Outer { error }) => ErrorBody {
            code: error.code,
            message: error.message,
        },
        Err(_) => ErrorBody::default(),
    }
}

fn of_xml(body: &[u8]) -> ErrorBody {
    let mut said = ErrorBody::default();
    let mut reader = Reader::from_reader(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    let mut inside: Option<String> = None;
    let mut text = String::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                inside = Some(start.name().as_ref().to_owned());
                text.clear();
            }
            Event::End(_) => {
                let value = Some(std::mem::take(&mut text)).filter(|text| !text.is_empty());
                match inside.take().as_deref() {
                    Some("Code") => said.code = value,
                    Some("Message") => said.message = value,
                    _ => {}
                }
            }
            Event::Eof => break,
            event => super::xml::push_text(&event, &mut text),
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str, message: &str) -> ErrorBody {
        ErrorBody {
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
        }
    }

    #[test]
    fn both_services_are_understood() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Error><Code>BlobNotFound</Code>\
                   <Message>The blob &lt;a&gt; is missing.\nRequestId:1\nTime:2</Message></Error>";
        assert_eq!(
            parse(xml.as_bytes()),
            said("BlobNotFound", "The blob <a> is missing.")
        );
        let json =
            br#"{"error":{"code":"PathNotFound","message":"The path is missing.\nRequestId:1"}}"#;
        assert_eq!(parse(json), said("PathNotFound", "The path is missing."));
    }

    #[test]
    fn details_that_quote_what_was_signed_are_left_out() {
        let xml = "<Error><Code>AuthenticationFailed</Code><Message>Refused for ?sv=1&amp;sig=hidden%3D&amp;se=2</Message>\
                   <AuthenticationErrorDetail>hidden</AuthenticationErrorDetail></Error>";
        assert_eq!(
            parse(xml.as_bytes()),
            said("AuthenticationFailed", "Refused for ?sv=1&sig=***&se=2")
        );
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for body in [
            "",
            " ",
            "{",
            "{}",
            "<Error>",
            "<html><body>no</body></html>",
            "no",
            "\u{0}",
        ] {
            assert_eq!(parse(body.as_bytes()), ErrorBody::default(), "{body:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(body: Vec<u8>, text: String) {
            parse(&body);
            let quoted = format!("<Error><Message>{text}sig={text}</Message>{text}");
            parse(quoted.as_bytes());
            parse(format!("{{{text}").as_bytes());
        }
    }
}
