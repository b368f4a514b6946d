//! Lists of blobs.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/list-blobs>

use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use reqwest::Method;

use super::blob::unreadable;
use super::properties::{IS_FOLDER, parse_md5, parse_time, unquoted};
use super::request::Service;
use super::xml::push_text;
use super::{AzureClient, Reply};

/// A blob in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BlobItem {
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<Timestamp>,
    pub(crate) content_md5: Option<[u8; 16]>,
    pub(crate) content_type: Option<String>,
    /// Whether it is a folder of a hierarchical namespace.
    pub(crate) is_directory: bool,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BlobPage {
    pub(crate) blobs: Vec<BlobItem>,
    /// Up to the delimiter, which they end with.
    pub(crate) prefixes: Vec<String>,
    /// Where the next page begins; `None` on the last.
    pub(crate) next: Option<String>,
}

impl AzureClient {
    /// List Blobs: one page of the names that begin with `prefix`; with
    /// `delimiter`, names are cut behind the next `/`. At most 5,000 a page.
    pub(crate) async fn list_blobs(
        &self,
        prefix: &str,
        delimiter: bool,
        marker: Option<&str>,
        max: Option<u32>,
    ) -> Reply<BlobPage> {
        let mut request = self
            .request(Method::GET, Service::Blob, "")
            .query("restype", "container")
            .query("comp", "list");
        if !prefix.is_empty() {
            request = request.query("prefix", prefix);
        }
        if delimiter {
            request = request.query("delimiter", "/");
        }
        if let Some(marker) = marker {
            request = request.query("marker", marker);
        }
        if let Some(max) = max {
            request = request.query("maxresults", max.to_string());
        }
        let whole = self.send_whole(&request).await?.value;
        parse(&whole.body)
    }
}

