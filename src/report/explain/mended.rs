//! How many broken cases would have to pass again: the test once more, with some of them put back.

use super::{Explained, is_about};
use crate::baseline::Accepted;
use crate::expand::CaseId;
use crate::gate::procedure::{
    Corrected, Groups, Layout, Limits, Scores, Values, is_flagged, kind, scenario_tests, stands_out,
    suite_test,
};
use crate::gate::{Blocks, Evidence, Finding, FindingKind, Flip};
use crate::judge::Outcome;
use crate::report::ranking;
use crate::report::record::CaseRecord;
use crate::stats::multiple::holm;
use crate::suite::metric_names::table::PASS_RATE;
use std::collections::BTreeMap;

/// Most runs of both arms whose outcomes fit into the bits of a flag.
const MOST_RUNS: usize = 32;

/// What it takes for a finding not to block.
pub(super) struct Mended {
    /// Cases that would have to pass again, and cases that broke.
    pub cases: usize,
    pub broke: usize,
    /// The effect and the p-value that would be left.
    pub delta: f64,
    pub p: f64,
    /// The first of those cases.
    pub first: Option<CaseId>,
}

/// The outcomes of the cases of a finding, as the gate saw them.
struct Seen<'a> {
    cases: Vec<&'a CaseRecord>,
    scores: Scores,
    layout: Layout,
}

/// What a test comes to: effect, p-value, and whether it would still block.
struct Again {
    cases: usize,
    delta: f64,
    p: f64,
    blocks: bool,
}

