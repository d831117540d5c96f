//! Rules that people gate with today, on the newest run of the baseline and the first of the candidate.

use super::gate::flags;
use holdline::gate::procedure::Scores;
use holdline::stats::paired::mcnemar;

/// The rules, in the order of what [`blocks`] says.
pub const RULES: [&str; 4] = [
    "any drop fails",
    "a drop of 2 points fails",
    "unpaired z-test, one-sided 5 %",
    "McNemar over cases (mid-p), one-sided 5 %",
];

/// The one-sided 5 % point of the normal distribution.
const Z: f64 = 1.644_853_626_951_472_2;
const ALPHA: f64 = 0.05;
const TWO_POINTS: f64 = 0.02;

/// Which of the rules would block.
pub fn blocks(scores: &Scores) -> [bool; RULES.len()] {
    let (mut before, mut now, mut broke, mut fixed) = (0_u32, 0_u32, 0_u64, 0_u64);
    for passed in flags(scores) {
        let (old, new) = (passed >> (scores.base - 1) & 1, passed >> scores.base & 1);
        before += old;
        now += new;
        broke += u64::from(old & !new);
        fixed += u64::from(new & !old);
    }
    let n = scores.len() as f64;
    let (before, now) = (f64::from(before) / n, f64::from(now) / n);
    let pooled = f64::midpoint(before, now);
    let error = (2.0 * pooled * (1.0 - pooled) / n).sqrt();
    [
        now < before,
        // The drop of a whole number of cases, which rounding may leave a hair below.
        now - before <= -TWO_POINTS + 1e-12,
        now - before < -Z * error,
        mcnemar(broke, fixed).mid_worse <= ALPHA,
    ]
}
