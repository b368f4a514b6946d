//! ncftp: trees up and down, and appending.

use std::fs;

use crate::content::{same_tree, tree};
use crate::program::{Failure, holds, run, same};
use crate::site::Site;

pub(crate) async fn try_out(site: &Site) -> Result<(), Failure> {
    let local = tempfile::tempdir()?;
    let path = |name: &str| local.path().join(name).to_string_lossy().into_owned();
    let port = site.port.to_string();
    let login = [
        "-u",
        &site.user,
        "-p",
        &site.password,
        "-P",
        &port,
        "-t",
        "30",
        "-r",
        "2",
    ];
    let call = async |program: &str, arguments: &[&str]| {
        run(program, login.iter().chain(arguments), "").await
    };

    tree(&local.path().join("up"))?;
    call(
        "ncftpput",
        &["-V", "-m", "-R", Site::HOST, "/ncftp", &path("up")],
    )
    .await?;
    fs::create_dir(path("down"))?;
    call(
        "ncftpget",
        &["-V", "-R", Site::HOST, &path("down"), "/ncftp/up"],
    )
    .await?;
    same_tree(&local.path().join("down/up"), &local.path().join("up"))?;

    for text in ["one\n", "two\n"] {
        fs::write(path("log"), text)?;
        call(
            "ncftpput",
            &["-V", "-A", Site::HOST, "/ncftp", &path("log")],
        )
        .await?;
    }
    fs::create_dir(path("log-down"))?;
    call(
        "ncftpget",
        &["-V", Site::HOST, &path("log-down"), "/ncftp/log"],
    )
    .await?;
    same("the log", fs::read(path("log-down/log"))?, "one\ntwo\n")?;

    let url = format!("ftp://{}:{port}/ncftp/", Site::HOST);
    let user = ["-u", &site.user, "-p", &site.password, "-l", &url];
    let listed = run("ncftpls", user, "").await?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    holds(
        "the log is listed",
        listed
            .lines()
            .any(|l| l.contains(" 8 ") && l.ends_with("log")),
    )?;
    holds(
        "the folder is listed",
        listed
            .lines()
            .any(|l| l.starts_with('d') && l.ends_with("up")),
    )
}
