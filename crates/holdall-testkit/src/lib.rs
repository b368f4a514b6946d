//! The Holdall conformance kit.
