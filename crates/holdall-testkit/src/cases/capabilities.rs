//! Gates: what a backend does not declare is refused before it is asked.

use std::sync::Arc;

use holdall::{AsyncBackend, AsyncStore, Capability, CapabilitySet, ErrorKind, WriteOptions};

use crate::call::{Answer, Call, Partner};
use crate::fixture::Fixture;
use crate::masked::Masked;
use crate::stop::{Checked, ensure, ensure_eq, expect_error};
use crate::suite::Suite;

pub(crate) fn register(suite: &mut Suite) {
    let plain = Call::all().into_iter().filter(|call| {
        let from = matches!(call, Call::RenameFrom { .. } | Call::CopyFrom { .. });
        let depth = matches!(call, Call::GetFolderInfo { .. });
        !from && (depth || call.choice().is_empty())
    });
    let mut family = suite.family("capabilities");
    for call in plain {
        let Some(gate) = call.gate() else { continue };
        family.case(
            format!("{}{}_is_gated", call.operation(), call.choice()),
            format!(
                "without '{gate}' a store refuses {}{} with CapabilityNotSupported, before the \
                 path and the backend are looked at",
                call.operation(),
                call.choice()
            ),
            [gate],
            move |t| refuses(t, call, gate),
        );
    }
    family.case(
        "glob_is_gated",
        "without 'glob' a store refuses glob, at the call",
        [],
        glob_refused,
    );
    family.case(
        "probes_are_never_gated",
        "exists, is_file and is_folder need no capability",
        [Capability::Write],
        probes_are_never_gated,
    );
    family.case(
        "folder_deletion_refuses_the_root_first",
        "delete_folder refuses the root before it looks at its gate",
        [],
        root_before_gate,
    );
    family.case(
        "user_metadata_is_gated",
        "a non-empty metadata map needs 'user_metadata', before the method's own gate and the path",
        [],
        metadata_gate_first,
    );
    family.case(
        "an_empty_metadata_map_is_not_gated",
        "an empty metadata map is the same as none",
        [Capability::Write],
        empty_map_is_none,
    );
    family.case(
        "supports_agrees_with_the_set",
        "supports() answers for each capability as capabilities() does",
        [],
        supports_agrees,
    );
    family.case(
        "quality_flags_make_sense",
        "a quality flag is declared only with the capability whose quality it is",
        [],
        flags_make_sense,
    );
}

fn partner() -> Partner {
    Partner {
        file: "source.txt".to_owned(),
        free: "free.txt".to_owned(),
    }
}

fn masked(t: &Fixture, mask: CapabilitySet) -> Checked<(Arc<Masked>, AsyncStore)> {
    let masked = Arc::new(Masked::new(Arc::clone(&t.backend), mask));
    let backend: Arc<dyn AsyncBackend> = masked.clone();
    Ok((masked, AsyncStore::new(backend, "")?))
}

async fn refuses(t: Fixture, call: Call, gate: Capability) -> Checked {
    let (backend, store) = masked(&t, CapabilitySet::all().without(gate))?;
    for path in ["file.txt", "a/../b"] {
        let what = format!("{}({path:?}) without '{gate}'", call.operation());
        let result = call.on_store(&store, path, &partner()).await;
        let error = expect_error(result, ErrorKind::CapabilityNotSupported, &what)?;
        ensure_eq!(
            error.capability(),
            Some(gate),
            "the error's capability of {what}"
        );
        ensure_eq!(
            error.operation(),
            Some(call.operation()),
            "the operation of {what}"
        );
        ensure_eq!(
            error.backend(),
            Some(t.backend.name()),
            "the backend of {what}"
        );
    }
    ensure_eq!(backend.calls(), 0, "calls that reached the backend");
    Ok(())
}

async fn glob_refused(t: Fixture) -> Checked {
    let (backend, store) = masked(&t, CapabilitySet::all().without(Capability::Glob))?;
    for pattern in ["*.txt", "a/../b", ""] {
        let kind = ErrorKind::CapabilityNotSupported;
        let error = expect_error(store.glob(pattern), kind, "glob without 'glob'")?;
        ensure_eq!(
            error.capability(),
            Some(Capability::Glob),
            "the error's capability"
        );
    }
    ensure_eq!(backend.calls(), 0, "calls that reached the backend");
    Ok(())
}

async fn probes_are_never_gated(t: Fixture) -> Checked {
    t.put("folder/file.txt", "x").await?;
    let (_, store) = masked(&t, CapabilitySet::default())?;
    for (call, path) in [
        (Call::Exists, "folder/file.txt"),
        (Call::IsFile, "folder/file.txt"),
        (Call::IsFolder, "folder"),
    ] {
        let answer = call.on_store(&store, path, &partner()).await?;
        ensure_eq!(answer, Answer::Is(true), "{}({path:?})", call.operation());
    }
    Ok(())
}

async fn root_before_gate(t: Fixture) -> Checked {
    let (_, store) = masked(&t, CapabilitySet::default())?;
    for root in ["", "."] {
        let result = store.delete_folder(root).await;
        expect_error(result, ErrorKind::InvalidPath, "delete_folder of the root")?;
    }
    Ok(())
}

async fn metadata_gate_first(t: Fixture) -> Checked {
    let kind = ErrorKind::CapabilityNotSupported;
    let (backend, store) = masked(&t, CapabilitySet::default())?;
    let options = || WriteOptions::new().metadata([("owner", "finance")]);
    for path in ["file.txt", "", "a/../b"] {
        for error in [
            expect_error(store.write_with(path, "x", options()).await, kind, "write")?,
            expect_error(
                store.write_atomic_with(path, "x", options()).await,
                kind,
                "write_atomic",
            )?,
            expect_error(
                store.open_atomic_with(path, options()).await,
                kind,
                "open_atomic",
            )?,
        ] {
            let capability = Some(Capability::UserMetadata);
            ensure_eq!(
                error.capability(),
                capability,
                "the error's capability at {path:?}"
            );
        }
    }
    ensure_eq!(backend.calls(), 0, "calls that reached the backend");
    Ok(())
}

async fn empty_map_is_none(t: Fixture) -> Checked {
    let (_, store) = masked(&t, CapabilitySet::all().without(Capability::UserMetadata))?;
    let options = WriteOptions::new().metadata(Vec::<(String, String)>::new());
    store.write_with("file.txt", "x", options).await?;
    Ok(())
}

async fn supports_agrees(t: Fixture) -> Checked {
    let set = t.backend.capabilities();
    for capability in Capability::ALL {
        let supported = t.store.supports(capability);
        ensure_eq!(
            supported,
            set.supports(capability),
            "supports({capability})"
        );
    }
    ensure_eq!(t.store.capabilities(), set, "the store's capabilities");
    Ok(())
}

async fn flags_make_sense(t: Fixture) -> Checked {
    let writes = [Capability::Write, Capability::AtomicWrite];
    for (flag, of) in [
        (Capability::AtomicMove, &[Capability::Move][..]),
        (Capability::SeekableRead, &[Capability::Read]),
        (Capability::LazyRead, &[Capability::Read]),
        (Capability::WriteResultNative, &writes),
        (Capability::UserMetadata, &writes),
    ] {
        let sensible = !t.supports(flag) || of.iter().any(|&c| t.supports(c));
        ensure!(sensible, "'{flag}' is declared with none of {of:?}");
    }
    Ok(())
}