impl Explained<'_> {
    /// How many of the cases that broke, the worst first, would have to pass again for a pass rate not to
    /// block. `None` where the record and the baseline do not give the numbers of the finding.
    pub(super) fn enough(&self, finding: &Finding, evidence: &Evidence) -> Option<Mended> {
        if finding.metric != PASS_RATE.name || evidence.runs.0 + evidence.runs.1 > MOST_RUNS {
            return None;
        }
        let errors_fail = [true, false];
        let seen = errors_fail.into_iter().find_map(|fail| {
            let seen = self.seen(finding, evidence, fail);
            let again = self.again(finding, evidence, &seen)?;
            let said = if evidence.blocks == Blocks::Cases { evidence.worse.0 } else { evidence.worse.1 };
            // Only where the numbers are those of the record.
            let same = again.cases == finding.paired && (again.p - said).abs() < 1e-9 && again.blocks;
            same.then_some(seen)
        })?;
        let worst: Vec<usize> = ranking::worst_first(self.suite)
            .into_iter()
            .filter(|case| case.flip == Some(Flip::Broke))
            .filter_map(|case| seen.cases.iter().position(|of| std::ptr::eq(*of, case)))
            .collect();
        let with = |count: usize| {
            let mut scores = seen.scores.clone();
            if let Values::Flags(flags) = &mut scores.values {
                let now = u32::try_from(seen.scores.cand_runs()).unwrap_or(0);
                for place in &worst[..count] {
                    flags[*place] |= now;
                }
            }
            self.again(
                finding,
                evidence,
                &Seen { cases: seen.cases.clone(), scores, layout: seen.layout.clone() },
            )
        };
        if with(worst.len())?.blocks {
            return None;
        }
        // The more pass again, the larger the p-value: the fewest are found by halving.
        let (mut low, mut high) = (0, worst.len());
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if with(middle)?.blocks { low = middle } else { high = middle }
        }
        let left = with(high)?;
        let first = worst.first().map(|place| seen.cases[*place].id);
        Some(Mended { cases: high, broke: worst.len(), delta: left.delta, p: left.p, first })
    }

    /// The outcomes of the cases that a finding is about.
    fn seen(&self, finding: &Finding, evidence: &Evidence, errors_fail: bool) -> Seen<'_> {
        let (base, cand) = evidence.runs;
        let passed = |outcome: Accepted| match outcome {
            Accepted::Pass => Some(true),
            Accepted::Fail => Some(false),
            Accepted::Error => errors_fail.then_some(false),
            Accepted::Ungraded => None,
        };
        let empty = Scores { base, cand, values: Values::Flags(Vec::new()), graded: Vec::new() };
        let (before_all, now_all) = (empty.base_runs(), empty.cand_runs());
        let (mut cases, mut flags, mut graded) = (Vec::new(), Vec::new(), Vec::new());
        for case in self.suite.cases.iter().filter(|case| is_about(self.suite, &finding.slice, case)) {
            let Some(before) = self.before(case, base) else { continue };
            let (mut bits, mut known, mut own) = (0_u32, 0_u128, 0_u128);
            let now = case.answers().iter().take(cand).map(|graded| Accepted::from(graded.outcome));
            let runs = before.iter().copied().enumerate().map(|(at, of)| (base - before.len() + at, of));
            for (at, outcome) in runs.chain(now.enumerate().map(|(at, of)| (base + at, of))) {
                own |= 1 << at;
                if let Some(passed) = passed(outcome) {
                    known |= 1 << at;
                    bits |= u32::from(passed) << at;
                }
            }
            let whole = known & now_all == own & now_all && own & now_all != 0;
            let (known_before, of) = ((known & before_all).count_ones(), (own & before_all).count_ones());
            if whole && known_before > 0 && 2 * known_before >= of {
                cases.push(case);
                flags.push(bits);
                graded.push(known);
            }
        }
        if graded.iter().all(|known| *known == empty.every_run()) {
            graded = Vec::new();
        }
        let groups = match evidence.blocks {
            Blocks::Scenarios => grouped(cases.iter().map(|case| case.scenario)),
            Blocks::Families | Blocks::Cases => grouped(cases.iter().map(|case| case.family)),
        };
        let scenarios = Groups::new(&vec![0; cases.len()], 1);
        let scores = Scores { values: Values::Flags(flags), graded, ..empty };
        Seen { cases, scores, layout: Layout { clusters: groups, scenarios } }
    }

    /// What a case came to in the accepted runs: from the baseline where it is at hand, else from how the
    /// case moved since the one accepted run.
    fn before(&self, case: &CaseRecord, runs: usize) -> Option<Vec<Accepted>> {
        if let Some(accepted) = self.baseline.and_then(|baseline| baseline.cases.get(case.id)) {
            let outcomes: Vec<Accepted> = accepted.outcomes().collect();
            return Some(outcomes[outcomes.len().saturating_sub(runs)..].to_vec());
        }
        if runs != 1 || self.baseline.is_some() || self.suite.added.contains(&case.id) {
            return None;
        }
        let passes = case.graded.outcome == Outcome::Pass;
        let graded = matches!(case.graded.outcome, Outcome::Pass | Outcome::Fail | Outcome::TargetError);
        graded.then(|| {
            let before = if case.flip.is_some() { !passes } else { passes };
            vec![if before { Accepted::Pass } else { Accepted::Fail }]
        })
    }

    /// The test of a finding over outcomes, corrected for the other tests of the build as they are.
    fn again(&self, finding: &Finding, evidence: &Evidence, seen: &Seen<'_>) -> Option<Again> {
        let limits =
            Limits { alpha: evidence.alpha, min_effect: evidence.min_effect, tolerance: evidence.tolerance };
        if evidence.blocks == Blocks::Cases {
            let test = *scenario_tests(&seen.scores, &seen.layout.scenarios).first()?;
            let p = test.worse.exact;
            let corrected = self.corrected(finding, evidence, p)?;
            let beyond = stands_out(test.delta, test.error, evidence.common);
            let blocks = is_flagged(test.delta, corrected, limits) && beyond;
            return Some(Again { cases: test.cases, delta: test.delta, p, blocks });
        }
        let test = suite_test(&seen.scores, &seen.layout, 1.0, evidence.power);
        let p = test.worse.mid;
        let corrected = self.corrected(finding, evidence, p)?;
        let blocks = kind(&test, corrected, limits) == FindingKind::Regressed;
        Some(Again { cases: test.cases, delta: test.delta, p, blocks })
    }

    /// A p-value in place of a finding's own, corrected for the other tests of the build: exactly where the
    /// record has all of them, else by the threshold of its place.
    fn corrected(&self, finding: &Finding, evidence: &Evidence, p: f64) -> Option<Corrected> {
        let corrected = evidence.corrected?;
        let all = self.record.suites.iter().flat_map(|suite| &suite.findings);
        let alike = |other: &&Finding| {
            let of = other.evidence.as_deref();
            of.is_some_and(|of| of.corrected.is_some() && of.guard.is_some() == evidence.guard.is_some())
        };
        let mut own = None;
        let mut values = Vec::new();
        for (at, other) in all.filter(alike).enumerate() {
            if std::ptr::eq(other, finding) {
                own = Some(at);
            }
            values.push(other.p_worse?);
        }
        let worse = match own {
            Some(own) if values.len() == corrected.tests => {
                values[own] = p;
                holm(&values)[own]
            }
            _ => p * evidence.alpha / corrected.threshold.max(f64::MIN_POSITIVE),
        };
        Some(Corrected { worse, better: 1.0, ..corrected })
    }
}

/// Cases by what they share.
fn grouped<K: Ord + Copy>(keys: impl Iterator<Item = K>) -> Groups {
    let keys: Vec<K> = keys.collect();
    let mut numbers: BTreeMap<K, u32> = keys.iter().map(|key| (*key, 0)).collect();
    for (number, place) in (0..).zip(numbers.values_mut()) {
        *place = number;
    }
    let of: Vec<u32> = keys.iter().map(|key| numbers[key]).collect();
    Groups::new(&of, numbers.len())
}
