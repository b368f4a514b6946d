//! Calls that block: what differs from those that are awaited.

mod atomic_files;
mod digests;
mod entries;
mod reading;
mod seeking;
mod stores;
mod threads;
mod writing;

use crate::suite::{Family, Suite};

pub(crate) fn register(suite: &mut Suite) {
    let family: &mut Family<'_> = &mut suite.family("sync");
    reading::register(family);
    seeking::register(family);
    writing::register(family);
    atomic_files::register(family);
    digests::register(family);
    entries::register(family);
    stores::register(family);
    threads::register(family);
}
