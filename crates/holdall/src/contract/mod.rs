//! The contract kernel: every rule of every operation, once, over any
//! [`Driver`](crate::driver::Driver).
//!
//! An operation acts first and looks closer only after a refusal, so the happy
//! path costs no extra I/O. Each operation is one or more [`Step`](step::Step)s; a step
//! runs whole, on the caller's thread or in one hop.

mod dispatch;
mod folders;
mod inspect;
mod lifecycle;
mod list;
mod read;
mod remove;
mod rules;
mod step;
mod transfer;
mod write;

pub(crate) use dispatch::Kernel;
pub(crate) use folders::{MakeFolderStep, RenameFolderStep};
pub(crate) use inspect::{FileInfoStep, LookStep};
pub(crate) use lifecycle::{CloseStep, ProbeStep};
pub(crate) use list::{Walk, WalkStep, Walked, Wanted};
pub(crate) use read::{OpenStep, OpenedFile, ReadAllStep, ReadNextStep, SeekReadStep};
pub(crate) use remove::{DeleteFileStep, DeleteFolderStep};
pub(crate) use rules::{Keys, Seen};
pub(crate) use transfer::{Transfer, TransferStep};
pub(crate) use write::{AppendStep, Batch, BeginStep, FinishStep, PutStep};
