//! The glob language in the plainest code that states it: recursion on the
//! text, nothing compiled. Exponential, so only for short inputs.

/// Whether `pattern`, normalised, matches the whole of `path`.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    matches_segments(&pattern, &path)
}

fn matches_segments(pattern: &[&str], path: &[&str]) -> bool {
    match pattern {
        [] => path.is_empty(),
        ["**"] => !path.is_empty(),
        ["**", rest @ ..] => {
            matches_segments(rest, path)
                || path
                    .split_first()
                    .is_some_and(|(_, path)| matches_segments(pattern, path))
        }
        [segment, rest @ ..] => path.split_first().is_some_and(|(name, path)| {
            matches_name(&characters(segment), &characters(name)) && matches_segments(rest, path)
        }),
    }
}

fn characters(text: &str) -> Vec<char> {
    text.chars().collect()
}

fn matches_name(pattern: &[char], name: &[char]) -> bool {
    match (pattern, name) {
        ([], _) => name.is_empty(),
        (['*', rest @ ..], _) => (0..=name.len()).any(|taken| matches_name(rest, &name[taken..])),
        (['?', rest @ ..], [_, name @ ..]) => matches_name(rest, name),
        (['[', rest @ ..], [c, name @ ..]) => match split_set(rest) {
            Some((set, rest)) => in_set(set, *c) && matches_name(rest, name),
            None => *c == '[' && matches_name(rest, name),
        },
        ([literal, rest @ ..], [c, name @ ..]) => literal == c && matches_name(rest, name),
        (_, []) => false,
    }
}

/// What stands between `[` and `]`, and what follows.
fn split_set(pattern: &[char]) -> Option<(&[char], &[char])> {
    let first = usize::from(pattern.first() == Some(&'!')) + 1;
    let close = (first..pattern.len()).find(|&at| pattern[at] == ']')?;
    Some((&pattern[..close], &pattern[close + 1..]))
}

fn in_set(set: &[char], c: char) -> bool {
    match set {
        ['!', members @ ..] => !among(members, c),
        members => among(members, c),
    }
}

fn among(members: &[char], c: char) -> bool {
    match members {
        [low, '-', high, rest @ ..] => (*low..=*high).contains(&c) || among(rest, c),
        [member, rest @ ..] => *member == c || among(rest, c),
        [] => false,
    }
}

/// Whether a segment other than `**` holds two stars side by side, outside of
/// any set.
pub(crate) fn misuses_double_star(pattern: &str) -> bool {
    pattern
        .split('/')
        .any(|segment| segment != "**" && has_double_star(&characters(segment)))
}

fn has_double_star(segment: &[char]) -> bool {
    match segment {
        ['*', '*', ..] => true,
        ['[', rest @ ..] => has_double_star(split_set(rest).map_or(rest, |(_, rest)| rest)),
        [_, rest @ ..] => has_double_star(rest),
        [] => false,
    }
}
