//! curl: single files, whole and in part, in every way to connect.

use std::path::Path;

use crate::content::content;
use crate::program::{Failure, holds, run, run_to_code, same};
use crate::site::Site;

/// `CURLE_LOGIN_DENIED` and `CURLE_REMOTE_FILE_NOT_FOUND`.
const LOGIN_DENIED: i32 = 67;
const NOT_FOUND: i32 = 78;
/// `CURLE_FTP_COULDNT_RETR_FILE`, which it tells where it asked no size before.
const NOT_RETRIEVED: i32 = 19;

/// One curl after another, with the same way to connect.
struct Curl<'a> {
    site: &'a Site,
    way: &'a [&'a str],
    folder: String,
    local: tempfile::TempDir,
}

pub(crate) async fn try_out(site: &Site) -> Result<(), Failure> {
    let certificate = site.certificate.to_string_lossy();
    let ways: [(&str, &[&str]); 6] = [
        ("passive", &[]),
        ("pasv", &["--disable-epsv"]),
        ("active", &["--ftp-port", "-"]),
        ("port", &["--ftp-port", "-", "--disable-eprt"]),
        ("singlecwd", &["--ftp-method", "singlecwd"]),
        ("tls", &["--ssl-reqd", "--cacert", &certificate]),
    ];
    for (name, way) in ways {
        let curl = Curl {
            site,
            way,
            folder: format!("curl-{name}"),
            local: tempfile::tempdir()?,
        };
        curl.whole_files()
            .await
            .map_err(|error| format!("{name}: {error}"))?;
        curl.parts()
            .await
            .map_err(|error| format!("{name}: {error}"))?;
        curl.names()
            .await
            .map_err(|error| format!("{name}: {error}"))?;
    }
    refusals(site).await
}

impl Curl<'_> {
    async fn call(&self, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        let login = format!("{}:{}", self.site.user, self.site.password);
        let all = ["--silent", "--show-error", "--user", &login]
            .into_iter()
            .chain(self.way.iter().copied())
            .chain(arguments.iter().copied());
        run("curl", all, "").await
    }

    fn url(&self, name: &str) -> String {
        self.site.url(&format!("{}/{name}", self.folder))
    }

    fn file(&self, name: &str, bytes: &[u8]) -> Result<String, Failure> {
        let path = self.local.path().join(name);
        std::fs::write(&path, bytes)?;
        Ok(text(&path))
    }

    async fn upload(&self, name: &str, bytes: &[u8], more: &[&str]) -> Result<(), Failure> {
        let file = self.file("upload", bytes)?;
        let url = self.url(name);
        let arguments = [&["--ftp-create-dirs", "--upload-file", &file, &url], more].concat();
        self.call(&arguments).await.map(drop)
    }

    async fn expect(&self, name: &str, expected: &[u8], more: &[&str]) -> Result<(), Failure> {
        let url = self.url(name);
        let arguments = [more, &[&url]].concat();
        same(
            &format!("{name} {more:?}"),
            self.call(&arguments).await?,
            expected,
        )
    }

    async fn whole_files(&self) -> Result<(), Failure> {
        let large = content(1, 3_000_017);
        self.upload("large", &large, &[]).await?;
        self.expect("large", &large, &[]).await?;
        self.expect("large", &large, &["--ftp-method", "nocwd"])
            .await?;
        self.upload("large", b"short now", &[]).await?;
        self.expect("large", b"short now", &[]).await?;
        self.upload("empty", b"", &[]).await?;
        self.expect("empty", b"", &[]).await?;
        self.upload("log", b"one\n", &["--append"]).await?;
        self.upload("log", b"two\n", &["--append"]).await?;
        self.expect("log", b"one\ntwo\n", &[]).await?;
        let url = self.url("log");
        let head = String::from_utf8_lossy(&self.call(&["--head", &url]).await?).into_owned();
        holds("a length", head.contains("Content-Length: 8"))?;
        holds("a time", head.contains("Last-Modified: "))
    }

    async fn parts(&self) -> Result<(), Failure> {
        let large = content(2, 2_000_003);
        self.upload("parts", &large, &[]).await?;
        // curl closes the connection once it has what it wants.
        for round in 0..10_usize {
            let (begin, end) = (round * 1000, round * 100_000 + 1999);
            let expected = large.get(begin..=end).unwrap_or_default();
            self.expect("parts", expected, &["--range", &format!("{begin}-{end}")])
                .await?;
        }
        let tail = large.get(1_999_000..).unwrap_or_default();
        self.expect("parts", tail, &["--range", "1999000-"]).await?;

        let (half, _) = large.split_at(1_000_000);
        let resumed = self.file("resumed", half)?;
        let url = self.url("parts");
        self.call(&["--continue-at", "-", "--output", &resumed, &url])
            .await?;
        same("a resumed download", std::fs::read(&resumed)?, &large)?;

        self.upload("halved", half, &[]).await?;
        self.upload("halved", &large, &["--continue-at", "-"])
            .await?;
        self.expect("halved", &large, &[]).await
    }

    async fn names(&self) -> Result<(), Failure> {
        self.upload("a%20b/gr%C3%BCn.txt", b"green", &[]).await?;
        self.expect("a%20b/gr%C3%BCn.txt", b"green", &[]).await?;
        let names = self.call(&["--list-only", &self.url("a%20b/")]).await?;
        same(
            "names",
            String::from_utf8_lossy(&names).replace('\r', ""),
            "grün.txt\n",
        )?;
        let long = self.call(&[&self.url("")]).await?;
        let long = String::from_utf8_lossy(&long).into_owned();
        holds(
            "a folder listed",
            long.lines()
                .any(|l| l.starts_with('d') && l.contains("a b")),
        )?;
        holds(
            "a file listed",
            long.lines()
                .any(|l| l.starts_with('-') && l.contains("log")),
        )?;

        let (from, to) = (
            format!("{}/log", self.folder),
            format!("{}/moved", self.folder),
        );
        let renaming = [format!("RNFR {from}"), format!("RNTO {to}")];
        let root = self.site.url("");
        self.call(&[
            "--list-only",
            "--quote",
            &renaming[0],
            "--quote",
            &renaming[1],
            &root,
        ])
        .await?;
        self.expect("moved", b"one\ntwo\n", &[]).await?;
        self.call(&["--list-only", "--quote", &format!("DELE {to}"), &root])
            .await?;
        let listed = self.call(&["--list-only", &self.url("")]).await?;
        holds(
            "the file is gone",
            !String::from_utf8_lossy(&listed).contains("moved"),
        )
    }
}

async fn refusals(site: &Site) -> Result<(), Failure> {
    let url = site.url("no/such/file");
    let login = format!("{}:{}", site.user, site.password);
    let (code, _) = run_to_code("curl", ["--silent", "--user", &login, &url], "").await?;
    // A folder that is missing is told as an access denied.
    holds(
        "a missing file is told",
        matches!(code, Some(9 | NOT_FOUND | NOT_RETRIEVED)),
    )?;
    let wrong = format!("{}:wrong", site.user);
    let (code, _) = run_to_code("curl", ["--silent", "--user", &wrong, &url], "").await?;
    holds("a wrong password is told", code == Some(LOGIN_DENIED))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
