//! Why a case ended early, and the checks that end one.

use std::fmt::{Debug, Display};

use holdall::pathio::PathIoError;
use holdall::{Error, ErrorKind};

/// What a case comes to: nothing more to say, or why it ended early.
pub(crate) type Checked<T = ()> = Result<T, Stop>;

/// Why a case ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The rule does not hold.
    Failed(String),
    /// The subject turned out to be outside the rule's scope.
    NotApplicable(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(format!("unexpected error ({}): {error}", error.kind()))
    }
}

impl From<PathIoError> for Stop {
    fn from(error: PathIoError) -> Self {
        Self::Failed(format!("unexpected error ({}): {error}", error.kind()))
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(format!("unexpected input or output error: {error}"))
    }
}

impl From<tokio::task::JoinError> for Stop {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Failed(format!("a task of the case broke down: {error}"))
    }
}

/// Fails the case with the message unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::stop::Stop::Failed(format!($($message)+)));
        }
    };
}

/// Fails the case unless both sides are equal; the message says what they are.
macro_rules! ensure_eq {
    ($found:expr, $expected:expr, $($message:tt)+) => {{
        let (found, expected) = (&$found, &$expected);
        if found != expected {
            return Err($crate::stop::Stop::Failed(format!(
                "{}: expected {expected:?}, found {found:?}",
                format_args!($($message)+),
            )));
        }
    }};
}

pub(crate) use {ensure, ensure_eq};

/// Demands an error of `kind` and hands it back.
pub(crate) fn expect_error<T: Debug>(
    result: Result<T, Error>,
    kind: ErrorKind,
    what: impl Display,
) -> Checked<Error> {
    match result {
        Ok(value) => Err(Stop::Failed(format!(
            "{what}: expected {kind}, but it succeeded with {value:?}"
        ))),
        Err(error) if error.kind() == kind => Ok(error),
        Err(error) => Err(Stop::Failed(format!(
            "{what}: expected {kind}, but it failed with {}: {error}",
            error.kind()
        ))),
    }
}
