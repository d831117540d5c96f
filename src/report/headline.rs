//! The verdict of a suite and of a run, in words. One place, so that every output says the same.

use super::number;
use super::record::{Record, SuiteRecord};
use crate::gate::{Decision, Finding, FindingKind, Standing};
use crate::metric::Slice;
use crate::suite::schema::Kind;

/// What a reader is told first of a suite. Differs from its [`Decision`] where that word alone would
/// promise too much: a suite that is not compared with anything is not *held*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// Nothing differs.
    Unchanged,
    /// Compared, and nothing got worse by more than the tolerance.
    Held,
    /// Compared, and something is surely better.
    Improved,
    /// Compared, and shown only: the suite cannot block.
    Shown,
    /// Not compared with anything.
    Measured,
    /// Compared, and a gating metric cannot be told.
    Inconclusive,
    /// Time or money ran out.
    Exhausted,
    /// Cannot be decided.
    Undecided,
    /// Something got worse.
    Regressed,
}

impl Verdict {
    /// The verdict of a suite.
    pub(super) fn of(suite: &SuiteRecord) -> Self {
        match suite.decision {
            Decision::Regressed => return Self::Regressed,
            Decision::Undecided => return Self::Undecided,
            Decision::Exhausted => return Self::Exhausted,
            Decision::Measured => return Self::Measured,
            Decision::Held if suite.baseline.is_none() => return Self::Measured,
            Decision::Held if suite.kind == Kind::Capability => return Self::Shown,
            Decision::Held => {}
        }
        let said: Vec<_> = gating(suite).map(|finding| finding.kind).collect();
        let any = |kind| said.contains(&kind);
        if any(FindingKind::Inconclusive) {
            Self::Inconclusive
        } else if any(FindingKind::Improved) {
            Self::Improved
        } else if any(FindingKind::Held) {
            Self::Held
        } else if any(FindingKind::Unchanged) {
            Self::Unchanged
        } else {
            Self::Measured
        }
    }

    /// The word for it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Held => "held",
            Self::Improved => "improved",
            Self::Shown => "shown, never blocks",
            Self::Measured => "measured",
            Self::Inconclusive => "warning: inconclusive",
            Self::Exhausted => "stopped: budget used up",
            Self::Undecided => "cannot decide",
            Self::Regressed => "regressed",
        }
    }

    /// Whether it is good news, so that a few lines are enough.
    pub(super) const fn is_good(self) -> bool {
        matches!(self, Self::Unchanged | Self::Held | Self::Improved)
    }
}

/// The findings that can block the build.
pub(super) fn gating(suite: &SuiteRecord) -> impl Iterator<Item = &Finding> {
    suite.findings.iter().filter(|finding| finding.gates)
}

/// The findings to be told one by one: those that gate, and scenarios that regressed.
pub(super) fn told(suite: &SuiteRecord) -> impl Iterator<Item = &Finding> {
    suite.findings.iter().filter(|finding| {
        let scenario = matches!(finding.slice, Slice::Scenario(_));
        finding.gates || (scenario && finding.kind == FindingKind::Regressed)
    })
}

/// One line on a suite, without its name: `regressed: pass_rate 0.942 → 0.881 (−6.1 pt)`.
pub(super) fn of_suite(suite: &SuiteRecord) -> String {
    let verdict = Verdict::of(suite);
    match verdict {
        Verdict::Measured => format!("{}; no baseline to compare with yet", measured(suite)),
        Verdict::Undecided | Verdict::Exhausted => {
            let kinds = suite.problems.len();
            match suite.problems.first() {
                Some(problem) if kinds == 1 => format!("{}: {}", verdict.word(), problem.message),
                Some(problem) => {
                    format!("{}: {} (and {} more)", verdict.word(), problem.message, kinds - 1)
                }
                None => format!("{}: the reason was not recorded", verdict.word()),
            }
        }
        _ => {
            let change = leading(suite, verdict).map(change);
            match (change, must_pass_failures(suite)) {
                (_, n @ 1..) => {
                    format!("{}: {} that must pass", verdict.word(), number::count(n, "case fails", "cases fail"))
                }
                (Some(change), 0) => format!("{}: {change}", verdict.word()),
                (None, 0) => verdict.word().to_owned(),
            }
        }
    }
}

