//! The verdict of a suite and of a run, in words. One place, so that every output says the same.

use super::escape::shortened;
use super::number;
use super::ranking;
use super::record::{Record, SuiteRecord};
use crate::gate::{Concentration, Decision, Finding, FindingKind};
use crate::judge::Outcome;
use crate::metric::{Direction, Slice};
use crate::suite::metric_names::table::PASS_RATE;
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
    /// Not asked: what was accepted stands for it.
    Carried,
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
        if suite.carried.is_some() {
            return Self::Carried;
        }
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

    /// The verdict of a whole run.
    pub(super) fn of_run(record: &Record) -> Self {
        match record.decision {
            Decision::Regressed => Self::Regressed,
            Decision::Undecided => Self::Undecided,
            Decision::Exhausted => Self::Exhausted,
            Decision::Measured => Self::Measured,
            Decision::Held => {
                let suites = || record.suites.iter().map(Self::of);
                if suites().any(|of| of == Self::Inconclusive) {
                    Self::Inconclusive
                } else if suites().any(Self::is_good) {
                    Self::Held
                } else if suites().any(|of| of == Self::Shown) {
                    Self::Shown
                } else if suites().any(|of| of == Self::Carried) {
                    Self::Carried
                } else {
                    Self::Measured
                }
            }
        }
    }

    /// The word for it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Held => "held",
            Self::Improved => "improved",
            Self::Shown => "shown, never blocks",
            Self::Carried => "carried over, not asked",
            Self::Measured => "measured",
            Self::Inconclusive => "warning: inconclusive",
            Self::Exhausted => "stopped: out of time or money",
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

/// The title over the metrics that do not gate and moved.
pub(super) const WATCHED: &str = "Also moved (does not gate; at most 1 in 10 of such lines is chance)";

/// Most of them that are told.
pub(super) const MOST_WATCHED: usize = 8;

/// How many more of them there are than are told.
pub(super) fn more_watched(suite: &SuiteRecord) -> Option<String> {
    match suite.watched.len().saturating_sub(MOST_WATCHED) {
        0 => None,
        more => Some(format!("and {} that moved", number::count(more, "more metric", "more metrics"))),
    }
}

/// Scenarios that a headline names at most.
const SCENARIOS: usize = 2;

/// Most characters of a scenario's name in a headline.
const NAME: usize = 80;

/// One line on a suite, without its name: `regressed: pass_rate 0.942 → 0.881 (−6.1 pt)`.
pub(super) fn of_suite(suite: &SuiteRecord) -> String {
    match suite.cached.filter(|taken| taken.cached > 0) {
        None => said(suite),
        Some(all) if all.cached == all.answers => format!("{} (every answer from the cache)", said(suite)),
        Some(some) => {
            format!("{} ({} of {} answers from the cache)", said(suite), some.cached, some.answers)
        }
    }
}

/// The same without where the answers came from.
fn said(suite: &SuiteRecord) -> String {
    let verdict = Verdict::of(suite);
    match verdict {
        Verdict::Measured if suite.shard.is_some() => of_shard([suite]).unwrap_or_default(),
        Verdict::Measured if suite.only_reports() => {
            format!("{}; nothing gates, since none of its judges may yet", verdict.word())
        }
        Verdict::Measured => format!("{}; no baseline to compare with yet", measured(suite)),
        Verdict::Carried => match &suite.carried {
            Some(carried) => format!("{}: {}", verdict.word(), carried.reason()),
            None => verdict.word().to_owned(),
        },
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
            let change = if verdict == Verdict::Regressed {
                regressions(suite)
            } else {
                leading(suite, verdict).map(change)
            };
            let alone = match must_pass_failures(suite) {
                0 => None,
                1 => Some("1 case that must pass fails".to_owned()),
                n => Some(format!("{n} cases that must pass fail")),
            };
            let why: Vec<_> = alone.into_iter().chain(change).collect();
            if why.is_empty() {
                verdict.word().to_owned()
            } else {
                format!("{}: {}", verdict.word(), why.join("; "))
            }
        }
    }
}

