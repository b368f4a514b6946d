//! How an entry becomes a line.

use std::io::Write as _;

use holdall::Timestamp;
use holdall::pathio::{ListedPath, PathStat};
use jiff::tz::TimeZone;

use crate::permissions::{Access, Permissions};
use crate::protocol::{Fact, FactSet, format_time};
use crate::virtual_path::VirtualPath;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// For how long `ls -l` tells the time of the day rather than the year: half a
/// Gregorian year on average.
const RECENT_SECONDS: i64 = 31_556_952 / 2;

/// How entries become lines.
pub(crate) enum Format {
    /// As `ls -l` does, with times in UTC.
    Long {
        /// Now, as the listing began.
        now: Timestamp,
    },
    /// Names alone.
    Names {
        /// What comes before each name, so that it is a path of its own.
        prefix: String,
    },
    /// Facts, as RFC 3659 has them.
    Machine(MachineFormat),
}

/// What is needed to tell an entry's facts.
pub(crate) struct MachineFormat {
    pub(crate) facts: FactSet,
    pub(crate) permissions: Permissions,
    /// The folder that is listed.
    pub(crate) folder: VirtualPath,
}

impl Format {
    /// Appends an entry's line.
    pub(crate) fn push(&self, text: &mut Vec<u8>, entry: &ListedPath) {
        let name = entry.name();
        match self {
            Self::Long { now } => push_long(text, &entry.stat, *now),
            Self::Names { prefix } => push_name(text, prefix),
            Self::Machine(format) => {
                let access = format.permissions.of(format.folder.join(name).as_str());
                push_facts(text, format.facts, &entry.stat, access);
                text.push(b' ');
            }
        }
        push_name(text, name);
        text.extend_from_slice(b"\r\n");
    }
}

/// A name must not end its line.
fn push_name(text: &mut Vec<u8>, name: &str) {
    let printable = |byte: u8| if byte.is_ascii_control() { b'?' } else { byte };
    text.extend(name.bytes().map(printable));
}

fn push_long(text: &mut Vec<u8>, stat: &PathStat, now: Timestamp) {
    let (letter, _) = kind_of(stat);
    text.push(letter);
    let bits = stat.permissions();
    for (place, letter) in (0_u32..9).rev().zip(b"rwxrwxrwx") {
        text.push(if bits & (1 << place) == 0 {
            b'-'
        } else {
            *letter
        });
    }
    let (links, size) = (stat.links, stat.size);
    let (user, group) = (stat.user.unwrap_or(0), stat.group.unwrap_or(0));
    text.push(b' ');
    push_right(text, links, 3);
    for number in [user, group] {
        text.push(b' ');
        push_left(text, number.into(), 8);
    }
    text.push(b' ');
    push_right(text, size, 12);
    text.push(b' ');
    push_time(text, stat.modified, now);
}

/// A number at the right end of so many places. What `write!` does for it goes space
/// by space, which a long listing feels.
fn push_right(text: &mut Vec<u8>, number: u64, width: usize) {
    let digits = number.checked_ilog10().unwrap_or(0) as usize + 1;
    text.resize(text.len() + width.saturating_sub(digits), b' ');
    // Writing to memory cannot fail.
    let _ = write!(text, "{number}");
}

/// A number at the left end of so many places.
fn push_left(text: &mut Vec<u8>, number: u64, width: usize) {
    let end = text.len() + width;
    let _ = write!(text, "{number}");
    text.resize(end.max(text.len()), b' ');
}

fn push_time(text: &mut Vec<u8>, time: Timestamp, now: Timestamp) {
    let civil = TimeZone::UTC.to_datetime(time);
    let month = usize::try_from(civil.month()).ok();
    let month = month.and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    let (month, day) = (month.unwrap_or(&"Jan"), civil.day());
    let age = now.as_second() - time.as_second();
    let _ = if (0..RECENT_SECONDS).contains(&age) {
        let (hour, minute) = (civil.hour(), civil.minute());
        write!(text, "{month} {day:>2} {hour:02}:{minute:02} ")
    } else {
        let year = civil.year();
        write!(text, "{month} {day:>2} {year:>5} ")
    };
}

/// The line of `MLST`: facts, a space and the whole path.
pub(crate) fn machine_line(
    facts: FactSet,
    stat: &PathStat,
    access: Access,
    path: &VirtualPath,
) -> String {
    let mut text = Vec::new();
    push_facts(&mut text, facts, stat, access);
    format!("{} {path}", String::from_utf8_lossy(&text))
}

