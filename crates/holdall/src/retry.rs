//! How often, and how long, a backend tries again.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// How a backend that talks to a service repeats what failed for a passing
/// reason: a connection that broke, a service that is busy (429, 500, 502,
/// 503, 504).
///
/// Before attempt `n + 1` it waits `min(backoff_max, backoff_base * 2^(n - 1))`, and
/// up to `jitter` more, so that many clients do not come back at once. A time
/// that the service asks for (`Retry-After`) is the least that it waits.
///
/// ```
/// use std::time::Duration;
/// use holdall::RetryPolicy;
///
/// let policy = RetryPolicy { max_attempts: 5, ..RetryPolicy::default() };
/// assert_eq!(policy.backoff_base, Duration::from_secs(1));
/// policy.validate()?;
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "serialized::Fields", into = "serialized::Fields")
)]
pub struct RetryPolicy {
    /// The attempts in all, the first one included; 3 by default, at least 1.
    pub max_attempts: u32,
    /// The pause before the second attempt; 1 second by default.
    pub backoff_base: Duration,
    /// The longest pause, jitter not counted; 60 seconds by default.
    pub backoff_max: Duration,
    /// The most that chance adds to each pause; 1 second by default.
    pub jitter: Duration,
    /// The most that a request may take with all its attempts and pauses;
    /// `None`, the default, is the backend's own bound.
    pub timeout: Option<Duration>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            backoff_base: Duration::from_secs(1),
            backoff_max: Duration::from_secs(60),
            jitter: Duration::from_secs(1),
            timeout: None,
        }
    }
}

impl RetryPolicy {
    /// One attempt, and never another.
    pub fn disabled() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// Checks the values; backends do so when they are built.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] that names the field: no attempt at all,
    /// or a timeout of nothing.
    pub fn validate(&self) -> Result<()> {
        if self.max_attempts == 0 {
            return Err(invalid("max_attempts must be at least 1"));
        }
        if self.timeout.is_some_and(|timeout| timeout.is_zero()) {
            return Err(invalid("timeout must be more than 0"));
        }
        Ok(())
    }

    /// The pause after `failures` failed attempts, or `None` where no further
    /// attempt may be made: there were enough, or `left` is too short for it.
    /// `chance` is between 0 and 1.
    #[cfg(feature = "azure")]
    pub(crate) fn pause(
        &self,
        failures: u32,
        retry_after: Option<Duration>,
        left: Duration,
        chance: f64,
    ) -> Option<Duration> {
        if failures >= self.max_attempts {
            return None;
        }
        let doubled = 2u32.saturating_pow(failures.saturating_sub(1));
        let backoff = self
            .backoff_base
            .saturating_mul(doubled)
            .min(self.backoff_max);
        let chance = self.jitter.as_secs_f64() * chance.clamp(0.0, 1.0);
        // What rounding makes too long is the whole jitter.
        let chance = Duration::try_from_secs_f64(chance).unwrap_or(self.jitter);
        let pause = backoff.saturating_add(chance);
        let pause = pause.max(retry_after.unwrap_or_default());
        (pause < left).then_some(pause)
    }
}

fn invalid(message: &str) -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        format!("the retry policy is not valid: {message}"),
    )
}

#[cfg(feature = "serde")]
mod serialized {
    use std::time::Duration;

    use super::{RetryPolicy, invalid};
    use crate::error::{Error, Result};

    /// Times in seconds, as they stand in configuration files.
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub(super) struct Fields {
        max_attempts: u32,
        backoff_base: f64,
        backoff_max: f64,
        jitter: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<f64>,
    }

    impl Default for Fields {
        fn default() -> Self {
            RetryPolicy::default().into()
        }
    }

    impl From<RetryPolicy> for Fields {
        fn from(policy: RetryPolicy) -> Self {
            Self {
                max_attempts: policy.max_attempts,
                backoff_base: policy.backoff_base.as_secs_f64(),
                backoff_max: policy.backoff_max.as_secs_f64(),
                jitter: policy.jitter.as_secs_f64(),
                timeout: policy.timeout.map(|timeout| timeout.as_secs_f64()),
            }
        }
    }

    impl TryFrom<Fields> for RetryPolicy {
        type Error = Error;

        fn try_from(fields: Fields) -> Result<Self> {
            let policy = Self {
                max_attempts: fields.max_attempts,
                backoff_base: seconds("backoff_base", fields.backoff_base)?,
                backoff_max: seconds("backoff_max", fields.backoff_max)?,
                jitter: seconds("jitter", fields.jitter)?,
                timeout: fields
                    .timeout
                    .map(|timeout| seconds("timeout", timeout))
                    .transpose()?,
            };
            policy.validate()?;
            Ok(policy)
        }
    }

