//! What answering takes: time, tokens and money.

use super::exclusion::{Exclusion, Exclusions, Tally};
use super::view::View;
use super::{AnswerFacts, Measurement, Metric, Slice};
use crate::stats::percentile::nearest_rank;
use crate::suite::metric_names::table::{
    COST_MEAN, COST_TOTAL, FIRST_TOKEN_P50, FIRST_TOKEN_P95, INPUT_TOKENS, LATENCY_P50, LATENCY_P95,
    LATENCY_P99, OUTPUT_TOKENS, TOTAL_TOKENS,
};

/// The percentiles of times, over all answers to the cases and not only those of a round.
pub(super) fn times(slice: &Slice, cases: View<'_>) -> Vec<Measurement> {
    let mut all = Vec::new();
    let latency = [(&LATENCY_P50, 50), (&LATENCY_P95, 95), (&LATENCY_P99, 99)];
    all.extend(percentiles(slice, cases, |answer| answer.latencies_ms, &latency));
    let first_token = [(&FIRST_TOKEN_P50, 50), (&FIRST_TOKEN_P95, 95)];
    all.extend(percentiles(slice, cases, |answer| answer.first_token_ms, &first_token));
    all
}

/// Percentiles over the requests of all cases; `n` counts the cases with at least one.
fn percentiles<'t>(
    slice: &Slice,
    cases: View<'t>,
    times: impl Fn(AnswerFacts<'t>) -> &'t [f64] + Copy,
    metrics: &[(&Metric, u8)],
) -> Vec<Measurement> {
    // A recorded time can be anything; what is no time is as good as not measured.
    let of_case = |row| {
        let is_time = |time: &&f64| time.is_finite() && **time >= 0.0;
        cases.table().answers(row).flat_map(times).filter(is_time).copied()
    };
    let mut sorted = Vec::with_capacity(cases.rows().map(|row| of_case(row).count()).sum());
    let one = |row| {
        let before = sorted.len();
        sorted.extend(of_case(row));
        if sorted.len() > before { Ok(true) } else { Err(Exclusion::NotTimed) }
    };
    let entering: Tally = cases.rows().map(one).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let of = |(metric, percent): &(&Metric, u8)| {
        Some(entering.value((metric, slice), nearest_rank(&sorted, *percent)?))
    };
    metrics.iter().filter_map(of).collect()
}

/// Tokens of the cases of which all turns told theirs.
pub(super) fn tokens(slice: &Slice, cases: View<'_>) -> Vec<Measurement> {
    let mut left_out = Exclusions::default();
    let known = left_out.keep(cases.iter().map(|case| case.tokens.ok_or(Exclusion::NoUsage)));
    let (n, read, written, both) =
        known.fold((0, 0.0, 0.0, 0.0), |(n, read, written, both), (more_read, more_written)| {
            let (more_read, more_written) = (more_read as f64, more_written as f64);
            (n + 1, read + more_read, written + more_written, both + (more_read + more_written))
        });
    if n == 0 {
        return Vec::new();
    }
    let sums = [(&INPUT_TOKENS, read), (&OUTPUT_TOKENS, written), (&TOTAL_TOKENS, both)];
    sums.iter().map(|(metric, sum)| left_out.measurement((metric, slice), n, Ok(*sum))).collect()
}

/// Cost of the cases of which it is known.
pub(super) fn cost(slice: &Slice, cases: View<'_>) -> Vec<Measurement> {
    let costs = cases.iter().map(|case| case.cost.filter(|cost| cost.is_finite()).ok_or(Exclusion::NoCost));
    let (mut left_out, mut n) = (Exclusions::default(), 0);
    let total: f64 = left_out.keep(costs).inspect(|_| n += 1).sum();
    if n == 0 {
        return Vec::new();
    }
    vec![
        left_out.measurement((&COST_TOTAL, slice), n, Ok(total)),
        left_out.measurement((&COST_MEAN, slice), n, Ok(total / n as f64)),
    ]
}
