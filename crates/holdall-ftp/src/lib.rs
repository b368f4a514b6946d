//! An FTP server over any path IO of Holdall: RFC 959 with the extensions that
//! clients use (RFC 2228, 2389, 2428, 3659, 4217).
//!
//! A [`Server`] listens, and asks [`Accounts`] who may log in. Each [`Account`]
//! has a home, which is any [`AbstractPathIo`](holdall::pathio::AbstractPathIo):
//! a local folder, memory, or a store anywhere.
//!
//! **Uploads** show whole or not at all. One that was detectably cut (a reset, a
//! timeout, `ABOR`, TLS without its closing alert) is given up. An early end of a
//! plain data connection cannot be told from the end of the file: that is how FTP
//! says "this was all".

mod accounts;
mod limits;
mod listing;
mod metrics;
mod observer;
mod options;
mod permissions;
pub mod protocol;
mod rate;
mod server;
mod session;
mod stream;
mod tls;
mod transfer;
mod virtual_path;

pub use accounts::{
    Account, Accounts, Guarded, Homes, LockoutOptions, Login, LoginRefused, Nobody, PasswordHash,
    PasswordHashError, SingleUser, UsersFile, WithAnonymous, generated_password,
};
pub use limits::AccountLimits;
pub use metrics::{Metrics, MetricsServer};
pub use observer::{Event, Observer, SessionInfo, Transfer, TransferDirection, TransferOutcome};
pub use options::ServerOptions;
pub use permissions::{Access, Permissions};
pub use rate::{ByteRate, NotARate};
pub use server::{Server, ServerBuilder, ServerHandle};
pub use tls::{FixedTls, PemFiles, TlsSource};
