//! Rates, as people write them.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Error, Visitor};

/// Bytes a second: a number, or one with `KB`, `MB`, `GB` (powers of 1,000) or
/// `KiB`, `MiB`, `GiB` (powers of 1,024).
///
/// ```
/// use holdall_ftp::ByteRate;
///
/// assert_eq!("10 MiB".parse::<ByteRate>().map(|rate| rate.per_second().get()), Ok(10 << 20));
/// assert!("0".parse::<ByteRate>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRate(NonZeroU64);

impl ByteRate {
    /// So many bytes a second.
    pub const fn new(per_second: NonZeroU64) -> Self {
        Self(per_second)
    }

    /// The bytes a second.
    pub const fn per_second(self) -> NonZeroU64 {
        self.0
    }
}

const UNITS: [(&str, u64); 8] = [
    ("", 1),
    ("b", 1),
    ("kb", 1000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
];

impl FromStr for ByteRate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits).ok_or(NotARate)?;
        let unit = unit.trim().to_ascii_lowercase();
        let factor = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or(NotARate)?;
        let number: u64 = number.parse().map_err(|_| NotARate)?;
        let rate = number.checked_mul(factor.1).and_then(NonZeroU64::new);
        rate.map(Self).ok_or(NotARate)
    }
}

impl<'de> Deserialize<'de> for ByteRate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RateVisitor)
    }
}

struct RateVisitor;

impl Visitor<'_> for RateVisitor {
    type Value = ByteRate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<ByteRate, E> {
        self.visit_u64(u64::try_from(number).unwrap_or_default())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<ByteRate, E> {
        NonZeroU64::new(number)
            .map(ByteRate)
            .ok_or_else(|| E::custom(NotARate))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ByteRate, E> {
        text.parse().map_err(E::custom)
    }
}

const EXPECTED: &str = "bytes a second, such as 500000, '500 KB' or '10 MiB'";

/// What was given is no [`ByteRate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotARate;

impl fmt::Display for NotARate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this must be {EXPECTED}")
    }
}

impl std::error::Error for NotARate {}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Option<u64> {
        text.parse::<ByteRate>()
            .ok()
            .map(|rate| rate.per_second().get())
    }

    #[test]
    fn units_are_powers_of_1000_and_1024_in_any_case() {
        for (text, bytes) in [
            ("1", 1),
            (" 12 ", 12),
            ("3 kb", 3000),
            ("3KiB", 3072),
            ("2 MB", 2_000_000),
            ("1gib", 1 << 30),
        ] {
            assert_eq!(rate(text), Some(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in [
            "",
            "0",
            "-1",
            "1.5 MB",
            "MB",
            "1 MBit",
            "99999999999 GB",
            "1 MB/s",
        ] {
            assert_eq!(rate(text), None, "{text}");
        }
    }
}
