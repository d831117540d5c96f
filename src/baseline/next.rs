//! The baseline that a run would make.

use super::accepted::{Accepted, AcceptedMetric, Baseline, Fingerprints, KEPT_RUNS};
use super::cases::{AcceptedCase, AcceptedCases, AcceptedRun, Builder};
use super::snap::kept;
use crate::expand::CaseId;
use crate::metric::{AnswerFacts, Measurement, Table, Unit};
use crate::suite::metric_names::table::NET_FRAGILITY;
use std::fmt::Write;

/// A complete run of a suite.
#[derive(Debug, Clone, Copy)]
pub struct NewRun<'a> {
    /// Name of the suite.
    pub suite: &'a str,
    /// Id of the run.
    pub run: &'a str,
    /// What the values depend on.
    pub fingerprints: &'a Fingerprints,
    /// What was measured. Latencies are left to the timings: they belong to a host, and would make
    /// every run a new baseline.
    pub measurements: &'a [Measurement],
    /// The metrics of single cases' scores that the suite is held to: of these the scores are kept.
    pub scores: &'a [&'static str],
    /// The cases of the whole plan with their answers: each repeat is a run of its own.
    pub cases: &'a Table,
}

/// The baseline that `run` would make after `old`.
///
/// What a case came to in each repeat is added to the runs accepted before, of which the last
/// [`KEPT_RUNS`] are kept; where something regressed, or judges or target are others than before, it
/// starts anew: runs of different behaviour are no sample of one. Of a case in quarantine what was
/// accepted before stays as it is: its failures are not to be accepted along with the rest, unseen,
/// and forgiven when it comes back. The history is the old one; accepting adds to it.
#[must_use]
pub fn next(old: Option<&Baseline>, run: &NewRun<'_>, regressed: bool) -> Baseline {
    after(old, run, if regressed { Runs::Anew } else { Runs::Joined })
}

/// The baseline that `run` would make, which judged the answers kept with `old` anew: what cases come to starts
/// with this one run. Of earlier runs the answers are not kept, and what former judges said of them is no sample
/// with what today's say.
#[must_use]
pub fn rejudged(old: &Baseline, run: &NewRun<'_>) -> Baseline {
    after(Some(old), run, Runs::One)
}

/// Which runs a case keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// Those accepted before, and each repeat.
    Joined,
    /// Each repeat.
    Anew,
    /// The first repeat: all of them are verdicts on one answer.
    One,
}

fn after(old: Option<&Baseline>, run: &NewRun<'_>, runs: Runs) -> Baseline {
    // What is net of repeats moves with every run accepted, and would make each a new baseline.
    let lasting = |measured: &&Measurement| {
        measured.unit != Unit::Milliseconds && measured.metric != NET_FRAGILITY.name
    };
    let metrics = run.measurements.iter().filter(lasting);
    Baseline {
        suite: run.suite.to_owned(),
        run: run.run.to_owned(),
        fingerprints: run.fingerprints.clone(),
        history: old.map(|old| old.history.clone()).unwrap_or_default(),
        metrics: metrics
            .map(|measured| (measured.key(), AcceptedMetric { value: kept(measured.value), n: measured.n }))
            .collect(),
        cases: cases(old, run, runs),
    }
}

/// The cases of a run behind those accepted before.
fn cases(old: Option<&Baseline>, run: &NewRun<'_>, runs: Runs) -> AcceptedCases {
    let repeats = if runs == Runs::One { 1 } else { usize::MAX };
    let comparable = old.filter(|old| run.fingerprints.measure_as(&old.fingerprints));
    // In the order of the ids nothing has to be put in its place afterwards.
    let mut order: Vec<(CaseId, usize)> = (0..run.cases.len()).map(|at| (run.cases.id(at), at)).collect();
    order.sort_unstable();
    let mut cases = Builder::default();
    for (id, at) in order {
        let case = run.cases.case(at);
        let before = comparable.and_then(|old| old.cases.get(id));
        let quarantined = |before: &AcceptedCase<'_>| case.quarantined && before.runs().len() > 0;
        if let Some(before) = before.filter(quarantined) {
            cases.push(id, before.runs(), case.truth);
            for metric in before.scored() {
                set_scores(&mut cases, metric, before.scores(metric));
            }
            continue;
        }
        let kept = before.filter(|_| runs == Runs::Joined);
        let before = kept.map(AcceptedCase::runs).into_iter().flatten();
        let now = run.cases.answers(at).take(repeats).map(accepted);
        let all = before.clone().count() + now.len();
        let gone = all.saturating_sub(KEPT_RUNS);
        cases.push(id, before.chain(now).skip(gone), case.truth);
        for metric in run.scores {
            let before = kept.map(|kept| kept.scores(metric)).into_iter().flatten();
            let now = run.cases.answers(at).take(repeats).map(|answer| answer.scores.get(metric));
            set_scores(&mut cases, metric, before.chain(now).skip(gone));
        }
    }
    cases.finish()
}

