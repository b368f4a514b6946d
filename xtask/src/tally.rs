//! Counts of tests, read from what test runners print.

use std::fmt;
use std::ops::AddAssign;

/// How many tests passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// One check that is told by its exit code alone.
    pub(crate) fn one(success: bool) -> Self {
        Self {
            passed: u64::from(success),
            failed: u64::from(!success),
            skipped: 0,
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The counts of a runner's closing line; `None` for any other line.
    ///
    /// Known are libtest (`test result: ok. 3 passed; 0 failed; 1 ignored; ..`),
    /// nextest (`Summary [ 0.1s] 4 tests run: 3 passed (1 slow), 1 failed, 0
    /// skipped`) and the plain `NAME: 3 passed, 1 failed, 0 skipped`.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("test result: ") {
            return Self::from_counts(rest.split_once(". ")?.1);
        }
        if line.starts_with("Summary [") {
            return Self::from_counts(line.split_once("run: ")?.1);
        }
        let (name, counts) = line.split_once(": ")?;
        let is_plain = !name.contains(char::is_whitespace) && counts.contains(" passed, ");
        is_plain.then(|| Self::from_counts(counts)).flatten()
    }

    /// Counts such as `3 passed (1 slow), 1 failed; 2 ignored`; `None` where a
    /// part is not a number and a word.
    fn from_counts(text: &str) -> Option<Self> {
        let mut tally = Self::default();
        for part in without_parentheses(text).split([',', ';']) {
            let (number, word) = part.trim().split_once(' ')?;
            // The time that libtest closes with: `finished in 0.00s`.
            if number == "finished" {
                continue;
            }
            let number: u64 = number.parse().ok()?;
            match word.trim() {
                "passed" => tally.passed += number,
                "failed" | "timed out" | "exec failed" => tally.failed += number,
                "skipped" | "ignored" => tally.skipped += number,
                _ => {}
            }
        }
        Some(tally)
    }
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|&c| {
            let outside = depth == 0 && c != '(';
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            outside
        })
        .collect()
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Option<Tally> {
        Some(Tally {
            passed,
            failed,
            skipped,
        })
    }

    #[test]
    fn libtest_closing_lines_are_read() {
        let ok = "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(Tally::from_line(ok), tally(12, 0, 3));
        let failed = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.50s";
        assert_eq!(Tally::from_line(failed), tally(1, 2, 0));
    }

    #[test]
    fn nextest_closing_lines_are_read() {
        let ok = "     Summary [   0.012s] 3 tests run: 3 passed, 1 skipped";
        assert_eq!(Tally::from_line(ok), tally(3, 0, 1));
        let mixed = "     Summary [   9.1s] 9 tests run: 5 passed (1 slow, 2 leaky), 2 failed, 1 timed out, 1 exec failed, 4 skipped";
        assert_eq!(Tally::from_line(mixed), tally(5, 4, 4));
    }

    #[test]
    fn plain_closing_lines_are_read() {
        let line = "conformance/local: 250 passed, 1 failed, 4 skipped";
        assert_eq!(Tally::from_line(line), tally(250, 1, 4));
    }

    #[test]
    fn other_lines_are_not_counts() {
        for line in [
            "",
            "running 3 tests",
            "test a ... ok",
            "note: 3 passed, some of them late",
        ] {
            assert_eq!(Tally::from_line(line), None, "{line}");
        }
    }
}
