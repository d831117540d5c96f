//! Rejection sampling: of several candidates for one input the best is kept, if any is good enough; and the
//! inputs of which none was.

use super::scores::{Axis, Scored, Thresholds};
use super::sieve::Rejection;
use crate::expand::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What candidates are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// The score on one axis.
    Axis(Axis),
    /// The sum of all scores.
    #[default]
    Sum,
}

impl By {
    fn value(self, scored: &Scored) -> Option<f64> {
        match self {
            Self::Axis(axis) => scored.score(axis),
            Self::Sum => (!scored.levels.is_empty()).then(|| scored.sum()),
        }
    }
}

/// The best of several candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// Its place among them, from 0; of equal ones the first.
    pub at: usize,
    /// What it was chosen by.
    pub value: f64,
    /// How many there were.
    pub of: usize,
    /// Why each of the others was not taken, where it failed a threshold or had no score: its place and the
    /// rejection. The rest were good and not the best.
    pub rejected: Vec<(usize, Rejection)>,
}

/// The best of the candidates for one input, among those that reach every threshold; a candidate without scores
/// is never taken. Where none is good enough, why each was not.
pub fn best_of(
    candidates: &[Option<Scored>],
    by: By,
    thresholds: &Thresholds,
) -> Result<Best, Vec<(usize, Rejection)>> {
    let mut rejected = Vec::new();
    let mut best: Option<(usize, f64)> = None;
    for (at, scored) in candidates.iter().enumerate() {
        let value = scored.as_ref().ok_or_else(|| Rejection::new(Reason::LowScore, "it has no score"));
        let value = value.and_then(|scored| {
            thresholds.hold(scored)?;
            by.value(scored)
                .ok_or_else(|| Rejection::new(Reason::LowScore, "it has no score to be chosen by"))
        });
        match value {
            Ok(value) if best.is_none_or(|(_, best)| value > best + 1e-12) => best = Some((at, value)),
            Ok(_) => {}
            Err(rejection) => rejected.push((at, rejection)),
        }
    }
    match best {
        Some((at, value)) => Ok(Best { at, value, of: candidates.len(), rejected }),
        None => Err(rejected),
    }
}

/// An input none of whose candidates was let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exhausted {
    /// What candidates were wanted for: a seed's words, a row of knobs.
    pub about: String,
    /// Candidates that came.
    pub tried: usize,
    /// Why they were not let in.
    pub rejected: BTreeMap<Reason, usize>,
    /// Requests that got no usable reply.
    pub unanswered: usize,
}

/// What became of the candidates for each input, so that none of them is lost without a word.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    inputs: BTreeMap<String, Input>,
    order: Vec<String>,
}

#[derive(Debug, Clone, Default)]
struct Input {
    delivered: usize,
    rejected: BTreeMap<Reason, usize>,
    unanswered: usize,
}

impl Inputs {
    /// Says that candidates are wanted for an input.
    pub fn want(&mut self, about: &str) {
        self.input(about);
    }

    /// Counts a candidate.
    pub fn count(&mut self, about: &str, became: Result<(), Reason>) {
        let input = self.input(about);
        match became {
            Ok(()) => input.delivered += 1,
            Err(reason) => *input.rejected.entry(reason).or_default() += 1,
        }
    }

    /// Counts a request without a usable reply.
    pub fn unanswered(&mut self, about: &str) {
        self.input(about).unanswered += 1;
    }

    /// Takes back a candidate that was let in, for a reason that was found later.
    pub fn take_back(&mut self, about: &str, reason: Reason) {
        let input = self.input(about);
        input.delivered = input.delivered.saturating_sub(1);
        *input.rejected.entry(reason).or_default() += 1;
    }

    /// The inputs of which no candidate was let in, in the order in which they were wanted.
    pub fn exhausted(&self) -> Vec<Exhausted> {
        let of = |about: &String| {
            let input = self.inputs.get(about).filter(|input| input.delivered == 0)?;
            Some(Exhausted {
                about: about.clone(),
                tried: input.rejected.values().sum(),
                rejected: input.rejected.clone(),
                unanswered: input.unanswered,
            })
        };
        self.order.iter().filter_map(of).collect()
    }

    fn input(&mut self, about: &str) -> &mut Input {
        if !self.inputs.contains_key(about) {
            self.order.push(about.to_owned());
        }
        self.inputs.entry(about.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::scores::tests::scored;
    use super::*;

    #[test]
    fn the_best_that_is_good_enough_is_taken() {
        let candidates = [
            Some(scored(&[(Axis::Realism, 1), (Axis::InScope, 5), (Axis::Difficulty, 5)])),
            Some(scored(&[(Axis::Realism, 3), (Axis::InScope, 4), (Axis::Difficulty, 2)])),
            Some(scored(&[(Axis::Realism, 4), (Axis::InScope, 3), (Axis::Difficulty, 2)])),
            None,
        ];
        // The first has the largest sum and is not realistic; the next two have ½ + ¾ + ¼ each.
        let best = best_of(&candidates, By::Sum, &Thresholds::default()).unwrap();
        assert_eq!((best.at, best.value, best.of), (1, 1.5, 4));
        assert_eq!(best.rejected.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 3]);
        let best = best_of(&candidates, By::Axis(Axis::Realism), &Thresholds::default()).unwrap();
        assert_eq!((best.at, best.value), (2, 0.75));
    }

    #[test]
    fn where_none_is_good_enough_each_is_told() {
        let candidates = [Some(scored(&[(Axis::Realism, 1), (Axis::InScope, 5)])), None];
        let rejected = best_of(&candidates, By::Sum, &Thresholds::default()).unwrap_err();
        assert_eq!(
            rejected.iter().map(|(at, why)| (*at, why.reason)).collect::<Vec<_>>(),
            [(0, Reason::LowScore), (1, Reason::LowScore)]
        );
        assert!(best_of(&[], By::Sum, &Thresholds::default()).unwrap_err().is_empty());
        let unrated = [Some(scored(&[(Axis::Realism, 5), (Axis::InScope, 5)]))];
        assert!(best_of(&unrated, By::Axis(Axis::Clarity), &Thresholds::default()).is_err());
    }

    #[test]
    fn an_input_without_a_candidate_is_told_of() {
        let mut inputs = Inputs::default();
        for about in ["z", "b", "a", "c"] {
            inputs.want(about);
        }
        inputs.count("b", Ok(()));
        inputs.count("z", Err(Reason::Duplicate));
        inputs.count("z", Err(Reason::Duplicate));
        inputs.unanswered("a");
        inputs.count("c", Ok(()));
        inputs.take_back("c", Reason::LowScore);
        let told: Vec<_> =
            inputs.exhausted().into_iter().map(|of| (of.about, of.tried, of.unanswered)).collect();
        assert_eq!(told, [("z".to_owned(), 2, 0), ("a".to_owned(), 0, 1), ("c".to_owned(), 1, 0)]);
    }
}
