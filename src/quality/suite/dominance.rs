//! Whether one thing takes the place of all others.

use super::figure::{Figure, Offender, Part, percent, quoted};
use super::shares::Shares;
use super::words::words;
use super::{Item, Material};
use crate::expand::CaseId;
use std::collections::{BTreeSet, HashMap};

/// Words of an opening.
const OPENING: usize = 3;
/// Letters of a word that says something: shorter ones are mostly grammar.
const LETTERS: usize = 5;
/// Texts below which shares of openings and words say nothing.
const FEW: usize = 10;
/// A value with more than this share is named.
const MUCH: f64 = 0.5;

pub(super) fn figure(material: &Material, families: &[&Item]) -> Figure {
    let figure = Figure::new(
        "dominance",
        "full when nothing is more frequent than it must be, 0 when one label, scenario, template, answer, opening or \
         word is in every case; the lowest of its parts",
        "Thin out what the lowest part names, or add seeds of the other kinds.",
    );
    let items = &material.items;
    if items.is_empty() {
        return figure.without("the suite has no cases");
    }
    let mut found = Found::default();
    let labels = items.iter().filter_map(|item| Some((item.label.as_deref()?, item.id)));
    found.even("label", labels, &material.labels);
    let scenarios = items.iter().map(|item| (item.scenario.as_str(), item.id));
    found.even("scenario", scenarios, &material.scenarios);
    let templates = items.iter().filter_map(|item| Some((item.template.as_deref()?, item.id)));
    found.rare("template", templates, items.len());
    let answers = items.iter().filter_map(|item| Some((item.answer.as_deref()?, item.id)));
    found.rare("answer", answers, items.len());
    if families.len() >= FEW {
        let texts: Vec<(Vec<String>, CaseId)> =
            families.iter().map(|item| (words(&item.text), item.id)).collect();
        let openings: Vec<(String, CaseId)> =
            texts.iter().filter_map(|(words, id)| Some((words.get(..OPENING)?.join(" "), *id))).collect();
        found.rare("opening", openings.iter().map(|(text, id)| (text.as_str(), *id)), families.len());
        let long = texts.iter().flat_map(|(words, id)| {
            let each: BTreeSet<&str> =
                words.iter().filter(|word| word.chars().count() >= LETTERS).map(String::as_str).collect();
            each.into_iter().map(move |word| (word, *id))
        });
        found.rare("word", long, families.len());
    }
    let scores = found.parts.iter().filter_map(|part| part.score);
    match scores.reduce(f64::min) {
        Some(lowest) => figure.with(lowest, found.parts, found.offenders),
        None => figure.without("there is nothing that could dominate"),
    }
}

#[derive(Default)]
struct Found {
    parts: Vec<Part>,
    offenders: Vec<Offender>,
}

impl Found {
    /// A thing that every case has: 100 at equal shares. Nothing to say where there is one value only.
    fn even<'a>(&mut self, name: &str, values: impl Iterator<Item = (&'a str, CaseId)>, all: &'a [String]) {
        let values: Vec<_> = values.collect();
        let shares = Shares::of(values.iter().map(|(value, _)| *value)).among(all.iter().map(String::as_str));
        if shares.kinds() > 1 {
            let equal = 1.0 / shares.kinds() as f64;
            self.part(name, &values, &shares, shares.total(), |share| (1.0 - share) / (1.0 - equal));
        }
    }

    /// A thing that few of `all` should have in common.
    fn rare<'a>(&mut self, name: &str, values: impl Iterator<Item = (&'a str, CaseId)>, all: usize) {
        let values: Vec<_> = values.collect();
        let shares = Shares::of(values.iter().map(|(value, _)| *value));
        self.part(name, &values, &shares, all, |share| 1.0 - share);
    }

    fn part(
        &mut self,
        name: &str,
        values: &[(&str, CaseId)],
        shares: &Shares,
        all: usize,
        good: impl Fn(f64) -> f64,
    ) {
        let ranked = shares.ranked();
        let Some(&(top, count)) = ranked.first().filter(|(_, count)| *count > 0) else { return };
        let share = count as f64 / all as f64;
        let numbers = format!("{} in {} ({count} of {all})", quoted(top), percent(share));
        self.parts.push(Part::share(format!("most frequent {name}"), good(share), numbers));
        if share > MUCH {
            let first: HashMap<&str, CaseId> = values.iter().rev().copied().collect();
            let what =
                format!("the {name} {} is in {} of the cases, this one first", quoted(top), percent(share));
            self.offenders.extend(first.get(top).map(|id| Offender::case(*id, what)));
        }
    }
}
