//! The Holdall storage contract as a conformance suite that any backend can
//! run.
//!
//! Every rule of the contract is one named [`Case`]. Each case gets a fresh
//! backend, checks one rule through [`AsyncBackend`](holdall::AsyncBackend) or
//! through an [`AsyncStore`](holdall::AsyncStore) over it, and passes, fails
//! with a message, or is skipped because the backend does not declare what the
//! rule is about.
//!
//! # In a test of your own backend
//!
//! One line proves a backend. The factory is called once per case:
//!
//! ```
//! # use holdall::AsyncMemoryBackend;
//! # #[tokio::main] async fn main() {
//! holdall_testkit::conformance(|| async { AsyncMemoryBackend::new() })
//! #   .only(["write/"])
//!     .await
//!     .assert_passed();
//! # }
//! ```
//!
//! A backend that needs something to live beside it, such as a temporary
//! folder, hands it over with [`Instance::keeping`]:
//!
//! ```no_run
//! # use holdall::AsyncMemoryBackend as MyBackend;
//! use holdall_testkit::Instance;
//!
//! # async fn test() {
//! let factory = || async {
//!     let folder = tempfile::tempdir().unwrap();
//!     let backend = MyBackend::new(/* folder.path() */);
//!     Instance::new(backend).keeping(folder)
//! };
//! let report = holdall_testkit::conformance(factory).await;
//! println!("{report}"); // every case by name, and a line of totals
//! report.assert_passed();
//! # }
//! ```
//!
//! A backend whose calls block is proved by [`sync_conformance`], or in an
//! [`Instance::blocking`], by the same cases: those of awaited calls reach it
//! through [`Blocking`]. [`Calls`] tells which case is for which.
//!
//! The cases run concurrently on a runtime of their own. A case that hangs or
//! panics fails; it does not stop the run. There is no order among cases, and
//! none of them sleeps.
//!
//! # What is assumed
//!
//! A fresh backend is empty, or at least nothing else changes it while a case
//! runs. Capabilities and namespace are what the backend says of itself: what
//! it does not claim is not tested, so a report's skipped lines are worth a
//! look.
//!
//! # Path IOs
//!
//! [`pathio`] has a suite of its own, for implementations of
//! [`AbstractPathIo`](holdall::pathio::AbstractPathIo), with the same run and the
//! same report.
//!
//! # Beyond the suite
//!
//! With the feature `fault-proxy`, `fault_proxy` has an HTTP proxy for tests of
//! network backends.
//!
//! [`Delayed`] makes every await point of the contract kernel real,
//! [`FailingDriver`] fails a chosen primitive, [`Masked`] takes capabilities
//! away from a backend, and [`ThroughStore`] sends each call of a blocking one
//! through a [`Store`](holdall::Store).

#![forbid(unsafe_code)]

mod blocking;
mod blocking_fixture;
mod call;
mod cases;
mod content;
mod delayed;
mod dropping;
mod failing;
#[cfg(feature = "fault-proxy")]
pub mod fault_proxy;
mod fixture;
mod in_place;
mod interposed;
mod masked;
pub mod pathio;
mod report;
mod runner;
mod stop;
mod suite;
mod through_store;

pub use blocking::Blocking;
pub use delayed::{Delayed, Yields};
pub use failing::{FailingDriver, Fails, Switch};
pub use interposed::{Interposed, Interposer};
pub use masked::Masked;
pub use report::{CaseReport, Report, Verdict};
pub use runner::{Conformance, Instance, SuiteCase, conformance, sync_conformance};
pub use suite::{Calls, Case, cases};
pub use through_store::ThroughStore;
