//! Where the cases that broke lie: the groups that hold clearly more of them than the rest.

use super::places::Places;
use super::{Concentration, GateInput};
use crate::metric::knob_groups;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Groups that are shown at most.
const SHOWN: usize = 5;

/// Fewest broken cases that make a group.
const MIN_BROKEN: usize = 2;

/// How many times the share of the rest a group's share of broken cases is at least.
const TIMES: usize = 2;

/// A group of cases: all of it, and what of it broke.
#[derive(Default)]
struct Group {
    /// Ascending.
    broke: Vec<usize>,
    of: usize,
}

/// What a group shares: of which kind it is, and its value.
type Key<'a> = (u8, Cow<'a, str>);

/// The groups that a case is in.
fn keys<'a>(input: &GateInput<'a>, index: usize) -> impl Iterator<Item = Key<'a>> {
    let case = input.table.case(index);
    let scenario = input.scenarios.get(case.scenario).map(|(id, _)| (0, Cow::from(id)));
    let label = case.truth.map(|truth| (1, Cow::from(truth)));
    let tags: BTreeSet<Key<'a>> = case.tags.iter().map(|tag| (2, Cow::from(tag))).collect();
    let operators = case.variant.map(|variant| (3, Cow::from(variant.family)));
    let knobs = case.knobs.map(knob_groups).unwrap_or_default();
    let knobs = knobs.into_iter().map(|(pair, group)| (if pair { 5 } else { 4 }, Cow::from(group)));
    scenario.into_iter().chain(label).chain(tags).chain(operators).chain(knobs)
}

/// The groups by scenario, expected label, tag, family of operators, knob value and pair of knob values in
/// which the `broke` of `cases` (places in the input) lie.
///
/// Those are shown that hold the most more than their share, so that both a small group that broke wholly
/// and a large one that broke in good part come before one that merely holds a few. Of groups with the same
/// broken cases only the first is shown.
pub(super) fn concentrations(input: &GateInput<'_>, cases: &Places, broke: &Places) -> Vec<Concentration> {
    let mut groups: BTreeMap<Key<'_>, Group> = BTreeMap::new();
    for index in broke.iter() {
        for key in keys(input, index) {
            groups.entry(key).or_default().broke.push(index);
        }
    }
    // Only those can be shown, and a suite may have very many others.
    groups.retain(|_, group| group.broke.len() >= MIN_BROKEN);
    if groups.is_empty() {
        return Vec::new();
    }
    for index in cases.iter() {
        for key in keys(input, index) {
            if let Some(group) = groups.get_mut(&key) {
                group.of += 1;
            }
        }
    }
    let (all, all_broken) = (cases.len(), broke.len());
    groups.retain(|_, group| {
        let rest = (all_broken - group.broke.len(), all - group.of);
        // Shares multiplied out; a group that is everything says nothing.
        group.broke.len() * rest.1 >= TIMES * rest.0 * group.of && rest.1 > 0
    });
    let mut groups: Vec<(Key<'_>, Group)> = groups.into_iter().collect();
    // Broken cases beyond the group's share of all, times the number of all cases.
    let excess = |group: &Group| (group.broke.len() * all).saturating_sub(group.of * all_broken);
    groups.sort_by_key(|(_, group)| Reverse(excess(group)));

    let mut said: BTreeSet<Vec<usize>> = BTreeSet::new();
    groups.retain(|(_, group)| said.insert(group.broke.clone()));
    groups.truncate(SHOWN);
    let by = |kind: u8| match kind {
        0 => "scenario",
        1 => "expected label",
        2 => "tag",
        3 => "operators",
        4 => "knob",
        _ => "knob pair",
    };
    groups
        .into_iter()
        .map(|((kind, value), group)| Concentration {
            by: by(kind).to_owned(),
            value: value.into_owned(),
            broke: group.broke.len(),
            of: group.of,
        })
        .collect()
}
