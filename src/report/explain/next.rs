//! The rule that gave a finding its kind, and what would change it.

use super::Explained;
use super::words::{changes, limit_above, p, p_is, percent, size};
use crate::baseline::KEPT_RUNS;
use crate::gate::procedure::{MIN_CLUSTERS, choose};
use crate::gate::{Blocks, Confirmation, Evidence, Finding, FindingKind};
use crate::metric::{Direction, Unit};
use crate::report::escape::terminal_line;
use crate::report::number;
use crate::stats::power::whole;

impl Explained<'_> {
    /// The rule that gave the finding its kind.
    pub(super) fn rule(&self, finding: &Finding) -> String {
        let (worse, better) = changes(finding.direction);
        match finding.kind {
            FindingKind::Regressed if self.beyond_floor(finding).is_some() => {
                "regressed: the value is beyond its floor, which fails the build whatever the baseline says"
                    .to_owned()
            }
            FindingKind::Regressed if self.is_watched(finding) => {
                "it moved for the worse, and does not block: the suite does not gate by it".to_owned()
            }
            FindingKind::Regressed if self.is_early(finding) => {
                format!("regressed: the {worse} was sure and large enough to block before all cases were asked")
            }
            FindingKind::Improved if self.is_watched(finding) => {
                "it moved for the better; the suite does not gate by it".to_owned()
            }
            FindingKind::Regressed => match finding.evidence.as_deref() {
                Some(Evidence { confirmation: Some(said), .. }) => format!(
                    "regressed: the scenario's own test is sure after correction, the {worse} is large enough \
                     to block, and {}",
                    match said {
                        Confirmation::NotNeeded => "asking again would have said the same",
                        Confirmation::NotAsked => "it counts, since it was not asked again",
                        Confirmation::Confirmed(_) | Confirmation::Refuted(_) => "asking again said the same",
                    }
                ),
                Some(Evidence { guard: Some(guard), .. }) if guard.drifts() => format!(
                    "regressed: the {worse} is sure after correction, large enough to block, and beyond what \
                     whole runs differ by"
                ),
                _ => format!("regressed: the {worse} is sure after correction and large enough to block"),
            },
            FindingKind::Improved => {
                format!("improved: the {better} is sure after correction and large enough to count")
            }
            FindingKind::Held if is_sure(finding) => format!(
                "held: the {worse} is detectable, and below the minimum effect: too small to block"
            ),
            FindingKind::Held => format!(
                "held: the interval rules out a {worse} as large as the tolerance, and at least \
                 {MIN_CLUSTERS} {} were compared",
                clusters(finding)
            ),
            FindingKind::Unchanged => "unchanged: every case came to what it came to before".to_owned(),
            FindingKind::Inconclusive => self.undecided(finding),
            FindingKind::Incomparable => {
                "incomparable: the judges, the metric's definition or the kind of target are not those of the \
                 baseline, so that its value means something else"
                    .to_owned()
            }
            FindingKind::New => "new: the baseline has nothing to compare it with".to_owned(),
            FindingKind::Missing => {
                "missing: without a value, or without enough of the baseline's cases, nothing can be said"
                    .to_owned()
            }
        }
    }

    fn undecided(&self, finding: &Finding) -> String {
        let (worse, _) = changes(finding.direction);
        if self.suite.partial {
            return "inconclusive: a part of a suite cannot gate".to_owned();
        }
        let Some(evidence) = finding.evidence.as_deref() else {
            return "inconclusive: neither a loss nor its absence is shown".to_owned();
        };
        if let Some(Confirmation::Refuted(_)) = evidence.confirmation {
            return "inconclusive: the scenario was flagged, and asking again did not confirm it".to_owned();
        }
        if is_sure(finding) && drift_forbids(evidence) {
            return format!(
                "inconclusive: the {worse} is sure by itself, and no larger than what whole runs of the \
                 baseline differ by: it may be a bad day"
            );
        }
        if is_sure(finding) {
            return format!(
                "inconclusive: the {worse} is sure and smaller than what blocks, and the interval does not \
                 rule out one as large as the tolerance"
            );
        }
        format!(
            "inconclusive: not sure enough to call it a {worse}, and {}",
            if evidence.bounds.0 > -evidence.tolerance {
                format!("too few {} to call it held", clusters(finding))
            } else {
                format!("the interval does not rule out a {worse} as large as the tolerance")
            }
        )
    }

    /// What would change the finding, each in a sentence.
    pub(super) fn next(&self, finding: &Finding) -> Vec<String> {
        let suite = terminal_line(&self.suite.name);
        let (worse, _) = changes(finding.direction);
        match (finding.kind, finding.evidence.as_deref()) {
            (FindingKind::Regressed, evidence) => {
                let mut steps: Vec<String> = self.beyond_floor(finding).into_iter().collect();
                if self.is_early(finding) {
                    steps.push(format!("to see the whole of it: `holdline run {suite} --no-early-stop`"));
                } else if finding.gates && steps.is_empty() {
                    steps.extend(evidence.and_then(|evidence| self.mended(finding, evidence)));
                    steps.push(format!(
                        "if it is meant: `holdline accept {suite} --reason \"…\"` makes it what is compared with"
                    ));
                }
                if steps.is_empty() {
                    steps.push(
                        "nothing has to: it does not block. Named under [gate.metrics] it would gate"
                            .to_owned(),
                    );
                }
                steps
            }
            (FindingKind::Improved, _) if !finding.gates => Vec::new(),
            (FindingKind::Improved, _) => vec![format!(
                "`holdline accept {suite} --reason \"…\"` keeps the gain: from then on a {worse} from here counts"
            )],
            (FindingKind::Held, Some(evidence)) => held(finding, evidence),
            (FindingKind::Unchanged, Some(evidence)) => vec![format!(
                "even so a true {worse} of less than {} could go unseen: that is the smallest this suite sees \
                 in {} of builds; more {} would see less",
                size(evidence.detectable, finding.unit),
                percent(evidence.power),
                units(evidence, 2)
            )],
            (FindingKind::Inconclusive, _) if self.suite.partial => {
                vec![format!("run the whole suite: `holdline run {suite}`")]
            }
            (FindingKind::Inconclusive, Some(evidence)) => inconclusive(finding, evidence, &suite),
            (FindingKind::Incomparable, _) => vec![format!(
                "if the other way of measuring is meant: `holdline run {suite} --update new`, then `holdline \
                 accept {suite} --reason \"…\"`; otherwise bring the judges and the target back"
            )],
            (FindingKind::New, _) => vec![format!(
                "`holdline run {suite}`, then `holdline accept {suite} --reason \"…\"`: the next run is compared \
                 with that one"
            )],
            (FindingKind::Missing, _) => vec![format!(
                "mend what the reason names and run `holdline run {suite}` again; where cases were removed, \
                 renamed or changed on purpose, accept a new baseline: `holdline run {suite} --update new`, \
                 then `holdline accept {suite} --reason \"…\"`"
            )],
            _ => Vec::new(),
        }
    }

    /// How far the metric is beyond its floor; `None` where it is not, or has none.
    fn beyond_floor(&self, finding: &Finding) -> Option<String> {
        let floor = finding.floor?;
        let measured = self.suite.measurements.iter().find(|of| of.key() == finding.key());
        let value = measured.and_then(|of| of.value).or(finding.candidate)?;
        let short = match finding.direction {
            Direction::Lower => value - floor,
            Direction::Higher | Direction::Neither => floor - value,
        };
        if short <= 1e-12 || finding.kind != FindingKind::Regressed {
            return None;
        }
        let (value, limit) = (number::value(value, finding.unit), number::value(floor, finding.unit));
        Some(format!(
            "the value, {value}, is {} away from its floor of {limit}: bring it there, or change `floor` under \
             [gate.metrics]",
            match finding.unit {
                Unit::Ratio => number::value(short, Unit::Ratio),
                unit => size(short, unit),
            }
        ))
    }
}

