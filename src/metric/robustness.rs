//! Robustness: what becomes of variants beside the seed that they were made from.
//!
//! A variant enters that promises the same as its seed, where both are graded; the accuracy of stated
//! changes is taken over those whose meaning was changed. Where a slice is a family of operators, its variants
//! are set against their seeds wherever those stand.

use super::exclusion::{Exclusion, Exclusions, Tally};
use super::rates::grade;
use super::seeds::Seeds;
use super::view::View;
use super::{Measurement, Observation, Slice};
use crate::expand::{FamilyId, Promise};
use crate::suite::metric_names::table::{
    INVARIANCE_RATE, NET_FRAGILITY, ROBUSTNESS_GAP, STATED_CHANGE_ACCURACY, VARIANT_BREAKS, VARIANT_FIXES,
    WORST_OF_K,
};

/// Every metric of the family that applies to a slice: none where it has no variants.
pub(super) fn robustness(slice: &Slice, cases: View<'_>, seeds: &Seeds<'_>) -> Vec<Measurement> {
    if seeds.is_empty() {
        return Vec::new();
    }
    let promises = |case: &Observation<'_>, promise| case.variant.is_some_and(|of| of.promise == promise);
    let mut all = Vec::new();
    if cases.iter().any(|case| promises(&case, Promise::Same)) {
        all.extend(of_same(slice, cases, seeds));
    }
    let changed = || cases.iter().filter(|case| promises(case, Promise::Changed));
    if changed().next().is_some() {
        let graded = changed().map(|case| grade(case.outcome, seeds.errors()));
        all.push(graded.collect::<Tally>().rate((&STATED_CHANGE_ACCURACY, slice)));
    }
    all
}

/// A seed and how its variants do: sixteen bytes, for the seeds that have any.
#[derive(Debug, Clone, Copy)]
struct OfSeed {
    family: FamilyId,
    passed: u32,
    /// Variants, negative where the seed fails.
    variants: i32,
}

/// How variants that promise the same do beside their seeds.
#[derive(Debug, Default)]
struct Pairs {
    /// Those of a seed that passes, and how many of them pass.
    of_passing: (usize, usize),
    /// Those of a seed that fails, and how many of them pass.
    of_failing: (usize, usize),
    /// In the order of the seeds' identities, each once.
    seeds: Vec<OfSeed>,
    left_out: Exclusions,
}

impl OfSeed {
    const fn passes(self) -> bool {
        self.variants > 0
    }

    fn gap(self) -> f64 {
        let passed = f64::from(self.passed) / f64::from(self.variants.unsigned_abs());
        f64::from(u8::from(self.passes())) - passed
    }
}

impl Pairs {
    fn of(cases: View<'_>, seeds: &Seeds<'_>) -> Self {
        let mut pairs = Self::default();
        for row in cases.rows() {
            let case = cases.observe(row);
            if case.variant.is_some_and(|of| of.promise == Promise::Same) {
                let variant = grade(case.outcome, seeds.errors());
                let seed = seeds.passes(cases, row).ok_or(Exclusion::SeedNotGraded);
                match variant.and_then(|variant| Ok((seed?, variant))) {
                    Ok((seed, variant)) => pairs.add(case.family, seed, variant),
                    Err(why) => pairs.left_out.add(why),
                }
            }
        }
        // In a fixed order, so that sums are the same to the last bit.
        pairs.seeds.sort_by_key(|of| of.family);
        pairs.seeds.dedup_by(|next, of| {
            let same = next.family == of.family;
            if same {
                of.passed += next.passed;
                of.variants += next.variants;
            }
            same
        });
        pairs
    }

    fn add(&mut self, family: FamilyId, seed: bool, variant: bool) {
        let of = if seed { &mut self.of_passing } else { &mut self.of_failing };
        of.0 += 1;
        of.1 += usize::from(variant);
        let (passed, variants) = (u32::from(variant), if seed { 1 } else { -1 });
        match self.seeds.last_mut().filter(|last| last.family == family) {
            Some(last) => {
                last.passed += passed;
                last.variants += variants;
            }
            None => self.seeds.push(OfSeed { family, passed, variants }),
        }
    }
}

