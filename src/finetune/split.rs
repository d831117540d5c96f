//! Parts of a set, as `train=0.8,val=0.1,test=0.1`: every family of seeds, with whatever says nearly the same,
//! is in one part alone.

use super::example::Example;
use super::gating::THRESHOLD;
use crate::expand::CaseId;
use crate::expand::similar::earlier_neighbours_if;
use crate::expand::stream::Stream;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Longest name of a part, in characters.
const LONGEST: usize = 32;

/// How far the shares may be from 1 in all.
const SLACK: f64 = 1e-6;

/// A part of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Its name: lower-case letters, digits, `_` and `-`.
    pub name: String,
    /// Its share of the families, over 0 and up to 1.
    pub share: f64,
}

/// The parts of a set; none: it is not split.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Splits(pub Vec<Split>);

/// Parts that make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// No name with a share.
    #[error("`{0}` is no part of a set; write a name and a share, as in `train=0.8,val=0.1,test=0.1`")]
    Shape(String),
    /// A name with other characters.
    #[error("`{0}` is no name of a part; a name has up to 32 lower-case letters, digits, `_` and `-`")]
    Name(String),
    /// A name that is there already.
    #[error("the part `{0}` is there twice")]
    Twice(String),
    /// Shares that are not 1 in all.
    #[error("the shares are {0} in all; they have to be 1")]
    Sum(String),
}

impl FromStr for Splits {
    type Err = SplitError;

    fn from_str(text: &str) -> Result<Self, SplitError> {
        let mut splits: Vec<Split> = Vec::new();
        for part in text.split(',').map(str::trim) {
            let wrong = || SplitError::Shape(part.to_owned());
            let (name, share) = part.split_once('=').ok_or_else(wrong)?;
            let (name, share) = (name.trim(), share.trim().parse::<f64>().map_err(|_| wrong())?);
            if !(share > 0.0 && share <= 1.0) {
                return Err(wrong());
            }
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
            if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_plain) {
                return Err(SplitError::Name(name.to_owned()));
            }
            if splits.iter().any(|split| split.name == name) {
                return Err(SplitError::Twice(name.to_owned()));
            }
            splits.push(Split { name: name.to_owned(), share });
        }
        let sum: f64 = splits.iter().map(|split| split.share).sum();
        if (sum - 1.0).abs() > SLACK {
            return Err(SplitError::Sum(format!("{sum:.4}")));
        }
        Ok(Self(splits))
    }
}

impl Splits {
    /// The part of each example, by its place in the list of parts; all 0 where nothing is split.
    ///
    /// Examples of one family are together, and so are families that hold nearly the same text (Jaccard of
    /// character 5-grams at [`THRESHOLD`] or over, whatever leads there by way of others included). Which part
    /// such a group is in depends on the smallest id of its families and the seed alone: with more examples, those
    /// that were there stay where they were, unless a new one joins two groups.
    pub fn assign(&self, examples: &[Example], seed: u64) -> Vec<usize> {
        if self.0.is_empty() {
            return vec![0; examples.len()];
        }
        let part = |key: CaseId| {
            let drawn =
                Stream::new(&[b"finetune split", &seed.to_le_bytes(), &key.as_u64().to_le_bytes()]).unit();
            let mut below = 0.0;
            let found = self.0.iter().position(|split| {
                below += split.share;
                drawn < below
            });
            found.unwrap_or(self.0.len() - 1)
        };
        groups(examples).into_iter().map(part).collect()
    }

    /// The name of a part.
    pub fn name(&self, at: usize) -> Option<&str> {
        self.0.get(at).map(|split| split.name.as_str())
    }
}

/// The group of each example, by the smallest id of its families.
fn groups(examples: &[Example]) -> Vec<CaseId> {
    let mut sets = Sets((0..examples.len()).collect());
    let mut firsts: BTreeMap<CaseId, usize> = BTreeMap::new();
    for (at, example) in examples.iter().enumerate() {
        let first = *firsts.entry(example.family).or_insert(at);
        sets.join(first, at);
    }
    let texts: Vec<(usize, &str)> = examples
        .iter()
        .enumerate()
        .flat_map(|(at, example)| example.user_texts().map(move |text| (at, text)))
        .collect();
    let only: Vec<&str> = texts.iter().map(|(_, text)| *text).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    loop {
        // Of several neighbours one is told, so it is looked again until none is in another group.
        let roots: Vec<usize> = texts.iter().map(|(at, _)| sets.root(*at)).collect();
        let apart = |text: usize, other: usize| roots[text] != roots[other];
        let found = earlier_neighbours_if(&only, THRESHOLD, threads, apart);
        if found.iter().all(Option::is_none) {
            break;
        }
        for (text, neighbour) in found.iter().enumerate() {
            if let Some(neighbour) = neighbour {
                sets.join(texts[text].0, texts[neighbour.index].0);
            }
        }
    }
    let mut smallest: BTreeMap<usize, CaseId> = BTreeMap::new();
    for (at, example) in examples.iter().enumerate() {
        let key = smallest.entry(sets.root(at)).or_insert(example.family);
        *key = example.family.min(*key);
    }
    (0..examples.len()).map(|at| smallest[&sets.root(at)]).collect()
}

