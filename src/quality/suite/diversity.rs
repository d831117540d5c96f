//! How much of what could be asked is asked.

use super::figure::{Figure, Offender, Part, percent};
use super::shares::Shares;
use super::words::words;
use super::{Item, Material};
use crate::expand::similar::mixed;
use std::collections::{BTreeMap, HashSet};

/// Texts in a block. The share of distinct n-grams falls with the size of a corpus, so it is taken over
/// blocks of about one size.
const BLOCK: usize = 50;

pub(super) fn figure(material: &Material, families: &[&Item]) -> Figure {
    let figure = Figure::new(
        "diversity",
        "full when labels, scenarios and knob values have equal shares and no pair of words occurs twice in 50 texts, \
         one text a family; mean of its parts",
        "Write seeds for the rare labels, scenarios and knob values, in other words than those there are.",
    );
    if families.is_empty() {
        return figure.without("the suite has no cases");
    }
    let (mut parts, mut offenders) = (Vec::new(), Vec::new());
    let labels = Shares::of(families.iter().filter_map(|item| item.label.as_deref()))
        .among(material.labels.iter().map(String::as_str));
    let scenarios = Shares::of(families.iter().map(|item| item.scenario.as_str()))
        .among(material.scenarios.iter().map(String::as_str));
    for (name, kind, shares) in
        [("evenness of labels", "label", labels), ("evenness of scenarios", "scenario", scenarios)]
    {
        if let Some(evenness) = shares.evenness() {
            parts.push(Part::share(name, evenness, format!("{} over {}", percent(evenness), shares.kinds())));
            rare(kind, &shares, &mut offenders);
        }
    }
    for (knob, shares) in knobs(families) {
        if let Some(evenness) = shares.evenness() {
            let numbers = format!("{} over {}", percent(evenness), shares.kinds());
            parts.push(Part::share(format!("evenness of knob {knob}"), evenness, numbers));
            rare(&format!("value of knob {knob}"), &shares, &mut offenders);
        }
    }
    let texts = in_blocks(families);
    let distinct = |n| distinct(&texts, n);
    if let Some(pairs) = distinct(2) {
        parts.push(Part::share("distinct pairs of words", pairs, percent(pairs)));
    }
    for (name, n) in [("distinct words", 1), ("distinct runs of three", 3)] {
        parts.extend(distinct(n).map(|share| Part::note(name, percent(share))));
    }
    offenders.sort_by(|a: &(f64, String), b| a.0.total_cmp(&b.0));
    figure.with_mean(parts, offenders.into_iter().map(|(_, what)| Offender::other(what)).collect())
}

fn knobs<'a>(families: &[&'a Item]) -> BTreeMap<&'a str, Shares<'a>> {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in families.iter().flat_map(|item| &item.knobs) {
        values.entry(name).or_default().push(value);
    }
    values.into_iter().map(|(name, values)| (name, Shares::of(values))).collect()
}

/// Values that have less than half of an equal share, with the share of it that they have.
fn rare(kind: &str, shares: &Shares, offenders: &mut Vec<(f64, String)>) {
    let equal = shares.total() as f64 / shares.kinds() as f64;
    for (value, count) in shares.ranked() {
        let part = count as f64 / equal;
        if part < 0.5 {
            let total = shares.total();
            offenders.push((
                part,
                format!("{kind} `{value}` has {count} of {total}; an equal share is {equal:.0}"),
            ));
        }
    }
}

/// The words of each text, in blocks of about one size, chosen by what the cases are and not by where they
/// stand.
fn in_blocks(families: &[&Item]) -> Vec<Vec<Vec<String>>> {
    let mut ordered: Vec<&&Item> = families.iter().collect();
    ordered.sort_by_key(|item| mixed(item.id.as_u64()));
    let blocks = (ordered.len() / BLOCK).max(1);
    ordered
        .chunks(ordered.len().div_ceil(blocks).max(1))
        .map(|block| block.iter().map(|item| words(&item.text)).collect())
        .collect()
}

/// Distinct runs of `n` words over all of them (Li and others 2016), within blocks.
fn distinct(blocks: &[Vec<Vec<String>>], n: usize) -> Option<f64> {
    let (mut distinct, mut all) = (0, 0);
    for block in blocks {
        let runs = || block.iter().flat_map(|words| words.windows(n));
        distinct += runs().collect::<HashSet<_>>().len();
        all += runs().count();
    }
    (all > 0).then(|| distinct as f64 / all as f64)
}