/// The metrics over variants that promise the same.
fn of_same(slice: &Slice, cases: View<'_>, seeds: &Seeds<'_>) -> Vec<Measurement> {
    let pairs = Pairs::of(cases, seeds);
    let ((sound, held), (unsound, fixed)) = (pairs.of_passing, pairs.of_failing);
    let (of_seeds, left_out) = (&pairs.seeds, &pairs.left_out);
    let (n, broken, count) = (sound + unsound, sound - held, of_seeds.len());
    let gap = of_seeds.iter().map(|of| of.gap()).sum::<f64>() / count as f64;
    let all_pass = |of: &&OfSeed| of.passes() && of.passed == of.variants.unsigned_abs();
    let worst = of_seeds.iter().filter(all_pass).count();
    let net = match seeds.plain_flips(of_seeds.iter().map(|of| of.family)) {
        Some(plain) => Ok((broken + fixed) as f64 / n as f64 - plain),
        None => Err("no seed was accepted in two runs, so it is not known how often a plain repeat differs"),
    };
    vec![
        left_out.and(Exclusion::SeedFails, unsound).rate((&INVARIANCE_RATE, slice), held, sound),
        left_out.measurement((&ROBUSTNESS_GAP, slice), count, Ok(gap)),
        left_out.rate((&WORST_OF_K, slice), worst, count),
        left_out.rate((&VARIANT_BREAKS, slice), broken, n),
        left_out.rate((&VARIANT_FIXES, slice), fixed, n),
        left_out.measurement((&NET_FRAGILITY, slice), n, net),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::judge::Outcome;
    use crate::metric::Table;
    use crate::metric::observation::{Variant, tests::observation};
    use crate::metric::seeds::AcceptedRuns;
    use crate::metric::view::Answer;
    use crate::suite::schema::TargetErrors;

    fn case(family: u8, variant: Option<(&'static str, Promise)>, outcome: Outcome) -> Observation<'static> {
        Observation {
            family: CaseId::of(&[&[family]]),
            variant: variant.map(|(family, promise)| Variant { family, promise }),
            outcome,
            ..observation()
        }
    }

    fn measured(cases: &[Observation<'_>], earlier: &dyn Fn(FamilyId) -> AcceptedRuns) -> Vec<Measurement> {
        let table = Table::of(cases.iter().map(std::slice::from_ref));
        let all = View::of(&table, Answer::OfRound(0));
        robustness(&Slice::Suite, all, &Seeds::of(all, earlier, TargetErrors::Fail))
    }

    fn never(_: FamilyId) -> AcceptedRuns {
        AcceptedRuns::default()
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
        let measured = measured(&cases(), &never);
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
        let id = |family: u8| CaseId::of(&[&[family]]);
        let earlier = |of: FamilyId| match of {
            of if of == id(1) => AcceptedRuns { passed: 2, graded: 3 },
            of if of == id(2) => AcceptedRuns { passed: 2, graded: 2 },
            _ => AcceptedRuns::default(),
        };
        let net = value(&measured(&cases(), &earlier), "net_fragility").unwrap();
        assert!((net - (2.0 / 6.0 - 2.0 / 4.0)).abs() < 1e-12, "{net}");
    }

    #[test]
    fn a_seed_that_is_not_graded_takes_its_variants_out() {
        let all =
            [case(1, None, Outcome::JudgeError), case(1, Some(("typing", Promise::Same)), Outcome::Pass)];
        let measured = measured(&all, &never);
        let invariance = &measured[0];
        assert_eq!((invariance.value, invariance.n, invariance.excluded), (None, 0, 1));
        assert!(invariance.reason.as_deref().unwrap().contains("whose seed is not graded"));
        assert!(measured.iter().all(|of| of.value.is_none()));
    }

    #[test]
    fn stated_changes_are_of_their_own_variants() {
        let changed = |outcome| case(1, Some(("meaning", Promise::Changed)), outcome);
        let attack = case(1, Some(("adversarial", Promise::Own)), Outcome::Fail);
        let all = [case(1, None, Outcome::Pass), changed(Outcome::Pass), changed(Outcome::Fail), attack];
        let measured = measured(&all, &never);
        assert_eq!(value(&measured, "stated_change_accuracy"), Some(0.5));
        assert!(measured.iter().all(|of| of.metric != "invariance_rate"));
    }
}