/// Whether a finding's corrected p-value of "worse" is sure.
fn is_sure(finding: &Finding) -> bool {
    let evidence = finding.evidence.as_deref();
    evidence.and_then(|of| of.corrected.map(|corrected| corrected.worse <= of.alpha)).unwrap_or(false)
}

fn drift_forbids(evidence: &Evidence) -> bool {
    evidence.guard.is_some_and(|guard| !guard.agrees(evidence.alpha))
}

/// What the clusters of a finding's interval are called.
fn clusters(finding: &Finding) -> &'static str {
    match finding.evidence.as_deref().map(|evidence| evidence.blocks) {
        Some(Blocks::Scenarios) => "scenarios",
        _ => "families",
    }
}

/// What is to be added: so many seeds or scenarios.
fn units(evidence: &Evidence, n: usize) -> &'static str {
    match (evidence.blocks, n) {
        (Blocks::Scenarios, 1) => "scenario",
        (Blocks::Scenarios, _) => "scenarios",
        (_, 1) => "seed (not variant)",
        (_, _) => "seeds (not variants)",
    }
}

fn held(finding: &Finding, evidence: &Evidence) -> Vec<String> {
    let (worse, _) = changes(finding.direction);
    let mut steps = Vec::new();
    if is_sure(finding)
        && let Some(delta) = finding.delta
    {
        let loss = size(delta.abs(), finding.unit);
        steps.push(format!("it would block with a `min_effect` no larger than the {worse} seen, {loss}"));
    }
    let hidden = -evidence.bounds.0;
    steps.push(if hidden > 0.0 {
        format!(
            "it could still hide a {worse} of up to {}, the lower end of its interval; with a tolerance of that \
             or less it would be inconclusive",
            size(hidden, finding.unit)
        )
    } else {
        format!("the whole interval lies above what was accepted: it hides no {worse}")
    });
    steps
}

