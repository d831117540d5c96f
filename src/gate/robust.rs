//! Robustness as sums over cases, so that it can be tested like a mean: variants beside the seeds they were
//! made from, now and in the baseline.

use super::GateInput;
use super::compare::Moves;
use super::pair::{Pair, passed};
use super::score::{Score, Scored, flip, is_in};
use crate::expand::{FamilyId, Promise};
use crate::metric::Slice;
use std::collections::BTreeMap;

/// What is said of variants beside their seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Robust {
    /// The share of variants that pass, of those whose seed passes.
    Invariance,
    /// The pass rate of seeds less that of their variants, each seed counting alike.
    Gap,
    /// The share of seeds that pass with all their variants.
    WorstOfK,
}

/// A seed and its variants, with what each was and is.
#[derive(Debug, Default)]
struct Family {
    seed: Option<Member>,
    variants: Vec<Member>,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    index: usize,
    before: bool,
    now: bool,
}

impl Robust {
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "invariance_rate" => Some(Self::Invariance),
            "robustness_gap" => Some(Self::Gap),
            "worst_of_k" => Some(Self::WorstOfK),
            _ => None,
        }
    }
}

/// The scores of the families whose seed and at least one variant of the slice are graded on both sides.
pub(super) fn score(
    robust: Robust,
    slice: &Slice,
    input: &GateInput<'_>,
    pairs: &[Pair<'_>],
) -> Option<Scored> {
    let families = families(slice, input, pairs);
    if families.is_empty() {
        return None;
    }
    match robust {
        Robust::Invariance => invariance(&families),
        Robust::Gap => Some(gap(&families)),
        Robust::WorstOfK => Some(worst_of_k(&families)),
    }
}

fn families(slice: &Slice, input: &GateInput<'_>, pairs: &[Pair<'_>]) -> Vec<(Member, Vec<Member>)> {
    let errors = input.spec.target_errors;
    let mut all: BTreeMap<FamilyId, Family> = BTreeMap::new();
    for pair in pairs {
        let (Some(before), Some(now)) = (passed(pair.before(), errors), passed(pair.now(), errors)) else {
            continue;
        };
        let member = Member { index: pair.index, before, now };
        match pair.case.variant {
            None => all.entry(pair.case.family).or_default().seed = Some(member),
            Some(variant) if variant.promise == Promise::Same && is_in(slice, input, pair.case) => {
                all.entry(pair.case.family).or_default().variants.push(member);
            }
            Some(_) => {}
        }
    }
    let whole =
        |family: Family| Some((family.seed?, family.variants)).filter(|(_, variants)| !variants.is_empty());
    all.into_values().filter_map(whole).collect()
}

/// Near its pooled value R = num/den the ratio is linear in the cases: u = 2 (num − R·den) / den, as for the
/// ratios of labels.
fn invariance(families: &[(Member, Vec<Member>)]) -> Option<Scored> {
    let flag = |yes: bool| f64::from(u8::from(yes));
    let side = |of: fn(&Member) -> bool| {
        families.iter().fold((0.0, 0.0), |(num, den), (seed, variants)| {
            let passed = variants.iter().filter(|variant| of(variant)).count() as f64;
            if of(seed) { (num + passed, den + variants.len() as f64) } else { (num, den) }
        })
    };
    let (then, now) = (side(|member| member.before), side(|member| member.now));
    if then.1 == 0.0 || now.1 == 0.0 {
        return None;
    }
    let (num, den) = (then.0 + now.0, then.1 + now.1);
    let share = |seed: bool, variant: bool| 2.0 * (flag(seed && variant) - num / den * flag(seed)) / den;
    let scores = families.iter().flat_map(|(seed, variants)| {
        variants.iter().map(move |variant| Score {
            index: variant.index,
            before: share(seed.before, variant.before),
            now: share(seed.now, variant.now),
            differs: (seed.before, variant.before) != (seed.now, variant.now),
            flip: (seed.before && seed.now).then(|| flip(variant.before, variant.now)).flatten(),
        })
    });
    Some(scored(then.0 / then.1, now.0 / now.1, scores.collect(), false))
}

fn gap(families: &[(Member, Vec<Member>)]) -> Scored {
    let n = families.len() as f64;
    let flag = |yes: bool| f64::from(u8::from(yes));
    let mut scores = Vec::new();
    for (seed, variants) in families {
        let each = n * variants.len() as f64;
        scores.push(Score {
            index: seed.index,
            before: -flag(seed.before) / n,
            now: -flag(seed.now) / n,
            differs: seed.before != seed.now,
            flip: None,
        });
        scores.extend(variants.iter().map(|variant| Score {
            index: variant.index,
            before: flag(variant.before) / each,
            now: flag(variant.now) / each,
            differs: variant.before != variant.now,
            flip: (seed.before && seed.now).then(|| flip(variant.before, variant.now)).flatten(),
        }));
    }
    let sum = |of: fn(&Score) -> f64| -scores.iter().map(of).sum::<f64>();
    let (before, now) = (sum(|score| score.before), sum(|score| score.now));
    scored(before, now, scores, true)
}

fn worst_of_k(families: &[(Member, Vec<Member>)]) -> Scored {
    let flag = |yes: bool| f64::from(u8::from(yes));
    let scores: Vec<Score> = families
        .iter()
        .map(|(seed, variants)| {
            let all = |of: fn(&Member) -> bool| of(seed) && variants.iter().all(of);
            let (before, now) = (all(|member| member.before), all(|member| member.now));
            Score {
                index: seed.index,
                before: flag(before),
                now: flag(now),
                differs: before != now,
                flip: flip(before, now),
            }
        })
        .collect();
    let n = families.len() as f64;
    let mean = |of: fn(&Score) -> f64| scores.iter().map(of).sum::<f64>() / n;
    let (before, now) = (mean(|score| score.before), mean(|score| score.now));
    Scored { counts: true, ..scored(before, now, scores, false) }
}

fn scored(before: f64, now: f64, scores: Vec<Score>, less_is_better: bool) -> Scored {
    Scored { before, now, scores, counts: false, less_is_better, unit: 1.0, moves: Moves::Verdicts }
}
