//! `holdall ping`: asks whether a store answers, and explains it if it does not.

use std::error::Error as _;
use std::io;
use std::iter::successors;

use clap::Args;
use holdall::{Error, ErrorKind, UnknownHost};

use super::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::location::{Location, Purpose};
use crate::output::{Output, printable};

/// Ask whether the store of an address answers
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// An address in the store; the path in it does not matter
    #[arg(value_name = "ADDR")]
    address: String,
}

pub(super) async fn run(arguments: Arguments, session: &Session) -> Result<()> {
    let location = session.stores.locate(&arguments.address, Purpose::Target);
    // A folder of this machine's disk is opened before it is asked.
    let location = location.map_err(|failure| match failure.exit() {
        Exit::NotFound => failure.with_hint(MISSING_FOLDER),
        Exit::PermissionDenied => failure.with_hint(CLOSED_FOLDER),
        _ => failure,
    })?;
    let answer = location.store().ping().await;
    answer.map_err(|error| explained(&location, &error))?;
    let mut output = Output::new();
    output.line(&format!(
        "{}: the store answers",
        printable(location.label())
    ))?;
    output.finish()
}

const MISSING_FOLDER: &str = "make the folder, or correct 'root'";
const CLOSED_FOLDER: &str = "check the owner and the mode of the folder";

/// What is wrong, and what to do about it.
fn explained(location: &Location, error: &Error) -> Failure {
    let failure = location.failure(error);
    let kind = location.store().backend().name().to_owned();
    let is_azure = kind.contains("azure");
    match error.kind() {
        ErrorKind::NotFound if is_azure => failure.with_hint(
            "the account answers, but has no such container: correct its name, or create it: \
             az storage container create --name CONTAINER --account-name ACCOUNT",
        ),
        ErrorKind::NotFound => failure.with_hint(MISSING_FOLDER),
        ErrorKind::PermissionDenied if is_azure => failure.with_hint(
            "the service refused the credential: check that the key or SAS token belongs to this \
             account and has not expired, or for a login that it has a role for the data, such \
             as 'Storage Blob Data Contributor'",
        ),
        ErrorKind::PermissionDenied => failure.with_hint(CLOSED_FOLDER),
        ErrorKind::BackendUnavailable => failure.with_hint(unreachable(error)),
        _ => failure,
    }
}

/// Why nobody answers, as far as the causes tell.
fn unreachable(error: &Error) -> &'static str {
    if UnknownHost::among_causes_of(error).is_some() {
        return "the host is not known: check the name of the account, or its URL, for a slip, and \
                that this machine is connected to the network";
    }
    let mut causes = successors(error.source(), |&cause| cause.source());
    if causes.any(is_refusal) {
        return "the host is there, but nothing listens at that port: check the URL, and that the \
                service or emulator runs";
    }
    // What TLS finds wrong is wrapped so that its type is out of reach.
    let said = error.to_string().to_lowercase();
    if said.contains("certificate") || said.contains("tls") {
        "no secure connection could be made: check the URL, the clock and the certificates of \
         this machine, and any proxy on the way"
    } else {
        "the host does not answer in time, or is busy: check the network and any firewall, and \
         try again"
    }
}

/// Whether a machine answered that nobody listens there.
fn is_refusal(cause: &(dyn std::error::Error + 'static)) -> bool {
    let error = cause.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}
