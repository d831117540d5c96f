//! What answering takes: time, tokens and money.

use super::exclusion::{Exclusion, Selection};
use super::{Measurement, Metric, Observation, Slice};
use crate::stats::percentile::nearest_rank;
use crate::suite::metric_names::table::{
    COST_MEAN, COST_TOTAL, FIRST_TOKEN_P50, FIRST_TOKEN_P95, INPUT_TOKENS, LATENCY_P50, LATENCY_P95,
    LATENCY_P99, OUTPUT_TOKENS, TOTAL_TOKENS,
};

/// Every metric of the family that any of the cases gives something to.
pub(super) fn operations(slice: &Slice, cases: &[&Observation<'_>]) -> Vec<Measurement> {
    let mut all = times(slice, cases);
    all.extend(tokens(slice, cases));
    all.extend(cost(slice, cases));
    all
}

/// The percentiles of times.
pub(super) fn times(slice: &Slice, cases: &[&Observation<'_>]) -> Vec<Measurement> {
    let mut all = Vec::new();
    let latency = [(&LATENCY_P50, 50), (&LATENCY_P95, 95), (&LATENCY_P99, 99)];
    all.extend(percentiles(slice, cases, |case| &case.latencies_ms, &latency));
    let first_token = [(&FIRST_TOKEN_P50, 50), (&FIRST_TOKEN_P95, 95)];
    all.extend(percentiles(slice, cases, |case| &case.first_token_ms, &first_token));
    all
}

/// Percentiles over the requests of all cases; `n` counts the cases with at least one.
fn percentiles(
    slice: &Slice,
    cases: &[&Observation<'_>],
    times: impl for<'c> Fn(&'c Observation<'_>) -> &'c [f64],
    metrics: &[(&Metric, u8)],
) -> Vec<Measurement> {
    let mut sorted = Vec::new();
    let of_case = |case: &&Observation<'_>| {
        let before = sorted.len();
        // A recorded time can be anything; what is no time is as good as not measured.
        sorted.extend(times(case).iter().filter(|time| time.is_finite() && **time >= 0.0));
        if sorted.len() > before { Ok(()) } else { Err(Exclusion::NotTimed) }
    };
    let selection: Selection<()> = cases.iter().map(of_case).collect();
    sorted.sort_by(f64::total_cmp);
    metrics
        .iter()
        .filter_map(|(metric, percent)| {
            let value = nearest_rank(&sorted, *percent)?;
            Some(selection.value((metric, slice), |_| value))
        })
        .collect()
}

/// Tokens of the cases of which all turns told theirs.
fn tokens(slice: &Slice, cases: &[&Observation<'_>]) -> Vec<Measurement> {
    let known: Selection<(u64, u64)> =
        cases.iter().map(|case| case.tokens.ok_or(Exclusion::NoUsage)).collect();
    if known.kept.is_empty() {
        return Vec::new();
    }
    let sum = |of: fn(&(u64, u64)) -> f64| move |kept: &[(u64, u64)]| kept.iter().map(of).sum::<f64>();
    vec![
        known.value((&INPUT_TOKENS, slice), sum(|&(read, _)| read as f64)),
        known.value((&OUTPUT_TOKENS, slice), sum(|&(_, written)| written as f64)),
        known.value((&TOTAL_TOKENS, slice), sum(|&(read, written)| read as f64 + written as f64)),
    ]
}

/// Cost of the cases of which it is known.
fn cost(slice: &Slice, cases: &[&Observation<'_>]) -> Vec<Measurement> {
    let one = |case: &&Observation<'_>| case.cost.filter(|cost| cost.is_finite()).ok_or(Exclusion::NoCost);
    let known: Selection<f64> = cases.iter().map(one).collect();
    if known.kept.is_empty() {
        return Vec::new();
    }
    let total = |costs: &[f64]| costs.iter().sum::<f64>();
    vec![
        known.value((&COST_TOTAL, slice), total),
        known.value((&COST_MEAN, slice), |costs| total(costs) / costs.len() as f64),
    ]
}
