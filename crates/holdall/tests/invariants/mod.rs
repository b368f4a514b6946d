//! What must hold for any input: run by the property tests here and by the
//! fuzz targets, so that neither has a rule of its own.

pub(crate) mod glob_reference;
pub(crate) mod path;
pub(crate) mod pattern;
