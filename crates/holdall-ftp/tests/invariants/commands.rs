//! What holds for any line.

use holdall::Secret;
use holdall_ftp::protocol::{Command, DataAddress, Reply, SyntaxError, Verb, format_time};

/// Fails where what a line is taken for breaks a rule.
pub(super) fn check(line: &[u8]) {
    let parsed = Command::parse(line);
    let verb = Verb::of_line(line);
    assert_eq!(
        parsed,
        Command::parse(&other_case(line)),
        "names have no case"
    );
    match &parsed {
        Err(SyntaxError::NotUtf8) => assert!(std::str::from_utf8(line).is_err()),
        Err(SyntaxError::UnknownCommand) => assert_eq!(verb, None),
        _ => assert_ne!(verb, None),
    }
    match &parsed {
        Ok(command) => check_command(command, argument(line)),
        Err(error) => check_error(error),
    }
}

/// The line with the case of its command's name turned.
fn other_case(line: &[u8]) -> Vec<u8> {
    let end = line.iter().position(|byte| *byte == b' ');
    let (name, rest) = line.split_at(end.unwrap_or(line.len()));
    let turned = name.iter().map(|byte| match byte {
        b'a'..=b'z' => byte.to_ascii_uppercase(),
        _ => byte.to_ascii_lowercase(),
    });
    turned.chain(rest.iter().copied()).collect()
}

fn argument(line: &[u8]) -> &str {
    let line = std::str::from_utf8(line).unwrap_or_default();
    line.split_once(' ').map_or("", |(_, argument)| argument)
}

fn check_error(error: &SyntaxError) {
    assert!((500..=504).contains(&error.code()));
    let reply = Reply::new(error.code(), error.to_string()).encode();
    assert_eq!(reply.matches('\n').count(), 1);
}

fn check_command(command: &Command, argument: &str) {
    if let Some((_, path)) = path_of(command) {
        assert!(!path.is_empty() && !path.contains(['\0', '\r', '\n']));
        assert!(argument.ends_with(path), "a path is what was sent");
    }
    match command {
        Command::List(Some(path)) | Command::Nlst(Some(path)) | Command::Stat(Some(path)) => {
            assert!(!path.starts_with('-'), "an option was taken for a path");
        }
        Command::Port(DataAddress::Known(_)) | Command::Eprt(DataAddress::Known(_)) => {
            assert!(!argument.contains(['+', '-']), "a number has no sign");
        }
        Command::Mfmt(time, _) => check_time(argument, &format_time(*time)),
        Command::Pass(_) => {
            let another = Command::Pass(Secret::new("another"));
            assert_eq!(format!("{command:?}"), format!("{another:?}"), "it shows");
        }
        _ => {}
    }
    if let Some(canonical) = canonical(command) {
        let again = Command::parse(canonical.as_bytes());
        assert_eq!(again.as_ref(), Ok(command), "{canonical:?}");
    }
}

/// RFC 3659, 2.3: fourteen digits, and a fraction of any length.
fn check_time(argument: &str, told: &str) {
    let sent = argument.split(' ').next().unwrap_or_default();
    let (whole, fraction) = sent.split_once('.').unwrap_or((sent, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    assert!(
        whole.len() == 14 && digits(whole) && digits(fraction),
        "{sent}"
    );
    let milliseconds: String = fraction.chars().chain("00".chars()).take(3).collect();
    let expected = match milliseconds.as_str() {
        "000" => whole.to_owned(),
        milliseconds => format!("{whole}.{milliseconds}"),
    };
    assert_eq!(told, expected);
}

/// The name and the path of a command that is of those alone.
fn path_of(command: &Command) -> Option<(&'static str, &String)> {
    Some(match command {
        Command::Appe(path) => ("APPE", path),
        Command::Cwd(path) => ("CWD", path),
        Command::Dele(path) => ("DELE", path),
        Command::Hash(path) => ("HASH", path),
        Command::List(Some(path)) => ("LIST", path),
        Command::Mdtm(path) => ("MDTM", path),
        Command::Mkd(path) => ("MKD", path),
        Command::Mlsd(Some(path)) => ("MLSD", path),
        Command::Mlst(Some(path)) => ("MLST", path),
        Command::Nlst(Some(path)) => ("NLST", path),
        Command::Retr(path) => ("RETR", path),
        Command::Rmd(path) => ("RMD", path),
        Command::Rnfr(path) => ("RNFR", path),
        Command::Rnto(path) => ("RNTO", path),
        Command::Size(path) => ("SIZE", path),
        Command::Stat(Some(path)) => ("STAT", path),
        Command::Stor(path) => ("STOR", path),
        Command::Stou(Some(path)) => ("STOU", path),
        _ => return None,
    })
}

/// A line that means the same, where its argument has one best form.
fn canonical(command: &Command) -> Option<String> {
    match command {
        Command::Rest(position) => Some(format!("REST {position}")),
        Command::Eprt(DataAddress::Known(address)) => {
            let protocol = if address.is_ipv4() { 1 } else { 2 };
            let (host, port) = (address.ip(), address.port());
            Some(format!("EPRT |{protocol}|{host}|{port}|"))
        }
        Command::Port(DataAddress::Known(address)) => {
            let host = address.ip().to_string().replace('.', ",");
            let [high, low] = address.port().to_be_bytes();
            Some(format!("PORT {host},{high},{low}"))
        }
        command => path_of(command).map(|(name, path)| format!("{name} {path}")),
    }
}
