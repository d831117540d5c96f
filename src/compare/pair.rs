//! The difference between two sides of a suite over the cases that both have: the gate's definitions, read
//! from both sides.

use super::side::{SideCase, SideSuite};
use super::{LEAST_PAIRED, share};
use crate::expand::FamilyId;
use crate::stats::cluster::{ClusterTotal, cluster_diff_adj};
use crate::stats::permutation::{Block, Scores, run_label};
use serde::Serialize;
use std::collections::BTreeMap;

/// Confidence of the two-sided interval.
const CONFIDENCE: f64 = 0.9;

/// A side against the reference. A case's share is that of its graded answers that pass.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// Cases that both sides have, graded in both: what all that follows is taken over.
    pub paired: usize,
    /// Families of these cases: what the interval and the test take as one.
    pub families: usize,
    /// Cases that both sides have and one has not graded.
    pub ungraded: usize,
    /// Cases that only the reference has.
    pub only_reference: usize,
    /// Cases that only this side has.
    pub only_here: usize,
    /// Mean share in the reference.
    pub reference: f64,
    /// Mean share here.
    pub here: f64,
    /// Mean difference: here less the reference.
    pub delta: f64,
    /// Its 90 % interval, by families.
    pub interval: (f64, f64),
    /// Two-sided p-value of the permutation of run labels by family: twice the smaller mid-p, at most 1.
    pub p: f64,
    /// The same, corrected by Holm over all tests that are shown.
    pub p_corrected: f64,
    /// Cases with a lower share here: of single answers those that pass there and fail here.
    pub worse: usize,
    /// Cases with a higher share here.
    pub better: usize,
    /// Cases all of whose answers pass in both.
    pub both_pass: usize,
    /// Cases none of whose answers pass in either.
    pub both_fail: usize,
}

/// What the cases of a family sum to.
#[derive(Default)]
struct Family<'a> {
    pairs: Vec<(&'a SideCase, &'a SideCase)>,
    total: ClusterTotal,
    shares: (f64, f64),
}

impl Against {
    /// Compares a side with the reference; with too few cases in common, says so.
    pub(super) fn of(reference: &SideSuite, side: &SideSuite) -> Result<Self, String> {
        let mut families: BTreeMap<FamilyId, Family<'_>> = BTreeMap::new();
        let mut found = Self {
            paired: 0,
            families: 0,
            ungraded: 0,
            only_reference: reference.cases.keys().filter(|id| !side.cases.contains_key(id)).count(),
            only_here: side.cases.keys().filter(|id| !reference.cases.contains_key(id)).count(),
            reference: 0.0,
            here: 0.0,
            delta: 0.0,
            interval: (0.0, 0.0),
            p: 1.0,
            p_corrected: 1.0,
            worse: 0,
            better: 0,
            both_pass: 0,
            both_fail: 0,
        };
        for (id, then) in &reference.cases {
            let Some(now) = side.cases.get(id) else { continue };
            let (Some(before), Some(after)) = (share(then.tally()), share(now.tally())) else {
                found.ungraded += 1;
                continue;
            };
            found.count(before, after);
            let family = families.entry(then.family.or(now.family).unwrap_or(*id)).or_default();
            family.pairs.push((then, now));
            family.total.sum += after - before;
            family.total.cases += 1;
            family.shares.0 += before;
            family.shares.1 += after;
        }
        if found.paired < LEAST_PAIRED {
            return Err(found.too_few());
        }
        let n = found.paired as f64;
        found.families = families.len();
        found.reference = families.values().map(|family| family.shares.0).sum::<f64>() / n;
        found.here = families.values().map(|family| family.shares.1).sum::<f64>() / n;
        let totals: Vec<ClusterTotal> = families.values().map(|family| family.total).collect();
        found.delta = totals.iter().map(|total| total.sum).sum::<f64>() / n;
        let interval = cluster_diff_adj(&totals, CONFIDENCE);
        // No reader expects a share to change by more than all.
        found.interval = (interval.low.max(-1.0), interval.high.min(1.0));
        found.p = two_sided(families.values());
        found.p_corrected = found.p;
        Ok(found)
    }

