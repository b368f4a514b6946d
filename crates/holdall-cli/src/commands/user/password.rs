//! A new password: from the terminal or standard input, never from an argument,
//! which all users of the machine can see.

use std::io::{self, IsTerminal};

use holdall::Secret;
use holdall_ftp::PasswordHash;

use crate::exit::Exit;
use crate::failure::{Failure, Result};

/// Asks for a password, twice at a terminal, and hashes it.
pub(super) fn read(name: &str) -> Result<PasswordHash> {
    let password = if io::stdin().is_terminal() {
        ask(name)?
    } else {
        line()?
    };
    if password.is_empty() {
        return Err(Failure::new(Exit::Usage, "the password is empty"));
    }
    PasswordHash::of(&password).map_err(|error| Failure::new(Exit::Other, error.to_string()))
}

fn ask(name: &str) -> Result<Secret> {
    let prompt =
        |text: String| rpassword::prompt_password(text).map_err(|error| unreadable(&error));
    let first = Secret::new(prompt(format!("Password for {}: ", name.escape_debug()))?);
    let second = Secret::new(prompt("The same again: ".to_owned())?);
    if first != second {
        return Err(Failure::new(Exit::Usage, "the two passwords differ"));
    }
    Ok(first)
}

/// The first line of standard input.
fn line() -> Result<Secret> {
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .map_err(|error| unreadable(&error))?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(Secret::new(line.strip_suffix('\r').unwrap_or(line)))
}

fn unreadable(error: &io::Error) -> Failure {
    Failure::new(Exit::Other, format!("the password cannot be read: {error}"))
}
