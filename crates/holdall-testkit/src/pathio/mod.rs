//! The conformance suite of the path-IO layer.
//!
//! The rules are those of POSIX, as
//! [`AbstractPathIo`](holdall::pathio::AbstractPathIo) states them. Each case gets
//! a fresh path IO whose root is empty:
//!
//! ```
//! # use std::sync::Arc;
//! use holdall::pathio::MemoryPathIo;
//! use holdall_testkit::pathio;
//!
//! # #[tokio::main] async fn main() {
//! pathio::conformance(|| async { pathio::Instance::new(Arc::new(MemoryPathIo::new())) })
//! #   .only(["mkdir/"])
//!     .await
//!     .assert_passed();
//! # }
//! ```
//!
//! What an implementation cannot do it says with [`Instance::lacking`]; the cases
//! that are about it are then skipped, and the report counts them.
//!
//! [`Delayed`] makes every await point real, for any implementation: beneath the
//! suite it lets the cases of dropped calls drop them at each.

mod case;
mod cases;
mod fixture;
mod instance;
mod interposed;

pub use case::{Case, cases};
pub use instance::{Instance, Property, conformance};
pub use interposed::{Delayed, Interposed, Interposer};
