//! What a process did with the processor, as Linux counts it.

use std::time::Duration;

use super::contender::Done;

/// Processor time so far.
#[derive(Clone, Copy, Default)]
pub struct Usage {
    /// Of all threads.
    pub all: Duration,
    /// Of the main thread, on a processor.
    pub main: Duration,
    /// Of the main thread, ready to run while others had the processors.
    pub queued: Duration,
}

impl Usage {
    pub fn of(process: u32) -> Done<Self> {
        let (main, queued) = main_thread(process)?;
        Ok(Self {
            all: all_threads(process)?,
            main,
            queued,
        })
    }

    pub fn since(self, before: Self) -> Self {
        Self {
            all: self.all.saturating_sub(before.all),
            main: self.main.saturating_sub(before.main),
            queued: self.queued.saturating_sub(before.queued),
        }
    }
}

/// User and system time, in ticks of 10 ms.
///
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
fn all_threads(process: u32) -> Done<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name in brackets may hold anything; what follows it is the third field.
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest);
    let ticks = fields.into_iter().flat_map(str::split_whitespace);
    let ticks = ticks.skip(11).take(2).map(str::parse::<u64>);
    let ticks = ticks.sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

/// Nanoseconds on a processor, and in its queue.
///
/// <https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat>
fn main_thread(process: u32) -> Done<(Duration, Duration)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/task/{process}/schedstat"))?;
    let mut times = text.split_whitespace().map(str::parse);
    let mut next = || times.next().transpose().map(Option::unwrap_or_default);
    Ok((Duration::from_nanos(next()?), Duration::from_nanos(next()?)))
}
