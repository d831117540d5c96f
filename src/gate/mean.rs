//! Step 9: the mean of a score of each case (recall, exact match and their like), tested by the scores; and the
//! share of cases by entries of `expect` (refusals, leaks and their like), which are scores of 0 and 1.

use super::compare::Moves;
use super::pair::{Arms, MIN_PAIRED_PERCENT, Pair, Pairs};
use super::procedure::Values;
use super::score::{Rows, Scored, Value, flip, is_in};
use super::{Flip, GateInput};
use crate::metric::Slice;
use crate::suite::metric_names::{Direction, named};

/// The scores of the pairs that have one on both sides. `None` where there are none, or too few of the cases
/// that have a score in the baseline have one again.
pub(super) fn score<'p>(metric: &str, pairs: impl Iterator<Item = Pair<'p>>, arms: Arms) -> Option<Scored> {
    let coverage = Coverage::of(metric, pairs, arms);
    if !coverage.suffices() {
        return None;
    }
    let mut rows = Rows::of_reals(arms);
    for (index, runs) in coverage.both {
        rows.add(index, runs.into_iter());
    }
    let (cases, mut scores) = rows.finish()?;
    let mean = |case: usize, arm: u128| {
        let mut left = scores.graded(case) & arm;
        let (mut sum, mut n) = (0.0, 0.0);
        while left != 0 {
            sum += scores.score(case, left.trailing_zeros() as usize);
            (n, left) = (n + 1.0, left & (left - 1));
        }
        sum / n
    };
    let (base, cand) = (scores.base_runs(), scores.cand_runs());
    let means: Vec<(f64, f64)> = (0..cases.len()).map(|case| (mean(case, base), mean(case, cand))).collect();
    let n = cases.len() as f64;
    let before = means.iter().map(|(before, _)| before).sum::<f64>() / n;
    let now = means.iter().map(|(_, now)| now).sum::<f64>() / n;
    let moved = |(before, now): &(f64, f64)| -> Option<Flip> {
        match now.total_cmp(before) {
            std::cmp::Ordering::Less => flip(true, false),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => flip(false, true),
        }
    };
    let flips = means.iter().map(moved).collect();
    let differs = (0..cases.len()).any(|case| scores.differs(case));
    if let Values::Reals(reals) = &mut scores.values {
        for score in reals {
            *score /= n;
        }
    }
    Some(Scored {
        cases,
        scores,
        value: Value::Sum(before, now),
        less_is_better: false,
        unit: 1.0,
        moves: Moves::Scores,
        flips,
        differs,
    })
}

/// The same for a metric whose scores are 0 or 1.
pub(super) fn share<'p>(metric: &str, pairs: impl Iterator<Item = Pair<'p>>, arms: Arms) -> Option<Scored> {
    let coverage = Coverage::of(metric, pairs, arms);
    if !coverage.suffices() {
        return None;
    }
    let less_is_better = named(metric).is_some_and(|metric| metric.direction == Direction::Lower);
    let good = |score: f64| if less_is_better { 1.0 - score } else { score };
    let mut rows = Rows::of_flags(arms);
    for (index, runs) in coverage.both {
        rows.add(index, runs.into_iter().map(|(run, score)| (run, score.map(good))));
    }
    let (cases, scores) = rows.finish()?;
    Some(Scored::of_shares(cases, scores, less_is_better))
}

/// Why the scores of a slice cannot be compared with those of the baseline, where they cannot.
pub(super) fn lost(
    metric: &str,
    slice: &Slice,
    input: &GateInput<'_>,
    pairs: Pairs<'_>,
    arms: Arms,
) -> Option<String> {
    let of_slice = pairs.iter().filter(|pair| is_in(slice, input, pair.index));
    let coverage = Coverage::of(metric, of_slice, arms);
    match coverage.had {
        0 => Some(format!(
            "the baseline keeps no scores of it to compare with; accept a new one with `holdline run {suite} \
             --update new`, then `holdline accept {suite} --reason \"…\"`",
            suite = input.suite
        )),
        had if !coverage.suffices() => Some(format!(
            "only {} of the {had} cases that have a score in the baseline have one now ({MIN_PAIRED_PERCENT} % \
             are needed)",
            coverage.both.len()
        )),
        _ => None,
    }
}

/// The scores of a case by run, where it has them.
type ByRun = Vec<(usize, Option<f64>)>;

/// The pairs with a score in the baseline, and those with one in every run now too.
struct Coverage {
    had: usize,
    both: Vec<(usize, ByRun)>,
}

impl Coverage {
    fn of<'p>(metric: &str, pairs: impl Iterator<Item = Pair<'p>>, arms: Arms) -> Self {
        let mut coverage = Self { had: 0, both: Vec::new() };
        for pair in pairs {
            let runs = pair.scores(arms, metric);
            if !runs.iter().any(|(run, score)| *run < arms.base && score.is_some()) {
                continue;
            }
            coverage.had += 1;
            let mut now = runs.iter().filter(|(run, _)| *run >= arms.base).peekable();
            if now.peek().is_some() && now.all(|(_, score)| score.is_some()) {
                coverage.both.push((pair.index, runs));
            }
        }
        coverage
    }

    /// An application that stops answering where it scores little has not become better.
    fn suffices(&self) -> bool {
        self.had > 0 && self.both.len() * 100 >= self.had * MIN_PAIRED_PERCENT
    }
}
