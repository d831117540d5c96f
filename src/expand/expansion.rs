//! The expansion of a suite: every seed and every variant, one after the other, in the order of the file.
//! Nothing is kept, so that a plan of any size can be listed.

use super::case::{Case, CaseId, Lineage};
use super::choose::{Candidate, choose};
use super::entry::Entry;
use super::expectation::Expectations;
use super::ledger::{EntryLedger, Ledger, ScenarioLedger};
use super::protect::Protector;
use super::reviewed::Beside;
use super::rows::Rows;
use super::seeds::{ExpandError, SeedCase, script_of, seed_case};
use super::vary::{Ready, Workshop};
use crate::suite::schema::Origin;
use crate::suite::{Place, Seed, SeedsError, Suite};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A suite ready to be expanded.
#[derive(Debug)]
pub struct Expansion<'s> {
    suite: &'s Suite,
    workshops: Vec<Workshop>,
    /// The rows of each scenario's template.
    rows: Vec<Option<Rows>>,
}

impl<'s> Expansion<'s> {
    /// Gets the operators ready. What a checked suite says has no mistakes; those of another are told with
    /// the place of their scenario.
    pub fn new(suite: &'s Suite) -> Result<Self, Vec<ExpandError>> {
        let mut errors = Vec::new();
        let spec = &suite.spec.expand;
        let workshops = suite
            .scenarios
            .iter()
            .map(|scenario| {
                let per_seed = scenario.spec.per_seed.unwrap_or(spec.per_seed);
                let mut wrong = |message: String| {
                    errors.push(ExpandError::Entry { place: suite.place(scenario), message });
                };
                let entries = scenario.spec.expand.iter().filter_map(|entry| match Entry::of(entry) {
                    Ok(entry) => Some(Ready::new(entry, per_seed)),
                    Err(mistakes) => {
                        for mistake in mistakes {
                            wrong(mistake.message);
                        }
                        None
                    }
                });
                let entries = entries.collect();
                let patterns = [spec.protect.as_slice(), &scenario.spec.protect].concat();
                let protector = Protector::new(&patterns).or_else(|error| {
                    wrong(error.to_string());
                    Protector::new(&[])
                });
                Workshop {
                    seed: suite.spec.seed,
                    protector: protector.unwrap_or_default(),
                    max_edit: spec.max_edit.get(),
                    canary: spec.canary.clone(),
                    entries,
                }
            })
            .collect();
        let mut rows = Vec::with_capacity(suite.scenarios.len());
        for index in 0..suite.scenarios.len() {
            match Rows::of(suite, index) {
                Ok(made) => rows.push(made),
                Err(wrong) => errors.extend(wrong),
            }
        }
        if errors.is_empty() { Ok(Self { suite, workshops, rows }) } else { Err(errors) }
    }

    /// Hands every case to `each`: a seed, then its variants, entry by entry. The same suite gives the same
    /// cases. All errors are told together.
    pub fn visit(&self, each: &mut dyn FnMut(Case)) -> Result<Ledger, Vec<ExpandError>> {
        let totals: Vec<Option<usize>> =
            self.suite.scenarios.iter().map(|scenario| scenario.spec.total).collect();
        let total = self.suite.spec.expand.total;
        if total.is_none() && totals.iter().all(Option::is_none) {
            return self.pass(None, each);
        }
        // Once to see what there is, and once to hand out what is chosen: less memory than keeping all.
        let mut candidates = Vec::new();
        let mut seed_origin = None;
        self.pass(None, &mut |case| {
            if case.provenance.lineage.is_none() {
                seed_origin = Some(case.provenance.origin);
            }
            candidates.extend(Candidate::of(&case, seed_origin.unwrap_or(case.provenance.origin)));
        })?;
        let kept = choose(&candidates, &totals, total);
        drop(candidates);
        self.pass(Some(&kept), each)
    }

    /// The seed of a scenario with this id; `None` where it has none, or it cannot be made.
    pub fn seed(&self, scenario: usize, id: CaseId) -> Option<Case> {
        self.seed_of(scenario, id).map(|seed| seed.case)
    }

