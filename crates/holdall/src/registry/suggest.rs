//! What somebody may have meant.

/// "did you mean 'x'?" with the nearest of `names`, or all of them where none
/// is near.
pub(super) fn hint<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    if let Some(name) = nearest(typed, &names) {
        return format!("did you mean '{name}'?");
    }
    match names.as_slice() {
        [] => "there is none to choose from".to_owned(),
        [only] => format!("the only one is '{only}'"),
        _ => format!("there are '{}'", names.join("', '")),
    }
}

/// The name that is `typed` but for a slip or two: at most a third of its
/// letters.
fn nearest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    let plain = plain(typed);
    names
        .iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&plain, &self::plain(name)),
                *name,
            )
        })
        .filter(|(slips, name)| *slips <= name.chars().count().div_ceil(3))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, name)| name)
}

/// Capitals and separators are no slips.
fn plain(name: &str) -> String {
    // What is longer than any name is near to none.
    name.chars()
        .take(64)
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_named() {
        let names = ["account_key", "account_name", "container"];
        assert_eq!(hint("acount_key", names), "did you mean 'account_key'?");
        assert_eq!(hint("accountName", names), "did you mean 'account_name'?");
        assert_eq!(hint("contianer", names), "did you mean 'container'?");
    }

    #[test]
    fn where_none_is_near_all_are_named() {
        assert_eq!(hint("zzz", ["b", "a"]), "there are 'a', 'b'");
        assert_eq!(hint("zzz", ["root"]), "the only one is 'root'");
        assert_eq!(hint("zzz", []), "there is none to choose from");
    }
}
