//! What a word was probably meant to be.

/// The word among `known` that is nearest to `word`, if it is near enough to be a slip: one edit for
/// every three characters, a swap of neighbours being one edit.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |text: &str| text.to_lowercase().replace(['-', ' '], "_").chars().collect::<Vec<_>>();
    let word = fold(word);
    // Longer than any name of ours; the distance is quadratic.
    if word.len() > 100 {
        return None;
    }
    let allowed = (word.len() / 3).max(1);
    known
        .into_iter()
        .filter(|name| name.chars().count().abs_diff(word.len()) <= allowed)
        .map(|name| (distance(&word, &fold(name)), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Insertions, deletions, replacements and swaps of neighbours from one to the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = ["expect", "inputs", "must_pass", "id", "name"];
        for (word, meant) in [
            ("expct", Some("expect")),
            ("exepct", Some("expect")),
            ("input", Some("inputs")),
            ("must-pass", Some("must_pass")),
            ("MustPass", Some("must_pass")),
            ("nmae", Some("name")),
            ("x", None),
            ("assertion", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }

    #[test]
    fn distances_are_those_counted_by_hand() {
        for (a, b, edits) in [("kitten", "sitting", 3), ("ab", "ba", 1), ("", "abc", 3), ("same", "same", 0)]
        {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&chars(a), &chars(b)), edits, "{a} {b}");
        }
    }
}
