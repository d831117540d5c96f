//! Step 9: how long answers take, as a ratio to the baseline's: the logarithms of single cases can be tested
//! like a mean, and their mean is the logarithm of the geometric mean ratio.

use super::compare::Moves;
use super::input::Times;
use super::pair::{Arms, Pair};
use super::score::{Rows, Scored, Value};
use super::{Flip, GateInput};
use crate::suite::quantity::Share;
use std::cmp::Ordering;

/// What a ratio has to rise by before it blocks, and what it may rise by and be called held, unless the suite
/// says otherwise.
pub(super) const RISE: Share = Share::from_points(10.0);

/// The scores of the pairs that were timed on both sides: the logarithm of the time, less being better. `None`
/// where no times are known to compare with, or none was taken.
pub(super) fn score<'p>(
    input: &GateInput<'_>,
    pairs: impl Iterator<Item = Pair<'p>>,
    arms: Arms,
) -> Option<Scored> {
    let Times::Known(before) = input.times else { return None };
    // One time of each case is kept with the baseline.
    let arms = Arms { base: 1, ..arms };
    let mut rows = Rows::of_reals(arms);
    let mut flips = Vec::new();
    for pair in pairs {
        let log = |ms: f64| (ms > 0.0 && ms.is_finite()).then(|| -ms.ln());
        let Some(then) = before.get(pair.case().id).and_then(log) else { continue };
        let now: Vec<Option<f64>> =
            pair.answers().take(arms.cand).map(|run| run.latency_ms().and_then(log)).collect();
        // A repeat that came from a cache, or erred, was not timed; the others were.
        let timed: Vec<f64> = now.into_iter().flatten().collect();
        let runs = timed.iter().enumerate().map(|(at, log)| (1 + at, Some(*log)));
        if rows.add(pair.index, std::iter::once((0, Some(then))).chain(runs)) {
            let mean = timed.iter().sum::<f64>() / timed.len() as f64;
            flips.push(match mean.total_cmp(&then) {
                Ordering::Less => Some(Flip::Broke),
                Ordering::Equal => None,
                Ordering::Greater => Some(Flip::Fixed),
            });
        }
    }
    let (cases, scores) = rows.finish()?;
    Some(Scored {
        differs: (0..cases.len()).any(|case| scores.differs(case)),
        cases,
        scores,
        value: Value::LogRatio,
        less_is_better: true,
        unit: 1.0,
        moves: Moves::Times,
        flips,
    })
}

/// A rise of a ratio as a difference of logarithms.
pub(super) fn log_of(rise: Share) -> f64 {
    rise.get().ln_1p()
}