/// What regressed: the first metric that did, and the scenarios that did by themselves.
fn regressions(suite: &SuiteRecord) -> Option<String> {
    let regressed = || told(suite).filter(|finding| finding.kind == FindingKind::Regressed);
    let first = regressed().next().filter(|finding| !matches!(finding.slice, Slice::Scenario(_)));
    let mut parts: Vec<String> = first.map(with_floor).into_iter().collect();
    let scenarios: Vec<_> = regressed().filter_map(|finding| of_scenario(suite, finding)).collect();
    if !scenarios.is_empty() {
        let named = scenarios.iter().take(SCENARIOS).cloned().collect::<Vec<_>>().join(", ");
        parts.push(match scenarios.len().saturating_sub(SCENARIOS) {
            0 => named,
            more => format!("{named} and {}", number::count(more, "more scenario", "more scenarios")),
        });
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// How a scenario moved: `"asks back" 0.958 → 0.000`.
fn of_scenario(suite: &SuiteRecord, finding: &Finding) -> Option<String> {
    let Slice::Scenario(id) = &finding.slice else { return None };
    let name = shortened(scenario_name(suite, id), NAME);
    let metric = if finding.metric == PASS_RATE.name { "" } else { &format!("{} ", finding.metric) };
    let now = number::value_or_none(finding.candidate, finding.unit);
    let values = match (finding.baseline, finding.candidate) {
        (Some(before), Some(now)) => number::arrow(before, now, finding.unit),
        _ => now,
    };
    Some(format!("\"{name}\" {metric}{values}"))
}

/// A scenario's name; its id where there is no such scenario any more.
fn scenario_name<'a>(suite: &'a SuiteRecord, id: &'a str) -> &'a str {
    suite.scenarios.iter().find(|scenario| scenario.id == id).map_or(id, |scenario| &scenario.name)
}

/// How a metric moved, with its floor where it is beyond it.
fn with_floor(finding: &Finding) -> String {
    let (Some(floor), Some(now)) = (finding.floor, finding.candidate) else { return change(finding) };
    let limit = number::value(floor, finding.unit);
    match finding.direction {
        Direction::Lower if now > floor => format!("{}, above its limit of {limit}", change(finding)),
        Direction::Higher if now < floor => format!("{}, below its floor of {limit}", change(finding)),
        _ => change(finding),
    }
}

/// How a metric moved: `pass_rate 0.942 → 0.881 (−6.1 pt)`.
pub(super) fn change(finding: &Finding) -> String {
    match (finding.baseline, finding.candidate, finding.delta) {
        (Some(before), Some(now), Some(delta)) => format!(
            "{} {} ({})",
            finding.key(),
            number::arrow(before, now, finding.unit),
            number::delta(delta, finding.unit)
        ),
        (_, now, _) => format!("{} {}", finding.key(), number::value_or_none(now, finding.unit)),
    }
}

/// What is said of a shard, which decides nothing: `shard 2/3: 34 of 102 cases asked; …`.
fn of_shard<'s>(suites: impl IntoIterator<Item = &'s SuiteRecord> + Clone) -> Option<String> {
    let part = suites.clone().into_iter().find_map(|suite| suite.shard)?;
    let (asked, planned) = suites
        .into_iter()
        .fold((0, 0), |(asked, planned), suite| (asked + suite.asked(), planned + suite.planned));
    let cases = number::count(planned, "case", "cases");
    Some(format!("shard {part}: {asked} of {cases} asked; `holdline merge` decides"))
}

/// One line on the whole run. Holds no outside text.
pub(super) fn of_run(record: &Record) -> String {
    let carried = record.suites.iter().filter(|suite| suite.carried.is_some()).count();
    let rest = match carried {
        0 => String::new(),
        carried if carried == record.suites.len() => {
            let all = number::count(carried, "suite is", "suites are");
            return format!("nothing is affected: {all} carried over, and nothing was asked");
        }
        carried => format!("; {carried} carried over: not asked"),
    };
    of_those_that_ran(record, record.suites.len() - carried) + &rest
}

/// The same on the `all` suites that were not carried over.
fn of_those_that_ran(record: &Record, all: usize) -> String {
    let count = |verdict| record.suites.iter().filter(|suite| Verdict::of(suite) == verdict).count();
    let share = |n: usize| format!("{n} of {}", number::count(all, "suite", "suites"));
    let verdict = Verdict::of_run(record);
    match verdict {
        Verdict::Regressed => format!("regressed: {} got worse", share(count(verdict))),
        Verdict::Undecided => {
            format!("cannot decide: {} could not be judged", share(count(verdict)))
        }
        Verdict::Exhausted => format!("stopped: {} ran out of time or money", share(count(verdict))),
        Verdict::Inconclusive => {
            format!("warning: inconclusive: {} could have got worse unseen", share(count(verdict)))
        }
        Verdict::Shown => "shown: none of the suites can block".to_owned(),
        Verdict::Carried => verdict.word().to_owned(),
        Verdict::Measured => {
            of_shard(&record.suites).unwrap_or_else(|| "measured; no baseline to compare with yet".to_owned())
        }
        Verdict::Unchanged | Verdict::Held | Verdict::Improved => {
            let rest = match count(Verdict::Measured) {
                0 => String::new(),
                1 => "; 1 has no baseline yet".to_owned(),
                n => format!("; {n} have no baseline yet"),
            };
            let compared = record.suites.iter().filter(|suite| Verdict::of(suite).is_good()).count();
            format!(
                "held: nothing that worked got worse in {}{rest}",
                number::count(compared, "suite", "suites")
            )
        }
    }
}

/// Where a share of what broke lies: "14 of 15 cases expecting `summary` broke".
pub(super) fn concentration(suite: &SuiteRecord, of: &Concentration) -> String {
    let group = match of.by.as_str() {
        "expected label" => format!("expecting `{}`", of.value),
        "scenario" => format!("of scenario \"{}\"", shortened(scenario_name(suite, &of.value), NAME)),
        "tag" => format!("tagged `{}`", of.value),
        "operators" => format!("made by `{}`", of.value),
        other => format!("with {other} `{}`", of.value),
    };
    format!("{} of {} {group} broke", of.broke, number::count(of.of, "case", "cases"))
}

/// What the suite's numbers rest on: "graded 158 of 160 cases; 2 target errors; 1 new since the baseline".
pub(super) fn counts(suite: &SuiteRecord) -> String {
    let (graded, asked) = graded(suite);
    let mut parts = vec![format!("graded {graded} of {}", number::count(asked, "case", "cases"))];
    if suite.partial {
        parts.push(format!("only a part of the {} planned", suite.planned));
    }
    for (outcome, one, many) in [
        (Outcome::TargetError, "target error", "target errors"),
        (Outcome::JudgeError, "judge error", "judge errors"),
        (Outcome::CannotJudge, "without a verdict", "without a verdict"),
        (Outcome::NotApplicable, "not applicable", "not applicable"),
        (Outcome::Skipped, "skipped", "skipped"),
    ] {
        match suite.count(outcome) {
            0 => {}
            n => parts.push(number::count(n, one, many)),
        }
    }
    if suite.baseline.is_some() && !suite.added.is_empty() {
        parts.push(format!("{} new since the baseline", suite.added.len()));
    }
    if !suite.removed.is_empty() {
        parts.push(format!("{} of the baseline gone", suite.removed.len()));
    }
    parts.join("; ")
}

/// Cases graded and cases asked for.
pub(super) fn graded(suite: &SuiteRecord) -> (usize, usize) {
    (suite.count(Outcome::Pass) + suite.count(Outcome::Fail), suite.asked())
}

/// Failing cases that must pass.
pub(super) fn must_pass_failures(suite: &SuiteRecord) -> usize {
    suite.cases.iter().filter(|case| ranking::blocks_alone(case)).count()
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

/// The text as the beginning of a sentence.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
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
/// The parameters that are not the suite's own: `With APP_VERSION = 2, MODEL = small`; `None` without any.
pub(super) fn variant(suite: &SuiteRecord) -> Option<String> {
    let parts: Vec<String> =
        suite.variant().map(|(name, value)| format!("{name} = {}", crate::suite::as_text(value))).collect();
    (!parts.is_empty()).then(|| format!("With {}", parts.join(", ")))
}
