//! Times as RFC 3659, 2.3 writes them.

use holdall::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// `YYYYMMDDHHMMSS` in UTC, with three digits of a fraction where there is one.
pub fn format_time(time: Timestamp) -> String {
    let civil = TimeZone::UTC.to_datetime(time);
    let mut text = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
    if civil.millisecond() > 0 {
        text.push_str(&format!(".{:03}", civil.millisecond()));
    }
    text
}

/// Reads `YYYYMMDDHHMMSS`, with or without a fraction.
pub fn parse_time(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let part = |from: usize, to: usize| number(whole.get(from..to)?);
    if whole.len() != 14 {
        return None;
    }
    let civil = DateTime::new(
        i16::try_from(part(0, 4)?).ok()?,
        i8::try_from(part(4, 6)?).ok()?,
        i8::try_from(part(6, 8)?).ok()?,
        i8::try_from(part(8, 10)?).ok()?,
        i8::try_from(part(10, 12)?).ok()?,
        i8::try_from(part(12, 14)?).ok()?,
        nanoseconds(fraction)?,
    )
    .ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// Of a fraction with any number of digits; what is less than a nanosecond is left
/// out.
fn nanoseconds(fraction: &str) -> Option<i32> {
    if !is_number(fraction) {
        return None;
    }
    let digits = fraction.get(..fraction.len().min(9))?;
    let value = i32::try_from(number(digits)?).ok()?;
    let missing = u32::try_from(9 - digits.len()).ok()?;
    value.checked_mul(10_i32.checked_pow(missing)?)
}

fn number(digits: &str) -> Option<u32> {
    if is_number(digits) {
        digits.parse().ok()
    } else {
        None
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["19700101000000", "20260228235959", "20240229120000.123"] {
            let time = parse_time(text).unwrap();
            assert_eq!(format_time(time), text);
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026",
            "20261301000000",
            "20260230000000",
            "2026010100000x",
            "+2026010100000",
            "20260101000000.",
            "20260101000000.x",
            "20260101000000.123456789x",
            "2026010100000é",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
