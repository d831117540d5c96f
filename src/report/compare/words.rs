//! The words and the choices that all outputs of a comparison share. Texts are as they came: each output
//! escapes them for its place.

use crate::compare::{Against, Apart, Comparison, Row, SuiteArm, SuiteComparison, Tally};
use crate::gate::Decision;
use crate::metric::Unit;
use crate::report::number;
use serde_json::Value;
use std::cmp::Reverse;

/// Most metrics told beside the pass rate.
const METRICS: usize = 12;
/// With more arms than this, metrics are columns and single differences are left out.
pub(super) const FEW: usize = 4;

/// A baseline keeps six decimals of a metric: a difference below this share of its size is none.
const ROUNDING: f64 = 1e-6;

/// Metrics told of every run, where they are known.
const ALWAYS: [&str; 2] = ["cost", "latency_p50"];

/// What the gate said, in a word.
pub(super) const fn decision(decision: Option<Decision>) -> &'static str {
    match decision {
        Some(Decision::Held) => "held",
        Some(Decision::Measured) => "measured",
        Some(Decision::Regressed) => "regressed",
        Some(Decision::Undecided) => "undecided",
        Some(Decision::Exhausted) => "exhausted",
        None => "accepted",
    }
}

/// `812 of 812`.
pub(super) fn graded(arm: &SuiteArm) -> String {
    format!("{} of {}", arm.graded, arm.cases)
}

/// `0.968 [0.953, 0.979]`.
pub(super) fn pass_rate(arm: &SuiteArm) -> String {
    let value = number::value_or_none(arm.pass_rate, Unit::Share);
    match arm.interval.filter(|_| arm.pass_rate.is_some()) {
        Some((low, high)) => {
            format!("{value} [{}, {}]", number::value(low, Unit::Share), number::value(high, Unit::Share))
        }
        None => value,
    }
}

/// `−7.5 pt [−9.8, −5.2]`.
pub(super) fn delta(against: &Against) -> String {
    format!(
        "{} {}",
        number::delta(against.delta, Unit::Share),
        number::interval(against.interval, Unit::Share)
    )
}

/// A p-value for a column: `0.0041`, `< 0.0001`.
pub(super) fn p(value: f64) -> String {
    let text = number::p_value(value);
    let text = text.strip_prefix("p = ").unwrap_or(&text);
    text.strip_prefix("p ").unwrap_or(text).to_owned()
}

/// The heading of the p-values.
pub(super) fn p_heading(comparison: &Comparison) -> String {
    match comparison.tests() {
        0 | 1 => "p".to_owned(),
        tests => format!("p ({tests} tests)"),
    }
}

/// What was counted: `12 cases in both, of 12 families: 3 worse, 1 better, 7 pass in both, 1 fails in both`.
pub(super) fn counts(against: &Against) -> String {
    let mut text = format!(
        "{} in both, of {}: {} worse, {} better, {} in both, {} in both",
        number::count(against.paired, "case", "cases"),
        number::count(against.families, "family", "families"),
        whole(against.worse),
        whole(against.better),
        if against.both_pass == 1 {
            "1 passes".to_owned()
        } else {
            format!("{} pass", whole(against.both_pass))
        },
        if against.both_fail == 1 {
            "1 fails".to_owned()
        } else {
            format!("{} fail", whole(against.both_fail))
        },
    );
    if let Some(gaps) = gaps(against) {
        text.push_str("; ");
        text.push_str(&gaps);
    }
    text
}

/// A count with commas between groups of three digits.
fn whole(n: usize) -> String {
    number::value(n as f64, Unit::Count)
}

