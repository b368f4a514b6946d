//! Set-up and checks for developers: `cargo xtask help` lists them.

mod azurite;
mod bench;
mod check;
mod conformance;
mod deny;
mod docs;
mod examples;
mod features;
mod ftp_clients;
mod links;
mod process;
mod readme;
mod reasons;
mod source_rules;
mod tally;
mod targets;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  test             run every test: unit, integration, conformance, command line,
                   doc tests, examples, feature combinations
  check            format, lints, documentation, licences, and the house's own rules
  conformance      run the contract against every backend and list each case
  readme           rewrite the tables that README.md takes from the code
  azurite          install the emulator of Azure's Blob storage that tests use; `test`
                   and `conformance` do so, too
  ftp-clients      install the FTP clients that tests use; `test` does so, too
  bench ARGS...    run the comparisons with other libraries (crates/holdall-bench)
  help             this text
";

/// Why a command could not do its work, in one line.
type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match command.as_str() {
        "test" => test::run(),
        "check" => check::run(),
        "conformance" => conformance::run(),
        "azurite" => azurite::install(),
        "ftp-clients" => ftp_clients::install(),
        "readme" => readme::rewrite(),
        "bench" => bench::run(&rest),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => Err(format!("there is no command '{unknown}'; see `cargo xtask help`").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
