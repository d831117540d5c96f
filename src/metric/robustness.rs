//! Robustness: what becomes of variants beside the seed that they were made from.
//!
//! A variant enters that promises the same as its seed, where both are graded; the accuracy of stated
//! changes and the leak rate are taken over variants of other promises. Where a slice is a family of
//! operators, its variants are set against their seeds wherever those stand.

use super::exclusion::{Exclusion, Selection};
use super::rates::grade;
use super::{Measurement, Observation, Slice};
use crate::expand::{FamilyId, Promise};
use crate::stats::interval::upper_bound;
use crate::suite::metric_names::table::{
    INVARIANCE_RATE, LEAK_RATE, NET_FRAGILITY, ROBUSTNESS_GAP, STATED_CHANGE_ACCURACY, VARIANT_BREAKS,
    VARIANT_FIXES, WORST_OF_K,
};
use crate::suite::schema::TargetErrors;
use std::collections::{BTreeMap, HashMap};

/// Confidence of the bound on a leak rate.
const CONFIDENCE: f64 = 0.95;

/// The seeds of a suite, and how often plain repeats of one come out otherwise.
pub(super) struct Seeds<'o> {
    grades: HashMap<FamilyId, Result<bool, Exclusion>>,
    earlier: &'o HashMap<FamilyId, Vec<bool>>,
    errors: TargetErrors,
}

impl<'o> Seeds<'o> {
    /// The seeds among all observations. `earlier` has the outcomes of cases in accepted runs, oldest first.
    pub fn of<'c, 'a: 'c>(
        observations: impl IntoIterator<Item = &'c Observation<'a>>,
        earlier: &'o HashMap<FamilyId, Vec<bool>>,
        errors: TargetErrors,
    ) -> Self {
        let seeds = observations.into_iter().filter(|case| case.variant.is_none());
        let grades = seeds.map(|case| (case.family, grade(case, errors))).collect();
        Self { grades, earlier, errors }
    }

    /// Whether the seed of a variant passes, and whether the variant does.
    fn pair(&self, case: &Observation<'_>) -> Result<(bool, bool), Exclusion> {
        let variant = grade(case, self.errors)?;
        match self.grades.get(&case.family) {
            Some(Ok(seed)) => Ok((*seed, variant)),
            Some(Err(_)) | None => Err(Exclusion::SeedNotGraded),
        }
    }

    /// The share of pairs of accepted runs of a seed whose outcomes differ; `None` where no seed was
    /// accepted twice.
    fn plain_flips(&self, families: impl Iterator<Item = FamilyId>) -> Option<f64> {
        let (mut differ, mut pairs) = (0_usize, 0_usize);
        for outcomes in families.filter_map(|family| self.earlier.get(&family)) {
            let passed = outcomes.iter().filter(|passed| **passed).count();
            differ += passed * (outcomes.len() - passed);
            pairs += outcomes.len() * outcomes.len().saturating_sub(1) / 2;
        }
        (pairs > 0).then(|| differ as f64 / pairs as f64)
    }
}