/// Sets what the runs of the case that came last score by a metric.
fn set_scores(cases: &mut Builder, metric: &str, scores: impl Iterator<Item = Option<f64>>) {
    let last = cases.len() - 1;
    for (run, score) in scores.enumerate() {
        cases.set_score(last, run, metric, score);
    }
}

/// What is kept of an answer.
fn accepted(answer: AnswerFacts<'_>) -> AcceptedRun<'_> {
    AcceptedRun {
        outcome: Accepted::from(answer.outcome),
        label: answer.label,
        number: answer.number.filter(|number| number.is_finite()),
    }
}

/// What accepting a run would do to what is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Something that anyone compares with becomes another, or the runs start anew.
    Change,
    /// Nothing but that there is one more run to compare with, which makes the next decision sharper.
    MoreRuns,
    /// Nothing.
    Nothing,
}

/// What accepting `new` after `old` would do.
pub(super) fn step(old: &Baseline, new: &Baseline) -> Step {
    if !same_meaning(old, new) {
        return Step::Change;
    }
    let runs = || {
        let both = old.cases.iter().zip(new.cases.iter());
        both.map(|((_, old), (_, new))| (old.runs().len(), new.runs().len()))
    };
    if runs().any(|(old, new)| new < old) {
        Step::Change
    } else if runs().any(|(old, new)| new > old) {
        Step::MoreRuns
    } else {
        Step::Nothing
    }
}

/// Whether what anyone compares with stays: metrics, newest outcomes, labels, numbers, and what makes
/// them comparable; and no case came to what it did not come to in the runs accepted.
fn same_meaning(old: &Baseline, new: &Baseline) -> bool {
    let same_case = |(old, new): (AcceptedCase<'_>, AcceptedCase<'_>)| {
        old.runs().next_back() == new.runs().next_back()
            && old.expected() == new.expected()
            && newest_scores(old).eq(newest_scores(new))
            && new.runs().all(|run| old.runs().any(|before| before == run))
    };
    new.fingerprints.measure_as(&old.fingerprints)
        && old.metrics == new.metrics
        && old.cases.ids() == new.cases.ids()
        && old.cases.iter().zip(new.cases.iter()).all(|((_, old), (_, new))| same_case((old, new)))
}

/// What the newest run of a case scores, by metric.
fn newest_scores(case: AcceptedCase<'_>) -> impl Iterator<Item = (&str, Option<f64>)> {
    case.scored().map(move |metric| (metric, case.scores(metric).last().flatten()))
}

/// Metrics that a line about an acceptance names at most.
const NAMED: usize = 4;