    /// What stood between a seed and its variant, where the suite's operators made it: what each operator of its
    /// chain made, but for the last. `None` where they do not make it, or not any more.
    pub fn retrace(&self, scenario: usize, lineage: &Lineage, variant: &str) -> Option<Vec<String>> {
        let seed = self.seed_of(scenario, lineage.parent)?;
        self.workshops.get(scenario)?.retrace(&seed, lineage, variant)
    }

    /// Hands the variants of one seed to `each`. Nothing comes of a seed that the scenario does not have.
    pub fn vary(
        &self,
        scenario: usize,
        seed: CaseId,
        each: &mut dyn FnMut(Case),
    ) -> Result<(), Vec<ExpandError>> {
        let Some((seed, workshop)) = self.seed_of(scenario, seed).zip(self.workshops.get(scenario)) else {
            return Ok(());
        };
        let mut ledgers = vec![EntryLedger::default(); workshop.entries.len()];
        let mut expectations = Expectations::new(&self.suite.params);
        let varied = workshop.vary(&seed, &mut ledgers, &mut expectations, &mut |_, case| each(case));
        varied.map_err(|error| vec![error])
    }

    fn seed_of(&self, scenario: usize, id: CaseId) -> Option<SeedCase> {
        let of = self.suite.scenarios.get(scenario)?;
        let script = script_of(of, &self.suite.params);
        let mut expectations = Expectations::new(&self.suite.params);
        let seeds = self.seeds(scenario).filter_map(Result::ok);
        seeds
            .filter_map(|seed| seed_case(self.suite, scenario, &script, seed, &mut expectations).ok())
            .find(|seed| seed.case.id == id)
    }

    /// What no operator may touch in the texts of a scenario, and what an answer to a case is expected to repeat.
    pub fn protector(&self, scenario: usize) -> Option<&Protector> {
        self.workshops.get(scenario).map(|workshop| &workshop.protector)
    }

    fn pass(
        &self,
        kept: Option<&HashSet<CaseId>>,
        each: &mut dyn FnMut(Case),
    ) -> Result<Ledger, Vec<ExpandError>> {
        let (mut errors, mut ledger) = (Vec::new(), Ledger::default());
        // Of a seed nothing is kept but its id.
        let mut seeds: HashSet<CaseId> = HashSet::new();
        let mut expectations = Expectations::new(&self.suite.params);
        let scenarios = self.suite.scenarios.iter().zip(&self.workshops).zip(&self.rows);
        for (index, ((scenario, workshop), rows)) in scenarios.enumerate() {
            let script = script_of(scenario, &self.suite.params);
            let mut counts = ScenarioLedger::default();
            let mut beside = Beside::of(self.suite, index);
            let mut entries: Vec<EntryLedger> = workshop
                .entries
                .iter()
                .map(|ready| EntryLedger { name: ready.entry.name.clone(), ..EntryLedger::default() })
                .collect();
            let mut left_out: Vec<(usize, String)> = Vec::new();
            let mut rows_kept = Vec::new();
            for (at, seed) in self.seeds(index).enumerate() {
                let seed = match seed {
                    Ok(seed) => seed,
                    Err(error) => {
                        errors.push(ExpandError::Seeds { place: self.suite.place(scenario), error });
                        continue;
                    }
                };
                let seed = match seed_case(self.suite, index, &script, seed, &mut expectations) {
                    Ok(seed) => seed,
                    Err(error) => {
                        errors.push(error);
                        continue;
                    }
                };
                if !seeds.insert(seed.case.id) {
                    // Where the first stands is looked up below.
                    let place = &seed.case.provenance.place;
                    let (first, second) = (place.clone(), place.clone());
                    errors.push(ExpandError::Duplicate { id: seed.case.id, first, second });
                    continue;
                }
                let is_kept = |case: &Case| {
                    kept.is_none_or(|kept| case.provenance.is_of_people() || kept.contains(&case.id))
                };
                let is_asked = is_kept(&seed.case);
                if is_asked {
                    if seed.case.provenance.origin == Origin::Template {
                        rows_kept.push(at);
                    }
                    counts.count(&seed.case);
                }
                let mut reviewed = Vec::new();
                for case in beside.of_seed(&seed, &mut expectations) {
                    match case {
                        Ok(case) => reviewed.push(case),
                        Err(error) => errors.push(error),
                    }
                }
                if workshop.entries.is_empty() && reviewed.is_empty() {
                    if is_asked {
                        each(seed.case);
                    }
                    continue;
                }
                if is_asked {
                    each(seed.case.clone());
                }
                let varied = workshop.vary(&seed, &mut entries, &mut expectations, &mut |entry, case| {
                    if is_kept(&case) {
                        counts.count(&case);
                        each(case);
                    } else {
                        let lineage = case.provenance.lineage.as_deref();
                        left_out.push((entry, lineage.map(super::Lineage::operators).unwrap_or_default()));
                    }
                });
                errors.extend(varied.err());
                for (entry, operator) in left_out.drain(..) {
                    entries[entry].leave_out(&operator);
                }
                for case in reviewed {
                    add(case, &mut seeds, &mut counts, &mut errors, each);
                }
            }
            for case in beside.rest(&mut expectations) {
                match case {
                    Ok(case) => add(case, &mut seeds, &mut counts, &mut errors, each),
                    Err(error) => errors.push(error),
                }
            }
            counts.template = rows.as_ref().map(|rows| rows.ledger(&rows_kept));
            counts.entries = entries;
            ledger.scenarios.push(counts);
        }
        if errors.is_empty() {
            return Ok(ledger);
        }
        self.tell_firsts(&mut errors);
        Err(errors)
    }

