//! The emulator Azurite as a child process.

mod installed;
mod sas;

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use installed::Installed;

/// Loaded before Azurite, so that it never outlives the process that started it.
const EXIT_WITH_PARENT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/azurite/exit_with_parent.cjs"
);

/// What Azurite prints once it answers, before its address.
const LISTENING: &str = "successfully listens on ";

/// A running Azurite: a Blob service in memory on a free port of 127.0.0.1.
///
/// Dropping the handle ends the process. It also ends when the process that
/// holds the handle is killed.
#[derive(Debug)]
pub struct Azurite {
    process: Child,
    address: String,
    next_container: AtomicU64,
}

impl Azurite {
    /// The one account that Azurite knows.
    pub const ACCOUNT: &'static str = "devstoreaccount1";

    /// The key of that account. It is published, and the same everywhere.
    ///
    /// See <https://learn.microsoft.com/azure/storage/common/storage-connect-azurite>.
    pub const KEY: &'static str =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// Starts Azurite and returns once it answers.
    ///
    /// # Errors
    ///
    /// With `NotFound` where it is not installed; the message says how to
    /// install it. Otherwise what starting it failed with.
    pub fn start() -> io::Result<Self> {
        let installed = Installed::find()?;
        let mut process = Command::new(&installed.node)
            .args(["--require", EXIT_WITH_PARENT])
            .arg(&installed.blob_service)
            .args(["--inMemoryPersistence", "--loose", "--skipApiVersionCheck"])
            .args(["--disableTelemetry", "--silent"])
            .args(["--blobHost", "127.0.0.1", "--blobPort", "0"])
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let output = process.stdout.take();
        // From here on a failure ends the process, too.
        let mut azurite = Self {
            process,
            address: String::new(),
            next_container: AtomicU64::new(0),
        };
        let output = output.ok_or_else(|| io::Error::other("Azurite has no output"))?;
        let mut output = BufReader::new(output);
        azurite.address = address_in(&mut output)?;
        // Read on, so that Azurite never waits for a reader.
        std::thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        Ok(azurite)
    }

    /// Starts Azurite, or says loudly that the test is skipped where it is not
    /// installed.
    ///
    /// Where the variable `HOLDALL_REQUIRE_AZURITE` is set, as by `cargo xtask
    /// test`, absence is an error.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start), less absence where it may be skipped.
    pub fn start_or_skip() -> io::Result<Option<Self>> {
        match Self::start() {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !installed::is_required() => {
                // Not `eprintln!`, which a passing test's runner would hold back.
                writeln!(io::stderr(), "SKIPPED: {error}")?;
                Ok(None)
            }
            started => started.map(Some),
        }
    }

    /// The address of the Blob service without the account, such as
    /// `http://127.0.0.1:40001`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The Blob endpoint of [`ACCOUNT`](Self::ACCOUNT), such as
    /// `http://127.0.0.1:40001/devstoreaccount1`.
    pub fn endpoint(&self) -> String {
        format!("{}/{}", self.address, Self::ACCOUNT)
    }

    /// A connection string for [`endpoint`](Self::endpoint).
    pub fn connection_string(&self) -> String {
        format!(
            "DefaultEndpointsProtocol=http;AccountName={};AccountKey={};BlobEndpoint={};",
            Self::ACCOUNT,
            Self::KEY,
            self.endpoint()
        )
    }

    /// A shared access signature with the rights to all containers that tests
    /// need, until `expiry`, such as `2100-01-01T00:00:00Z`; without a question
    /// mark. Another expiry gives another signature.
    pub fn sas(&self, expiry: &str) -> String {
        sas::of_account(Self::ACCOUNT, Self::KEY, expiry)
    }

    /// A shared access signature with the rights to one container that tests
    /// need, until `expiry`; without a question mark.
    pub fn container_sas(&self, container: &str, expiry: &str) -> String {
        sas::of_container(Self::ACCOUNT, Self::KEY, container, expiry)
    }

    /// A container name that no other call on this handle returns. The
    /// container is not created.
    pub fn fresh_container_name(&self) -> String {
        let number = self.next_container.fetch_add(1, Ordering::Relaxed);
        format!("test-{number}")
    }

    /// The process id, for tests that look at the process itself.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Azurite {
    fn drop(&mut self) {
        // A process that has ended already is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn address_in(output: &mut impl BufRead) -> io::Result<String> {
    let mut printed = String::new();
    loop {
        let start = printed.len();
        if output.read_line(&mut printed)? == 0 {
            let message = format!("Azurite ended before it answered, and printed: {printed}");
            return Err(io::Error::other(message));
        }
        let line = printed.get(start..).unwrap_or_default();
        if let Some((_, address)) = line.split_once(LISTENING) {
            return Ok(address.trim().to_owned());
        }
    }
}
