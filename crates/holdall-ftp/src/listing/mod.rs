//! Listings: where the entries come from, and how each becomes a line.

mod entries;
mod format;
mod lines;

pub(crate) use entries::{Entries, Found, find};
pub(crate) use format::{Format, MachineFormat, machine_line};
pub(crate) use lines::Lines;