fn inconclusive(finding: &Finding, evidence: &Evidence, suite: &str) -> Vec<String> {
    let (worse, _) = changes(finding.direction);
    let unit = finding.unit;
    let mut steps = Vec::new();
    if let Some(Confirmation::Refuted(_)) = evidence.confirmation {
        steps.push(
            "nothing has to: the scenario disagrees with itself. If it does so often, `holdline doctor \
             --aa 1000` says how often"
                .to_owned(),
        );
        return steps;
    }
    steps.extend(cannot_block(evidence));
    if is_sure(finding) && drift_forbids(evidence) {
        steps.push(
            "run it again: a bad day passes, a true loss comes back; and find what makes whole runs of \
             the application differ"
                .to_owned(),
        );
        return steps;
    }
    let few = MIN_CLUSTERS.saturating_sub(evidence.clusters);
    if evidence.clusters_to_add > 0 && evidence.clusters_to_add >= few {
        steps.push(format!(
            "add {}: then a {worse} of {} is seen in {} of builds",
            number::count(evidence.clusters_to_add, units(evidence, 1), units(evidence, 2)),
            size(evidence.tolerance, unit),
            percent(evidence.power)
        ));
    } else if few > 0 {
        steps.push(format!(
            "add {}: nothing is called held with fewer than {MIN_CLUSTERS} {}",
            number::count(few, units(evidence, 1), units(evidence, 2)),
            clusters(finding)
        ));
    }
    if evidence.runs.0 < KEPT_RUNS {
        steps.push(format!(
            "keep {KEPT_RUNS} accepted runs instead of {} (`holdline run {suite} --baseline-runs {KEPT_RUNS}`): what \
             the application does by chance then weighs less",
            evidence.runs.0
        ));
    }
    if evidence.bounds.0 <= -evidence.tolerance
        && evidence.clusters >= MIN_CLUSTERS
        && let Some(limit) = limit_above(-evidence.bounds.0, finding.baseline, unit)
    {
        steps.push(format!(
            "with `tolerance = \"{limit}\"` this very interval would be called held; that promises so much less"
        ));
    }
    steps.push(format!(
        "as it is, the suite sees {worse}s of {} or more in {} of builds",
        size(evidence.detectable, unit),
        percent(evidence.power)
    ));
    steps
}

/// That too little changed for the test to be sure of anything.
fn cannot_block(evidence: &Evidence) -> Option<String> {
    let corrected = evidence.corrected?;
    if evidence.informative == 0 || evidence.least <= corrected.threshold {
        return None;
    }
    let (one, many) = match evidence.blocks {
        Blocks::Families => ("family", "families"),
        Blocks::Scenarios => ("scenario", "scenarios"),
        Blocks::Cases => ("case", "cases"),
    };
    let ways = choose(evidence.runs.0 + evidence.runs.1, evidence.runs.1);
    // A suite's p-value counts half of what is just as large.
    let half = if evidence.blocks == Blocks::Cases { 1.0 } else { 0.5 };
    let needed = whole((half / corrected.threshold).ln() / ways.ln() - 1e-9);
    Some(format!(
        "it cannot block as it is: only {} changed, which gives p = {} at best where {} is needed; it takes at \
         least {} that all get worse",
        number::count(evidence.informative, one, many),
        p(evidence.least),
        p(corrected.threshold),
        number::count(needed, one, many)
    ))
}

impl Explained<'_> {
    /// How many of the cases that broke would have to pass again for the finding not to block.
    fn mended(&self, finding: &Finding, evidence: &Evidence) -> Option<String> {
        let (worse, _) = changes(finding.direction);
        if let Some(mended) = self.enough(finding, evidence) {
            let first = mended.first.map(|id| format!("; begin with {id}")).unwrap_or_default();
            let left = if mended.delta < 0.0 {
                format!(
                    "the {worse} would then be {} ({})",
                    size(-mended.delta, finding.unit),
                    p_is(mended.p)
                )
            } else {
                format!("no {worse} would be left")
            };
            return Some(format!(
                "{} of the {} that broke would have to pass again for it not to block: {left}{first}",
                mended.cases,
                number::count(mended.broke, "case", "cases"),
            ));
        }
        let loss = match finding.direction {
            Direction::Lower => finding.delta?,
            Direction::Higher | Direction::Neither => -finding.delta?,
        };
        let beyond = loss - evidence.min_effect;
        (beyond > 0.0 && finding.unit != Unit::Ratio).then(|| {
            format!(
                "the {worse} is {} beyond the smallest that blocks, {}",
                size(beyond, finding.unit),
                size(evidence.min_effect, finding.unit)
            )
        })
    }
}