    fn count(&mut self, before: f64, after: f64) {
        self.paired += 1;
        self.worse += usize::from(after < before);
        self.better += usize::from(after > before);
        // Shares of whole counts: all and nothing are exact.
        self.both_pass += usize::from(before.min(after) >= 1.0);
        self.both_fail += usize::from(before.max(after) <= 0.0);
    }

    fn too_few(&self) -> String {
        let also = if self.ungraded > 0 {
            format!(", {} more {} not graded", self.ungraded, if self.ungraded == 1 { "is" } else { "are" })
        } else {
            String::new()
        };
        format!(
            "{} in both sides and graded{also}, and a comparison takes at least {LEAST_PAIRED}; {} only in A and {} \
             only here",
            match self.paired {
                0 => "no case is".to_owned(),
                1 => "1 case is".to_owned(),
                n => format!("{n} cases are"),
            },
            self.only_reference,
            self.only_here
        )
    }
}

/// Twice the smaller of the mid-p values that the one side, or the other, scores lower.
fn two_sided<'a, 'b: 'a>(families: impl Iterator<Item = &'a Family<'b>> + Clone) -> f64 {
    let sums: Vec<_> = families.clone().map(|family| (runs(family, true), runs(family, false))).collect();
    let whole = sums.iter().all(|(then, now)| then.is_some() && now.is_some());
    let sums: Vec<(Vec<f64>, Vec<f64>)> = sums
        .into_iter()
        .zip(families)
        .map(|((then, now), family)| match (then, now) {
            (Some(then), Some(now)) => (then, now),
            // No run of the family is graded as a whole: its shares stand for one run.
            _ => (vec![family.shares.0], vec![family.shares.1]),
        })
        .collect();
    let blocks: Vec<Block<'_>> = sums.iter().map(|(then, now)| Block { base: then, cand: now }).collect();
    let found = run_label(&blocks, if whole { Scores::Counts } else { Scores::Real });
    (2.0 * found.lower.mid.min(found.higher.mid)).min(1.0)
}

