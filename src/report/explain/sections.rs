//! What was compared, what the test says of it, and what it is held to.

use super::words::{changes, of_builds, p, p_is, percent, size};
use super::{Explained, is_about};
use crate::gate::procedure::Guard;
use crate::gate::{Blocks, Confirmation, Evidence, Finding, FindingKind};
use crate::metric::Slice;
use crate::report::number;
use std::fmt::Write as _; // to strings, which cannot fail

/// Fewest scenarios that are drawn as one by themselves, and the largest share of the cases that any of them
/// may hold, in per cent: the rule of `cluster = "auto"`.
const SCENARIOS: usize = 20;
const LARGEST: usize = 10;

impl Explained<'_> {
    /// The sections of a finding that was tested, each with its label.
    pub(super) fn sections(&self, finding: &Finding, evidence: &Evidence) -> Vec<(&'static str, String)> {
        let mut sections = vec![
            ("compared", self.compared(finding, evidence)),
            ("drawn as one", self.drawn(finding, evidence)),
            ("effect", effect(finding)),
            ("chance", chance(finding, evidence)),
            ("other tests", self.others(finding, evidence)),
            ("held to", held_to(finding, evidence, self.is_watched(finding))),
        ];
        sections.extend(evidence.guard.map(|guard| ("drift", drift(guard, evidence.alpha, finding))));
        sections
            .extend(evidence.confirmation.as_ref().map(|said| ("asked again", asked_again(said, evidence))));
        sections.extend((evidence.common > 0.0).then(|| ("shared", shared(evidence, finding))));
        sections
    }

    fn compared(&self, finding: &Finding, evidence: &Evidence) -> String {
        let of = self.suite.cases.iter().filter(|case| is_about(self.suite, &finding.slice, case)).count();
        let what = match finding.slice {
            Slice::Suite => "the suite",
            Slice::Scenario(_) => "the scenario",
            Slice::Tag(_) => "the tag",
            Slice::Operators(_) => "the family of operators",
        };
        let all = number::count(of.max(finding.paired), "case", "cases");
        let cases = if finding.paired >= of {
            format!("all {all} of {what}")
        } else {
            format!(
                "{} of the {all} of {what}, those that this run and the baseline both have and that count in \
                 the metric",
                finding.paired
            )
        };
        let (before, now) = evidence.runs;
        let now = if now == 1 { "this run".to_owned() } else { format!("{now} runs of it now") };
        let moved = |n: usize, of_none: &str, one: &str, many: &str| match n {
            0 => of_none.to_owned(),
            n => number::count(n, one, many),
        };
        let broke = moved(finding.broke, "no case broke", "case broke", "cases broke");
        let fixed = moved(finding.fixed, "none was fixed", "was fixed", "were fixed");
        format!(
            "{cases}: {now} against {}; {broke}, {fixed}",
            number::count(before, "accepted run", "accepted runs")
        )
    }

    fn drawn(&self, finding: &Finding, evidence: &Evidence) -> String {
        let changed = match evidence.informative {
            0 => "none of which changed".to_owned(),
            n => format!("{}of which changed", number::count(n, "", "")),
        };
        match evidence.blocks {
            Blocks::Cases => format!(
                "{}, {changed}: each counts by itself, since the question is whether this one scenario broke",
                number::count(finding.paired, "case", "cases")
            ),
            Blocks::Scenarios => {
                let why = if self.is_spread() {
                    format!("there are {SCENARIOS} or more, and none holds over {LARGEST} % of the cases")
                } else {
                    "the suite says `cluster = \"scenario\"`".to_owned()
                };
                format!(
                    "{}, {changed}: the cases of a scenario may share their luck, so it is drawn as one ({why})",
                    number::count(evidence.clusters, "scenario", "scenarios")
                )
            }
            Blocks::Families => {
                let why = match (&finding.slice, self.is_spread()) {
                    (Slice::Scenario(_), _) => "all cases of a scenario would be one draw",
                    (_, true) => "the suite says `cluster = \"family\"`",
                    (_, false) => {
                        "luck that a whole scenario shares is not covered: that takes 20 scenarios or more, \
                         none with over 10 % of the cases"
                    }
                };
                format!(
                    "{}, {changed}: a seed and its variants may share their luck, so they are drawn as one \
                     ({why})",
                    number::count(evidence.clusters, "family", "families")
                )
            }
        }
    }

    /// Whether the suite has enough scenarios, none too large, to draw each as one.
    pub(super) fn is_spread(&self) -> bool {
        let mut counts = vec![0_usize; self.suite.scenarios.len()];
        for case in &self.suite.cases {
            counts[case.scenario] += 1;
        }
        counts.retain(|count| *count > 0);
        let largest = counts.iter().max().copied().unwrap_or(0);
        counts.len() >= SCENARIOS && largest * 100 <= self.suite.cases.len() * LARGEST
    }

    fn others(&self, finding: &Finding, evidence: &Evidence) -> String {
        let Some(corrected) = evidence.corrected else {
            return "it is not among the tests that can block, so there is nothing to correct".to_owned();
        };
        if self.is_early(finding) {
            return format!(
                "the run stopped before its end, so that it goes by evidence that may be looked at after every \
                 case (an e-process) and not by the chance above: that gives p = {}, where {} at most is needed",
                p(corrected.worse),
                p(evidence.alpha)
            );
        }
        if self.is_watched(finding) {
            return format!(
                "it does not gate; of the metrics that do not gate and are said to have moved, at most 1 in \
                 10 moved by chance alone (corrected for all of them, p is {})",
                p(if finding.kind == FindingKind::Improved { corrected.better } else { corrected.worse })
            );
        }
        let improved = finding.kind == FindingKind::Improved;
        let share = percent(evidence.alpha);
        let what = if evidence.guard.is_some() { "whole suites" } else { "single scenarios" };
        if corrected.tests <= 1 {
            return format!(
                "it is the only test of {what} in this build, so that p may be as much as {}: a false alarm \
                 in {share} of builds",
                p(evidence.alpha)
            );
        }
        let value = if improved { corrected.better } else { corrected.worse };
        let place = if improved {
            String::new()
        } else {
            format!("in this place p may be {} at most; ", p(corrected.threshold))
        };
        let sure = if value <= evidence.alpha { "which is sure enough" } else { "which is not sure enough" };
        format!(
            "{} tests of {what} share a false alarm in {share} of builds (Holm's correction): {place}corrected, \
             p is {}, {sure}",
            corrected.tests,
            p(value)
        )
    }
}