/// Every metric of the family that applies to a slice: none where it has no variants.
pub(super) fn robustness(slice: &Slice, cases: &[&Observation<'_>], seeds: &Seeds<'_>) -> Vec<Measurement> {
    let promising = |promise: Promise| {
        cases.iter().filter(move |case| case.variant.is_some_and(|of| of.promise == promise))
    };
    let mut all = Vec::new();
    if promising(Promise::Same).next().is_some() {
        all.extend(of_same(slice, promising(Promise::Same).copied(), seeds));
    }
    if promising(Promise::Changed).next().is_some() {
        let changed = promising(Promise::Changed).map(|case| grade(case, seeds.errors));
        all.push(changed.collect::<Selection<bool>>().rate((&STATED_CHANGE_ACCURACY, slice)));
    }
    all.extend(leaks(slice, cases));
    all
}

/// The metrics over variants that promise the same.
fn of_same<'c, 'a: 'c>(
    slice: &Slice,
    variants: impl Iterator<Item = &'c Observation<'a>>,
    seeds: &Seeds<'_>,
) -> Vec<Measurement> {
    let mut families: BTreeMap<FamilyId, (bool, Vec<bool>)> = BTreeMap::new();
    let mut pairs = Selection::<(FamilyId, bool, bool)>::from_iter([]);
    for case in variants {
        pairs.add(seeds.pair(case).map(|(seed, variant)| (case.family, seed, variant)));
    }
    for (family, seed, variant) in &pairs.kept {
        families.entry(*family).or_insert((*seed, Vec::new())).1.push(*variant);
    }
    let passing: Selection<bool> = Selection {
        kept: pairs.kept.iter().filter(|(_, seed, _)| *seed).map(|(.., variant)| *variant).collect(),
        left_out: pairs
            .left_out
            .and(Exclusion::SeedFails, pairs.kept.iter().filter(|(_, seed, _)| !seed).count()),
    };
    let flips = |seed: bool| -> Selection<bool> {
        let hit = |pair: &(FamilyId, bool, bool)| pair.1 == seed && pair.2 != seed;
        Selection { kept: pairs.kept.iter().map(hit).collect(), left_out: pairs.left_out.clone() }
    };
    let count = families.len();
    let gap = families
        .values()
        .map(|(seed, variants)| {
            let passed = variants.iter().filter(|passed| **passed).count() as f64;
            f64::from(u8::from(*seed)) - passed / variants.len() as f64
        })
        .sum::<f64>()
        / count as f64;
    let worst =
        families.values().filter(|(seed, variants)| *seed && variants.iter().all(|passed| *passed)).count();
    let differing = pairs.kept.iter().filter(|(_, seed, variant)| seed != variant).count() as f64;
    let net = match seeds.plain_flips(families.keys().copied()) {
        Some(plain) => Ok(differing / pairs.kept.len() as f64 - plain),
        None => Err("no seed was accepted in two runs, so it is not known how often a plain repeat differs"),
    };
    let left_out = &pairs.left_out;
    vec![
        passing.rate((&INVARIANCE_RATE, slice)),
        left_out.measurement((&ROBUSTNESS_GAP, slice), count, Ok(gap)),
        left_out.rate((&WORST_OF_K, slice), worst, count),
        flips(true).rate((&VARIANT_BREAKS, slice)),
        flips(false).rate((&VARIANT_FIXES, slice)),
        left_out.measurement((&NET_FRAGILITY, slice), pairs.kept.len(), net),
    ]
}

