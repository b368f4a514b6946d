//! Reading commands.

use std::borrow::Cow;

use holdall::Secret;

use super::address::{DataAddress, EpsvRequest};
use super::command::{
    AuthMechanism, Command, DataType, FeatureOption, HashName, Protection, SyntaxError,
};
use super::facts::FactSet;
use super::time::parse_time;
use super::verb::Verb;

type Parsed = Result<Command, SyntaxError>;

impl Verb {
    /// The command that a line names, whatever follows.
    pub fn of_line(line: &[u8]) -> Option<Self> {
        let name = line.split(|byte| *byte == b' ').next().unwrap_or_default();
        Self::from_name(std::str::from_utf8(name).ok()?)
    }
}

impl Command {
    /// Reads a line that has lost its end.
    ///
    /// ```
    /// use holdall_ftp::protocol::{Command, SyntaxError};
    ///
    /// assert_eq!(Command::parse(b"retr a b"), Ok(Command::Retr("a b".to_owned())));
    /// assert_eq!(Command::parse(b"XYZZY"), Err(SyntaxError::UnknownCommand));
    /// ```
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn parse(line: &[u8]) -> Parsed {
        let line = std::str::from_utf8(line).map_err(|_| SyntaxError::NotUtf8)?;
        let (name, argument) = line.split_once(' ').unwrap_or((line, ""));
        let verb = Verb::from_name(name).ok_or(SyntaxError::UnknownCommand)?;
        Self::of_verb(verb, argument)
    }

    fn of_verb(verb: Verb, argument: &str) -> Parsed {
        match verb {
            Verb::Abor => Ok(Self::Abor),
            Verb::Acct => Ok(Self::Acct),
            Verb::Allo => Ok(Self::Allo),
            Verb::Appe => path(argument).map(Self::Appe),
            Verb::Auth => auth(argument),
            Verb::Ccc => Ok(Self::Ccc),
            Verb::Cdup => Ok(Self::Cdup),
            Verb::Clnt => Ok(Self::Clnt),
            Verb::Cwd => path(argument).map(Self::Cwd),
            Verb::Dele => path(argument).map(Self::Dele),
            Verb::Eprt => address(DataAddress::from_eprt(argument)).map(Self::Eprt),
            Verb::Epsv => epsv(argument),
            Verb::Feat => Ok(Self::Feat),
            Verb::Hash => path(argument).map(Self::Hash),
            Verb::Help => Ok(Self::Help(argument.trim().to_owned())),
            Verb::List => listed_path(argument).map(Self::List),
            Verb::Mdtm => path(argument).map(Self::Mdtm),
            Verb::Mfmt => modification(argument),
            Verb::Mkd => path(argument).map(Self::Mkd),
            Verb::Mlsd => optional_path(argument).map(Self::Mlsd),
            Verb::Mlst => optional_path(argument).map(Self::Mlst),
            Verb::Mode => only("S", argument, Self::Mode, "This server does MODE S alone."),
            Verb::Nlst => listed_path(argument).map(Self::Nlst),
            Verb::Noop => Ok(Self::Noop),
            Verb::Opts => Ok(Self::Opts(option(argument))),
            Verb::Pass => Ok(Self::Pass(Secret::new(argument))),
            Verb::Pasv => Ok(Self::Pasv),
            Verb::Pbsz => buffer_size(argument),
            Verb::Port => address(DataAddress::from_port(argument)).map(Self::Port),
            Verb::Prot => protection(argument),
            Verb::Pwd => Ok(Self::Pwd),
            Verb::Quit => Ok(Self::Quit),
            Verb::Rein => Ok(Self::Rein),
            Verb::Rest => position(argument),
            Verb::Retr => path(argument).map(Self::Retr),
            Verb::Rmd => path(argument).map(Self::Rmd),
            Verb::Rnfr => path(argument).map(Self::Rnfr),
            Verb::Rnto => path(argument).map(Self::Rnto),
            Verb::Site => Err(SyntaxError::NotImplemented),
            Verb::Size => path(argument).map(Self::Size),
            Verb::Stat => listed_path(argument).map(Self::Stat),
            Verb::Stor => path(argument).map(Self::Stor),
            Verb::Stou => optional_path(argument).map(Self::Stou),
            Verb::Stru => only("F", argument, Self::Stru, "This server does STRU F alone."),
            Verb::Syst => Ok(Self::Syst),
            Verb::Type => data_type(argument),
            Verb::User => user(argument),
        }
    }
}

fn wrong(text: &'static str) -> SyntaxError {
    SyntaxError::Argument(Cow::Borrowed(text))
}

fn path(argument: &str) -> Result<String, SyntaxError> {
    if argument.is_empty() {
        return Err(wrong("A path must follow."));
    }
    if argument.contains(['\0', '\r']) {
        return Err(wrong("A path has no NUL and no CR in it."));
    }
    Ok(argument.to_owned())
}

fn optional_path(argument: &str) -> Result<Option<String>, SyntaxError> {
    if argument.is_empty() {
        return Ok(None);
    }
    path(argument).map(Some)
}

/// A path after options such as `-la`, which clients send as if to `ls`.
fn listed_path(argument: &str) -> Result<Option<String>, SyntaxError> {
    let mut rest = argument;
    while rest.starts_with('-') {
        rest = rest
            .split_once(' ')
            .map_or("", |(_, rest)| rest)
            .trim_start();
    }
    optional_path(rest)
}

fn user(argument: &str) -> Parsed {
    if argument.is_empty() {
        return Err(wrong("A name must follow."));
    }
    Ok(Command::User(argument.to_owned()))
}

