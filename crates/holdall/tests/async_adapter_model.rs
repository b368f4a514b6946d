//! The hand-over between callers and the close of an adapter, in every order
//! that the threads can take.
//!
//! The gate below is the adapter's own file, over the checker's primitives.

#![allow(clippy::unwrap_used)]

#[path = "../src/adapters/async_to_sync/gate.rs"]
mod gate;

mod sync {
    pub(super) use loom::sync::{Condvar, Mutex, MutexGuard};
}

use gate::Gate;
use loom::sync::{Arc, mpsc};
use loom::thread;
// Only to look at, never to hand over by: the checker need not try their orders.
use std::sync::atomic::{AtomicBool, Ordering};

/// Every order with up to three preemptions, which keeps the check to seconds.
fn check(scenario: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(scenario);
}

/// What a caller sends to the private thread: a job to answer, or the end.
enum Message {
    Job(Arc<AtomicBool>, mpsc::Sender<()>),
    Stop,
}

/// A call as the adapter makes it; whether it was let in. It hangs, and the
/// checker reports that, where its job is lost.
fn call(gate: &Gate, queue: &mpsc::Sender<Message>, is_stopped: &AtomicBool) -> bool {
    let Some(_permit) = gate.admit() else {
        return false;
    };
    let (answer, answered) = mpsc::channel();
    let is_done = Arc::new(AtomicBool::new(false));
    let job = Message::Job(Arc::clone(&is_done), answer);
    assert!(!is_stopped.load(Ordering::SeqCst), "let in after the end");
    queue.send(job).unwrap();
    answered.recv().unwrap();
    assert!(is_done.load(Ordering::SeqCst));
    true
}

#[test]
fn every_call_that_is_let_in_is_answered_before_the_thread_ends() {
    check(|| {
        let gate = Arc::new(Gate::new());
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (queue, jobs) = mpsc::channel();
        let private = {
            let (gate, is_stopped) = (Arc::clone(&gate), Arc::clone(&is_stopped));
            thread::spawn(move || {
                while let Ok(Message::Job(is_done, answer)) = jobs.recv() {
                    is_done.store(true, Ordering::SeqCst);
                    answer.send(()).unwrap();
                }
                is_stopped.store(true, Ordering::SeqCst);
                gate.settle();
            })
        };
        let caller = {
            let (gate, queue) = (Arc::clone(&gate), queue.clone());
            let is_stopped = Arc::clone(&is_stopped);
            thread::spawn(move || call(&gate, &queue, &is_stopped))
        };
        assert!(gate.close());
        assert_eq!(gate.wait_idle(None), 0);
        queue.send(Message::Stop).unwrap();
        assert!(gate.wait_settled(None));
        private.join().unwrap();
        assert!(!call(&gate, &queue, &is_stopped), "let in after the close");
        caller.join().unwrap();
    });
}

#[test]
fn of_two_who_close_one_does_and_both_see_the_end() {
    check(|| {
        let gate = Arc::new(Gate::new());
        let close = |gate: &Gate| {
            let is_first = gate.close();
            if is_first {
                gate.wait_idle(None);
                gate.settle();
            }
            assert!(gate.wait_settled(None));
            is_first
        };
        let caller = {
            let gate = Arc::clone(&gate);
            thread::spawn(move || drop(gate.admit()))
        };
        let other = {
            let gate = Arc::clone(&gate);
            thread::spawn(move || close(&gate))
        };
        let own = close(&gate);
        assert_ne!(own, other.join().unwrap());
        caller.join().unwrap();
    });
}