/// The share of adversarial variants whose answer holds what it must not; absent where there are none.
fn leaks(slice: &Slice, cases: &[&Observation<'_>]) -> Option<Measurement> {
    let tried = || cases.iter().filter_map(|case| case.leaked);
    tried().next()?;
    let leaked = tried().filter(|leaked| *leaked).count();
    let n = tried().count();
    let mut rate = tried().map(Ok).collect::<Selection<bool>>().rate((&LEAK_RATE, slice));
    // What was not seen is not thereby absent: the bound says how much of it there may be.
    rate.interval = upper_bound(leaked, n, CONFIDENCE).map(|high| (0.0, high));
    Some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::judge::Outcome;
    use crate::metric::observation::{Variant, tests::observation};

    fn case(family: u8, variant: Option<(&'static str, Promise)>, outcome: Outcome) -> Observation<'static> {
        Observation {
            family: CaseId::of(&[&[family]]),
            variant: variant.map(|(family, promise)| Variant { family, promise }),
            outcome,
            ..observation()
        }
    }

    fn value(all: &[Measurement], name: &str) -> Option<f64> {
        all.iter().find(|of| of.metric == name).unwrap_or_else(|| panic!("{name} is measured")).value
    }

    /// Three seeds. The first passes with 1 of 2 variants, the second passes with both of 2, the third
    /// fails and 1 of 2 of its variants passes.
    fn cases() -> Vec<Observation<'static>> {
        use Outcome::{Fail, Pass};
        let typing = Some(("typing", Promise::Same));
        vec![
            case(1, None, Pass),
            case(1, typing, Pass),
            case(1, typing, Fail),
            case(2, None, Pass),
            case(2, typing, Pass),
            case(2, typing, Pass),
            case(3, None, Fail),
            case(3, typing, Fail),
            case(3, typing, Pass),
        ]
    }

    #[test]
    fn variants_are_set_against_their_seeds() {
        let all = cases();
        let earlier = HashMap::new();
        let seeds = Seeds::of(&all, &earlier, TargetErrors::Fail);
        let every: Vec<_> = all.iter().collect();
        let measured = robustness(&Slice::Suite, &every, &seeds);
        // 3 of the 4 variants whose seed passes.
        assert_eq!(value(&measured, "invariance_rate"), Some(0.75));
        // (1 − ½) + (1 − 1) + (0 − ½), by three.
        assert_eq!(value(&measured, "robustness_gap"), Some(0.0));
        assert_eq!(value(&measured, "worst_of_k"), Some(1.0 / 3.0));
        assert_eq!(value(&measured, "variant_breaks"), Some(1.0 / 6.0));
        assert_eq!(value(&measured, "variant_fixes"), Some(1.0 / 6.0));
        assert_eq!(value(&measured, "net_fragility"), None);
        assert_eq!(measured.iter().find(|of| of.metric == "invariance_rate").unwrap().excluded, 2);
    }

    /// Of the accepted runs of the first seed (P F P) 2 of 3 pairs differ, of the second (P P) none of 1:
    /// plain repeats differ in 2 of 4 pairs, variants in 2 of 6.
    #[test]
    fn fragility_is_net_of_what_plain_repeats_do() {
        let all = cases();
        let id = |family: u8| CaseId::of(&[&[family]]);
        let earlier = HashMap::from([(id(1), vec![true, false, true]), (id(2), vec![true, true])]);
        let seeds = Seeds::of(&all, &earlier, TargetErrors::Fail);
        let every: Vec<_> = all.iter().collect();
        let net = value(&robustness(&Slice::Suite, &every, &seeds), "net_fragility").unwrap();
        assert!((net - (2.0 / 6.0 - 2.0 / 4.0)).abs() < 1e-12, "{net}");
    }

    #[test]
    fn a_seed_that_is_not_graded_takes_its_variants_out() {
        let all =
            [case(1, None, Outcome::JudgeError), case(1, Some(("typing", Promise::Same)), Outcome::Pass)];
        let earlier = HashMap::new();
        let seeds = Seeds::of(&all, &earlier, TargetErrors::Fail);
        let measured = robustness(&Slice::Suite, &[&all[0], &all[1]], &seeds);
        let invariance = &measured[0];
        assert_eq!((invariance.value, invariance.n, invariance.excluded), (None, 0, 1));
        assert!(invariance.reason.as_deref().unwrap().contains("whose seed is not graded"));
        assert!(measured.iter().all(|of| of.value.is_none()));
    }

    #[test]
    fn stated_changes_and_leaks_are_of_their_own_variants() {
        let changed = |outcome| case(1, Some(("meaning", Promise::Changed)), outcome);
        let mut all = vec![case(1, None, Outcome::Pass), changed(Outcome::Pass), changed(Outcome::Fail)];
        for _ in 0..200 {
            let mut attack = case(1, Some(("adversarial", Promise::Own)), Outcome::Fail);
            attack.leaked = Some(false);
            all.push(attack);
        }
        let earlier = HashMap::new();
        let seeds = Seeds::of(&all, &earlier, TargetErrors::Fail);
        let every: Vec<_> = all.iter().collect();
        let measured = robustness(&Slice::Suite, &every, &seeds);
        assert_eq!(value(&measured, "stated_change_accuracy"), Some(0.5));
        let leaks = measured.iter().find(|of| of.metric == "leak_rate").unwrap();
        assert_eq!((leaks.value, leaks.n), (Some(0.0), 200));
        let (low, high) = leaks.interval.unwrap();
        assert!(low.abs() < 1e-12 && (0.0148..0.015).contains(&high), "{high}");
        assert!(measured.iter().all(|of| of.metric != "invariance_rate"));
    }
}
