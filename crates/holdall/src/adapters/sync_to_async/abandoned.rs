//! Changes that still run although their callers have gone.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;

use crate::contract::Keys;

/// Changes whose futures were dropped while they ran. Such a change may still
/// land; a later change of the same place, or of one above or below it, waits
/// until it has, so that it never lands over a later one.
#[derive(Default)]
pub(super) struct Abandoned {
    changes: Mutex<Vec<Change>>,
}

struct Change {
    places: Places,
    /// Closed once the change is over.
    over: watch::Receiver<()>,
}

impl Change {
    fn runs(&self) -> bool {
        self.over.has_changed().is_ok()
    }
}

impl Abandoned {
    /// Waits until no abandoned change of `places` runs.
    pub(super) async fn settled(&self, places: &Places) {
        while let Some(mut over) = self.in_the_way_of(places) {
            // Nothing is ever sent: the only news is that the change is over.
            let _ = over.changed().await;
        }
    }

    fn in_the_way_of(&self, places: &Places) -> Option<watch::Receiver<()>> {
        let mut changes = self.changes.lock();
        changes.retain(Change::runs);
        let change = changes
            .iter()
            .find(|change| change.places.overlap(places))?;
        Some(change.over.clone())
    }

    /// A change that is about to run, and what it drops when it is over.
    pub(super) fn begin(self: &Arc<Self>, places: Places) -> (Watched, watch::Sender<()>) {
        let (running, over) = watch::channel(());
        let watched = Watched {
            abandoned: Arc::clone(self),
            change: Some(Change { places, over }),
        };
        (watched, running)
    }
}

/// Held by who waits for a change; dropped before the change is over, it leaves
/// the change behind among the abandoned.
pub(super) struct Watched {
    abandoned: Arc<Abandoned>,
    change: Option<Change>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(change) = self.change.take().filter(Change::runs) {
            self.abandoned.changes.lock().push(change);
        }
    }
}

/// What a change concerns: one path, or two.
pub(super) struct Places(Vec<String>);

impl Places {
    pub(super) fn of(paths: &[&str]) -> Self {
        let canonical = |path: &&str| {
            Keys::any(path).map_or_else(|_| (*path).to_owned(), |key| key.key().as_str().to_owned())
        };
        Self(paths.iter().map(canonical).collect())
    }

    fn overlap(&self, other: &Self) -> bool {
        let pairs = self
            .0
            .iter()
            .flat_map(|one| other.0.iter().map(move |two| (one, two)));
        pairs
            .into_iter()
            .any(|(one, two)| holds(one, two) || holds(two, one))
    }
}

/// Whether `inner` is `outer` or lies below it.
fn holds(outer: &str, inner: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| outer.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_change_waits_for_abandoned_ones_of_overlapping_places_alone() {
        let abandoned = Arc::new(Abandoned::default());
        let settled = |path: &str| {
            abandoned
                .settled(&Places::of(&[path]))
                .now_or_never()
                .is_some()
        };
        let (watched, running) = abandoned.begin(Places::of(&["a/b", "c"]));
        assert!(settled("a/b"));
        drop(watched);
        for path in ["a/b", "./a//b", "a", "a/b/d", "c", ""] {
            assert!(!settled(path), "{path:?}");
        }
        for path in ["a/bc", "a/c", "b", "d/a/b"] {
            assert!(settled(path), "{path:?}");
        }
        drop(running);
        assert!(settled("a/b"));
    }
}
