//! Patterns over one name, with the meaning of Python's `fnmatch`:
//! <https://docs.python.org/3/library/fnmatch.html>.

use super::sequence;

/// A pattern over one name: `*`, `?`, `[...]` and `[!...]`, case-sensitive on
/// every platform.
///
/// Any text is a pattern: a `[` without its `]` is literal, and the empty
/// pattern matches no name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct NamePattern {
    tokens: Vec<Token>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Token {
    Literal(char),
    AnyCharacter,
    AnyRun,
    Set {
        negated: bool,
        /// Inclusive on both ends; one that runs backwards holds nothing.
        ranges: Vec<(char, char)>,
    },
}

impl NamePattern {
    pub(crate) fn new(pattern: &str) -> Self {
        let mut tokens = Vec::new();
        let mut rest = pattern;
        let mut characters = rest.chars();
        while let Some(c) = characters.next() {
            rest = characters.as_str();
            tokens.push(match c {
                '*' => Token::AnyRun,
                '?' => Token::AnyCharacter,
                '[' => match Token::parse_set(rest) {
                    Some((set, after)) => {
                        characters = after.chars();
                        set
                    }
                    None => Token::Literal('['),
                },
                c => Token::Literal(c),
            });
        }
        Self { tokens }
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        sequence::matches(&self.tokens, name.chars(), Token::is_run, |token, c| {
            token.accepts(c)
        })
    }

    /// Whether two `*` stand side by side.
    pub(super) fn has_adjacent_runs(&self) -> bool {
        self.tokens
            .windows(2)
            .any(|pair| pair.iter().all(Token::is_run))
    }

    /// The one name that matches, where the pattern spells it out.
    pub(super) fn as_literal(&self) -> Option<String> {
        self.tokens.iter().map(Token::as_literal).collect()
    }
}

impl Token {
    /// Parses what follows a `[`: the set, and the text after its `]`.
    fn parse_set(text: &str) -> Option<(Self, &str)> {
        let (negated, text) = match text.strip_prefix('!') {
            Some(text) => (true, text),
            None => (false, text),
        };
        // A `]` that comes first belongs to the set.
        let first = text.chars().next()?;
        let close = first.len_utf8() + text.get(first.len_utf8()..)?.find(']')?;
        let (members, after) = text.split_at_checked(close)?;
        let set = Self::Set {
            negated,
            ranges: parse_ranges(members),
        };
        Some((set, after.strip_prefix(']')?))
    }

    fn is_run(&self) -> bool {
        matches!(self, Self::AnyRun)
    }

    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Literal(literal) => *literal == c,
            Self::AnyCharacter | Self::AnyRun => true,
            Self::Set { negated, ranges } => {
                ranges.iter().any(|&(low, high)| low <= c && c <= high) != *negated
            }
        }
    }

    fn as_literal(&self) -> Option<char> {
        match self {
            Self::Literal(c) => Some(*c),
            Self::Set {
                negated: false,
                ranges,
            } => match ranges.as_slice() {
                [(low, high)] if low == high => Some(*low),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Reads `a-z` as a range and everything else, a `-` at either end included,
/// as itself.
fn parse_ranges(members: &str) -> Vec<(char, char)> {
    let mut ranges = Vec::new();
    let mut rest = members.chars();
    while let Some(low) = rest.next() {
        let mut ahead = rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(high)) => {
                ranges.push((low, high));
                rest = ahead;
            }
            _ => ranges.push((low, low)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &[
        "a", "b", "c", "A", "z", "e", "-", "]", "[", "!", "^", "*", "?", "\\", "\n", "a\n", "&",
        "~", "|", "ab", "abc", "aXbYc", "[a", "a[", "[]", "[!]", "[!", "a.b", "axb", "{a,b}",
        "(a)", "x.txt", ".txt", "x.txt\n", "x.tx", "é", "日", "😀",
    ];

    fn matched(pattern: &str) -> Vec<&'static str> {
        let pattern = NamePattern::new(pattern);
        NAMES
            .iter()
            .copied()
            .filter(|name| pattern.matches(name))
            .collect()
    }

    /// The names that CPython 3.11's `fnmatch.fnmatchcase` accepts.
    #[test]
    fn a_name_matches_as_fnmatch_has_it() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("*", NAMES),
            ("**", NAMES),
            (
                "a*",
                &["a", "a\n", "ab", "abc", "aXbYc", "a[", "a.b", "axb"],
            ),
            ("*a", &["a", "[a"]),
            ("??", &["a\n", "ab", "[a", "a[", "[]", "[!"]),
            ("a?c", &["abc"]),
            ("a*b*c", &["abc", "aXbYc"]),
            ("[abc]", &["a", "b", "c"]),
            ("[a-c]", &["a", "b", "c"]),
            ("[c-a]", &[]),
            ("[]]", &["]"]),
            ("[]a]", &["a", "]"]),
            ("[]-a]", &["a", "]", "^"]),
            ("[a-]", &["a", "-"]),
            ("[-a]", &["a", "-"]),
            ("[--a]", &["a", "A", "-", "]", "[", "^", "?", "\\"]),
            ("[a-c-e]", &["a", "b", "c", "e", "-"]),
            ("[bz-ac]", &["b", "c"]),
            ("[x-ab-c]", &["b", "c"]),
            ("[", &["["]),
            ("[a", &["[a"]),
            ("a[", &["a["]),
            ("[]", &["[]"]),
            ("[!]", &["[!]"]),
            ("[!", &["[!"]),
            ("[^a]", &["a", "^"]),
            ("[[]", &["["]),
            ("[*]", &["*"]),
            ("[?]", &["?"]),
            ("[\\]", &["\\"]),
            ("[a\\]", &["a", "\\"]),
            ("a.b", &["a.b"]),
            ("a|b", &[]),
            ("[a&&b]", &["a", "b", "&"]),
            ("[a~~b]", &["a", "b", "~"]),
            ("(a)", &["(a)"]),
            ("{a,b}", &["{a,b}"]),
            ("*.txt", &["x.txt", ".txt"]),
            ("*.tx?", &["x.txt", ".txt"]),
            ("A", &["A"]),
            ("é", &["é"]),
            ("[à-ü]", &["é"]),
            ("*\n", &["\n", "a\n", "x.txt\n"]),
        ];
        for (pattern, names) in table {
            assert_eq!(matched(pattern), *names, "{pattern:?}");
        }
    }

    #[test]
    fn a_negated_set_takes_every_other_single_character() {
        let single = |name: &&&str| name.chars().count() == 1;
        for (pattern, excluded) in [
            ("[!abc]", &["a", "b", "c"][..]),
            ("[!]]", &["]"]),
            ("[!-a]", &["-", "a"]),
            ("[!c-a]", &[]),
            ("?", &[]),
        ] {
            let others = NAMES
                .iter()
                .filter(single)
                .copied()
                .filter(|name| !excluded.contains(name));
            assert_eq!(matched(pattern), others.collect::<Vec<_>>(), "{pattern:?}");
        }
    }
}
