//! Reading: lazily, by one request, or in several parts at a time where its
//! connection is slow.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use tokio::time::Instant;

use super::AzureDriver;
use super::pace::Pace;
use super::part::{Ahead, Part, Version};
use super::refusals::refused;
use crate::azure::client::BlobProperties;
use crate::driver::{ByteRange, Key, Opened, Outcome, Refusal};

/// What is fetched at first after a jump, in bytes.
const FIRST_WINDOW: u64 = 64 * 1024;
/// The most bytes that wait for their reader, beside the parts in flight.
const MOST_UNREAD: u64 = 8 * 1024 * 1024;

/// An open blob: one version of it, wherever its bytes are by now.
pub struct AzureReader {
    version: Arc<Version>,
    size: u64,
    /// Where the next read begins.
    position: u64,
    /// No byte from here on is fetched before it is asked for.
    end: u64,
    /// Bytes at hand, from `position` on.
    at_hand: VecDeque<Bytes>,
    /// Where those end.
    fetched: u64,
    /// The request that brings the bytes after those.
    part: Option<Part>,
    /// Parts after that one, in order.
    ahead: VecDeque<Ahead>,
    /// How much the next request asks for, before it asks for a whole part.
    window: u64,
    /// That of the one request that brings all; `None` where it comes in parts.
    pace: Option<Pace>,
    /// Whether a read has gone on where another stopped.
    goes_on: bool,
}

impl AzureReader {
    fn new(version: Version, size: u64, range: ByteRange) -> Self {
        let settings = version.client.settings();
        let window = settings.read_part_size;
        let pace = (!settings.reads_in_parts).then(Pace::default);
        Self {
            version: Arc::new(version),
            size,
            position: range.start,
            end: range.end.unwrap_or(u64::MAX).min(size),
            at_hand: VecDeque::new(),
            fetched: range.start,
            part: None,
            ahead: VecDeque::new(),
            window,
            pace,
            goes_on: false,
        }
    }

    /// The next bytes, at most `max`; empty at the end.
    pub(super) async fn read(&mut self, max: usize) -> Outcome<Bytes> {
        if self.position >= self.size || max == 0 {
            return Ok(Bytes::new());
        }
        loop {
            if self.goes_on {
                self.fetch_ahead();
            }
            if let Some(bytes) = self.take(max) {
                return Ok(bytes);
            }
            self.fetch(max).await?;
        }
    }

    /// Bytes that are at hand.
    fn take(&mut self, max: usize) -> Option<Bytes> {
        let first = self.at_hand.front_mut()?;
        let bytes = first.split_to(max.min(first.len()));
        if first.is_empty() {
            self.at_hand.pop_front();
        }
        self.position += bytes.len() as u64;
        self.goes_on = true;
        Some(bytes)
    }

    /// Gets more bytes at hand; there are none, and the end is not reached.
    async fn fetch(&mut self, max: usize) -> Outcome<()> {
        if let Some(part) = &mut self.part {
            let asked = Instant::now();
            match part.next().await? {
                Some(bytes) => {
                    if let Some(pace) = &mut self.pace {
                        pace.add(bytes.len() as u64, asked.elapsed());
                    }
                    self.fetched += bytes.len() as u64;
                    self.at_hand.push_back(bytes);
                }
                None => self.part = None,
            }
        } else if let Some(next) = self.ahead.front_mut() {
            match next.collected().await {
                Ok(chunks) => {
                    self.at_hand = chunks;
                    self.fetched = next.end;
                    self.ahead.pop_front();
                }
                Err(refusal) => {
                    self.ahead.clear();
                    return Err(refusal);
                }
            }
        } else {
            self.part = Some(self.open_part(max as u64).await?);
        }
        Ok(())
    }

    /// The next part, larger from one to the next, until parts have their full
    /// size, or one brings all the rest.
    async fn open_part(&mut self, wanted: u64) -> Outcome<Part> {
        let full = self.version.client.settings().read_part_size;
        let length = self.window.max(wanted);
        let end = match self.pace.is_some() && self.window >= full {
            true => self.end.max(self.position.saturating_add(wanted)),
            false => self.position.saturating_add(length),
        };
        self.window = self.window.saturating_mul(4).min(full);
        Part::open(&self.version, self.position, end.min(self.size)).await
    }