/// From what to what, in a line, by the metrics of the whole suite.
pub(super) fn change(old: Option<&Baseline>, new: &Baseline) -> String {
    let whole = |key: &&String| !key.contains(['@', '#', '~']);
    let Some(old) = old else {
        let passed = new.metrics.get("pass_rate").and_then(|metric| metric.value);
        return match passed {
            Some(rate) => {
                format!("first baseline: pass_rate {rate:.4}, {}", counted(new.cases.len(), "case"))
            }
            None => format!("first baseline: {}", counted(new.cases.len(), "case")),
        };
    };
    let mut parts = Vec::new();
    for key in new.metrics.keys().filter(whole) {
        let value = |baseline: &Baseline| baseline.metrics.get(key).and_then(|metric| metric.value);
        let (before, after) = (value(old), value(new));
        if before != after {
            let text =
                |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
            parts.push(format!("{key} {} -> {}", text(before), text(after)));
        }
    }
    // The metric that everyone looks for first.
    parts.sort_by_key(|part| !part.starts_with("pass_rate "));
    let more = parts.len().saturating_sub(NAMED);
    parts.truncate(NAMED);
    let none_moved = parts.is_empty();
    if none_moved {
        let flipped = new
            .cases
            .iter()
            .filter(|(id, case)| old.cases.get(*id).is_some_and(|before| before.latest() != case.latest()));
        parts.push(format!("no metric moved, {} flipped", counted(flipped.count(), "outcome")));
    }
    let mut line = parts.join(", ");
    if more > 0 {
        // Writing to a string cannot fail.
        let _ = write!(line, " and {more} more");
    }
    let (before, after) = (old.kept_runs(), new.kept_runs());
    if none_moved && after > before {
        let _ = write!(line, "; run {after} of {KEPT_RUNS}");
    }
    line
}

/// What begins the change that accepting stored answers judged anew makes.
const REJUDGED: &str = "rejudged run ";

/// The same of a run that judged the answers of the accepted run `of` anew.
pub(super) fn rejudged_change(of: &str, change: &str) -> String {
    format!("{REJUDGED}{of}: {change}")
}

/// The run whose answers were judged anew, by the change that a pending file tells.
pub(super) fn rejudged_run(pending: &str) -> Option<&str> {
    pending.strip_prefix(REJUDGED)?.split_once(": ").map(|(run, _)| run)
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(metrics: &[(&str, Option<f64>)], outcome: Accepted) -> Baseline {
        let run = AcceptedRun { outcome, label: None, number: None };
        let metrics =
            metrics.iter().map(|(key, value)| ((*key).to_owned(), AcceptedMetric { value: *value, n: 1 }));
        Baseline {
            suite: "demo".to_owned(),
            run: "r".to_owned(),
            fingerprints: Fingerprints::default(),
            history: Vec::new(),
            metrics: metrics.collect(),
            cases: [(CaseId::of(&[b"a"]), [run], None::<&str>)].into_iter().collect(),
        }
    }

    #[test]
    fn a_change_names_the_suites_metrics_and_the_pass_rate_first() {
        let old = baseline(
            &[
                ("accuracy", Some(0.5)),
                ("macro_f1", None),
                ("pass_rate", Some(0.94)),
                ("pass_rate@a", Some(0.0)),
                ("same", Some(0.1)),
            ],
            Accepted::Pass,
        );
        let new = baseline(
            &[
                ("accuracy", Some(0.25)),
                ("macro_f1", Some(1.0)),
                ("pass_rate", Some(0.955)),
                ("pass_rate@a", Some(1.0)),
                ("same", Some(0.1)),
            ],
            Accepted::Pass,
        );
        assert_eq!(
            change(Some(&old), &new),
            "pass_rate 0.9400 -> 0.9550, accuracy 0.5000 -> 0.2500, macro_f1 - -> 1.0000"
        );
    }

    #[test]
    fn a_change_of_many_metrics_is_cut_and_says_so() {
        let keys = ["a", "b", "c", "d", "e", "f"];
        let old = baseline(&keys.map(|key| (key, Some(0.0))), Accepted::Pass);
        let new = baseline(&keys.map(|key| (key, Some(1.0))), Accepted::Pass);
        let said = change(Some(&old), &new);
        assert!(
            said.starts_with("a 0.0000 -> 1.0000, b ") && said.ends_with(", d 0.0000 -> 1.0000 and 2 more"),
            "{said}"
        );
    }

    #[test]
    fn without_a_metric_that_moved_the_flips_are_counted() {
        let (old, new) = (baseline(&[], Accepted::Fail), baseline(&[], Accepted::Error));
        assert_eq!(change(Some(&old), &new), "no metric moved, 1 outcome flipped");
        assert_eq!(change(None, &new), "first baseline: 1 case");
    }

    #[test]
    fn six_decimals_are_kept_and_no_minus_zero() {
        assert_eq!(kept(Some(2.0 / 3.0)), Some(0.666_667));
        assert!(kept(Some(-1e-9)).is_some_and(f64::is_sign_positive));
        assert_eq!(kept(Some(f64::INFINITY)), None);
    }
}