fn push_facts(text: &mut Vec<u8>, facts: FactSet, stat: &PathStat, access: Access) {
    for fact in facts.iter() {
        let name = fact.as_str();
        let _ = match fact {
            Fact::Type => write!(text, "{name}={};", kind_of(stat).1),
            Fact::Size if !stat.is_dir() => write!(text, "{name}={};", stat.size),
            Fact::Modify => write!(text, "{name}={};", format_time(stat.modified)),
            Fact::Perm => write!(text, "{name}={};", allowed(stat, access)),
            Fact::UnixMode => write!(text, "{name}=0{:03o};", stat.permissions()),
            Fact::Unique => match stat.inode {
                Some(inode) => write!(text, "{name}={inode:x};"),
                None => Ok(()),
            },
            Fact::Size => Ok(()),
        };
    }
}

/// The letter of `ls -l` and the type of RFC 3659 (7.5.1) for a kind of node, as
/// `inode(7)` has them. What is no file must not look like one: clients would fetch it.
fn kind_of(stat: &PathStat) -> (u8, &'static str) {
    match stat.mode & 0o170_000 {
        0o040_000 => (b'd', "dir"),
        0o120_000 => (b'l', "OS.unix=slink"),
        0o010_000 => (b'p', "OS.unix=pipe"),
        0o140_000 => (b's', "OS.unix=socket"),
        0o060_000 => (b'b', "OS.unix=block"),
        0o020_000 => (b'c', "OS.unix=character"),
        _ => (b'-', "file"),
    }
}

/// What may be done with it, in the letters of RFC 3659, 7.5.5.
fn allowed(stat: &PathStat, access: Access) -> &'static str {
    match (stat.is_dir(), access.read, access.write) {
        (true, true, true) => "cdeflmp",
        (true, true, false) => "el",
        (true, false, true) => "cdefmp",
        (false, true, true) => "adfrw",
        (false, true, false) => "r",
        (false, false, true) => "adfw",
        (_, false, false) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(format: &Format, path: &str, stat: PathStat) -> String {
        let mut text = Vec::new();
        let path = path.to_owned();
        format.push(&mut text, &ListedPath { path, stat });
        String::from_utf8(text).unwrap()
    }

    fn time(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_long_line_is_as_of_ls() {
        let now = Format::Long {
            now: time(1_700_000_000),
        };
        assert_eq!(
            line(&now, "a/x y", PathStat::file(1234, time(1_699_999_999))),
            "-rw-r--r--   1 0        0                1234 Nov 14 22:13 x y\r\n"
        );
        assert_eq!(
            line(&now, "a/d", PathStat::folder(time(0))),
            "drwxr-xr-x   1 0        0                   0 Jan  1  1970 d\r\n"
        );
    }

    #[test]
    fn what_is_no_file_does_not_look_like_one() {
        let mut pipe = PathStat::file(0, time(0));
        pipe.mode = 0o010_600;
        let long = line(&Format::Long { now: time(0) }, "p", pipe.clone());
        assert!(long.starts_with("prw-------"), "{long}");
        let format = Format::Machine(MachineFormat {
            facts: FactSet::parse("type"),
            permissions: Permissions::read_write(),
            folder: VirtualPath::root(),
        });
        assert_eq!(line(&format, "p", pipe), "Type=OS.unix=pipe; p\r\n");
    }

    #[test]
    fn numbers_that_fill_their_place_or_more_are_whole() {
        let mut stat = PathStat::file(123_456_789_012, time(0));
        stat.links = 1000;
        stat.user = Some(12_345_678);
        stat.group = Some(u32::MAX);
        let format = Format::Long { now: time(1) };
        assert_eq!(
            line(&format, "a", stat),
            "-rw-r--r-- 1000 12345678 4294967295 123456789012 Jan  1 00:00 a\r\n"
        );
    }

    #[test]
    fn facts_tell_what_the_user_may_do() {
        let format = Format::Machine(MachineFormat {
            facts: FactSet::parse("type;size;modify;perm"),
            permissions: Permissions::read_only().with_rule("/a/b", Access::READ_WRITE),
            folder: VirtualPath::root().resolve("a"),
        });
        assert_eq!(
            line(&format, "/a/b", PathStat::file(5, time(0))),
            "Type=file;Size=5;Modify=19700101000000;Perm=adfrw; b\r\n"
        );
        assert_eq!(
            line(&format, "/a/c", PathStat::folder(time(0))),
            "Type=dir;Modify=19700101000000;Perm=el; c\r\n"
        );
    }

    #[test]
    fn a_name_cannot_make_a_line() {
        let names = Format::Names {
            prefix: "p/".to_owned(),
        };
        let stat = PathStat::file(0, time(0));
        assert_eq!(line(&names, "p/a\r\nb", stat), "p/a??b\r\n");
    }
}
