//! How hard examples are for the application as it is, by the share of its answers that pass, and a balance
//! between them: a set of what it can do already teaches little.

use super::example::Example;
use crate::expand::stream::Stream;
use crate::synth::select::difficulty::{Difficulty, Measured};
use std::collections::BTreeMap;
use std::str::FromStr;

/// How hard an example is; nothing where no run asked it.
pub type Bucket = Option<Difficulty>;

/// The bucket of an example of which so many answers passed, of so many that were graded.
pub fn bucket(tally: Option<(usize, usize)>) -> Bucket {
    let (passed, graded) = tally?;
    Measured::of(passed, graded).map(|measured| measured.difficulty)
}

/// Its word; `unknown` where no run asked the example.
pub const fn word(bucket: Bucket) -> &'static str {
    match bucket {
        Some(difficulty) => difficulty.name(),
        None => "unknown",
    }
}

/// How many times as many examples a bucket may hold as the smallest one that holds any; `None`: all are kept.
/// Examples that no run asked are in no bucket, and are all kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance(pub Option<f64>);

impl Default for Balance {
    fn default() -> Self {
        Self(Some(3.0))
    }
}

/// No balance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no balance; write a number from 1, as `3` for three times as many at most, or `off`")]
pub struct BalanceError(String);

impl FromStr for Balance {
    type Err = BalanceError;

    fn from_str(text: &str) -> Result<Self, BalanceError> {
        if text == "off" {
            return Ok(Self(None));
        }
        let ratio = text.parse::<f64>().ok().filter(|ratio| ratio.is_finite() && *ratio >= 1.0);
        ratio.map(|ratio| Self(Some(ratio))).ok_or_else(|| BalanceError(text.to_owned()))
    }
}

impl Balance {
    /// Which of the examples are kept. In a bucket that holds too many, scenarios take turns, and within one a
    /// draw by the example's id and the seed decides, so that what is added moves as little as can be.
    pub fn keep(self, examples: &[Example], seed: u64) -> Vec<bool> {
        let mut keep = vec![true; examples.len()];
        let Some(ratio) = self.0 else { return keep };
        let mut buckets: BTreeMap<Difficulty, Vec<usize>> = BTreeMap::new();
        for (at, example) in examples.iter().enumerate() {
            if let Some(difficulty) = bucket(example.tally) {
                buckets.entry(difficulty).or_default().push(at);
            }
        }
        let Some(smallest) = buckets.values().map(Vec::len).min() else { return keep };
        let most = whole(smallest as f64 * ratio, examples.len());
        for members in buckets.values().filter(|members| members.len() > most) {
            for at in turns(members, examples, seed).into_iter().skip(most) {
                keep[at] = false;
            }
        }
        keep
    }
}

/// The members of a bucket in the order in which they are taken.
fn turns(members: &[usize], examples: &[Example], seed: u64) -> Vec<usize> {
    let drawn = |at: usize| {
        let id = examples[at].id.as_u64().to_le_bytes();
        Stream::new(&[b"finetune balance", &seed.to_le_bytes(), &id]).u64()
    };
    let mut ranked: Vec<(&str, &str, u64, usize)> = members
        .iter()
        .map(|at| (examples[*at].suite.as_str(), examples[*at].scenario.as_str(), drawn(*at), *at))
        .collect();
    ranked.sort_unstable();
    let mut taken: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut order: Vec<(usize, u64, usize)> = ranked
        .into_iter()
        .map(|(suite, scenario, drawn, at)| {
            let turn = taken.entry((suite, scenario)).or_default();
            *turn += 1;
            (*turn, drawn, at)
        })
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(.., at)| at).collect()
}

/// A number of examples without its fraction, and no more than there are.
fn whole(number: f64, most: usize) -> usize {
    (0..=most).rev().find(|n| *n as f64 <= number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;

    fn example(n: usize, scenario: &str, tally: Option<(usize, usize)>) -> Example {
        let id = CaseId::of(&[&n.to_le_bytes()]);
        Example {
            id,
            family: id,
            suite: "s".into(),
            scenario: scenario.into(),
            place: String::new(),
            dialogue: Vec::new(),
            contexts: Vec::new(),
            answers: Vec::new(),
            licence: None,
            tally,
        }
    }

    #[test]
    fn what_no_run_graded_is_in_no_bucket() {
        assert_eq!(bucket(None), None);
        assert_eq!(bucket(Some((0, 0))), None);
        assert_eq!(bucket(Some((0, 5))), Some(Difficulty::Impossible));
        assert_eq!(bucket(Some((4, 5))), Some(Difficulty::Easy));
    }

    #[test]
    fn a_bucket_holds_no_more_than_so_many_times_the_smallest_and_scenarios_take_turns() {
        let easy = (0..20).map(|n| example(n, if n < 15 { "a" } else { "b" }, Some((5, 5))));
        let hard = (20..24).map(|n| example(n, "a", Some((0, 5))));
        let unknown = (24..40).map(|n| example(n, "a", None));
        let examples: Vec<Example> = easy.chain(hard).chain(unknown).collect();
        let keep = "2".parse::<Balance>().unwrap().keep(&examples, 1);
        let kept = |range: std::ops::Range<usize>| keep[range].iter().filter(|kept| **kept).count();
        // Twice 4 of the easy ones: 4 of scenario a, 4 of b.
        assert_eq!((kept(0..15), kept(15..20), kept(20..24), kept(24..40)), (4, 4, 4, 16));
        assert!("off".parse::<Balance>().unwrap().keep(&examples, 1).iter().all(|kept| *kept));
        for wrong in ["0", "0.5", "nan", "inf", "x"] {
            assert!(wrong.parse::<Balance>().is_err(), "{wrong}");
        }
    }
}
