//! Commands.

use std::borrow::Cow;
use std::fmt;

use holdall::{Secret, Timestamp};

use super::address::{DataAddress, EpsvRequest};
use super::facts::FactSet;

/// A command as a client gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// `USER name`.
    User(String),
    /// `PASS password`.
    Pass(Secret),
    /// `ACCT`, which no account needs.
    Acct,
    /// `QUIT`.
    Quit,
    /// `REIN`: logs out.
    Rein,
    /// `NOOP`.
    Noop,
    /// `HELP`, with or without a command's name.
    Help(String),
    /// `SYST`.
    Syst,
    /// `FEAT`.
    Feat,
    /// `OPTS option`.
    Opts(FeatureOption),
    /// `STAT` of the session, or of a path.
    Stat(Option<String>),
    /// `CLNT name`: how the client calls itself.
    Clnt,
    /// `PWD`.
    Pwd,
    /// `CWD path`.
    Cwd(String),
    /// `CDUP`.
    Cdup,
    /// `TYPE`.
    Type(DataType),
    /// `MODE S`.
    Mode,
    /// `STRU F`.
    Stru,
    /// `ALLO`: nothing needs it.
    Allo,
    /// `PASV`.
    Pasv,
    /// `EPSV`.
    Epsv(EpsvRequest),
    /// `PORT address`.
    Port(DataAddress),
    /// `EPRT address`.
    Eprt(DataAddress),
    /// `RETR path`.
    Retr(String),
    /// `STOR path`.
    Stor(String),
    /// `STOU`, with or without a name to begin with.
    Stou(Option<String>),
    /// `APPE path`.
    Appe(String),
    /// `REST position`.
    Rest(u64),
    /// `ABOR`.
    Abor,
    /// `DELE path`.
    Dele(String),
    /// `MKD path`.
    Mkd(String),
    /// `RMD path`.
    Rmd(String),
    /// `RNFR path`.
    Rnfr(String),
    /// `RNTO path`.
    Rnto(String),
    /// `LIST`, with or without a path.
    List(Option<String>),
    /// `NLST`, with or without a path.
    Nlst(Option<String>),
    /// `MLSD`, with or without a path.
    Mlsd(Option<String>),
    /// `MLST`, with or without a path.
    Mlst(Option<String>),
    /// `SIZE path`.
    Size(String),
    /// `MDTM path`.
    Mdtm(String),
    /// `MFMT time path`.
    Mfmt(Timestamp, String),
    /// `HASH path`.
    Hash(String),
    /// `AUTH mechanism`.
    Auth(AuthMechanism),
    /// `PBSZ size`.
    Pbsz,
    /// `PROT level`.
    Prot(Protection),
    /// `CCC`, which is refused.
    Ccc,
}

/// How bytes become the content of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// `TYPE A`: ends of lines are CR LF on the way, and LF in files.
    Ascii,
    /// `TYPE I` and `TYPE L 8`: bytes as they are.
    Image,
}

/// What `AUTH` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMechanism {
    /// `TLS`, and its old names.
    Tls,
    /// `SSL` and `TLS-P`, which encrypt data at once.
    TlsWithData,
    /// Something else.
    Other,
}

/// How data connections are protected (RFC 4217).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// `C`: not at all.
    Clear,
    /// `P`: by TLS.
    Private,
    /// `S` and `E`, which TLS has not.
    Other,
}

/// What `OPTS` sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeatureOption {
    /// `UTF8`: whether names are of UTF-8, which they always are.
    Utf8(bool),
    /// `MLST`: the facts to tell.
    Mlst(FactSet),
    /// `HASH`: the algorithm to use, or which one that is.
    Hash(Option<HashName>),
    /// Something else.
    Other,
}

/// A digest, as `HASH` names it
/// (<https://datatracker.ietf.org/doc/html/draft-bryan-ftpext-hash-02>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashName {
    /// `SHA-256`.
    Sha256,
    /// `SHA-512`.
    Sha512,
    /// `SHA-1`.
    Sha1,
    /// `MD5`.
    Md5,
}

impl HashName {
    /// All of them, the usual one first.
    pub const ALL: [Self; 4] = [Self::Sha256, Self::Sha512, Self::Sha1, Self::Md5];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
            Self::Sha1 => "SHA-1",
            Self::Md5 => "MD5",
        }
    }

    /// The digest of that name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|hash| hash.as_str().eq_ignore_ascii_case(name))
    }
}

/// Why a line is no command.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxError {
    /// The server knows no such command.
    UnknownCommand,
    /// The server knows the command, and does not do it.
    NotImplemented,
    /// The line is not UTF-8.
    NotUtf8,
    /// The argument is wrong; the text says what it must be.
    Argument(Cow<'static, str>),
    /// The argument is one that the server does not do; the text says which it does.
    Parameter(Cow<'static, str>),
}

impl SyntaxError {
    /// The code of the reply.
    pub const fn code(&self) -> u16 {
        match self {
            Self::UnknownCommand => 500,
            Self::NotImplemented => 502,
            Self::NotUtf8 | Self::Argument(_) => 501,
            Self::Parameter(_) => 504,
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCommand => f.write_str("Unknown command; see HELP."),
            Self::NotImplemented => f.write_str("This server does not do that."),
            Self::NotUtf8 => f.write_str("Names must be UTF-8."),
            Self::Argument(text) | Self::Parameter(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for SyntaxError {}
