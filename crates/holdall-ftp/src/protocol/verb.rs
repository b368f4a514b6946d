//! The names of commands.

/// The name of a command that the server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the command that it is named after")]
pub enum Verb {
    Abor,
    Acct,
    Allo,
    Appe,
    Auth,
    Ccc,
    Cdup,
    Clnt,
    Cwd,
    Dele,
    Eprt,
    Epsv,
    Feat,
    Hash,
    Help,
    List,
    Mdtm,
    Mfmt,
    Mkd,
    Mlsd,
    Mlst,
    Mode,
    Nlst,
    Noop,
    Opts,
    Pass,
    Pasv,
    Pbsz,
    Port,
    Prot,
    Pwd,
    Quit,
    Rein,
    Rest,
    Retr,
    Rmd,
    Rnfr,
    Rnto,
    Site,
    Size,
    Stat,
    Stor,
    Stou,
    Stru,
    Syst,
    Type,
    User,
}

/// Each name as it stands in `HELP`, and what it means.
const NAMES: &[(&str, Verb)] = &[
    ("ABOR", Verb::Abor),
    ("ACCT", Verb::Acct),
    ("ALLO", Verb::Allo),
    ("APPE", Verb::Appe),
    ("AUTH", Verb::Auth),
    ("CCC", Verb::Ccc),
    ("CDUP", Verb::Cdup),
    ("CLNT", Verb::Clnt),
    ("CWD", Verb::Cwd),
    ("DELE", Verb::Dele),
    ("EPRT", Verb::Eprt),
    ("EPSV", Verb::Epsv),
    ("FEAT", Verb::Feat),
    ("HASH", Verb::Hash),
    ("HELP", Verb::Help),
    ("LIST", Verb::List),
    ("MDTM", Verb::Mdtm),
    ("MFMT", Verb::Mfmt),
    ("MKD", Verb::Mkd),
    ("MLSD", Verb::Mlsd),
    ("MLST", Verb::Mlst),
    ("MODE", Verb::Mode),
    ("NLST", Verb::Nlst),
    ("NOOP", Verb::Noop),
    ("OPTS", Verb::Opts),
    ("PASS", Verb::Pass),
    ("PASV", Verb::Pasv),
    ("PBSZ", Verb::Pbsz),
    ("PORT", Verb::Port),
    ("PROT", Verb::Prot),
    ("PWD", Verb::Pwd),
    ("QUIT", Verb::Quit),
    ("REIN", Verb::Rein),
    ("REST", Verb::Rest),
    ("RETR", Verb::Retr),
    ("RMD", Verb::Rmd),
    ("RNFR", Verb::Rnfr),
    ("RNTO", Verb::Rnto),
    ("SITE", Verb::Site),
    ("SIZE", Verb::Size),
    ("STAT", Verb::Stat),
    ("STOR", Verb::Stor),
    ("STOU", Verb::Stou),
    ("STRU", Verb::Stru),
    ("SYST", Verb::Syst),
    ("TYPE", Verb::Type),
    ("USER", Verb::User),
];

/// The names of RFC 775, which RFC 1123 asks servers to keep.
const OLD_NAMES: &[(&str, Verb)] = &[
    ("XCUP", Verb::Cdup),
    ("XCWD", Verb::Cwd),
    ("XMKD", Verb::Mkd),
    ("XPWD", Verb::Pwd),
    ("XRMD", Verb::Rmd),
];

impl Verb {
    /// The command of that name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .chain(OLD_NAMES)
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, verb)| *verb)
    }

    /// The command's name.
    pub fn as_str(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, verb)| *verb == self)
            .map_or("?", |(name, _)| name)
    }

    /// All names, in the order of the alphabet.
    pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}
