//! Content in all its forms and sizes.

use bytes::{Bytes, BytesMut};
use futures::stream;
use holdall::{AsyncWritableContent, Capability, Error};

use super::writing::Write;
use crate::content::{Noise, hesitant_source, in_chunks, noise};
use crate::fixture::{Fixture, expect_same};
use crate::stop::{Checked, ensure_eq};
use crate::suite::Suite;

/// More than any backend keeps of one stream at a time.
const LARGE: usize = 9 * 1024 * 1024 + 12_345;

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("content");
    for write in Write::BOTH {
        let needs = [write.gate(), Capability::Write, Capability::Read];
        family.case(
            format!("large_streams_by_{}", write.name()),
            "9 MiB from chunks of random sizes come back byte for byte",
            needs,
            move |t| large_stream(t, write),
        );
        family.case(
            format!("stream_sizes_by_{}", write.name()),
            "a stream is stored whole, whatever its size and that of its chunks",
            needs,
            move |t| stream_sizes(t, write),
        );
        family.case(
            format!("hesitant_sources_by_{}", write.name()),
            "a source that is not always ready is waited for",
            needs,
            move |t| async move {
                let content = noise(8, 50_000);
                write
                    .call(&t, "file", hesitant_source(&content, 777), false)
                    .await?;
                t.expect_content("file", &content).await
            },
        );
        family.case(
            format!("zero_bytes_by_{}", write.name()),
            "an empty file is a file: from empty bytes, from a stream without chunks, from empty \
             chunks",
            needs,
            move |t| zero_bytes(t, write),
        );
    }
    let needs = [Capability::Write, Capability::Read];
    family.case(
        "every_form",
        "texts, vectors, slices, bytes, streams and readers are all content",
        needs,
        every_form,
    );
    family.case(
        "every_byte",
        "all 256 byte values survive, NUL and line ends among them",
        needs,
        |t| async move {
            let all: Vec<u8> = (0..=255).cycle().take(1024).collect();
            t.put("bytes", all.clone()).await?;
            t.expect_content("bytes", all).await?;
            t.put("line ends", "a\r\nb\rc\n").await?;
            t.expect_content("line ends", "a\r\nb\rc\n").await
        },
    );
    family.case(
        "from_one_store_to_another_path",
        "a read is content: a file streams into another of the same store",
        needs,
        |t| async move {
            let content = noise(2, 2_500_000);
            t.put("from", content.clone()).await?;
            let source = t.store.read("from")?;
            t.store.write("to", source).await?;
            t.expect_content("to", &content).await
        },
    );
}

async fn large_stream(t: Fixture, write: Write) -> Checked {
    let content = noise(11, LARGE);
    let mut random = Noise::new(12);
    let sizes: Vec<usize> = (0..200)
        .map(|_| 1 + random.below(200_000) as usize)
        .collect();
    let written = write
        .call(&t, "large", in_chunks(&content, &sizes), false)
        .await?;
    ensure_eq!(written.size, LARGE as u64, "the result's size");
    let mut at = 0;
    let mut chunks = t.store.read("large")?;
    while let Some(chunk) = chunks.next().await.transpose()? {
        let end = (at + chunk.len()).min(LARGE);
        expect_same(
            &chunk,
            &content.slice(at.min(end)..end),
            &format!("the bytes at {at}"),
        )?;
        at += chunk.len();
    }
    ensure_eq!(at, LARGE, "the bytes of all chunks");
    Ok(())
}

async fn stream_sizes(t: Fixture, write: Write) -> Checked {
    const MIB: usize = 1024 * 1024;
    for (size, chunks) in [
        (1, &[1][..]),
        (1000, &[1]),
        (70_000, &[65_536]),
        (MIB - 1, &[MIB - 1]),
        (MIB, &[MIB]),
        (MIB, &[MIB / 2]),
        (MIB + 1, &[MIB]),
        (2 * MIB, &[MIB]),
        (2 * MIB + 1, &[3 * MIB]),
        (3 * MIB, &[1, MIB, 5, 2 * MIB]),
    ] {
        let content = noise(size as u64, size);
        write
            .call(&t, "file", in_chunks(&content, chunks), true)
            .await?;
        t.expect_content("file", &content).await?;
    }
    Ok(())
}

async fn zero_bytes(t: Fixture, write: Write) -> Checked {
    let chunks = |count| {
        let chunks = (0..count).map(|_| Ok::<_, Error>(Bytes::new()));
        AsyncWritableContent::from_stream(stream::iter(chunks))
    };
    let contents = [AsyncWritableContent::from(""), chunks(0), chunks(3)];
    for (n, content) in contents.into_iter().enumerate() {
        let path = format!("empty-{n}");
        let written = write.call(&t, &path, content, false).await?;
        ensure_eq!(written.size, 0, "the result's size");
        ensure_eq!(t.store.is_file(&path).await?, true, "is_file({path:?})");
        t.expect_content(&path, "").await?;
    }
    t.put("full", "content").await?;
    write.call(&t, "full", chunks(1), true).await?;
    t.expect_content("full", "").await
}

async fn every_form(t: Fixture) -> Checked {
    let with_gaps = ["con", "", "te", "", "nt"].map(|chunk| Ok::<_, Error>(Bytes::from(chunk)));
    let contents: [AsyncWritableContent; 8] = [
        "content".into(),
        b"content".into(),
        b"content".as_slice().into(),
        "content".to_owned().into(),
        b"content".to_vec().into(),
        Bytes::from("content").into(),
        BytesMut::from("content").into(),
        AsyncWritableContent::from_stream(stream::iter(with_gaps)),
    ];
    for content in contents {
        t.put("file", content).await?;
        t.expect_content("file", "content").await?;
    }
    let reader = std::io::Cursor::new(noise(1, 600_000).to_vec());
    t.put("file", AsyncWritableContent::from_reader(reader))
        .await?;
    t.expect_content("file", noise(1, 600_000)).await
}
