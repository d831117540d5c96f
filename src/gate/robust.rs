//! Robustness as sums over cases, so that it can be tested like a mean: variants beside the seeds they were
//! made from, now and in the baseline.

use super::pair::{Arms, Pair, Pairs};
use super::procedure::{Scores, Values};
use super::score::{Rows, Scored, Value, flip, is_in};
use super::{Flip, GateInput};
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

/// A seed and its variants, with what each came to by run.
#[derive(Debug, Default)]
struct Family {
    seed: Option<Member>,
    variants: Vec<Member>,
}

/// Whether a case passes in each run: `None` where it is not graded, or has no such run.
#[derive(Debug, Clone)]
struct Member {
    index: usize,
    passes: Vec<Option<bool>>,
}

/// A family whose seed and at least one variant are graded on both sides.
struct Whole {
    seed: Member,
    variants: Vec<Member>,
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
    pairs: Pairs<'_>,
    arms: Arms,
) -> Option<Scored> {
    let families = families(slice, input, pairs, arms);
    match robust {
        Robust::Invariance => invariance(&families, arms),
        Robust::Gap => gap(&families, arms),
        Robust::WorstOfK => worst_of_k(&families, arms),
    }
}

fn families(slice: &Slice, input: &GateInput<'_>, pairs: Pairs<'_>, arms: Arms) -> Vec<Whole> {
    let errors = input.spec.target_errors;
    let counts = |pair: &Pair<'_>| {
        pair.case().variant.is_some_and(|variant| variant.promise == Promise::Same)
            && is_in(slice, input, pair.index)
    };
    // Seeds without a variant of the slice are not looked at: in most suites those are all.
    let mut varied: Vec<FamilyId> = pairs.iter().filter(counts).map(|pair| pair.case().family).collect();
    varied.sort_unstable();
    varied.dedup();
    let mut all: BTreeMap<FamilyId, Family> = BTreeMap::new();
    for pair in pairs.iter() {
        let case = pair.case();
        if varied.binary_search(&case.family).is_err() {
            continue;
        }
        let mut passes = vec![None; arms.runs()];
        for (run, of) in pair.runs(arms) {
            passes[run] = of.outcome.passed(errors);
        }
        let graded = |runs: &[Option<bool>]| runs.iter().any(Option::is_some);
        if !graded(&passes[..arms.base]) || !graded(&passes[arms.base..]) {
            continue;
        }
        let member = Member { index: pair.index, passes };
        match case.variant {
            None => all.entry(case.family).or_default().seed = Some(member),
            Some(_) if counts(&pair) => {
                all.entry(case.family).or_default().variants.push(member);
            }
            Some(_) => {}
        }
    }
    let whole = |family: Family| {
        Some(Whole { seed: family.seed?, variants: family.variants })
            .filter(|family| !family.variants.is_empty())
    };
    all.into_values().filter_map(whole).collect()
}

/// What a share of a ratio counts: its numerator and its denominator.
type Fraction = (f64, f64);

/// Near its pooled value R = num/den the ratio is linear in the cases: u = (num − R·den)·runs/den, as for the
/// ratios of labels.
fn invariance(families: &[Whole], arms: Arms) -> Option<Scored> {
    // What a variant adds in a run: its seed passes, and so does it.
    let count = |seed: &Member, variant: &Member, run: usize| -> Option<Fraction> {
        let (seed, variant) = (seed.passes[run]?, variant.passes[run]?);
        Some((flag(seed && variant), flag(seed)))
    };
    let mut rows = Rows::of_reals(arms);
    let (mut kept, mut counts, mut graded) = (Vec::new(), Vec::new(), Vec::new());
    for family in families {
        for variant in &family.variants {
            let of: Vec<Option<Fraction>> =
                (0..arms.runs()).map(|run| count(&family.seed, variant, run)).collect();
            let own = own_runs(&family.seed, variant, &of);
            if rows.add(variant.index, own.map(|run| (run, of[run].map(|(num, _)| num)))) {
                kept.push((&family.seed, variant));
                counts.push(of);
            }
        }
    }
    let (cases, mut scores) = rows.finish()?;
    graded.extend((0..cases.len()).map(|case| scores.graded(case)));
    // Each case enters an arm by the mean over its own runs in it.
    let arm = |runs: std::ops::Range<usize>| -> Fraction {
        counts.iter().zip(&graded).fold((0.0, 0.0), |(num, den), (of, graded)| {
            let own: Vec<Fraction> =
                runs.clone().filter(|run| graded >> run & 1 == 1).filter_map(|run| of[run]).collect();
            let mean = |part: fn(&Fraction) -> f64| own.iter().map(part).sum::<f64>() / own.len() as f64;
            (num + mean(|of| of.0), den + mean(|of| of.1))
        })
    };
    let (then, now) = (arm(0..arms.base), arm(arms.base..arms.runs()));
    if then.1 == 0.0 || now.1 == 0.0 {
        return None;
    }
    let part = |runs: usize| runs as f64 / arms.runs() as f64;
    let num = part(arms.base) * then.0 + part(arms.cand) * now.0;
    let den = part(arms.base) * then.1 + part(arms.cand) * now.1;
    let shares = counts
        .iter()
        .flat_map(|of| of.iter().map(|of| of.map_or(0.0, |(hit, of)| (hit - num / den * of) / den)));
    let differs = counts.iter().zip(&graded).any(|(of, graded)| {
        let mut seen = (0..arms.runs()).filter(|run| graded >> run & 1 == 1).map(|run| of[run]);
        let first = seen.next();
        seen.any(|of| Some(of) != first)
    });
    scores.values = Values::Reals(shares.collect());
    let flips = kept.iter().map(|(seed, variant)| moved_under(seed, variant, arms)).collect();
    let value = Value::Sum(then.0 / then.1, now.0 / now.1);
    Some(Scored { value, flips, differs, ..shares_of(cases, scores) })
}

