//! What both kinds of store are made of: a backend, a scope, and what every
//! call begins and ends with.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::described::Described;
use super::records::Record;
use super::scope::Scope;
use crate::error::{Error, ErrorKind, Operation, Result};
use crate::model::ResolutionPlan;
use crate::options::WriteOptions;
use crate::path::{RemotePath, normalize};

/// A folder of a backend.
pub(super) struct Base<B: ?Sized> {
    pub(super) backend: Arc<B>,
    scope: Scope,
    /// Children share the backend of the store that they come from.
    pub(super) owns_backend: bool,
}

/// Construction and names, none of which does any I/O.
impl<B: Described + ?Sized> Base<B> {
    pub(super) fn new(backend: Arc<B>, root_path: &str) -> Result<Self> {
        let scope = Scope::new(root_path)
            .map_err(|error| error.with_operation(Operation::Open).with_path(root_path))?;
        Ok(Self {
            backend,
            scope,
            owns_backend: true,
        })
    }

    /// The same, on a backend that somebody else closes.
    #[cfg(feature = "registry")]
    pub(super) fn borrowing(mut self) -> Self {
        self.owns_backend = false;
        self
    }

    pub(super) fn child(&self, subpath: &str) -> Result<Self> {
        let scope = self.scope.below(subpath);
        Ok(Self {
            backend: Arc::clone(&self.backend),
            scope: scope
                .map_err(|error| error.with_operation(Operation::Child).with_path(subpath))?,
            owns_backend: false,
        })
    }

    pub(super) fn root(&self) -> &str {
        self.scope.root()
    }

    pub(super) fn resolve(&self, key: &str) -> Result<ResolutionPlan> {
        let operation = Operation::Resolve;
        let full = self.folder_path(operation, key)?;
        let mut plan = self.rebased(operation, key, self.backend.resolve(&full))?;
        key.clone_into(&mut plan.key);
        Ok(plan)
    }

    pub(super) fn native_path(&self, key: &str) -> Result<String> {
        let operation = Operation::NativePath;
        let full = self.folder_path(operation, key)?;
        self.rebased(operation, key, self.backend.native_path(&full))
    }

    pub(super) fn to_key(&self, native_path: &str) -> Result<String> {
        let key = self.backend.to_key(native_path)?;
        let inside = self.scope.strip(&key).map(str::to_owned);
        inside.ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidPath,
                "the native path lies outside the store",
            )
            .with_operation(Operation::ToKey)
            .with_path(native_path)
            .with_backend(self.backend.name())
        })
    }

    pub(super) fn unwrap<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        let handle = self.backend.native_handle(TypeId::of::<T>());
        handle
            .and_then(|handle| handle.downcast::<T>().ok())
            .ok_or_else(|| {
                let wanted = std::any::type_name::<T>();
                Error::new(
                    ErrorKind::CapabilityNotSupported,
                    format!("the backend has no native handle of type {wanted}"),
                )
                .with_operation(Operation::Unwrap)
                .with_backend(self.backend.name())
            })
    }
}

/// Gates, paths on their way down, records and errors on their way back.
impl<B: Described + ?Sized> Base<B> {
    /// Demands the capability that gates `operation`.
    pub(super) fn admit(&self, operation: Operation, path: &str) -> Result<()> {
        let admitted = self
            .backend
            .capabilities()
            .admit(operation, self.backend.name());
        admitted.map_err(|error| error.with_path(path))
    }

