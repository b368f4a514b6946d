//! Path IOs of connections, and what they share.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use holdall::pathio::{Connection, OpenMode};

use crate::pathio::case::Suite;
use crate::pathio::instance::Property;
use crate::stop::{Stop, ensure, ensure_eq};

fn connection(user: &str, port: u16) -> Connection {
    Connection::new()
        .with_user(user)
        .with_peer(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .with_local(SocketAddr::from((Ipv4Addr::LOCALHOST, 21)))
        .with_encrypted(true)
}

pub(super) fn register(suite: &mut Suite) {
    let mut family = suite.family("connection");
    family.case(
        "is_told",
        "a path IO that was made for a connection tells which, and the first one tells none",
        |t| async move {
            let of = connection("ada", 4001);
            let io = t.io.for_connection(of.clone());
            ensure_eq!(io.connection(), Some(&of), "the connection");
            ensure_eq!(t.io.connection(), None, "the first path IO's connection");
            Ok(())
        },
    );
    family.case(
        "is_each_ones_own",
        "each path IO keeps the connection that it was made for, whatever it was made of",
        |t| async move {
            let first = t.io.for_connection(connection("ada", 4001));
            let second = first.for_connection(connection("grace", 4002));
            for (io, user) in [(&first, "ada"), (&second, "grace")] {
                let found = io.connection().and_then(|of| of.user.as_deref());
                ensure_eq!(found, Some(user), "the user");
            }
            Ok(())
        },
    );
    family.case(
        "sees_the_same_files",
        "all path IOs made of one see the same files",
        |t| async move {
            let first = t.with(t.io.for_connection(connection("ada", 4001)));
            let second = t.with(t.io.for_connection(connection("grace", 4002)));
            first.tree(&["folder/file"]).await?;
            second.expect_content("folder/file", "folder/file").await?;
            second.write("folder/file", OpenMode::Append, ["+"]).await?;
            t.expect_content("folder/file", "folder/file+").await?;
            t.io.unlink("folder/file").await?;
            first.expect_missing("folder/file").await
        },
    );
    family.case(
        "outlives_the_one_it_was_made_of",
        "a connection's path IO works on when the others were dropped",
        |t| async move {
            let first = t.io.for_connection(connection("ada", 4001));
            let second = t.with(first.for_connection(connection("grace", 4002)));
            drop(first);
            second.put("file", "content").await?;
            t.expect_content("file", "content").await
        },
    );
    family
        .case(
            "shares_the_state",
            "the state is one and the same for all path IOs made of one",
            |t| async move {
                let Some(first) = t.io.state() else {
                    return Err(Stop::Failed("there is no state".to_owned()));
                };
                let child = t.io.for_connection(connection("ada", 4001));
                let grandchild = child.for_connection(connection("grace", 4002));
                for io in [child, grandchild] {
                    let same = io.state().is_some_and(|state| Arc::ptr_eq(&state, &first));
                    ensure!(same, "the state is another");
                }
                Ok(())
            },
        )
        .needs(Property::SharedState);
}
