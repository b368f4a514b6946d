//! Block lists, as they are sent and answered.
//!
//! <https://learn.microsoft.com/rest/api/storageservices/put-block-list>,
//! <https://learn.microsoft.com/rest/api/storageservices/get-block-list>

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

use super::Reply;
use super::blob::{Block, unreadable};
use super::xml::push_text;

pub(super) fn write(ids: &[String]) -> String {
    let mut text = String::with_capacity(64 + ids.len() * 48);
    text.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
    for id in ids {
        text.push_str("<Latest>");
        text.push_str(&escape(id.as_str()));
        text.push_str("</Latest>");
    }
    text.push_str("</BlockList>");
    text
}

pub(super) fn read(body: &[u8]) -> Reply<Vec<Block>> {
    let mut reader = Reader::from_reader(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    let (mut blocks, mut text) = (Vec::new(), String::new());
    let (mut whole, mut committed) = (false, false);
    let mut id = None;
    loop {
        let event = reader.read_event().map_err(|_| unreadable("block list"))?;
        match &event {
            Event::Start(start) => {
                text.clear();
                committed |= start.name().as_ref() == "CommittedBlocks";
            }
            Event::End(end) => match end.name().as_ref() {
                "BlockList" => whole = true,
                "CommittedBlocks" => committed = false,
                "Name" if committed => id = Some(text.trim().to_owned()),
                "Size" if committed => {
                    let size = text.trim().parse().map_err(|_| unreadable("block list"))?;
                    let id = id.take().ok_or_else(|| unreadable("block list"))?;
                    blocks.push(Block { id, size });
                }
                _ => {}
            },
            Event::Eof if whole => return Ok(blocks),
            Event::Eof => return Err(unreadable("block list")),
            event => push_text(event, &mut text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_each_block_in_order() {
        let text = write(&["YQ==".to_owned(), "Yg==".to_owned()]);
        assert!(
            text.ends_with("<BlockList><Latest>YQ==</Latest><Latest>Yg==</Latest></BlockList>")
        );
    }

    #[test]
    fn committed_blocks_alone_are_read() {
        let body = "\u{feff}<?xml version=\"1.0\"?><BlockList><CommittedBlocks>\
            <Block><Name>YQ==</Name><Size>4</Size></Block><Block><Name>Yg==</Name><Size>2</Size></Block>\
            </CommittedBlocks><UncommittedBlocks><Block><Name>Yw==</Name><Size>1</Size></Block>\
            </UncommittedBlocks></BlockList>";
        let blocks = read(body.as_bytes()).unwrap();
        let expected = [("YQ==", 4), ("Yg==", 2)].map(|(id, size)| Block {
            id: id.to_owned(),
            size,
        });
        assert_eq!(blocks, expected);
        assert!(
            read(b"<BlockList><CommittedBlocks /></BlockList>")
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn nonsense_is_an_error() {
        let sizes = "<BlockList><CommittedBlocks><Block><Name>a</Name><Size>x</Size></Block></CommittedBlocks></BlockList>";
        for body in ["", "no", "<a>", "<a></b>", "<Error/>", "<BlockList>", sizes] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