    /// The seeds of a scenario: those of its template, then its inputs.
    fn seeds(&self, index: usize) -> impl Iterator<Item = Result<Cow<'_, Seed>, SeedsError>> {
        let made = self.rows[index].iter().flat_map(Rows::seeds).map(|seed| Ok(Cow::Borrowed(seed)));
        made.chain(self.suite.scenarios[index].seeds.iter())
    }

    /// Says of each duplicate where the first stands.
    fn tell_firsts(&self, errors: &mut [ExpandError]) {
        let mut firsts: HashMap<CaseId, Option<Place>> = HashMap::new();
        for error in &*errors {
            if let ExpandError::Duplicate { id, .. } = error {
                firsts.insert(*id, None);
            }
        }
        if firsts.is_empty() {
            return;
        }
        let mut expectations = Expectations::new(&self.suite.params);
        for (index, scenario) in self.suite.scenarios.iter().enumerate() {
            let script = script_of(scenario, &self.suite.params);
            // What cannot be read or filled in is among the errors.
            for seed in self.seeds(index).filter_map(Result::ok) {
                let Ok(seed) = seed_case(self.suite, index, &script, seed, &mut expectations) else {
                    continue;
                };
                if let Some(place) = firsts.get_mut(&seed.case.id) {
                    place.get_or_insert(seed.case.provenance.place);
                }
            }
        }
        for error in errors {
            if let ExpandError::Duplicate { id, first, .. } = error
                && let Some(Some(place)) = firsts.get(id)
            {
                first.clone_from(place);
            }
        }
    }
}

/// Hands a reviewed case out, where no other case is the same.
fn add(
    case: Case,
    ids: &mut HashSet<CaseId>,
    counts: &mut ScenarioLedger,
    errors: &mut Vec<ExpandError>,
    each: &mut dyn FnMut(Case),
) {
    if ids.insert(case.id) {
        counts.count(&case);
        each(case);
    } else {
        let place = case.provenance.place;
        errors.push(ExpandError::Duplicate { id: case.id, first: place.clone(), second: place });
    }
}

/// The cases of a suite, in the order of its file, or all that keeps them from being made. The same
/// suite gives the same cases.
pub fn cases_of(suite: &Suite) -> Result<Vec<Case>, Vec<ExpandError>> {
    let mut cases = Vec::new();
    Expansion::new(suite)?.visit(&mut |case| cases.push(case))?;
    Ok(cases)
}
