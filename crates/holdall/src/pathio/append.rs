//! What an append has written, to be taken back when it is given up.

/// Where the writes of one append went, as long as they lie side by side.
#[derive(Debug, Default)]
pub(crate) struct Appended {
    start: u64,
    end: u64,
    /// Whether somebody else appended in between: nothing can be taken back.
    is_interleaved: bool,
}

impl Appended {
    /// Notes that `length` bytes were written from `at` on.
    pub(crate) fn note(&mut self, at: u64, length: u64) {
        if self.start == self.end {
            self.start = at;
        } else if self.end != at {
            self.is_interleaved = true;
        }
        self.end = at + length;
    }

    /// The length to cut a file back to that is `length` long; `None` where
    /// nothing was written, or not as the last.
    pub(crate) fn cut_to(&self, length: u64) -> Option<u64> {
        let is_last = self.start < self.end && self.end == length && !self.is_interleaved;
        is_last.then_some(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_append_is_taken_back_only_where_nobody_else_appended() {
        let mut appended = Appended::default();
        assert_eq!(appended.cut_to(5), None);
        appended.note(5, 2);
        appended.note(7, 3);
        assert_eq!(appended.cut_to(10), Some(5));
        assert_eq!(appended.cut_to(11), None);
        appended.note(11, 1);
        assert_eq!(appended.cut_to(12), None);
    }
}