/// The cases that are left out of the difference; `None` without any.
pub(super) fn gaps(against: &Against) -> Option<String> {
    let parts = [
        (against.ungraded, "not graded in one of them"),
        (against.only_reference, "only in A"),
        (against.only_here, "only here"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    (!parts.is_empty()).then(|| format!("left out: {}", parts.join(", ")))
}

/// A parameter's value.
pub(super) fn value(arm: &SuiteArm, name: &str) -> String {
    match arm.params.get(name) {
        Some(Value::String(text)) if text.is_empty() => "\"\"".to_owned(),
        Some(value) => crate::suite::as_text(value),
        None => "–".to_owned(),
    }
}

/// The metrics worth telling beside the pass rate: those that gate, cost and time, and of few arms those
/// that differ.
pub(super) fn metrics(suite: &SuiteComparison) -> Vec<&Row> {
    let few = suite.arms.len() <= FEW;
    let told = |row: &&Row| {
        let known = row.values.iter().flatten().count() > 1;
        let basic = row.gates || ALWAYS.contains(&row.metric.as_str());
        known && (basic || few && differs(row) && !number::is_restated(&row.metric))
    };
    let mut rows: Vec<&Row> = suite.metrics.iter().filter(told).collect();
    rows.sort_by_key(|row| (!row.gates, !ALWAYS.contains(&row.metric.as_str())));
    rows.truncate(METRICS);
    rows
}

fn differs(row: &Row) -> bool {
    let first = row.values.first().copied().flatten();
    row.values.iter().skip(1).any(|value| change(first, *value, row.unit).starts_with(['+', '−']))
}

/// The plain difference to the reference, as it is shown; nothing where either is missing.
pub(super) fn change(first: Option<f64>, value: Option<f64>, unit: Unit) -> String {
    match (first, value) {
        (Some(first), Some(value)) => {
            let change = value - first;
            let is_rounding = change.abs() <= ROUNDING * first.abs().max(1.0);
            number::delta(if is_rounding { 0.0 } else { change }, unit)
        }
        _ => String::new(),
    }
}

/// The cases of one direction, those to name by scenario.
pub(super) struct Direction<'a> {
    /// `worse than in A`.
    pub what: &'static str,
    /// How many there are.
    pub all: usize,
    /// How many are named.
    pub named: usize,
    /// The scenarios of those named, the one with the most cases first: its id, how many of its cases there
    /// are, of how many, and those to name.
    pub scenarios: Vec<(&'a str, usize, usize, Vec<&'a Apart>)>,
    /// Scenarios of which no case is named.
    pub left: usize,
}

/// The cases to name, worse and better: so many in all, of either as many as leave room for the other.
pub(super) fn directions<'a>(suite: &'a SuiteComparison, most: usize) -> Vec<Direction<'a>> {
    let (worse, better): (Vec<&'a Apart>, Vec<&'a Apart>) =
        suite.apart.iter().partition(|case| case.change < 0.0);
    let first = worse.len().min(most.saturating_sub(better.len()).max(most - most / 2));
    let second = better.len().min(most.saturating_sub(first));
    let direction = |what: &'static str, cases: Vec<&'a Apart>, named: usize, of: fn(&Tally) -> usize| {
        let mut tallies: Vec<&Tally> = suite.scenarios.iter().filter(|tally| of(tally) > 0).collect();
        tallies.sort_by_key(|tally| Reverse(of(tally)));
        let named_of = |scenario: &str| {
            let those = cases[..named].iter().filter(|case| case.scenario == scenario);
            those.copied().collect::<Vec<_>>()
        };
        let scenarios: Vec<_> = tallies
            .iter()
            .map(|tally| (tally.scenario.as_str(), of(tally), tally.cases, named_of(&tally.scenario)))
            .filter(|(_, _, _, those)| !those.is_empty())
            .collect();
        Direction { what, all: cases.len(), named, left: tallies.len() - scenarios.len(), scenarios }
    };
    let both = [
        direction("worse than in A", worse, first, |tally| tally.worse),
        direction("better than in A", better, second, |tally| tally.better),
    ];
    both.into_iter().filter(|direction| direction.all > 0).collect()
}

/// What a case came to: `pass → fail` of two, else `pass in A, C; fail in B`.
pub(super) fn outcomes(comparison: &Comparison, case: &Apart) -> String {
    let outcome = |at: usize| case.seen[at].as_ref().map_or("absent", |seen| seen.outcome.as_str());
    if case.seen.len() == 2 {
        return format!("{} → {}", outcome(0), outcome(1));
    }
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (at, arm) in comparison.arms.iter().enumerate() {
        match groups.iter_mut().find(|(of, _)| *of == outcome(at)) {
            Some((_, letters)) => letters.push(&arm.letter),
            None => groups.push((outcome(at), vec![&arm.letter])),
        }
    }
    let groups: Vec<String> =
        groups.iter().map(|(outcome, letters)| format!("{outcome} in {}", letters.join(", "))).collect();
    groups.join("; ")
}