    /// Has as many parts on their way as may be in flight, while those before
    /// them are read. Of those, little is unread: what is at hand is held, too.
    fn fetch_ahead(&mut self) {
        let settings = self.version.client.settings();
        let unread = self.fetched.saturating_sub(self.position);
        if self.window < settings.read_part_size || unread > MOST_UNREAD {
            return;
        }
        if let Some(pace) = &mut self.pace {
            let others = settings.max_concurrency.saturating_sub(1) as u64;
            let enough = settings.read_part_size.saturating_mul(others);
            if others == 0 || !pace.is_slow(enough) {
                return;
            }
            self.pace = None;
            if let Some(part) = &mut self.part {
                part.end_at(self.fetched.saturating_add(settings.read_part_size));
            }
        }
        let mut start = self.end_of_what_is_on_its_way();
        let in_flight = usize::from(self.part.is_some());
        while start < self.end && self.ahead.len() + in_flight < settings.max_concurrency {
            let end = start.saturating_add(settings.read_part_size).min(self.end);
            self.ahead
                .push_back(Ahead::fetch(&self.version, start, end));
            start = end;
        }
    }

    fn end_of_what_is_on_its_way(&self) -> u64 {
        match (self.ahead.back(), &self.part) {
            (Some(last), _) => last.end,
            (None, Some(part)) => part.end(),
            (None, None) => self.fetched,
        }
    }

    /// Moves to `position`; what was fetched for another is let go.
    pub(super) fn seek(&mut self, position: u64) {
        self.end = self.size;
        if position == self.position {
            return;
        }
        self.position = position;
        self.at_hand.clear();
        self.fetched = position;
        self.part = None;
        self.ahead.clear();
        self.window = FIRST_WINDOW;
        self.goes_on = false;
    }
}

impl AzureDriver {
    /// One request: it brings the range or its first part, and what the rest
    /// needs to know.
    pub(super) async fn open_blob(
        &self,
        key: Key<'_>,
        range: ByteRange,
    ) -> Outcome<Opened<AzureReader>> {
        let settings = self.client.settings();
        let part_end = settings
            .reads_in_parts
            .then(|| range.start.saturating_add(settings.read_part_size));
        let end = range.end.into_iter().chain(part_end).min();
        if end.is_some_and(|end| end <= range.start) {
            return self.open_unread(key, range).await;
        }
        // An empty blob has no range that could be asked for.
        let is_whole = range.start == 0 && end.is_none();
        let asked = (!is_whole).then_some((range.start, end));
        let download = match self.client.get_blob(key.as_str(), asked, None).await {
            Ok(download) => download,
            // There is no such range: the blob is empty or ends before it.
            Err(error) if error.status() == Some(416) => {
                return self.open_unread(key, range).await;
            }
            Err(error) => return Err(refused(error)),
        };
        let properties = &download.properties;
        if properties.is_directory {
            return Err(Refusal::IsFolder);
        }
        let size = properties.size;
        let version = self.version(key, properties);
        let mut reader = AzureReader::new(version, size, range);
        let part = Part::of(
            Arc::clone(&reader.version),
            download,
            range.start,
            end.map_or(size, |end| end.min(size)),
        );
        reader.part = Some(part);
        Ok(Opened::new(reader, size))
    }

    /// Opens a blob without asking for its bytes.
    async fn open_unread(&self, key: Key<'_>, range: ByteRange) -> Outcome<Opened<AzureReader>> {
        let properties = self.head(key).await?;
        if properties.is_directory {
            return Err(Refusal::IsFolder);
        }
        let size = properties.size;
        let mut reader = AzureReader::new(self.version(key, &properties), size, range);
        reader.window = FIRST_WINDOW;
        Ok(Opened::new(reader, size))
    }

    fn version(&self, key: Key<'_>, properties: &BlobProperties) -> Version {
        Version {
            client: self.client.clone(),
            key: key.as_str().to_owned(),
            etag: properties.etag.clone(),
        }
    }
}
