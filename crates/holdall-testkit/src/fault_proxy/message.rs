//! Heads of HTTP/1.1 messages, as far as a proxy must understand them.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// The most bytes of one head.
const LONGEST_HEAD: usize = 1 << 20;

/// The head of a request.
#[derive(Debug, Clone)]
pub(super) struct RequestHead {
    pub(super) method: String,
    pub(super) target: String,
    fields: Fields,
    /// The head as it came, with the empty line.
    pub(super) raw: Vec<u8>,
}

/// The head of an answer.
#[derive(Debug, Clone)]
pub(super) struct AnswerHead {
    pub(super) status: u16,
    fields: Fields,
    pub(super) raw: Vec<u8>,
}

/// How far a body goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    UntilClosed,
}

/// Header fields, with names in lower case.
type Fields = Vec<(String, String)>;

impl RequestHead {
    /// Reads a head; `None` where the connection ends before one begins.
    pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Self>> {
        let Some((first, fields, raw)) = read_head(from).await? else {
            return Ok(None);
        };
        let mut words = first.split(' ');
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Err(malformed("the request line"));
        };
        Ok(Some(Self {
            method: method.to_owned(),
            target: target.to_owned(),
            fields,
            raw,
        }))
    }

    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(super) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The value of the field with this name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        field(&self.fields, name)
    }

    pub(super) fn framing(&self) -> io::Result<Framing> {
        Ok(framing(&self.fields)?.unwrap_or(Framing::Length(0)))
    }

    pub(super) fn wants_close(&self) -> bool {
        wants_close(&self.fields)
    }
}

impl AnswerHead {
    pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Self> {
        let head = read_head(from).await?;
        let (first, fields, raw) = head.ok_or(io::ErrorKind::UnexpectedEof)?;
        let status = first
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Ok(Self {
            status: status.ok_or_else(|| malformed("the status line"))?,
            fields,
            raw,
        })
    }

    /// How far the body goes, in an answer to `request`.
    pub(super) fn framing(&self, request: &RequestHead) -> io::Result<Framing> {
        let has_none = request.method == "HEAD" || matches!(self.status, 100..=199 | 204 | 304);
        if has_none {
            return Ok(Framing::Length(0));
        }
        Ok(framing(&self.fields)?.unwrap_or(Framing::UntilClosed))
    }

    pub(super) fn wants_close(&self) -> bool {
        wants_close(&self.fields)
    }
}

async fn read_head(
    from: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<(String, Fields, Vec<u8>)>> {
    let mut raw = Vec::new();
    let mut lines = Vec::new();
    loop {
        let start = raw.len();
        if from.read_until(b'\n', &mut raw).await? == 0 {
            return match start {
                0 => Ok(None),
                _ => Err(io::ErrorKind::UnexpectedEof.into()),
            };
        }
        if raw.len() > LONGEST_HEAD {
            return Err(malformed("a head of more than a mebibyte"));
        }
        let line = String::from_utf8_lossy(raw.get(start..).unwrap_or_default());
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut lines = lines.into_iter();
    let first = lines.next().ok_or_else(|| malformed("an empty head"))?;
    let fields = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_lowercase(), value.trim().to_owned()))
    });
    Ok(Some((first, fields.collect(), raw)))
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

fn framing(fields: &Fields) -> io::Result<Option<Framing>> {
    if field(fields, "transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        return Ok(Some(Framing::Chunked));
    }
    let length = field(fields, "content-length").map(|length| {
        let length = length.parse().map_err(|_| malformed("the length"))?;
        Ok(Framing::Length(length))
    });
    length.transpose()
}

fn wants_close(fields: &Fields) -> bool {
    field(fields, "connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("not HTTP/1.1 as the proxy knows it: {what}"),
    )
}
