//! The words and the choices that all outputs of a comparison share. Texts are as they came: each output
//! escapes them for its place.

use crate::compare::{Against, Apart, Comparison, Row, SuiteArm, SuiteComparison};
use crate::gate::Decision;
use crate::metric::Unit;
use crate::report::number;
use serde_json::Value;

/// Most metrics told beside the pass rate.
const METRICS: usize = 12;
/// With more arms than this, metrics are columns and single differences are left out.
pub(super) const FEW: usize = 4;

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
    match arm.interval {
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

/// What was counted: `12 cases in both: 3 worse, 1 better, 7 pass in both, 1 fails in both`.
pub(super) fn counts(against: &Against) -> String {
    let mut text = format!(
        "{} in both, of {}: {} worse, {} better, {} in both, {} in both",
        number::count(against.paired, "case", "cases"),
        number::count(against.families, "family", "families"),
        against.worse,
        against.better,
        if against.both_pass == 1 { "1 passes".to_owned() } else { format!("{} pass", against.both_pass) },
        if against.both_fail == 1 { "1 fails".to_owned() } else { format!("{} fail", against.both_fail) },
    );
    if let Some(gaps) = gaps(against) {
        text.push_str("; ");
        text.push_str(&gaps);
    }
    text
}

/// The cases that are left out of the difference; `None` without any.
pub(super) fn gaps(against: &Against) -> Option<String> {
    let parts = [
        (against.ungraded, "not graded in one of them"),
        (against.only_reference, "only in A"),
        (against.only_here, "only here"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    (!parts.is_empty()).then(|| format!("left out: {}", parts.join(", ")))
}

/// A parameter's value.
pub(super) fn value(arm: &SuiteArm, name: &str) -> String {
    match arm.params.get(name) {
        Some(Value::String(text)) if text.is_empty() => "\"\"".to_owned(),
        Some(value) => crate::suite::params::text(value),
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
        (Some(first), Some(value)) => number::delta(value - first, unit),
        _ => String::new(),
    }
}

/// The cases to name, worse and better: so many in all, of either as many as leave room for the other.
pub(super) fn chosen(suite: &SuiteComparison, most: usize) -> [(&'static str, usize, Vec<&Apart>); 2] {
    let (worse, better): (Vec<&Apart>, Vec<&Apart>) = suite.apart.iter().partition(|case| case.change < 0.0);
    let first = worse.len().min(most.saturating_sub(better.len()).max(most - most / 2));
    let second = better.len().min(most.saturating_sub(first));
    [
        ("worse than in A", worse.len(), worse.into_iter().take(first).collect()),
        ("better than in A", better.len(), better.into_iter().take(second).collect()),
    ]
}

/// A case's name, or its id where no run tells the name.
pub(super) fn name(case: &Apart) -> String {
    match (&case.scenario, &case.name) {
        (Some(scenario), Some(name)) => format!("{scenario}::{name}"),
        _ => case.id.to_string(),
    }
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
