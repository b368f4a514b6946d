//! Listings with a fault.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use holdall::{Backend, Entries, Error, ErrorKind, MemoryBackend};

use super::Broken;
use super::fault::Fault;

pub(super) fn list<T: Send + 'static>(
    broken: &Broken,
    path: &str,
    list: impl Fn(&MemoryBackend, &str) -> Entries<T> + Send + 'static,
) -> Entries<T> {
    let inner = &broken.inner;
    match broken.fault {
        Some(Fault::ListsEagerly) => {
            let entries: Vec<_> = list(inner, path).collect();
            Entries::new(entries.into_iter())
        }
        Some(Fault::MalformedPathsAreEmpty) if inner.native_path(path).is_err() => {
            Entries::new(std::iter::empty())
        }
        Some(Fault::MissingFoldersFail) if matches!(inner.exists(path), Ok(false)) => {
            Entries::failed(Error::new(ErrorKind::NotFound, "no such folder"))
        }
        Some(Fault::LocksWhatIsListed) => {
            let (mut entries, open) = (list(inner, path), Open::new(&broken.listings));
            Entries::new(std::iter::from_fn(move || {
                let _open = &open;
                entries.next()
            }))
        }
        Some(Fault::ListsByPosition) => {
            let (inner, path) = (Arc::clone(inner), path.to_owned());
            Entries::new((0..).map_while(move |position| list(&inner, &path).nth(position)))
        }
        _ => list(inner, path),
    }
}

/// A listing that is counted while it is open.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn new(listings: &Arc<AtomicUsize>) -> Self {
        listings.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(listings))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
