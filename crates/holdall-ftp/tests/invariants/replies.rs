//! What holds for any text in a reply.

use holdall_ftp::protocol::{Reply, quoted};

/// Fails where a reply with `text` in it breaks a rule.
pub(super) fn check(text: &str) {
    let line = Reply::new(257, quoted(text)).encode();
    check_lines(&line, 1);
    let lines = vec![text.to_owned(), format!("211 {text}")];
    let encoded = Reply::with_lines(211, "Status:", lines, "End.").encode();
    check_lines(&encoded, 4);
    // RFC 959, 4.2: only the last line begins with the code and a space.
    let lasts = encoded.lines().filter(|line| line.starts_with("211 "));
    assert_eq!(lasts.count(), 1);
    if !text.contains(char::is_control) {
        let path = line
            .strip_prefix("257 \"")
            .and_then(|l| l.strip_suffix("\"\r\n"));
        let path = path.map(|path| path.replace("\"\"", "\""));
        assert_eq!(path.as_deref(), Some(text), "quotes are doubled");
    }
}

fn check_lines(encoded: &str, count: usize) {
    let ends = encoded.split_inclusive("\r\n");
    assert_eq!(ends.clone().count(), count);
    for line in ends {
        let text = line.strip_suffix("\r\n");
        let is_clean = text.is_some_and(|text| !text.contains(char::is_control));
        assert!(is_clean, "{line:?}");
    }
}