    /// The backend's path where a folder may be named: `""` and `"."` are the
    /// store's root.
    pub(super) fn folder_path<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        if is_root(path) {
            return Ok(self.full(Cow::Borrowed("")));
        }
        self.file_path(operation, path)
    }

    /// The backend's path where something is only looked at. The store's root
    /// is there without a look, as the backend's is, which yet says so where
    /// it is closed: so that one is asked.
    pub(super) fn look_path<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        if is_root(path) {
            return Ok(Cow::Borrowed(""));
        }
        self.file_path(operation, path)
    }

    /// The backend's path where the root is refused.
    pub(super) fn file_path<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        let canonical = below_root(path).map_err(|error| error.with_operation(operation))?;
        Ok(self.full(canonical))
    }

    fn full<'a>(&self, canonical: Cow<'a, str>) -> Cow<'a, str> {
        match canonical {
            Cow::Borrowed(path) => self.scope.full(path),
            Cow::Owned(path) => Cow::Owned(self.scope.full(&path).into_owned()),
        }
    }

    /// The gate and the path of a call on a file.
    pub(super) fn file_call<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        self.admit(operation, path)?;
        self.file_path(operation, path)
    }

    /// The gate and the path of a call on a folder.
    pub(super) fn folder_call<'a>(
        &self,
        operation: Operation,
        path: &'a str,
    ) -> Result<Cow<'a, str>> {
        self.admit(operation, path)?;
        self.folder_path(operation, path)
    }

    /// The metadata, the gates and the path of a write, in the contract's order.
    pub(super) fn write_call<'a>(
        &self,
        operation: Operation,
        path: &'a str,
        options: &WriteOptions,
    ) -> Result<Cow<'a, str>> {
        let metadata = options.user_metadata().and_then(|metadata| match metadata {
            Some(_) => self
                .backend
                .capabilities()
                .admit_metadata(self.backend.name()),
            None => Ok(()),
        });
        metadata
            .and_then(|()| options.require_heeded(self.backend.supports_if_match()))
            .map_err(|error| error.with_operation(operation).with_path(path))?;
        self.file_call(operation, path)
    }

    /// Makes a backend's error speak of the caller's operation and path.
    pub(super) fn rebase_error(&self, operation: Operation, path: &str, error: Error) -> Error {
        error.relocated(operation, |full| match self.scope.strip(full) {
            // The caller's own spelling, where the error is about that path.
            Some(inside) if same_path(inside, path) => path.to_owned(),
            Some(inside) => inside.to_owned(),
            None => full.to_owned(),
        })
    }

    pub(super) fn rebased<T>(
        &self,
        operation: Operation,
        path: &str,
        result: Result<T>,
    ) -> Result<T> {
        result.map_err(|error| self.rebase_error(operation, path, error))
    }

    /// Makes a record's path relative to the store.
    pub(super) fn rebase<T: Record>(&self, mut record: T) -> Result<T> {
        if !self.scope.root().is_empty() {
            let full = record.path_mut();
            let inside = self.scope.strip(full.key().as_str()).map(str::to_owned);
            *full = match inside {
                Some(inside) => RemotePath::from_canonical(inside),
                None => {
                    return Err(Error::new(
                        ErrorKind::InvalidPath,
                        "the backend reported an entry outside the store",
                    )
                    .with_path(full.as_str())
                    .with_backend(self.backend.name()));
                }
            };
        }
        Ok(record)
    }
}

/// Whether a store takes `path` for its root.
pub(super) fn is_root(path: &str) -> bool {
    matches!(path, "" | ".")
}

/// The canonical form of a path that must name something below the root.
fn below_root(path: &str) -> Result<Cow<'_, str>> {
    let canonical = normalize(path)?;
    if canonical.is_empty() {
        return Err(Error::new(
            ErrorKind::InvalidPath,
            "the path is empty after normalization; name a file or folder below the store's root",
        )
        .with_path(path));
    }
    Ok(canonical)
}

fn same_path(canonical: &str, given: &str) -> bool {
    normalize(given).is_ok_and(|given| given == canonical)
}

impl<B: ?Sized> Clone for Base<B> {
    fn clone(&self) -> Self {
        Self {
            backend: Arc::clone(&self.backend),
            scope: self.scope.clone(),
            owns_backend: self.owns_backend,
        }
    }
}

impl<B: ?Sized> PartialEq for Base<B> {
    /// The same backend object and the same root.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.backend, &other.backend) && self.scope == other.scope
    }
}

impl<B: ?Sized> Hash for Base<B> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.backend).cast::<()>().hash(state);
        self.scope.hash(state);
    }
}

impl<B: Described + ?Sized> Base<B> {
    /// What a store shows of itself.
    pub(super) fn describe(&self, store: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(store)
            .field("backend", &self.backend.name())
            .field("root_path", &self.scope.root())
            .finish()
    }
}
