//! Where a test holds what goes through.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// A gate that a test opens, as far as it likes. Clones are the same gate.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    /// How many bytes may pass.
    allowed: Semaphore,
    /// How often something came to stand at the gate, less how often a test has
    /// seen so.
    arrivals: Semaphore,
}

impl Default for Gate {
    fn default() -> Self {
        Self::closed()
    }
}

impl Gate {
    /// A gate that lets nothing pass.
    pub fn closed() -> Self {
        Self(Arc::new(Inside {
            allowed: Semaphore::new(0),
            arrivals: Semaphore::new(0),
        }))
    }

    /// Lets so many bytes pass, now or when they come.
    pub fn release(&self, bytes: usize) {
        self.0.allowed.add_permits(bytes);
    }

    /// Lets everything pass from now on.
    pub fn open(&self) {
        self.0.allowed.close();
    }

    /// Waits until something stands at the gate. Each arrival ends one call.
    pub async fn reached(&self) {
        if let Ok(arrival) = self.0.arrivals.acquire().await {
            arrival.forget();
        }
    }

    /// Waits until the gate is open.
    pub(super) async fn pass(&self) {
        self.0.arrivals.add_permits(1);
        // Ends with an error once the gate is open, and never otherwise: so
        // many permits are never there.
        let all = u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX);
        let _ = self.0.allowed.acquire_many(all).await;
    }

    /// Waits until some of `wanted` bytes may pass, and tells how many.
    pub(super) async fn pass_some(&self, wanted: usize) -> usize {
        let count = u32::try_from(wanted).unwrap_or(u32::MAX);
        for (count, passes) in [(count, wanted), (1, 1)] {
            if let Ok(passed) = self.0.allowed.try_acquire_many(count) {
                passed.forget();
                return passes;
            }
        }
        if self.0.allowed.is_closed() {
            return wanted;
        }
        self.0.arrivals.add_permits(1);
        match self.0.allowed.acquire().await {
            Ok(passed) => {
                passed.forget();
                1
            }
            Err(_) => wanted,
        }
    }
}
