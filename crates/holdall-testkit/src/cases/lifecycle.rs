//! Health, closing, and what is left after it.

use std::fmt::{Debug, Display};
use std::sync::Arc;

use holdall::{Capability, Error, ErrorKind, Result};

use crate::call::{Call, Partner};
use crate::fixture::Fixture;
use crate::stop::{Checked, Stop, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

pub(crate) fn register(suite: &mut Suite) {
    let mut family = suite.family("lifecycle");
    family.case(
        "a_fresh_backend_answers",
        "ping of a backend that works succeeds, and creates nothing",
        [],
        |t| async move {
            t.store.ping().await?;
            t.backend.check_health().await?;
            t.expect_unchanged(&t.snapshot().await?, "ping").await
        },
    );
    family.case(
        "a_fresh_backend_is_empty",
        "an empty store has a root and nothing else",
        [Capability::List],
        |t| async move {
            ensure!(t.files().await?.is_empty(), "there are files");
            ensure!(t.folders().await?.is_empty(), "there are folders");
            ensure!(t.store.exists("").await?, "there is no root");
            Ok(())
        },
    );
    family.case(
        "closing_twice",
        "a second aclose does nothing",
        [],
        |t| async move {
            for _ in 0..3 {
                t.store.aclose().await?;
                t.backend.aclose().await?;
            }
            Ok(())
        },
    );
    family.case(
        "usable_after_closing",
        "a backend whose close is not terminal works afterwards as before",
        [Capability::Write, Capability::Read],
        |t| async move {
            if t.backend.close_is_terminal() {
                return Err(Stop::NotApplicable("closing is terminal".into()));
            }
            t.put("file", "content").await?;
            t.store.aclose().await?;
            t.expect_content("file", "content").await?;
            t.put("file", "again").await?;
            t.expect_content("file", "again").await?;
            t.store.ping().await?;
            Ok(())
        },
    );
    family.case(
        "refuses_after_a_terminal_close",
        "a backend whose close is terminal answers every call with BackendUnavailable, or an \
         adapter with Closed, afterwards, \
         ahead of every other error; names still resolve",
        [],
        terminal,
    );
    family.case(
        "closing_a_child_closes_nothing",
        "aclose of a child store leaves the backend open",
        [Capability::Write, Capability::Read],
        |t| async move {
            t.store.child("folder")?.aclose().await?;
            t.put("file", "content").await?;
            t.expect_content("file", "content").await
        },
    );
    family.case(
        "closing_beside_calls",
        "aclose beside calls neither hangs nor breaks them",
        [Capability::Write],
        closing_beside_calls,
    );
}

async fn terminal(t: Fixture) -> Checked {
    if !t.backend.close_is_terminal() {
        return Err(Stop::NotApplicable("closing is not terminal".into()));
    }
    t.backend.aclose().await?;
    let partner = Partner {
        file: "source".to_owned(),
        free: "free".to_owned(),
    };
    let supported = |call: &Call| call.gate().is_none_or(|gate| t.supports(gate));
    for call in Call::all()
        .into_iter()
        .filter(|c| c.is_on_backends() && supported(c))
    {
        for path in ["file", ""] {
            let result = call.on_backend(&t.backend, path, &partner).await;
            let what = format!("{}({path:?}) after the close", call.operation());
            expect_closed(result, what)?;
        }
    }
    let health = t.backend.check_health().await;
    expect_closed(health, "check_health")?;
    ensure_eq!(
        t.backend.to_key(&t.backend.native_path("file")?)?,
        "file",
        "the key"
    );
    t.backend.resolve("file")?;
    t.backend.aclose().await?;
    Ok(())
}

/// What a closed backend says, or a closed adapter.
fn tells_of_the_close(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BackendUnavailable | ErrorKind::Closed
    )
}

fn expect_closed<T: Debug>(result: Result<T>, what: impl Display) -> Checked {
    match result {
        Err(error) if tells_of_the_close(&error) => Ok(()),
        other => expect_error(other, ErrorKind::BackendUnavailable, what).map(drop),
    }
}

async fn closing_beside_calls(t: Fixture) -> Checked {
    let terminal = t.backend.close_is_terminal();
    let writes: Vec<_> = (0..16)
        .map(|n| {
            let store = t.store.clone();
            tokio::spawn(async move { store.write(&format!("folder/{n}"), "content").await })
        })
        .collect();
    let backend = Arc::clone(&t.backend);
    let closing = tokio::spawn(async move { backend.aclose().await });
    for write in writes {
        match write.await? {
            Ok(_) => {}
            Err(error) if terminal && tells_of_the_close(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    closing.await??;
    Ok(())
}
