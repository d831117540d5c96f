//! Cases that ask what another asks already.

use super::figure::{Figure, Offender, Part, quoted};
use super::{Item, Material};
use crate::expand::similar::{earlier_neighbours_if, normalised};
use std::collections::HashMap;

/// Jaccard similarity of character 5-grams from which two texts are near duplicates.
const NEAR: f64 = 0.8;

pub(super) fn figure(material: &Material, threads: usize) -> Figure {
    let figure = Figure::new(
        "duplicates",
        "full when no case asks what an earlier one asks; the share of cases that neither equal an earlier one nor \
         come near one of another family (5-gram Jaccard 0.8)",
        "Remove the cases named, or reword them. Where labels differ, one of the two is wrong.",
    );
    let items = &material.items;
    if items.is_empty() {
        return figure.without("the suite has no cases");
    }
    let mut found = identical(items);
    let same = found.iter().flatten().count();
    let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
    let near = earlier_neighbours_if(&texts, NEAR, threads, |a, b| items[a].family != items[b].family);
    for (found, near) in found.iter_mut().zip(near) {
        *found = found.or_else(|| near.map(|near| (near.index, near.jaccard)));
    }
    let all = found.iter().flatten().count();
    let mut pairs: Vec<(&Item, &Item, f64)> = found
        .iter()
        .enumerate()
        .filter_map(|(at, found)| found.map(|(other, near)| (&items[at], &items[other], near)))
        .collect();
    // What is contradicted first, then the nearest; the order of the suite among equals.
    pairs.sort_by(|a, b| contradict(b).cmp(&contradict(a)).then(b.2.total_cmp(&a.2)));
    let contradicting = pairs.iter().filter(|pair| contradict(pair)).count();
    let offenders = pairs.iter().map(offender).collect();
    let count = items.len();
    let parts = vec![
        Part::count("not the same as another", count - same, count),
        Part::count("not near another", count - (all - same), count),
        Part::count("not near one of another label", count - contradicting, count),
    ];
    figure.with(100.0 * (count - all) as f64 / count as f64, parts, offenders)
}

/// For each case the first that asks the same.
fn identical(items: &[Item]) -> Vec<Option<(usize, f64)>> {
    let mut first: HashMap<String, usize> = HashMap::new();
    items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let of = *first.entry(normalised(&item.text)).or_insert(at);
            (of != at).then_some((of, 1.0))
        })
        .collect()
}

fn contradict((a, b, _): &(&Item, &Item, f64)) -> bool {
    a.label.is_some() && b.label.is_some() && a.label != b.label
}

fn offender(pair: &(&Item, &Item, f64)) -> Offender {
    let (item, other, near) = pair;
    let how = if normalised(&item.text) == normalised(&other.text) {
        "asks the same as".to_owned()
    } else {
        format!("is near ({near:.2}) to")
    };
    let labels = match (contradict(pair), &item.label, &other.label) {
        (true, Some(own), Some(its)) => format!(", but expects `{own}`, not `{its}`"),
        _ => String::new(),
    };
    Offender::case(item.id, format!("{how} {}{labels}: {}", other.id, quoted(&item.text)))
}
