//! A small pool of threads for operations that block.
//!
//! About as many threads as cores, which pop jobs in batches: handing a job to
//! a waiting herd costs more than most of the jobs. Jobs that take long go to a
//! wider lane of their own: those that wait for the disk (`fsync`), which keep
//! no core busy and like company, and those that move much content, which would
//! keep the small ones waiting. A job never waits for another job, except those
//! that call code of others, which may: they have a lane to themselves.

use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::error::{Error, ErrorKind, Result};

/// One unit of blocking work.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// The most quick jobs that a thread takes at once. Of the others it takes one,
/// which must not keep a second from a thread that is free.
const QUICK_BATCH: usize = 16;
/// How long a thread without work stays.
const IDLE: Duration = Duration::from_secs(10);
/// Threads of the lane for long work, and of a queue for code of others.
const LONG_THREADS: usize = 16;

/// Where a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// A few system calls on little content.
    Quick,
    /// Work that keeps its thread for long: it waits until the disk has
    /// acknowledged, or moves much content.
    Long,
}

impl Lane {
    /// The most content that counts as little, in bytes.
    const LITTLE: u64 = 8 * 1024 * 1024;

    /// The lane for a job that moves so many bytes.
    pub(crate) const fn for_content(bytes: u64) -> Self {
        if bytes > Self::LITTLE {
            Self::Long
        } else {
            Self::Quick
        }
    }
}

/// The process's pool; its threads start with the first job and leave when
/// there is nothing to do.
pub(crate) struct Pool {
    quick: Arc<Queue>,
    long: Arc<Queue>,
}

/// Jobs and the threads that run them.
pub(crate) struct Queue {
    name: &'static str,
    max_threads: usize,
    max_batch: usize,
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

impl Pool {
    /// The pool that all backends of the process share.
    pub(crate) fn shared() -> &'static Self {
        static POOL: OnceLock<Pool> = OnceLock::new();
        POOL.get_or_init(|| {
            let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
            Pool {
                quick: Queue::new("holdall-io", cores.max(2), QUICK_BATCH),
                long: Queue::new("holdall-long", LONG_THREADS, 1),
            }
        })
    }

    fn queue(&self, lane: Lane) -> &Arc<Queue> {
        match lane {
            Lane::Quick => &self.quick,
            Lane::Long => &self.long,
        }
    }
}

/// Runs `job` on a thread of the shared pool that may block; as [`Queue::run`].
pub(crate) async fn run<T: Send + 'static>(
    lane: Lane,
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    Pool::shared().queue(lane).run(job).await
}

/// Queues a job on the shared pool that nobody waits for here.
#[cfg(all(feature = "pathio", feature = "local"))]
pub(crate) fn spawn(lane: Lane, job: Job) {
    Pool::shared().queue(lane).push(job);
}

fn lost_job() -> Error {
    Error::new(
        ErrorKind::BackendUnavailable,
        "the operation panicked, or no thread could be started for it; it may or may not have \
         been done",
    )
}

impl Queue {
    /// Threads for calls of code of which nothing is known: how long they take,
    /// and what they wait for. It may be for jobs of another such queue, so
    /// nobody shares one.
    pub(crate) fn foreign() -> Arc<Self> {
        Self::new("holdall-foreign", LONG_THREADS, 1)
    }

    /// Runs `job` on a thread that may block.
    ///
    /// Where the future is dropped before a thread has begun with the job, the
    /// job is dropped unrun, on that thread; afterwards it runs to its end, and
    /// its result is dropped.
    ///
    /// # Errors
    ///
    /// [`BackendUnavailable`](ErrorKind::BackendUnavailable) where the job
    /// panicked or no thread could be started for it.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.push(Box::new(move || {
            if !sender.is_closed() {
                // Whoever waited may have left meanwhile.
                let _ = sender.send(job());
            }
        }));
        receiver.await.map_err(|_| lost_job())
    }

    /// Queues a job that nobody waits for. Where no thread can be started and
    /// none is there, the job is dropped.
    pub(crate) fn spawn(self: &Arc<Self>, job: impl FnOnce() + Send + 'static) {
        self.push(Box::new(job));
    }

    fn new(name: &'static str, max_threads: usize, max_batch: usize) -> Arc<Self> {
        Arc::new(Self {
            name,
            max_threads,
            max_batch,
            state: Mutex::default(),
            work: Condvar::new(),
        })
    }

    fn push(self: &Arc<Self>, job: Job) {
        let mut state = self.state.lock();
        state.jobs.push_back(job);
        // A thread that was notified is idle until it wakes: it must not be
        // counted on for a second job, which could wait behind a long first one.
        if state.idle >= state.jobs.len() || state.threads >= self.max_threads {
            drop(state);
            self.work.notify_one();
            return;
        }
        state.threads += 1;
        drop(state);
        let queue = Arc::clone(self);
        let started = std::thread::Builder::new()
            .name(self.name.into())
            .spawn(move || queue.serve());
        if let Err(error) = started {
            tracing::warn!(%error, "no thread could be started for blocking work");
            self.give_up_thread();
        }
    }

    /// A thread is gone; with the last one, nobody would ever run the jobs.
    fn give_up_thread(&self) {
        let mut state = self.state.lock();
        state.threads -= 1;
        let stranded = if state.threads == 0 {
            std::mem::take(&mut state.jobs)
        } else {
            VecDeque::new()
        };
        drop(state);
        drop(stranded);
    }

    fn serve(&self) {
        while let Some(batch) = self.next_batch() {
            for job in batch {
                // The panic has been reported by the hook; the job's owner sees
                // that its channel is gone.
                let _ = catch_unwind(AssertUnwindSafe(job));
            }
        }
    }

    /// The next jobs, at most half of those queued so that others find work too;
    /// `None` when the thread is to leave.
    fn next_batch(&self) -> Option<Vec<Job>> {
        let mut state = self.state.lock();
        while state.jobs.is_empty() {
            state.idle += 1;
            let timed_out = self.work.wait_for(&mut state, IDLE).timed_out();
            state.idle -= 1;
            if timed_out && state.jobs.is_empty() {
                state.threads -= 1;
                return None;
            }
        }
        let size = state.jobs.len().div_ceil(2).min(self.max_batch);
        Some(state.jobs.drain(..size).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Barrier, mpsc};

    #[test]
    fn jobs_that_come_at_once_do_not_wait_for_each_other_while_threads_may_start() {
        for _ in 0..200 {
            let queue = Queue::new("holdall-test", 2, QUICK_BATCH);
            queue.push(Box::new(|| {}));
            while queue.state.lock().idle == 0 {
                std::thread::yield_now();
            }
            let meeting = Arc::new(Barrier::new(3));
            for _ in 0..2 {
                let meeting = Arc::clone(&meeting);
                queue.push(Box::new(move || {
                    meeting.wait();
                }));
            }
            meeting.wait();
        }
    }

    #[test]
    fn every_job_runs_once_and_a_panic_takes_no_other_with_it() {
        let (sender, done) = mpsc::channel();
        for number in 0..500 {
            let sender = sender.clone();
            Pool::shared().queue(Lane::Quick).spawn(move || {
                assert!(number != 250, "this job fails on purpose");
                sender.send(number).unwrap();
            });
        }
        drop(sender);
        let mut seen: Vec<_> = done.iter().collect();
        seen.sort_unstable();
        let expected: Vec<_> = (0..500).filter(|&number| number != 250).collect();
        assert_eq!(seen, expected);
    }
}
