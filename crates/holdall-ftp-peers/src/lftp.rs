//! lftp: whole trees, files in many parts at once, and TLS.

use crate::content::{content, same_tree, tree};
use crate::program::{Failure, holds, run, same};
use crate::site::Site;

pub(crate) async fn try_out(site: &Site) -> Result<(), Failure> {
    session(site, false)
        .await
        .map_err(|error| format!("plain: {error}"))?;
    session(site, true)
        .await
        .map_err(|error| format!("TLS: {error}"))?;
    Ok(())
}

async fn session(site: &Site, secure: bool) -> Result<(), Failure> {
    let local = tempfile::tempdir()?;
    let up = local.path().join("up");
    tree(&up)?;
    let large = content(3, 5_000_011);
    std::fs::write(local.path().join("large"), &large)?;
    let folder = format!("lftp-{secure}");
    let script = format!(
        "{settings}
         open -u '{user},{password}' -p {port} {host}
         lcd {local}
         mkdir -p {folder}/a/b
         cd {folder}
         mirror -R --parallel=3 up tree
         mirror --parallel=3 tree down
         put large
         pget -n 4 -c large -o in-parts
         get large -o whole
         mv large renamed
         get -c renamed -o half
         cls -1 > names
         ls > long
         rm -r tree
         rmdir a/b
         cls -1 > names-after
         bye",
        settings = settings(site, secure),
        user = site.user,
        password = site.password,
        port = site.port,
        host = Site::HOST,
        local = local.path().display(),
    );
    let (half, _) = large.split_at(1_234_567);
    std::fs::write(local.path().join("half"), half)?;
    run("lftp", ["-f", "/dev/stdin"], &script).await?;

    let file = |name: &str| std::fs::read(local.path().join(name));
    same_tree(&local.path().join("down"), &up)?;
    same("a file in parts", file("in-parts")?, &large)?;
    same("a whole file", file("whole")?, &large)?;
    same("a resumed file", file("half")?, &large)?;
    same("names", file("names")?, "a/\nrenamed\ntree/\n")?;
    same("names after", file("names-after")?, "a/\nrenamed\n")?;
    let long = String::from_utf8_lossy(&file("long")?).into_owned();
    holds(
        "the size is listed",
        long.lines()
            .any(|l| l.contains("5000011") && l.ends_with("renamed")),
    )
}

fn settings(site: &Site, secure: bool) -> String {
    format!(
        "set cmd:fail-exit true
         set net:timeout 20
         set net:max-retries 2
         set net:reconnect-interval-base 1
         set mirror:set-permissions false
         set ssl:ca-file {}
         set ftp:ssl-allow {secure}
         set ftp:ssl-force {secure}
         set ftp:ssl-protect-data {secure}",
        site.certificate.display()
    )
}
