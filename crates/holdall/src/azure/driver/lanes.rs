//! Mutations, one after the other where they touch the same key.
//!
//! A request that has left cannot be taken back: where its caller goes away,
//! it may still land. So each mutation runs in a task of its own that holds
//! its keys until the service has answered, and a later mutation of those keys
//! waits: what was given up never lands over it.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};
use tracing::Instrument as _;

use crate::driver::{CallContext, Key, Outcome, Refusal};
use crate::error::{Error, ErrorKind};

/// One lane a key that is being changed, or that holds one that is.
#[derive(Debug, Clone, Default)]
pub(super) struct Lanes(Arc<Mutex<HashMap<Box<str>, Lane>>>);

type Lane = Arc<RwLock<()>>;

/// How a mutation holds a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    /// Something below the key is changed.
    Shared,
    /// The key is changed, and whatever lies below it.
    Alone,
}

#[derive(Debug)]
enum Guard {
    Shared(#[allow(dead_code)] OwnedRwLockReadGuard<()>),
    Alone(#[allow(dead_code)] OwnedRwLockWriteGuard<()>),
}

impl Lanes {
    /// Runs `work`, which changes `keys`, once no other mutation of one of
    /// them, of a folder above or of anything below is under way.
    ///
    /// If the caller goes away before `work` has begun, it never begins;
    /// afterwards it runs to its end.
    pub(super) async fn run<T, W>(
        &self,
        cx: CallContext<'_>,
        keys: &[Key<'_>],
        work: W,
    ) -> Outcome<T>
    where
        W: Future<Output = Outcome<T>> + Send + 'static,
        T: Send + 'static,
    {
        cx.commit()?;
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| no_runtime())?;
        let held = self.hold(keys);
        let caller = Caller::default();
        let is_waiting = Arc::clone(&caller.0);
        let task = async move {
            let held = held.wait().await;
            let outcome = match is_waiting.load(Ordering::Acquire) {
                true => work.await,
                false => Err(Refusal::Cancelled),
            };
            drop(held);
            outcome
        };
        match runtime.spawn(task.in_current_span()).await {
            Ok(outcome) => outcome,
            Err(lost) => Err(Refusal::Failed(
                Error::new(ErrorKind::Other, "the task of the operation was lost")
                    .with_source(lost),
            )),
        }
    }

    /// Waits until every mutation that has begun is at its end.
    pub(super) async fn drain(&self) {
        drop(self.hold(&[Key::ROOT]).wait().await);
    }

    /// Takes a place for `keys`, in one order for all, so that no two wait for
    /// each other.
    fn hold(&self, keys: &[Key<'_>]) -> Held {
        let mut wanted = BTreeMap::new();
        for key in keys {
            let mut above = *key;
            while !above.is_root() {
                above = above.parent();
                wanted.entry(above.as_str()).or_insert(Hold::Shared);
            }
            wanted.insert(key.as_str(), Hold::Alone);
        }
        let mut lanes = self.0.lock();
        let places = wanted.into_iter().map(|(key, hold)| Place {
            lane: Arc::clone(lanes.entry(key.into()).or_default()),
            key: key.into(),
            hold,
            guard: None,
        });
        Held {
            places: places.collect(),
            lanes: self.clone(),
        }
    }
}

/// The lanes of one mutation. They go with it.
struct Held {
    places: Vec<Place>,
    lanes: Lanes,
}

struct Place {
    key: Box<str>,
    hold: Hold,
    lane: Lane,
    guard: Option<Guard>,
}

impl Held {
    async fn wait(mut self) -> Self {
        for place in &mut self.places {
            let lane = Arc::clone(&place.lane);
            place.guard = Some(match place.hold {
                Hold::Shared => Guard::Shared(lane.read_owned().await),
                Hold::Alone => Guard::Alone(lane.write_owned().await),
            });
        }
        self
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut lanes = self.lanes.0.lock();
        for Place {
            key, lane, guard, ..
        } in self.places.drain(..)
        {
            drop(guard);
            // The map has one, this place the other: nobody else is there.
            if Arc::strong_count(&lane) == 2 {
                lanes.remove(&key);
            }
        }
    }
}

/// Whether somebody waits for the outcome.
struct Caller(Arc<AtomicBool>);

impl Default for Caller {
    fn default() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

pub(super) fn no_runtime() -> Refusal {
    Refusal::failed(
        ErrorKind::Other,
        "the backend talks to the network and needs a tokio runtime: call it from inside one",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use tokio::sync::oneshot;

    use super::*;

    fn keys<'a>(texts: &[&'a str]) -> Vec<Key<'a>> {
        texts.iter().map(|text| Key::of_canonical(text)).collect()
    }

    /// Whether a mutation of `second` waits for one of `first`.
    async fn waits(first: &[&str], second: &[&str]) -> bool {
        let lanes = Lanes::default();
        let (done, wait) = oneshot::channel::<()>();
        let (began, begun) = oneshot::channel();
        let first = tokio::spawn({
            let (lanes, first) = (lanes.clone(), first.join("\n"));
            async move {
                let first: Vec<_> = first.split('\n').map(Key::of_canonical).collect();
                let work = async move {
                    began.send(()).unwrap();
                    wait.await.unwrap();
                    Ok(())
                };
                lanes.run(CallContext::UNBOUND, &first, work).await
            }
        });
        begun.await.unwrap();
        let second = keys(second);
        let mut second = Box::pin(lanes.run(CallContext::UNBOUND, &second, async { Ok(()) }));
        let mut turns = Box::pin(async {
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
        });
        let waited = tokio::select! {
            biased;
            _ = &mut second => false,
            () = &mut turns => true,
        };
        done.send(()).unwrap();
        first.await.unwrap().unwrap();
        if waited {
            second.await.unwrap();
        }
        assert!(lanes.0.lock().is_empty(), "lanes that nobody holds");
        waited
    }

    #[tokio::test]
    async fn mutations_wait_for_those_on_the_same_key_and_on_folders_around() {
        for (first, second, expected) in [
            (&["a/b"][..], &["a/b"][..], true),
            (&["a/b"], &["a/c"], false),
            (&["a"], &["a/b/c"], true),
            (&["a/b/c"], &["a"], true),
            (&["a-b"], &["a"], false),
            (&["x", "y/z"], &["y/z"], true),
            (&["x", "y/z"], &["y/w", "v"], false),
            (&["x"], &[""], true),
        ] {
            assert_eq!(waits(first, second).await, expected, "{first:?} {second:?}");
        }
    }

    #[tokio::test]
    async fn what_is_given_up_before_its_turn_never_runs() {
        let lanes = Lanes::default();
        let ran = Arc::new(AtomicUsize::new(0));
        let (done, wait) = oneshot::channel::<()>();
        let work = |ran: &Arc<AtomicUsize>| {
            let ran = Arc::clone(ran);
            async move {
                ran.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
        };
        let held = lanes.hold(&keys(&["key"])).wait().await;
        let key = keys(&["key"]);
        {
            let mut given_up = Box::pin(lanes.run(CallContext::UNBOUND, &key, work(&ran)));
            assert!(futures::poll!(&mut given_up).is_pending());
            tokio::task::yield_now().await;
        }
        drop((held, wait, done));
        lanes
            .run(CallContext::UNBOUND, &key, work(&ran))
            .await
            .unwrap();
        assert_eq!(ran.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_has_begun_runs_to_its_end_before_the_next() {
        let lanes = Lanes::default();
        let (done, wait) = oneshot::channel::<()>();
        let (began, begun) = oneshot::channel();
        let ended = Arc::new(AtomicBool::new(false));
        let key = keys(&["key"]);
        {
            let ended = Arc::clone(&ended);
            let work = async move {
                began.send(()).unwrap();
                wait.await.unwrap();
                ended.store(true, Ordering::Release);
                Ok(())
            };
            let mut given_up = Box::pin(lanes.run(CallContext::UNBOUND, &key, work));
            assert!(futures::poll!(&mut given_up).is_pending());
            begun.await.unwrap();
        }
        done.send(()).unwrap();
        let seen = Arc::clone(&ended);
        let next = async move { Ok(seen.load(Ordering::Acquire)) };
        assert!(lanes.run(CallContext::UNBOUND, &key, next).await.unwrap());
    }
}