/// The runs that a case has: those in which it or its seed is graded. Others were never asked of it.
fn own_runs<'m>(
    seed: &'m Member,
    variant: &'m Member,
    of: &'m [Option<Fraction>],
) -> impl Iterator<Item = usize> + 'm {
    (0..of.len()).filter(|run| seed.passes[*run].is_some() || variant.passes[*run].is_some())
}

/// How a variant moved while its seed passed throughout.
fn moved_under(seed: &Member, variant: &Member, arms: Arms) -> Option<Flip> {
    let most = |member: &Member, runs: std::ops::Range<usize>| {
        let graded: Vec<bool> = member.passes[runs].iter().flatten().copied().collect();
        2 * graded.iter().filter(|passed| **passed).count() > graded.len()
    };
    let (before, now) = (0..arms.base, arms.base..arms.runs());
    let steady = most(seed, before.clone()) && most(seed, now.clone());
    steady.then(|| flip(most(variant, before), most(variant, now))).flatten()
}

fn gap(families: &[Whole], arms: Arms) -> Option<Scored> {
    let n = families.len() as f64;
    let mut rows = Rows::of_reals(arms);
    let mut flips = Vec::new();
    for family in families {
        let each = n * family.variants.len() as f64;
        let mut add = |member: &Member, share: f64, flip: Option<Flip>| {
            let runs = member.passes.iter().enumerate().filter(|(_, passed)| passed.is_some());
            let runs = runs.map(|(run, passed)| (run, passed.map(|passed| share * flag(passed))));
            if rows.add(member.index, runs) {
                flips.push(flip);
            }
        };
        add(&family.seed, -1.0 / n, None);
        for variant in &family.variants {
            add(variant, 1.0 / each, moved_under(&family.seed, variant, arms));
        }
    }
    let (cases, scores) = rows.finish()?;
    let arm = |arm: u128| {
        let mean = |case: usize| {
            let runs = scores.graded(case) & arm;
            let own = (0..arms.runs()).filter(|run| runs >> run & 1 == 1);
            own.map(|run| scores.score(case, run)).sum::<f64>() / f64::from(runs.count_ones())
        };
        -(0..cases.len()).map(mean).sum::<f64>()
    };
    let value = Value::Sum(arm(scores.base_runs()), arm(scores.cand_runs()));
    let differs = (0..cases.len()).any(|case| scores.differs(case));
    Some(Scored { value, less_is_better: true, flips, differs, ..shares_of(cases, scores) })
}

fn worst_of_k(families: &[Whole], arms: Arms) -> Option<Scored> {
    let mut rows = Rows::of_flags(arms);
    for family in families {
        let all = |run: usize| {
            let mut members = std::iter::once(&family.seed).chain(&family.variants);
            members.try_fold(true, |all, member| Some(all && member.passes[run]?)).map(flag)
        };
        let asked = |run: &usize| family.seed.passes[*run].is_some();
        rows.add(family.seed.index, (0..arms.runs()).filter(asked).map(|run| (run, all(run))));
    }
    let (cases, scores) = rows.finish()?;
    Some(Scored::of_shares(cases, scores, false))
}

/// Scores that sum to the metric's value, which is still to be told.
fn shares_of(cases: Vec<u32>, scores: Scores) -> Scored {
    Scored { value: Value::Sum(0.0, 0.0), ..Scored::of_shares(cases, scores, false) }
}

fn flag(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}
