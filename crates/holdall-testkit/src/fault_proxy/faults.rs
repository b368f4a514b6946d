//! What goes wrong, when, and what was asked.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::gate::Gate;
use super::message::{Framing, RequestHead};

/// What happens to a request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is reset, and the server never sees the request.
    ResetBefore,
    /// The server answers, and the connection is reset instead of the answer.
    ResetAfter,
    /// The server gets the head and so many bytes of the body; then both
    /// connections are closed.
    CutRequest {
        /// How many bytes of the body arrive.
        bytes: u64,
    },
    /// The client gets the head and so many bytes of the body; then the
    /// connection is closed.
    CutAnswer {
        /// How many bytes of the body arrive.
        bytes: u64,
    },
    /// The request reaches the server once the gate is open.
    HoldRequest(Gate),
    /// The server acts at once; its answer goes on once the gate is open.
    HoldAnswer(Gate),
    /// The head of the answer goes on at once, its body as far as the gate lets
    /// bytes pass.
    SlowAnswer(Gate),
    /// The proxy answers, and the server never sees the request.
    Answer(Reply),
    /// The server acts, and the proxy answers in its place.
    ReplaceAnswer(Reply),
}

impl Fault {
    /// Whether the whole request reaches the server, before it is answered.
    pub fn reaches_the_server(&self) -> bool {
        !matches!(
            self,
            Self::ResetBefore | Self::Answer(_) | Self::CutRequest { .. }
        )
    }
}

/// An answer of the proxy's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// An answer with this status and without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The answer with one header more, such as `retry-after`.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The answer with this body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// Which requests a fault is for.
#[derive(Clone)]
pub struct When {
    conditions: Vec<Condition>,
    from: u64,
    until: u64,
}

type Condition = Arc<dyn Fn(&RequestHead) -> bool + Send + Sync>;

impl When {
    /// Every request.
    pub fn any() -> Self {
        Self {
            conditions: Vec::new(),
            from: 0,
            until: u64::MAX,
        }
    }

    /// Requests with this method, such as `PUT`.
    pub fn method(method: &str) -> Self {
        Self::any().and_method(method)
    }

    /// Of these, the requests with this method.
    #[must_use]
    pub fn and_method(self, method: &str) -> Self {
        let method = method.to_owned();
        self.and(move |head| head.method == method)
    }

    /// Of these, the requests whose path, as sent, contains this.
    #[must_use]
    pub fn and_path(self, part: &str) -> Self {
        let part = part.to_owned();
        self.and(move |head| head.path().contains(&part))
    }

    /// Of these, the requests whose query, as sent, contains this.
    #[must_use]
    pub fn and_query(self, part: &str) -> Self {
        let part = part.to_owned();
        self.and(move |head| head.query().contains(&part))
    }

    /// Of these, the requests whose query, as sent, does not contain this.
    #[must_use]
    pub fn and_not_query(self, part: &str) -> Self {
        let part = part.to_owned();
        self.and(move |head| !head.query().contains(&part))
    }

    /// Of these, the requests with this header, whatever its value.
    #[must_use]
    pub fn and_header(self, name: &str) -> Self {
        let name = name.to_lowercase();
        self.and(move |head| head.header(&name).is_some())
    }

    /// Of these, the requests that have a body.
    #[must_use]
    pub fn and_body(self) -> Self {
        self.and(|head| !matches!(head.framing(), Ok(Framing::Length(0))))
    }

    /// Of these, only the first `count`.
    #[must_use]
    pub fn first(self, count: u64) -> Self {
        Self {
            from: 0,
            until: count,
            ..self
        }
    }

    /// Of these, only the one with this number, counted from 1.
    #[must_use]
    pub fn nth(self, number: u64) -> Self {
        Self {
            from: number.saturating_sub(1),
            until: number,
            ..self
        }
    }

    fn and(mut self, holds: impl Fn(&RequestHead) -> bool + Send + Sync + 'static) -> Self {
        self.conditions.push(Arc::new(holds));
        self
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("When")
            .field("conditions", &self.conditions.len())
            .field("from", &self.from)
            .field("until", &self.until)
            .finish()
    }
}

/// A request that came to a proxy, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// The host and port of the server behind the proxy.
    pub server: String,
    /// The method.
    pub method: String,
    /// The path, as sent.
    pub path: String,
    /// The query, as sent, without the question mark; empty where there is none.
    pub query: String,
    /// The status that went to the client; `None` where the connection was reset,
    /// or the answer has not come.
    pub status: Option<u16>,
    /// Whether a fault befell it.
    pub faulty: bool,
}

/// The faults of one proxy or several, and their log. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    log: Vec<Exchange>,
    latency: Duration,
}

#[derive(Debug)]
struct Rule {
    when: When,
    fault: Fault,
    matched: u64,
}

impl Faults {
    /// No faults, and an empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `fault` befall the requests that `when` describes. Where several do,
    /// the one that was told first does; each counts its own.
    pub fn on(&self, when: When, fault: Fault) {
        let matched = 0;
        self.state().rules.push(Rule {
            when,
            fault,
            matched,
        });
    }

    /// Forgets all faults, but not the log.
    pub fn clear(&self) {
        self.state().rules.clear();
    }

    /// Every request so far, in the order of arrival.
    pub fn log(&self) -> Vec<Exchange> {
        self.state().log.clone()
    }

    /// Every request so far, which the log then forgets.
    pub fn take_log(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.state().log)
    }

    /// Adds this to the time that every request takes, for benchmarks of round
    /// trips.
    pub fn set_latency(&self, latency: Duration) {
        self.state().latency = latency;
    }

    pub(super) fn latency(&self) -> Duration {
        self.state().latency
    }

    /// Writes a request into the log; what befalls it, and its place there.
    pub(super) fn arrival(&self, server: &str, head: &RequestHead) -> (usize, Option<Fault>) {
        let mut state = self.state();
        let fault = state.fault_for(head);
        state.log.push(Exchange {
            server: server.to_owned(),
            method: head.method.clone(),
            path: head.path().to_owned(),
            query: head.query().to_owned(),
            status: None,
            faulty: fault.is_some(),
        });
        (state.log.len().saturating_sub(1), fault)
    }

    /// Writes the status that the client is about to see into the log.
    pub(super) fn answered(&self, place: usize, status: u16) {
        if let Some(exchange) = self.state().log.get_mut(place) {
            exchange.status = Some(status);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fault_for(&mut self, head: &RequestHead) -> Option<Fault> {
        let mut befalls = None;
        for rule in &mut self.rules {
            if !rule.when.conditions.iter().all(|holds| holds(head)) {
                continue;
            }
            let number = rule.matched;
            rule.matched = number.saturating_add(1);
            let is_meant = (rule.when.from..rule.when.until).contains(&number);
            if is_meant && befalls.is_none() {
                befalls = Some(rule.fault.clone());
            }
        }
        befalls
    }
}
