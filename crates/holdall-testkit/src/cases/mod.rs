//! The contract, one family of rules per file.

mod cancellation;
mod capabilities;
mod content;
mod copying;
mod deleting;
mod digests;
mod failing_sources;
mod file_info;
mod folder_info;
mod folder_listing;
mod glob;
mod lifecycle;
mod listing;
mod metadata;
mod names;
mod normalization;
mod obstacles;
mod open_atomic;
mod races;
mod ranges;
mod reading;
mod renaming;
mod roots;
mod seeking;
mod stores;
mod sync;
mod text;
mod versions;
mod write_results;
mod writing;

use crate::suite::Suite;

/// Adds every case.
pub(crate) fn register(suite: &mut Suite) {
    obstacles::register(suite);
    roots::register(suite);
    capabilities::register(suite);
    normalization::register(suite);
    names::register(suite);
    reading::register(suite);
    ranges::register(suite);
    seeking::register(suite);
    text::register(suite);
    writing::register(suite);
    content::register(suite);
    write_results::register(suite);
    failing_sources::register(suite);
    digests::register(suite);
    open_atomic::register(suite);
    cancellation::register(suite);
    races::register(suite);
    versions::register(suite);
    metadata::register(suite);
    file_info::register(suite);
    folder_info::register(suite);
    listing::register(suite);
    folder_listing::register(suite);
    glob::register(suite);
    deleting::register(suite);
    renaming::register(suite);
    copying::register(suite);
    stores::register(suite);
    lifecycle::register(suite);
    sync::register(suite);
}
