//! The one matcher: a sequence of pattern parts against a sequence of items.

/// Whether `parts` match all of `items`, where a part for which `is_run` holds
/// takes any number of items and every other part takes one that it `accepts`.
///
/// Only the last run seen is ever extended. That loses no match: whatever an
/// earlier run could take instead, the last one can take as well. So the time
/// is bounded by the product of the two lengths.
pub(super) fn matches<'a, T, I>(
    mut parts: &'a [T],
    mut items: I,
    is_run: impl Fn(&T) -> bool,
    accepts: impl Fn(&T, I::Item) -> bool,
) -> bool
where
    I: Iterator + Clone,
{
    let mut last_run: Option<(&'a [T], I)> = None;
    loop {
        match parts.split_first() {
            Some((part, after)) if is_run(part) => {
                parts = after;
                last_run = Some((after, items.clone()));
                continue;
            }
            Some((part, after)) => {
                let mut rest = items.clone();
                if rest.next().is_some_and(|item| accepts(part, item)) {
                    (parts, items) = (after, rest);
                    continue;
                }
            }
            None if items.clone().next().is_none() => return true,
            None => {}
        }
        let Some((after, taken)) = &mut last_run else {
            return false;
        };
        if taken.next().is_none() {
            return false;
        }
        (parts, items) = (*after, taken.clone());
    }
}