fn effect(finding: &Finding) -> String {
    let unit = finding.unit;
    let change = match (finding.baseline, finding.candidate, finding.delta) {
        (Some(before), Some(now), Some(delta)) => {
            format!("{}, that is {}", number::arrow(before, now, unit), number::delta(delta, unit))
        }
        _ => "unknown".to_owned(),
    };
    let interval = finding.interval.map_or_else(String::new, |of| {
        format!("; 90 % interval of the change {}", number::interval(of, unit))
    });
    format!("{change}{interval}")
}

/// What the p-value says, as how often it would come up.
fn chance(finding: &Finding, evidence: &Evidence) -> String {
    if evidence.informative == 0 {
        return "no outcome differs between any of the runs, so there is nothing to test".to_owned();
    }
    let (worse, better) = changes(finding.direction);
    let exact = evidence.blocks == Blocks::Cases;
    let improved = finding.kind == FindingKind::Improved;
    let (change, pair) = if improved { (better, evidence.better) } else { (worse, evidence.worse) };
    let value = if exact { pair.0 } else { pair.1 };
    let ties = if exact { "" } else { "; one just as large counts half" };
    let counted =
        if evidence.approximated { "; approximated, since there are too many ways to count" } else { "" };
    format!(
        "if nothing had changed, a {change} this large or larger would come up in {} ({}{ties}{counted})",
        of_builds(value),
        p_is(value)
    )
}

fn held_to(finding: &Finding, evidence: &Evidence, watched: bool) -> String {
    let (worse, _) = changes(finding.direction);
    if watched {
        return "nothing: it does not gate".to_owned();
    }
    let unit = finding.unit;
    let mut text = format!(
        "a {worse} of less than {} never blocks; held means that the interval rules out a {worse} of {}",
        size(evidence.min_effect, unit),
        size(evidence.tolerance, unit)
    );
    if let Some(floor) = finding.floor {
        let limit = number::value(floor, unit);
        let _ = write!(text, "; the value must keep to its floor of {limit}, whatever the baseline says");
    }
    text
}

/// What the drift guard found.
fn drift(guard: Guard, alpha: f64, finding: &Finding) -> String {
    let runs = number::count(guard.runs, "accepted run", "accepted runs");
    let Some(dispersion) = guard.dispersion else {
        return format!(
            "cannot be seen with {runs}: it takes {} to tell whether whole runs differ from day to day",
            Guard::MIN_RUNS
        );
    };
    if !guard.drifts() {
        return format!(
            "none seen: the {runs} differ as a whole no more than their cases make them ({})",
            p_is(dispersion)
        );
    }
    let improved = finding.kind == FindingKind::Improved;
    let agrees = if improved { guard.agrees_better(alpha) } else { guard.agrees(alpha) };
    let change = if improved { "gain" } else { "loss" };
    let value = guard.worse.map_or(0.0, |p| if improved { 1.0 - p } else { p });
    let verdict = if agrees { "goes beyond that" } else { "is no more than that" };
    format!(
        "seen: the {runs} differ as a whole more than their cases make them; set beside whole runs, the \
         {change} {verdict} ({})",
        p_is(value)
    )
}

/// What whole scenarios of the suite share.
fn shared(evidence: &Evidence, finding: &Finding) -> String {
    format!(
        "whole scenarios of this suite go up and down together by more than their cases make them (standard \
         deviation {}); a loss has to be four times that and what single cases give together",
        size(evidence.common, finding.unit)
    )
}

fn asked_again(said: &Confirmation, evidence: &Evidence) -> String {
    let listed = |values: &[f64]| values.iter().map(|value| p(*value)).collect::<Vec<_>>().join(" and ");
    let need = p(evidence.alpha);
    match said {
        Confirmation::NotNeeded => {
            "not needed: over the accepted runs the application never disagreed with itself".to_owned()
        }
        Confirmation::NotAsked => "it was not, so that the first answers stand alone".to_owned(),
        Confirmation::Confirmed(values) => format!(
            "{} more, and each run alone says the same (p {}, {need} at most is needed)",
            times(values.len()),
            listed(values)
        ),
        Confirmation::Refuted(values) => format!(
            "{} more, and not every run alone says the same (p {}, {need} at most is needed of each)",
            times(values.len()),
            listed(values)
        ),
    }
}

fn times(n: usize) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}
