//! Suites that were left out because nobody named them, in a line.

use super::escape::shortened;
use super::record::Unnamed;

/// Suites that are named at most.
const NAMED: usize = 5;
/// Most characters of a name.
const NAME: usize = 80;

impl Unnamed {
    /// A suite that needs a model.
    pub fn live(suite: String) -> Self {
        Self { suite, why: "it needs a model, and runs when it is named".to_owned() }
    }
}

/// Which suites need a model and were left out: `left out: live/judged, which needs a model; name it to run it`.
/// `None` without any. Of outside text it holds the names, as they are.
pub fn told<'a>(suites: impl ExactSizeIterator<Item = &'a str>, verb: &str) -> Option<String> {
    let all = suites.len();
    let named: Vec<String> = suites.take(NAMED).map(|suite| shortened(suite, NAME)).collect();
    let (last, before) = named.split_last()?;
    let listed = match (all - named.len(), before) {
        (0, []) => return Some(format!("left out: {last}, which needs a model; name it to {verb} it")),
        (0, before) => format!("{} and {last}", before.join(", ")),
        (more, _) => format!("{} and {more} more", named.join(", ")),
    };
    Some(format!("left out: {listed}, which need a model; name them to {verb} them"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn suites_left_out_are_told_in_a_line() {
        let told = |names: &[&str]| super::told(names.iter().copied(), "run");
        assert_eq!(told(&[]), None);
        assert_eq!(told(&["live/a"]).unwrap(), "left out: live/a, which needs a model; name it to run it");
        assert_eq!(
            told(&["live/a", "live/b"]).unwrap(),
            "left out: live/a and live/b, which need a model; name them to run them"
        );
        assert_eq!(
            told(&["a", "b", "c", "d", "e", "f", "g"]).unwrap(),
            "left out: a, b, c, d, e and 2 more, which need a model; name them to run them"
        );
    }
}