fn address(address: Option<DataAddress>) -> Result<DataAddress, SyntaxError> {
    address.ok_or_else(|| wrong("An address must follow, as RFC 959 or RFC 2428 writes it."))
}

fn epsv(argument: &str) -> Parsed {
    EpsvRequest::parse(argument)
        .map(Command::Epsv)
        .ok_or_else(|| wrong("Nothing, 1, 2 or ALL must follow."))
}

fn position(argument: &str) -> Parsed {
    let digits = argument.trim();
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let position = digits.parse().ok().filter(|_| all_digits);
    position
        .map(Command::Rest)
        .ok_or_else(|| wrong("A position in bytes must follow."))
}

fn modification(argument: &str) -> Parsed {
    let (time, rest) = argument
        .split_once(' ')
        .ok_or_else(|| wrong("A time and a path must follow."))?;
    let time = parse_time(time).ok_or_else(|| wrong("The time must be YYYYMMDDHHMMSS, in UTC."))?;
    Ok(Command::Mfmt(time, path(rest)?))
}

fn only(known: &str, argument: &str, command: Command, hint: &'static str) -> Parsed {
    if argument.trim().eq_ignore_ascii_case(known) {
        return Ok(command);
    }
    Err(SyntaxError::Parameter(Cow::Borrowed(hint)))
}

fn data_type(argument: &str) -> Parsed {
    let upper = argument.trim().to_ascii_uppercase();
    match upper.as_str() {
        "A" | "A N" => Ok(Command::Type(DataType::Ascii)),
        "I" | "L 8" | "L8" => Ok(Command::Type(DataType::Image)),
        _ => Err(SyntaxError::Parameter(Cow::Borrowed(
            "This server does TYPE A and TYPE I.",
        ))),
    }
}

fn option(argument: &str) -> FeatureOption {
    let (name, value) = argument
        .trim()
        .split_once(' ')
        .unwrap_or((argument.trim(), ""));
    let value = value.trim();
    match name.to_ascii_uppercase().as_str() {
        "UTF8" | "UTF-8" => FeatureOption::Utf8(!value.eq_ignore_ascii_case("OFF")),
        "MLST" => FeatureOption::Mlst(FactSet::parse(value)),
        "HASH" if value.is_empty() => FeatureOption::Hash(None),
        "HASH" => HashName::from_name(value)
            .map_or(FeatureOption::Other, |hash| FeatureOption::Hash(Some(hash))),
        _ => FeatureOption::Other,
    }
}

fn auth(argument: &str) -> Parsed {
    let mechanism = match argument.trim().to_ascii_uppercase().as_str() {
        "" => return Err(wrong("A mechanism must follow, as TLS.")),
        "TLS" | "TLS-C" => AuthMechanism::Tls,
        "SSL" | "TLS-P" => AuthMechanism::TlsWithData,
        _ => AuthMechanism::Other,
    };
    Ok(Command::Auth(mechanism))
}

fn buffer_size(argument: &str) -> Parsed {
    let size = argument.trim().parse::<u32>();
    size.map(|_| Command::Pbsz)
        .map_err(|_| wrong("A size must follow; with TLS it is 0."))
}

fn protection(argument: &str) -> Parsed {
    let level = match argument.trim().to_ascii_uppercase().as_str() {
        "C" => Protection::Clear,
        "P" => Protection::Private,
        "S" | "E" => Protection::Other,
        _ => {
            return Err(SyntaxError::Parameter(Cow::Borrowed(
                "The levels are C and P.",
            )));
        }
    };
    Ok(Command::Prot(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_commands_have_no_case_and_old_names_stay() {
        assert_eq!(Command::parse(b"noop"), Ok(Command::Noop));
        assert_eq!(Command::parse(b"XpWd"), Ok(Command::Pwd));
        assert_eq!(Command::parse(b""), Err(SyntaxError::UnknownCommand));
    }

    #[test]
    fn spaces_belong_to_the_path() {
        let path = " a b ".to_owned();
        assert_eq!(Command::parse(b"STOR  a b "), Ok(Command::Stor(path)));
    }

    #[test]
    fn options_of_ls_are_left_out() {
        assert_eq!(Command::parse(b"LIST -la"), Ok(Command::List(None)));
        let folder = Some("a -b".to_owned());
        assert_eq!(
            Command::parse(b"NLST -a -l a -b"),
            Ok(Command::Nlst(folder))
        );
    }

    #[test]
    fn positions_are_digits_and_fit() {
        let last = b"REST 18446744073709551615";
        assert_eq!(Command::parse(last), Ok(Command::Rest(u64::MAX)));
        for wrong in [
            "REST",
            "REST -1",
            "REST +1",
            "REST 18446744073709551616",
            "REST 1x",
        ] {
            assert_eq!(
                Command::parse(wrong.as_bytes()).map_err(|e| e.code()),
                Err(501),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_password_does_not_show() {
        let command = Command::parse(b"PASS hunter2").unwrap();
        assert!(!format!("{command:?}").contains("hunter2"));
    }

    #[test]
    fn what_no_path_can_hold_is_refused() {
        assert_eq!(Command::parse(b"RETR a\0b").map_err(|e| e.code()), Err(501));
        assert_eq!(Command::parse(b"RETR \xff").map_err(|e| e.code()), Err(501));
        assert_eq!(Command::parse(b"RETR").map_err(|e| e.code()), Err(501));
    }

    #[test]
    fn every_name_means_a_command() {
        for name in Verb::names() {
            assert_eq!(Verb::from_name(name).map(Verb::as_str), Some(name));
            assert_ne!(
                Command::parse(name.as_bytes()),
                Err(SyntaxError::UnknownCommand)
            );
        }
    }
}