/// How a metric moved: `pass_rate 0.942 → 0.881 (−6.1 pt)`.
pub(super) fn change(finding: &Finding) -> String {
    let now = number::value_or_none(finding.candidate, finding.unit);
    match (finding.baseline, finding.delta) {
        (Some(before), Some(delta)) => format!(
            "{} {} → {now} ({})",
            finding.key(),
            number::value(before, finding.unit),
            number::delta(delta, finding.unit)
        ),
        _ => format!("{} {now}", finding.key()),
    }
}

/// One line on the whole run: what it comes to, and over how many cases.
pub(super) fn of_run(record: &Record) -> String {
    let suites = record.suites.len();
    let with = |decision| record.suites.iter().filter(|suite| suite.decision == decision).count();
    let verdicts: Vec<_> = record.suites.iter().map(Verdict::of).collect();
    let count = |verdict| verdicts.iter().filter(|of| **of == verdict).count();
    let of_all = |n: usize, says: &str, say: &str| {
        let verb = if n == 1 { says } else { say };
        if suites == 1 { format!("the suite {says}") } else { format!("{n} of {suites} suites {verb}") }
    };
    match record.decision {
        Decision::Regressed => {
            format!("regressed: {}", of_all(with(Decision::Regressed), "got worse", "got worse"))
        }
        Decision::Undecided => {
            format!("cannot decide: {}", of_all(with(Decision::Undecided), "has problems", "have problems"))
        }
        Decision::Exhausted => {
            format!("stopped: {}", of_all(with(Decision::Exhausted), "ran out of its budget", "ran out of budget"))
        }
        Decision::Measured => "measured; no baseline to compare with yet".to_owned(),
        Decision::Held if count(Verdict::Measured) == suites => {
            "measured; no baseline to compare with yet".to_owned()
        }
        Decision::Held if count(Verdict::Inconclusive) > 0 => {
            let n = count(Verdict::Inconclusive);
            format!("warning: inconclusive: {}", of_all(n, "cannot be told apart from worse", "cannot be told apart from worse"))
        }
        Decision::Held => match count(Verdict::Measured) {
            0 => format!("held: nothing that worked got worse in {}", number::count(suites, "suite", "suites")),
            n => format!(
                "held: nothing that worked got worse in {}; {} no baseline yet",
                number::count(suites - n, "suite", "suites"),
                if n == 1 { "1 has".to_owned() } else { format!("{n} have") }
            ),
        },
    }
}

/// Cases graded and cases asked for.
pub(super) fn graded(suite: &SuiteRecord) -> (usize, usize) {
    (suite.cases.iter().filter(|case| case.graded.outcome.is_graded()).count(), suite.cases.len())
}

/// Failing cases that must pass.
pub(super) fn must_pass_failures(suite: &SuiteRecord) -> usize {
    suite.cases.iter().filter(|case| case.must_pass && matches!(case.standing, Standing::Fails(_))).count()
}

/// `measured 0.940`, by the first gating metric that has a value, else the first metric at all.
fn measured(suite: &SuiteRecord) -> String {
    let first = gating(suite).find_map(|finding| Some((&finding.metric, finding.candidate?, finding.unit)));
    let any = || {
        let of_suite = suite.measurements.iter().filter(|of| of.slice == Slice::Suite);
        of_suite.into_iter().find_map(|of| Some((&of.metric, of.value?, of.unit)))
    };
    match first.or_else(any) {
        Some((metric, value, unit)) => format!("measured {metric} {}", number::value(value, unit)),
        None => "measured nothing".to_owned(),
    }
}

/// The finding that stands for the verdict.
fn leading(suite: &SuiteRecord, verdict: Verdict) -> Option<&Finding> {
    let kind = match verdict {
        Verdict::Regressed => FindingKind::Regressed,
        Verdict::Inconclusive => FindingKind::Inconclusive,
        Verdict::Improved => FindingKind::Improved,
        Verdict::Held => FindingKind::Held,
        Verdict::Unchanged => FindingKind::Unchanged,
        _ => return suite.findings.first(),
    };
    told(suite).find(|finding| finding.kind == kind)
}
