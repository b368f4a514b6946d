//! Real FTP clients, each with a working day of its own: what people do with it,
//! in turn, each result compared byte for byte.
//!
//! The clients are programs: curl, lftp, ncftp, Python's `ftplib` and the client
//! of aioftp. `cargo xtask ftp-clients` installs what is missing.

mod content;
mod curl;
mod lftp;
mod ncftp;
mod program;
mod python;
mod raw;
mod site;

pub use content::{content, same_tree, tree};
pub use program::Failure;
pub use raw::{Pace, RawSession};
pub use site::Site;

/// A client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// The command `curl`.
    Curl,
    /// The command `lftp`.
    Lftp,
    /// The commands `ncftpput`, `ncftpget` and `ncftpls`.
    NcFtp,
    /// Python's standard library.
    Ftplib,
    /// The client of Python's `aioftp`.
    Aioftp,
}

impl Client {
    /// Whether the client is installed.
    ///
    /// Where it is not, says loudly that its test is skipped; where
    /// `HOLDALL_REQUIRE_FTP_CLIENTS` is set, as by `cargo xtask test`, it counts as
    /// there, and the test fails.
    pub fn is_there_or_skipped(self) -> bool {
        program::is_there_or_skipped(self.program())
    }

    fn program(self) -> std::path::PathBuf {
        match self {
            Self::Curl => "curl".into(),
            Self::Lftp => "lftp".into(),
            Self::NcFtp => "ncftpput".into(),
            Self::Ftplib | Self::Aioftp => python::interpreter(),
        }
    }

    /// Tries everything that the client is for on `site`.
    ///
    /// Files go into a folder of its own, so that clients can be tried beside each
    /// other.
    ///
    /// # Errors
    ///
    /// The first thing that went wrong, with what the client printed.
    pub async fn try_out(self, site: &Site) -> Result<(), Failure> {
        match self {
            Self::Curl => curl::try_out(site).await,
            Self::Lftp => lftp::try_out(site).await,
            Self::NcFtp => ncftp::try_out(site).await,
            Self::Ftplib => python::try_out(site, python::FTPLIB).await,
            Self::Aioftp => python::try_out(site, python::AIOFTP).await,
        }
    }
}