/// The sums of a family in those runs of a side in which all its cases are graded, the newest first; `None`
/// without any. Runs are counted from the newest: a case that is younger than others has fewer.
fn runs(family: &Family<'_>, reference: bool) -> Option<Vec<f64>> {
    let answers = |at: usize| {
        family.pairs.iter().map(move |(then, now)| {
            let of = if reference { then } else { now };
            of.answers.iter().rev().nth(at).copied().flatten()
        })
    };
    let longest =
        family.pairs.iter().map(|(then, now)| if reference { then } else { now }.answers.len()).max()?;
    let sums: Vec<f64> = (0..longest)
        .filter_map(|at| answers(at).map(|passed| passed.map(|passed| f64::from(u8::from(passed)))).sum())
        .collect();
    (!sums.is_empty()).then_some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Comparison;
    use crate::compare::side::{Known, Side};
    use crate::expand::CaseId;

    /// A case of a family with these answers: `P`, `F`, and `-` for one that is not graded.
    fn case(family: u8, answers: &str) -> SideCase {
        let known =
            Known { scenario: "s".into(), name: family.to_string(), input: "x".into(), variant: false };
        SideCase {
            family: Some(CaseId::of(&[&[family]])),
            known: Some(known),
            answers: answers.chars().map(|c| (c != '-').then_some(c == 'P')).collect(),
            outcome: answers.to_owned(),
            answer: None,
        }
    }

    fn suite(cases: &[(u8, &str)]) -> SideSuite {
        let of = |(at, (family, answers)): (usize, &(u8, &str))| {
            (CaseId::of(&[b"case", &[u8::try_from(at).unwrap()]]), case(*family, answers))
        };
        SideSuite {
            name: "talk".into(),
            params: BTreeMap::new(),
            has_params: true,
            judged_by: None,
            cases: cases.iter().enumerate().map(of).collect(),
            metrics: Vec::new(),
            decision: None,
            partial: false,
        }
    }

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-12, "{value} is not {expected}");
    }

    #[test]
    fn repeats_are_shares_and_the_test_looks_at_runs() {
        // Two families of one case: five runs that pass against one that fails. The run that fails is the
        // other side's with probability 1/6 in each: P(T = 0) = 1/36, mid-p 1/72, twice that.
        let found =
            Against::of(&suite(&[(1, "PPPPP"), (2, "PPPPP")]), &suite(&[(1, "F"), (2, "F")])).unwrap();
        near(found.p, 1.0 / 36.0);
        near(found.delta, -1.0);
        // 3 of 5 against 1 of 2 is a loss of 0.1, and 1 of 2 against 1 of 1 a gain of 0.5.
        let found = Against::of(&suite(&[(1, "PFPFP"), (2, "PF")]), &suite(&[(1, "PF"), (2, "P")])).unwrap();
        near(found.delta, 0.2);
        assert_eq!((found.worse, found.better, found.both_pass, found.both_fail), (1, 1, 0, 0));
    }

    #[test]
    fn variants_of_one_seed_count_as_one() {
        // Four cases broke together: one block of the sign-flip test, mid-p ¼, two-sided ½ — and not 2⁻⁴.
        let same = suite(&[(1, "P"), (1, "P"), (1, "P"), (1, "P"), (2, "P")]);
        let broke = suite(&[(1, "F"), (1, "F"), (1, "F"), (1, "F"), (2, "P")]);
        let found = Against::of(&same, &broke).unwrap();
        assert_eq!((found.paired, found.families, found.worse), (5, 2, 4));
        near(found.p, 0.5);
        near(found.delta, -0.8);
    }

    #[test]
    fn cases_without_a_verdict_are_left_out_and_counted() {
        let found = Against::of(
            &suite(&[(1, "P"), (2, "-"), (3, "P"), (4, "P")]),
            &suite(&[(1, "P"), (2, "P"), (3, "F")]),
        );
        let found = found.unwrap();
        assert_eq!((found.paired, found.ungraded, found.only_reference, found.only_here), (2, 1, 1, 0));
        near(found.delta, -0.5);
        let few = Against::of(&suite(&[(1, "P"), (2, "-")]), &suite(&[(1, "P"), (2, "P")])).unwrap_err();
        assert!(few.starts_with("1 case is in both sides and graded, 1 more is not graded"), "{few}");
    }

    #[test]
    fn a_family_whose_runs_are_all_incomplete_counts_by_its_shares() {
        // No run has both cases graded; the shares 1 and 1 against 0 and 0 stand for one run a side.
        let found = Against::of(&suite(&[(1, "P-"), (1, "-P")]), &suite(&[(1, "F"), (1, "F")])).unwrap();
        near(found.delta, -1.0);
        near(found.p, 0.5);
    }

    #[test]
    fn all_tests_that_are_shown_are_corrected_together() {
        let side = |name: &str, cases: &[(u8, &str)]| Side {
            name: name.into(),
            run: None,
            started: None,
            suites: vec![suite(cases)],
        };
        let all = |answer: &'static str| (0..8).map(|n| (n, answer)).collect::<Vec<_>>();
        let mut half = all("P");
        half[0].1 = "F";
        let found = Comparison::of(&[side("a", &all("P")), side("b", &all("F")), side("c", &half)]);
        let p: Vec<(f64, f64)> = found.differences().map(|of| (of.p, of.p_corrected)).collect();
        // 2 · ½ · 2⁻⁸, and 2 · ½ · ½; Holm doubles the smaller.
        near(p[0].0, 0.5_f64.powi(8));
        near(p[0].1, 0.5_f64.powi(7));
        near(p[1].1, 0.5);
    }
}
