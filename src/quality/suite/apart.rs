//! Whether a program can tell synthetic texts from those of people.
//!
//! Naive Bayes over the character 1- to 4-grams that a text has, as they are written (case and
//! punctuation give programs away too), hashed to 2^16 counters. Five folds by family, so that a variant
//! is never judged by a model that has seen its seed. The figure is the area under the ROC curve over all
//! cases, each scored by the model that did not see it. Nothing is drawn at random.

use super::figure::{Figure, Offender, Part, quoted};
use super::{Item, Material, Source};
use crate::expand::similar::{gram, mixed};

const FOLDS: u64 = 5;
/// Bits of the counters' index.
const BITS: u32 = 16;
/// Cases of each kind, and families of each kind, below which there is nothing to learn from.
const FEW: usize = 10;
/// Cases of each kind looked at, at most: chosen by their ids.
const MANY: usize = 10_000;
/// Characters of a text looked at, at most.
const LENGTH: usize = 2000;

pub(super) fn figure(material: &Material) -> Figure {
    let figure = Figure::new(
        "telling apart",
        "full when a classifier cannot tell synthetic texts from people's (AUC 0.5), 0 when it always can (AUC 1)",
        "Look at the cases named: what gives them away is a habit of the template, the operator or the model.",
    );
    let (synthetic, people) = (chosen(material, true), chosen(material, false));
    for (kind, of) in [("synthetic", &synthetic), ("person’s", &people)] {
        let mut families: Vec<_> = of.iter().map(|item| item.family).collect();
        families.sort_unstable();
        families.dedup();
        if families.len() < FEW {
            return figure.without(format!("fewer than {FEW} families have a {kind} text"));
        }
    }
    let mut judged: Vec<Judged> = [(true, &synthetic), (false, &people)]
        .into_iter()
        .flat_map(|(is_synthetic, of)| of.iter().map(move |item| Judged::new(item, is_synthetic)))
        .collect();
    judge(&mut judged);
    let auc = area(&judged);
    let share = 2.0 * (1.0 - auc.max(0.5));
    let mut told: Vec<&Judged> = judged.iter().filter(|of| of.is_synthetic && of.score > 0.0).collect();
    told.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.id.cmp(&b.item.id)));
    let offenders = told
        .iter()
        .map(|of| Offender::case(of.item.id, format!("is told to be synthetic: {}", quoted(&of.item.text))))
        .collect();
    let parts = vec![
        Part::share("AUC", share, format!("{auc:.3} (0.5: by chance)")),
        Part::note("texts compared", format!("{} synthetic, {} of people", synthetic.len(), people.len())),
    ];
    figure.with(100.0 * share, parts, if share < 0.9 { offenders } else { Vec::new() })
}

/// The cases of a kind, or as many as are looked at.
fn chosen(material: &Material, is_synthetic: bool) -> Vec<&Item> {
    let mut items: Vec<&Item> =
        material.items.iter().filter(|item| (item.source == Source::Synthetic) == is_synthetic).collect();
    items.sort_by_key(|item| mixed(item.id.as_u64()));
    items.truncate(MANY);
    items
}

struct Judged<'a> {
    item: &'a Item,
    is_synthetic: bool,
    fold: u64,
    features: Vec<usize>,
    score: f64,
}

impl<'a> Judged<'a> {
    fn new(item: &'a Item, is_synthetic: bool) -> Self {
        let characters: Vec<char> = item.text.chars().take(LENGTH).collect();
        let mut features: Vec<usize> = (1..=4)
            .flat_map(|n| characters.windows(n))
            .map(|run| (gram(run) >> (u64::BITS - BITS)) as usize)
            .collect();
        features.sort_unstable();
        features.dedup();
        // Mixed once more: the ids are hashes, but nothing here should depend on how they were made.
        Self { item, is_synthetic, fold: mixed(item.family.as_u64()) % FOLDS, features, score: 0.0 }
    }
}

/// Scores each case by the logarithm of the odds that it is synthetic, under the model of the other folds.
fn judge(judged: &mut [Judged]) {
    for fold in 0..FOLDS {
        let model = Model::of(judged.iter().filter(|of| of.fold != fold));
        for of in judged.iter_mut().filter(|of| of.fold == fold) {
            of.score = of.features.iter().map(|feature| model.odds[*feature]).sum();
        }
    }
}

/// What having a feature says, as the logarithm of odds.
struct Model {
    odds: Vec<f64>,
}

impl Model {
    fn of<'a>(judged: impl Iterator<Item = &'a Judged<'a>>) -> Self {
        let mut counts = [vec![0_usize; 1 << BITS], vec![0_usize; 1 << BITS]];
        for of in judged {
            let of_kind = &mut counts[usize::from(of.is_synthetic)];
            for feature in &of.features {
                of_kind[*feature] += 1;
            }
        }
        let [people, synthetic] = &counts;
        let totals = [people, synthetic].map(|of| (of.iter().sum::<usize>() + of.len()) as f64);
        // One more of each, so that what was never seen says little. The kinds weigh the same.
        let odds = people.iter().zip(synthetic).map(|(&people, &synthetic)| {
            ((synthetic + 1) as f64 / totals[1]).ln() - ((people + 1) as f64 / totals[0]).ln()
        });
        Self { odds: odds.collect() }
    }
}

/// The chance that a synthetic text scores above one of a person's, ties counting half (the
/// Mann–Whitney statistic).
fn area(judged: &[Judged]) -> f64 {
    let mut ordered: Vec<&Judged> = judged.iter().collect();
    ordered.sort_by(|a, b| a.score.total_cmp(&b.score));
    let (mut below, mut wins) = (0.0, 0.0);
    for tied in ordered.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        let synthetic = tied.iter().filter(|of| of.is_synthetic).count() as f64;
        let people = tied.len() as f64 - synthetic;
        wins += synthetic * (below + people / 2.0);
        below += people;
    }
    wins / (below * (judged.len() as f64 - below))
}
