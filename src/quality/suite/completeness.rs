//! Whether everything is there that the suite means to test.

use super::figure::{Figure, Offender, Part};
use super::{Item, Material};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Families a label needs: with fewer, one of them moves its recall by more than 20 points.
const LABEL: usize = 5;
/// Families a scenario needs to be more than an anecdote.
const SCENARIO: usize = 3;

pub(super) fn figure(material: &Material, families: &[&Item]) -> Figure {
    let figure = Figure::new(
        "completeness",
        "full when every case has a text and its label, every label 5 seeds and every scenario 3; mean of its parts",
        "Add seeds to the labels and scenarios named, and a label to the cases named.",
    );
    let items = &material.items;
    if items.is_empty() {
        return figure.without("the suite has no cases");
    }
    let mut offenders = Vec::new();
    let blank: Vec<&Item> = items.iter().filter(|item| item.text.trim().is_empty()).collect();
    offenders
        .extend(blank.iter().map(|item| Offender::case(item.id, "asks nothing: its text is empty".into())));
    let mut parts = vec![Part::count("cases with a text", items.len() - blank.len(), items.len())];
    if !material.labels.is_empty() {
        let unlabelled: Vec<&Item> = items.iter().filter(|item| item.label.is_none()).collect();
        offenders.extend(
            unlabelled
                .iter()
                .map(|item| Offender::case(item.id, "expects no label, or more than one".into())),
        );
        parts.push(Part::count("cases with one label", items.len() - unlabelled.len(), items.len()));
        let labels = families.iter().filter_map(|item| item.label.as_deref());
        let short = short("label", &material.labels, labels, LABEL);
        let all = material.labels.iter().collect::<HashSet<_>>().len();
        parts.push(Part::count(format!("labels with {LABEL} seeds"), all - short.len(), all));
        offenders.extend(short);
    }
    let scenarios = families.iter().map(|item| item.scenario.as_str());
    let short = short("scenario", &material.scenarios, scenarios, SCENARIO);
    let all = material.scenarios.iter().collect::<HashSet<_>>().len();
    if all > 0 {
        parts.push(Part::count(format!("scenarios with {SCENARIO} seeds"), all - short.len(), all));
    }
    offenders.extend(short);
    knobs(items, &mut parts, &mut offenders);
    figure.with_mean(parts, offenders)
}

/// The names that have fewer families than they need, fewest first.
fn short<'a>(
    kind: &str,
    names: &'a [String],
    used: impl Iterator<Item = &'a str>,
    needed: usize,
) -> Vec<Offender> {
    let mut counts: BTreeMap<&str, usize> = names.iter().map(|name| (name.as_str(), 0)).collect();
    for name in used {
        if let Some(count) = counts.get_mut(name) {
            *count += 1;
        }
    }
    let mut short: Vec<_> = counts.into_iter().filter(|(_, count)| *count < needed).collect();
    short.sort_by_key(|(_, count)| *count);
    short
        .into_iter()
        .map(|(name, count)| Offender::other(format!("{kind} `{name}` has {count} of {needed} seeds")))
        .collect()
}

/// Cases made with knobs say the value of each knob that their scenario has.
fn knobs(items: &[Item], parts: &mut Vec<Part>, offenders: &mut Vec<Offender>) {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for item in items {
        names.entry(&item.scenario).or_default().extend(item.knobs.iter().map(|(name, _)| name.as_str()));
    }
    let with: Vec<&Item> = items.iter().filter(|item| !item.knobs.is_empty()).collect();
    if with.is_empty() {
        return;
    }
    let mut whole = 0;
    for item in &with {
        let has: BTreeSet<&str> = item.knobs.iter().map(|(name, _)| name.as_str()).collect();
        let missing: Vec<&str> = names[item.scenario.as_str()].difference(&has).copied().collect();
        if missing.is_empty() {
            whole += 1;
        } else {
            offenders.push(Offender::case(item.id, format!("has no value of knob {}", missing.join(", "))));
        }
    }
    parts.push(Part::count("cases with every knob", whole, with.len()));
}