    fn seconds(name: &str, value: f64) -> Result<Duration> {
        Duration::try_from_secs_f64(value)
            .map_err(|_| invalid(&format!("{name} must be a number of seconds, 0 or more")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "azure")]
    mod pauses {
        use super::*;

        const LONG: Duration = Duration::from_secs(1_000_000);

        fn policy(max_attempts: u32) -> RetryPolicy {
            RetryPolicy {
                max_attempts,
                ..RetryPolicy::default()
            }
        }

        fn seconds(number: u64) -> Option<Duration> {
            Some(Duration::from_secs(number))
        }

        #[test]
        fn a_pause_doubles_up_to_its_limit() {
            let pauses = (1..=9).map(|failures| policy(100).pause(failures, None, LONG, 0.0));
            let expected = [1, 2, 4, 8, 16, 32, 60, 60, 60].map(seconds);
            assert!(pauses.eq(expected));
            assert_eq!(
                policy(u32::MAX).pause(u32::MAX - 1, None, LONG, 0.0),
                seconds(60)
            );
        }

        #[test]
        fn chance_adds_up_to_the_jitter() {
            assert_eq!(policy(3).pause(1, None, LONG, 1.0), seconds(2));
            assert_eq!(
                policy(3).pause(1, None, LONG, 0.5),
                Some(Duration::from_millis(1500))
            );
        }

        #[test]
        fn the_services_own_time_is_the_least() {
            assert_eq!(policy(3).pause(1, seconds(90), LONG, 0.0), seconds(90));
            assert_eq!(policy(3).pause(2, seconds(1), LONG, 0.0), seconds(2));
        }

        #[test]
        fn attempts_end() {
            assert_eq!(policy(3).pause(3, None, LONG, 0.0), None);
            assert_eq!(RetryPolicy::disabled().pause(1, None, LONG, 0.0), None);
        }

        #[test]
        fn a_pause_that_would_outlast_the_call_is_not_begun() {
            let left = Duration::from_secs(5);
            assert_eq!(policy(3).pause(1, seconds(6), left, 0.0), None);
            assert_eq!(policy(3).pause(1, seconds(4), left, 0.0), seconds(4));
        }
    }

    #[test]
    fn a_policy_of_no_attempt_is_refused() {
        let policy = RetryPolicy {
            max_attempts: 0,
            ..RetryPolicy::default()
        };
        let error = policy.validate().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("max_attempts"), "{error}");
        let endless = RetryPolicy {
            timeout: Some(Duration::ZERO),
            ..RetryPolicy::default()
        };
        assert!(endless.validate().is_err());
    }

    #[test]
    fn what_sends_no_requests_takes_a_policy_too_and_refuses_one_that_cannot_be() {
        let none = RetryPolicy {
            max_attempts: 0,
            ..RetryPolicy::default()
        };
        let memory = |policy| crate::MemoryBackend::builder().retry(policy).build();
        let awaited = |policy| crate::AsyncMemoryBackend::builder().retry(policy).build();
        assert!(memory(RetryPolicy::disabled()).is_ok());
        assert!(awaited(RetryPolicy::disabled()).is_ok());
        let mut refusals = vec![memory(none).err(), awaited(none).err()];
        #[cfg(feature = "local")]
        {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().join("root");
            let local = |policy| crate::LocalBackend::builder(&root).retry(policy).build();
            refusals.push(local(none).err());
            assert!(!root.exists(), "bad input makes nothing");
            assert!(local(RetryPolicy::disabled()).is_ok());
        }
        for refusal in refusals {
            let error = refusal.unwrap();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(error.message().contains("max_attempts"), "{error}");
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_policy_is_read_in_seconds_and_a_typo_is_named() {
        let policy: RetryPolicy =
            serde_json::from_str(r#"{"max_attempts": 5, "backoff_base": 0.25, "timeout": 30}"#)
                .unwrap();
        assert_eq!(policy.max_attempts, 5);
        assert_eq!(policy.backoff_base, Duration::from_millis(250));
        assert_eq!(policy.timeout, Some(Duration::from_secs(30)));
        assert_eq!(policy.jitter, RetryPolicy::default().jitter);
        for (text, part) in [
            (r#"{"max_attempt": 5}"#, "max_attempt"),
            (r#"{"jitter": -1}"#, "jitter"),
            (r#"{"max_attempts": 0}"#, "max_attempts"),
        ] {
            let error = serde_json::from_str::<RetryPolicy>(text).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<RetryPolicy>(&text).unwrap(), policy);
    }
}
