//! Which variants to keep where a suite says how many: those that cover knobs first, then one of every
//! family for every seed, then those of failures seen before, then the most different.

use super::case::{Case, CaseId};
use super::similar::Sketch;
use crate::suite::schema::Origin;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A case that may be left out.
#[derive(Debug)]
pub(super) struct Candidate {
    id: CaseId,
    seed: CaseId,
    /// The family of its operators; empty for a row of knobs.
    family: String,
    scenario: usize,
    /// Whether its seed is a failure that was seen before.
    failure: bool,
    sketch: Sketch,
}

impl Candidate {
    /// What of a case the choice depends on; `None` for a case that people wrote, which always stays.
    pub fn of(case: &Case, seed_origin: Origin) -> Option<Self> {
        let lineage = case.provenance.lineage.as_deref();
        if case.provenance.is_of_people() {
            return None;
        }
        Some(Self {
            id: case.id,
            seed: case.family,
            family: lineage.map(|lineage| lineage.family.clone()).unwrap_or_default(),
            scenario: case.scenario,
            failure: seed_origin == Origin::Failure,
            sketch: Sketch::of(case.input.as_str().unwrap_or_default()),
        })
    }

    fn is_row(&self) -> bool {
        self.family.is_empty()
    }
}

/// The cases to keep: at most `totals[scenario]` of a scenario, and at most `total` of the suite.
///
/// The choice depends on the cases alone and not on their order. Adding a seed may change which
/// variants are kept, and never what any of them is.
pub(super) fn choose(
    candidates: &[Candidate],
    totals: &[Option<usize>],
    total: Option<usize>,
) -> HashSet<CaseId> {
    let (mut kept, mut by_scenario) = (HashSet::new(), vec![0_usize; totals.len()]);
    for candidate in ranked(candidates) {
        if total.is_some_and(|total| kept.len() >= total) {
            break;
        }
        let count = &mut by_scenario[candidate.scenario];
        if totals[candidate.scenario].is_none_or(|most| *count < most) {
            *count += 1;
            kept.insert(candidate.id);
        }
    }
    kept
}

/// All candidates, those to be kept first at the front.
fn ranked(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut by_id: Vec<&Candidate> = candidates.iter().collect();
    by_id.sort_unstable_by_key(|candidate| candidate.id);
    let (rows, rest): (Vec<_>, Vec<_>) = by_id.into_iter().partition(|candidate| candidate.is_row());
    let mut out = rows;
    let mut met = BTreeSet::new();
    let (first, rest): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|candidate| met.insert((candidate.seed, candidate.family.as_str())));
    out.extend(one_of_each_in_turn(first));
    let (failures, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|candidate| candidate.failure);
    let mut siblings: BTreeMap<CaseId, Vec<&Candidate>> = BTreeMap::new();
    for taken in &out {
        siblings.entry(taken.seed).or_default().push(taken);
    }
    out.extend(most_different(failures, &mut siblings));
    out.extend(most_different(rest, &mut siblings));
    out
}

/// Family by family in turn, so that a small budget is spread over all of them.
fn one_of_each_in_turn(candidates: Vec<&Candidate>) -> Vec<&Candidate> {
    let mut families: BTreeMap<&str, std::vec::IntoIter<&Candidate>> = BTreeMap::new();
    let mut lists: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates {
        lists.entry(candidate.family.as_str()).or_default().push(candidate);
    }
    families.extend(lists.into_iter().map(|(family, list)| (family, list.into_iter())));
    let mut out = Vec::new();
    while !families.is_empty() {
        families.retain(|_, list| match list.next() {
            Some(candidate) => {
                out.push(candidate);
                true
            }
            None => false,
        });
    }
    out
}

/// Seed by seed in turn, each time the variant that is least like those taken of the same seed.
fn most_different<'c>(
    candidates: Vec<&'c Candidate>,
    taken: &mut BTreeMap<CaseId, Vec<&'c Candidate>>,
) -> Vec<&'c Candidate> {
    let mut waiting: BTreeMap<CaseId, Vec<(&Candidate, f64)>> = BTreeMap::new();
    for candidate in candidates {
        let siblings = taken.get(&candidate.seed).map(Vec::as_slice).unwrap_or_default();
        let nearest =
            siblings.iter().map(|sibling| sibling.sketch.estimate(&candidate.sketch)).fold(0.0, f64::max);
        waiting.entry(candidate.seed).or_default().push((candidate, nearest));
    }
    let mut out = Vec::new();
    while !waiting.is_empty() {
        waiting.retain(|seed, list| {
            // The first of the least like: they stand in the order of their ids.
            let Some(at) =
                (0..list.len()).reduce(|best, at| if list[at].1 < list[best].1 { at } else { best })
            else {
                return false;
            };
            let (candidate, _) = list.remove(at);
            for (other, nearest) in &mut *list {
                *nearest = nearest.max(candidate.sketch.estimate(&other.sketch));
            }
            taken.entry(*seed).or_default().push(candidate);
            out.push(candidate);
            !list.is_empty()
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(number: u8, seed: u8, family: &str, text: &str) -> Candidate {
        Candidate {
            id: CaseId::of(&[&[number]]),
            seed: CaseId::of(&[b"seed", &[seed]]),
            family: family.to_owned(),
            scenario: 0,
            failure: false,
            sketch: Sketch::of(text),
        }
    }

    #[test]
    fn rows_come_first_then_one_of_every_family_for_every_seed() {
        let candidates = [
            candidate(1, 1, "typing", "book a meeting now"),
            candidate(2, 1, "typing", "book a meetign now"),
            candidate(3, 1, "unicode", "bооk a meeting now"),
            candidate(4, 2, "typing", "find the report"),
            candidate(5, 3, "", "a row of knobs"),
        ];
        let kept = choose(&candidates, &[None], Some(4));
        let id = |number: u8| CaseId::of(&[&[number]]);
        assert_eq!(kept.len(), 4);
        for number in [3, 4, 5] {
            assert!(kept.contains(&id(number)), "{number}");
        }
        assert_eq!(choose(&candidates, &[Some(2)], Some(4)).len(), 2);
        assert_eq!(choose(&candidates, &[None], None).len(), 5);
    }

    #[test]
    fn variants_of_past_failures_come_before_those_that_are_most_different() {
        let mut failure = candidate(4, 2, "typing", "find the repotr");
        failure.failure = true;
        let candidates = [
            candidate(1, 1, "typing", "book a meeting now"),
            candidate(2, 1, "typing", "BOOK A MEETING NOW PLEASE OR NEVER"),
            candidate(3, 2, "typing", "find teh report"),
            failure,
        ];
        // One of each family and seed takes two; the third is of the failure.
        let kept = choose(&candidates, &[None], Some(3));
        let of_failure = [3_u8, 4].iter().filter(|number| kept.contains(&CaseId::of(&[&[**number]]))).count();
        assert_eq!(of_failure, 2);
    }

    #[test]
    fn the_most_different_variant_is_kept() {
        let texts =
            ["please book a meeting with Ana", "please book a meeting with Ann", "quite another text"];
        let candidates: Vec<Candidate> =
            texts.iter().zip(1..).map(|(text, number)| candidate(number, 1, "typing", text)).collect();
        let kept = choose(&candidates, &[None], Some(2));
        // Whichever comes first, its near twin is the one left out.
        assert!(kept.contains(&CaseId::of(&[&[3]])));
    }
}