fn parse(body: &[u8]) -> Reply<BlobPage> {
    let mut reader = Reader::from_reader(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    let mut parser = Parser::default();
    loop {
        let event = reader
            .read_event()
            .map_err(|_| unreadable("list of blobs"))?;
        match &event {
            Event::Start(start) => parser.start(start)?,
            Event::End(end) => parser.end(end.name().as_ref())?,
            Event::Eof => return parser.finish(),
            event => push_text(event, &mut parser.text),
        }
    }
}

#[derive(Default)]
struct Parser {
    page: BlobPage,
    /// The list's own end was read.
    whole: bool,
    in_prefix: bool,
    in_metadata: bool,
    /// The name that is being read has percent signs for what XML cannot hold.
    encoded: bool,
    item: BlobItem,
    text: String,
}

impl Parser {
    fn start(&mut self, start: &BytesStart<'_>) -> Reply<()> {
        self.text.clear();
        match start.name().as_ref() {
            "Blob" => self.item = BlobItem::default(),
            "BlobPrefix" => self.in_prefix = true,
            "Metadata" => self.in_metadata = true,
            "Name" => {
                let encoded = start
                    .try_get_attribute("Encoded")
                    .map_err(|_| unreadable("list of blobs"))?;
                self.encoded = encoded.is_some_and(|value| value.value.as_ref() == "true");
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Reply<()> {
        if self.in_metadata {
            self.end_metadata(name);
            return Ok(());
        }
        match name {
            "Blob" => self.page.blobs.push(std::mem::take(&mut self.item)),
            "BlobPrefix" => self.in_prefix = false,
            "Name" => self.name()?,
            "EnumerationResults" => self.whole = true,
            "NextMarker" => self.page.next = self.taken(),
            "Content-Length" => {
                self.item.size = self
                    .text
                    .trim()
                    .parse()
                    .map_err(|_| unreadable("list of blobs"))?;
            }
            "Etag" => self.item.etag = Some(unquoted(&self.text).to_owned()),
            "Last-Modified" => self.item.last_modified = parse_time(&self.text),
            "Content-MD5" => self.item.content_md5 = parse_md5(&self.text),
            "Content-Type" => self.item.content_type = self.taken(),
            "ResourceType" => self.item.is_directory |= self.text.trim() == "directory",
            _ => {}
        }
        Ok(())
    }

    fn end_metadata(&mut self, name: &str) {
        if name == "Metadata" {
            self.in_metadata = false;
        } else if name.eq_ignore_ascii_case(IS_FOLDER) {
            self.item.is_directory |= self.text.trim().eq_ignore_ascii_case("true");
        }
    }

    fn name(&mut self) -> Reply<()> {
        let name = if self.encoded {
            percent_decode_str(&self.text)
                .decode_utf8()
                .map_err(|_| unreadable("list of blobs"))?
                .into_owned()
        } else {
            std::mem::take(&mut self.text)
        };
        if self.in_prefix {
            self.page.prefixes.push(name);
        } else {
            self.item.name = name;
        }
        Ok(())
    }

    fn taken(&mut self) -> Option<String> {
        Some(std::mem::take(&mut self.text)).filter(|text| !text.is_empty())
    }

    /// A page that was cut off must not pass for the last.
    fn finish(self) -> Reply<BlobPage> {
        if !self.whole {
            return Err(unreadable("list of blobs"));
        }
        Ok(self.page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
        <EnumerationResults ServiceEndpoint="https://a/" ContainerName="c"><Prefix>x</Prefix><Blobs>
        <Blob><Name>a &amp; b.txt</Name><Properties><Creation-Time>Thu, 18 Jun 2026 19:54:40 GMT</Creation-Time>
        <Last-Modified>Thu, 18 Jun 2026 19:54:40 GMT</Last-Modified><Etag>0x8DE</Etag>
        <Content-Length>7</Content-Length><Content-Type>text/plain</Content-Type>
        <Content-MD5>fnX2Ep9YO2VmmdPplwfzEQ==</Content-MD5></Properties><OrMetadata /></Blob>
        <Blob><Name Encoded="true">odd%EF%BF%BE%25</Name><Properties><Content-Length>0</Content-Length>
        <ResourceType>directory</ResourceType></Properties></Blob>
        <Blob><Name> spaces </Name><Properties><Content-Length>1</Content-Length></Properties>
        <Metadata><Name>not the name</Name><hdi_isfolder>true</hdi_isfolder></Metadata></Blob>
        <BlobPrefix><Name>x/</Name></BlobPrefix></Blobs><NextMarker>2!8!YQ--</NextMarker></EnumerationResults>"#;

    #[test]
    fn a_page_is_read() {
        let page = parse(PAGE.as_bytes()).unwrap();
        let names: Vec<_> = page.blobs.iter().map(|blob| blob.name.as_str()).collect();
        assert_eq!(names, ["a & b.txt", "odd\u{fffe}%", " spaces "]);
        let first = &page.blobs[0];
        assert_eq!((first.size, first.etag.as_deref()), (7, Some("0x8DE")));
        assert_eq!(first.last_modified, "2026-06-18T19:54:40Z".parse().ok());
        assert!(first.content_md5.is_some());
        let folders: Vec<_> = page.blobs.iter().map(|blob| blob.is_directory).collect();
        assert_eq!(folders, [false, true, true]);
        assert_eq!(page.prefixes, ["x/"]);
        assert_eq!(page.next.as_deref(), Some("2!8!YQ--"));
    }

    #[test]
    fn the_last_page_has_no_next() {
        let page =
            parse(b"\xef\xbb\xbf<EnumerationResults><Blobs /><NextMarker /></EnumerationResults>");
        assert_eq!(page.unwrap(), BlobPage::default());
    }

    #[test]
    fn a_page_that_is_cut_or_broken_is_an_error() {
        let mut cut = PAGE.as_bytes();
        cut = &cut[..cut.len() - 40];
        assert!(parse(cut).is_err());
        for body in [
            "",
            "no",
            "<Error></Error>",
            "<EnumerationResults>",
            "<a></b>",
        ] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_page_makes_it_panic(body: Vec<u8>, at in 0..PAGE.len()) {
            let _ = parse(&body);
            let mut spoilt = PAGE.as_bytes()[..at].to_vec();
            spoilt.extend(body);
            let _ = parse(&spoilt);
        }
    }
}
