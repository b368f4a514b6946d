//! The rows of the tables.

use super::job::{Job, Kind};

const SMALL: usize = 4096;
const MIB: usize = 1024 * 1024;

/// A row: its name, what is done, and how often.
#[derive(Clone)]
pub struct Row {
    pub name: &'static str,
    pub job: Job,
    pub rounds: usize,
    /// Whether it is told in calls per second.
    pub is_rate: bool,
}

impl Row {
    fn new(name: &'static str, kind: Kind, count: usize, size: usize) -> Self {
        let job = Job {
            kind,
            folder: String::new(),
            count,
            size,
            in_flight: 1,
        };
        let is_rate = false;
        Self {
            name,
            job,
            rounds: 3,
            is_rate,
        }
    }

    fn small(name: &'static str, kind: Kind, in_flight: usize) -> Self {
        let mut row = Self::new(name, kind, 256, SMALL);
        row.job.in_flight = in_flight;
        row.rounds = 5;
        row.is_rate = true;
        row
    }

    fn rounds(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// The folder that `contender` works in.
    pub fn folder(&self, contender: usize, round: usize) -> String {
        match self.job.kind {
            Kind::Put | Kind::Get | Kind::Head => format!("small-{contender}"),
            Kind::Upload | Kind::Download => format!("large-{contender}"),
            Kind::List => "many".to_owned(),
            Kind::Create => format!("create-{contender}-{round}"),
            Kind::Delete => format!("delete-{contender}-{round}"),
        }
    }
}

/// Against Azurite itself.
pub fn near() -> Vec<Row> {
    vec![
        Row::small("put 4 KiB, 1 in flight", Kind::Put, 1),
        Row::small("get 4 KiB, 1 in flight", Kind::Get, 1),
        Row::small("head, 1 in flight", Kind::Head, 1),
        Row::small("put 4 KiB, 64 in flight", Kind::Put, 64),
        Row::small("get 4 KiB, 64 in flight", Kind::Get, 64),
        Row::small("head, 64 in flight", Kind::Head, 64),
        Row::new("upload 256 MiB", Kind::Upload, 1, 256 * MIB),
        Row::new("download 256 MiB", Kind::Download, 1, 256 * MIB),
        Row::new("list 20,000", Kind::List, 20_000, 0),
        Row::new("delete a folder of 5,000", Kind::Delete, 5_000, 0).rounds(2),
    ]
}

/// A long way off: few calls, since each waits.
pub fn far() -> Vec<Row> {
    vec![
        Row::new("put 4 KiB, 5 times", Kind::Put, 5, SMALL),
        Row::new("create 4 KiB, 5 times", Kind::Create, 5, SMALL),
        Row::new("get 4 KiB, 5 times", Kind::Get, 5, SMALL),
        Row::new("head, 5 times", Kind::Head, 5, SMALL),
        Row::new("upload 64 MiB", Kind::Upload, 1, 64 * MIB),
        Row::new("download 64 MiB", Kind::Download, 1, 64 * MIB),
        Row::new("list 20,000", Kind::List, 20_000, 0),
        Row::new("delete a folder of 600", Kind::Delete, 600, 0),
    ]
}