/// Sets of numbers that are joined; the smallest number of a set stands for it.
struct Sets(Vec<usize>);

impl Sets {
    fn root(&self, mut at: usize) -> usize {
        while self.0[at] != at {
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = (one.min(other), one.max(other));
        self.0[high] = low;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finetune::Said;
    use serde_json::Value;

    fn example(family: u8, text: &str) -> Example {
        let family = CaseId::of(&[&[family]]);
        Example {
            id: CaseId::of(&[text.as_bytes()]),
            family,
            suite: "s".into(),
            scenario: "a".into(),
            place: "s:1".into(),
            dialogue: vec![Said::by_user(&Value::from(text))],
            contexts: Vec::new(),
            answers: Vec::new(),
            licence: None,
            tally: None,
        }
    }

    #[test]
    fn parts_are_read_with_their_shares() {
        let splits: Splits = "train=0.8, val=0.1,test=0.1".parse().unwrap();
        let told: Vec<_> = splits.0.iter().map(|split| (split.name.as_str(), split.share)).collect();
        assert_eq!(told, [("train", 0.8), ("val", 0.1), ("test", 0.1)]);
        for (text, told) in [
            ("train", "no part"),
            ("train=", "no part"),
            ("train=0", "no part"),
            ("train=nan,b=1", "no part"),
            ("a/b=1", "no name"),
            ("..=1", "no name"),
            ("a=0.5,a=0.5", "twice"),
            ("a=0.5,b=0.4", "0.9000 in all"),
        ] {
            let error = text.parse::<Splits>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn a_family_and_what_says_nearly_the_same_is_one_group() {
        let examples = [
            example(1, "please cancel the order I placed on Monday"),
            example(2, "where is my parcel today"),
            example(1, "what is the warranty of the feeder"),
            example(3, "what is the warranty of the feeder?"),
            example(4, "Where is my parcel today?"),
        ];
        let of = groups(&examples);
        assert_eq!(of[0], of[2]);
        assert_eq!(of[0], of[3], "by way of the third");
        assert_eq!(of[1], of[4]);
        assert_ne!(of[0], of[1]);
    }

    #[test]
    fn a_text_near_two_that_are_not_near_each_other_joins_both() {
        // Grams: 20 characters give 16. Each change at an end takes a few away.
        let (left, middle, right) =
            ("xyabcdefghijklmnopqrstuvwx12", "abcdefghijklmnopqrstuvwx1234", "cdefghijklmnopqrstuvwx123456");
        let near = crate::expand::similar::jaccard;
        assert!(near(left, middle) >= THRESHOLD, "{}", near(left, middle));
        assert!(near(middle, right) >= THRESHOLD, "{}", near(middle, right));
        assert!(near(left, right) < THRESHOLD, "{}", near(left, right));
        for order in [[left, middle, right], [left, right, middle], [right, middle, left]] {
            let examples: Vec<Example> =
                order.iter().zip(1..).map(|(text, family)| example(family, text)).collect();
            let of = groups(&examples);
            assert!(of.iter().all(|group| *group == of[0]), "{order:?}");
        }
    }

    #[test]
    fn more_examples_move_nothing_that_was_there() {
        let splits: Splits = "train=0.5,test=0.5".parse().unwrap();
        // Hashes are near nothing but themselves.
        let texts: Vec<String> = (0..200_u8).map(|n| CaseId::of(&[b"text", &[n]]).to_string()).collect();
        let all: Vec<Example> = texts.iter().zip(0..).map(|(text, family)| example(family, text)).collect();
        let half = splits.assign(&all[..100], 7);
        let whole = splits.assign(&all, 7);
        assert_eq!(half, whole[..100]);
        let train = whole.iter().filter(|part| **part == 0).count();
        // Binomial, 200 at 1/2: beyond these with a chance under 1e-9.
        assert!((55..=145).contains(&train), "{train}");
        assert_ne!(splits.assign(&all, 8), whole, "another seed deals anew");
    }
}
