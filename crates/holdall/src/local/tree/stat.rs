//! Records of what the system knows of a node, as the path-IO layer has them.

use crate::Timestamp;
use crate::pathio::PathStat;

/// From Linux's record.
#[cfg(target_os = "linux")]
pub(in crate::local) fn from_statx(stat: &rustix::fs::Statx) -> PathStat {
    let time = |time: &rustix::fs::StatxTimestamp| {
        Timestamp::new(time.tv_sec, time.tv_nsec.cast_signed()).unwrap_or_default()
    };
    PathStat {
        size: stat.stx_size,
        modified: time(&stat.stx_mtime),
        changed: time(&stat.stx_ctime),
        accessed: Some(time(&stat.stx_atime)),
        links: u64::from(stat.stx_nlink),
        mode: u32::from(stat.stx_mode),
        user: Some(stat.stx_uid),
        group: Some(stat.stx_gid),
        inode: Some(stat.stx_ino),
    }
}

/// From the record of cap-std.
#[cfg(unix)]
pub(in crate::local) fn from_cap(metadata: &cap_std::fs::Metadata) -> PathStat {
    use cap_std::fs::MetadataExt;
    let time = |seconds, nanoseconds: i64| {
        let nanoseconds = i32::try_from(nanoseconds).unwrap_or_default();
        Timestamp::new(seconds, nanoseconds).unwrap_or_default()
    };
    PathStat {
        size: metadata.size(),
        modified: time(metadata.mtime(), metadata.mtime_nsec()),
        changed: time(metadata.ctime(), metadata.ctime_nsec()),
        accessed: Some(time(metadata.atime(), metadata.atime_nsec())),
        links: metadata.nlink(),
        mode: metadata.mode(),
        user: Some(metadata.uid()),
        group: Some(metadata.gid()),
        inode: Some(metadata.ino()),
    }
}

/// From the record of cap-std.
#[cfg(not(unix))]
pub(in crate::local) fn from_cap(metadata: &cap_std::fs::Metadata) -> PathStat {
    let modified = metadata.modified().map(|time| time.into_std());
    let modified = modified
        .ok()
        .and_then(|time| Timestamp::try_from(time).ok())
        .unwrap_or_default();
    let kind = metadata.file_type();
    if kind.is_dir() {
        PathStat::folder(modified)
    } else if kind.is_symlink() {
        PathStat::link(modified)
    } else {
        PathStat::file(metadata.len(), modified)
    }
}
