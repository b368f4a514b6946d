//! Values of options, alike on the command line, in variables and in holdall.toml.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// A time span: seconds, or text such as `90s`, `5m` or `1h 30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(pub(super) Duration);

const SPAN: &str = "this must be seconds, or a time such as '90s', '5m' or '1h 30m'";

impl FromStr for Span {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        if let Ok(seconds) = text.trim().parse() {
            return Ok(Self(Duration::from_secs(seconds)));
        }
        let span: jiff::SignedDuration = text.parse().map_err(|_| SPAN)?;
        Duration::try_from(span).map(Self).map_err(|_| SPAN)
    }
}

/// Ports: `50000-50100`, or one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ports(pub(super) RangeInclusive<u16>);

const PORTS: &str = "this must be two ports such as '50000-50100', the lower first";

impl FromStr for Ports {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let port = |text: &str| text.trim().parse::<u16>().map_err(|_| PORTS);
        let (first, last) = (port(first)?, port(last)?);
        if first == 0 || first > last {
            return Err(PORTS);
        }
        Ok(Self(first..=last))
    }
}

/// Reads text as [`FromStr`] does, and whole numbers as their digits.
struct TextOrNumber<T>(std::marker::PhantomData<T>);

impl<T: FromStr<Err = &'static str>> Visitor<'_> for TextOrNumber<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text or a whole number from 0")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber(std::marker::PhantomData))
    }
}

impl<'de> Deserialize<'de> for Ports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNumber(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_have_units() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("5m", 300), ("1h 30m", 5400)] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.0, Duration::from_secs(seconds), "{text}");
        }
        for text in ["", "-5", "-5m", "soon", "1.5"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn ports_are_a_range_or_one() {
        assert_eq!("50000-50100".parse(), Ok(Ports(50_000..=50_100)));
        assert_eq!("50000".parse(), Ok(Ports(50_000..=50_000)));
        for text in ["", "0-5", "5-4", "1-70000", "a-b"] {
            assert!(text.parse::<Ports>().is_err(), "{text}");
        }
    }
}
