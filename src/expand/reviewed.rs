//! The reviewed variants that stand beside a suite become cases: those of a seed in its family, right after the
//! variants that operators make of it, and the others as seeds of their own.

use super::case::{Applied, Case, CaseId, Lineage, Provenance};
use super::expectation::{Expectations, Filled, Filling, canonical};
use super::operators;
use super::seeds::{ExpandError, SeedCase, name};
use crate::suite::inputs::entries;
use crate::suite::schema::Expect;
use crate::suite::slug::slug;
use crate::suite::variants::{MadeBy, Placed, SeedRef, Variant, path_of};
use crate::suite::{Place, Row, Scenario, Suite};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The variants of one scenario that are cases.
pub(super) struct Beside<'s> {
    suite: &'s Suite,
    scenario: usize,
    file: Arc<str>,
    /// By the seed they are of, with whether it was met.
    of: BTreeMap<String, (Vec<&'s Placed>, bool)>,
    /// Seeds of their own.
    own: Vec<&'s Placed>,
}

/// The seed of a variant.
struct Parent<'a> {
    case: &'a Case,
    filled: &'a Arc<Filled>,
}

impl<'s> Beside<'s> {
    /// Those of a scenario, by its place in the suite.
    pub fn of(suite: &'s Suite, scenario: usize) -> Self {
        let mut beside =
            Self { suite, scenario, file: path_of(&suite.path).into(), of: BTreeMap::new(), own: Vec::new() };
        for placed in suite.scenarios[scenario].variants.iter().filter(|placed| placed.variant.is_case()) {
            match &placed.variant.of {
                Some(seed) => beside.of.entry(seed.key()).or_default().0.push(placed),
                None => beside.own.push(placed),
            }
        }
        beside
    }

    /// The cases of a seed.
    pub fn of_seed(
        &mut self,
        seed: &SeedCase,
        expectations: &mut Expectations,
    ) -> Vec<Result<Case, ExpandError>> {
        if self.of.is_empty() {
            return Vec::new();
        }
        let case = &seed.case;
        let by_row = case.row_id.as_ref().map(|id| SeedRef::Row(id.clone()).key());
        let keys = by_row.into_iter().chain([SeedRef::Input(case.input.clone()).key()]);
        let mut found = Vec::new();
        for key in keys {
            // Of several seeds with the same words the first has the variants that refer to it by them.
            if let Some((placed, met)) = self.of.get_mut(&key).filter(|(_, met)| !met) {
                *met = true;
                found.extend_from_slice(placed);
            }
        }
        let parent = Parent { case, filled: &seed.filled };
        let of_seed = found.into_iter().enumerate();
        of_seed.map(|(at, placed)| self.case(placed, Some(&parent), at as u64, expectations)).collect()
    }

    /// The cases that are seeds of their own, and an error for each variant whose seed was not met.
    pub fn rest(self, expectations: &mut Expectations) -> Vec<Result<Case, ExpandError>> {
        let mut cases: Vec<_> =
            self.own.iter().map(|placed| self.case(placed, None, 0, expectations)).collect();
        let lost = self.of.values().filter(|(_, met)| !met).flat_map(|(placed, _)| placed);
        cases.extend(lost.map(|placed| {
            Err(ExpandError::NoSeed {
                place: self.place(placed),
                scenario: self.suite.scenarios[self.scenario].id.clone(),
            })
        }));
        cases
    }

    fn place(&self, placed: &Placed) -> Place {
        Place { file: self.file.clone(), line: placed.line }
    }

    fn case(
        &self,
        placed: &Placed,
        parent: Option<&Parent<'_>>,
        ordinal: u64,
        expectations: &mut Expectations,
    ) -> Result<Case, ExpandError> {
        let variant = &placed.variant;
        let scenario = &self.suite.scenarios[self.scenario];
        let place = self.place(placed);
        let row = over(parent.map(|parent| &parent.case.row), &variant.row);
        let knobs = over(parent.map(|parent| &parent.case.knobs), &variant.knobs);
        let filling = Filling { input: &variant.input, row: &row, knobs: &knobs, place: &place };
        let filled = match (variant.stated(), parent) {
            (Some(stated), _) => expectations.fill_in_once(&stated, filling)?,
            (None, Some(parent)) => parent.filled.clone(),
            (None, None) => {
                let entries: Vec<Expect> = entries(scenario.spec.expect.as_ref()).to_vec();
                expectations.fill_in_once(&entries, filling)?
            }
        };
        let id = identity(self.suite, scenario, variant, parent.map(|parent| parent.case.id), &filled);
        let tags = scenario.spec.tags.iter().chain(&variant.tags).cloned().collect();
        Ok(Case {
            id,
            family: parent.map_or(id, |parent| parent.case.family),
            scenario: self.scenario,
            name: name(readable(&variant.input).as_deref(), id),
            // A row's id would match a recorded answer to the seed.
            row_id: None,
            input: variant.input.clone(),
            turns: variant.turns.clone(),
            row,
            knobs,
            expect: filled.expect.clone(),
            truth: filled.truth.clone(),
            tags,
            must_pass: scenario.spec.must_pass,
            provenance: Provenance {
                origin: variant.made.origin,
                place,
                lineage: parent.map(|parent| {
                    let (family, chain) = making(variant);
                    let promise = variant.promise;
                    Box::new(Lineage { parent: parent.case.id, family, chain, ordinal, promise })
                }),
                pedigree: Some(Box::new(variant.pedigree())),
            },
        })
    }
}

/// Values by name, those of the variant over those of its seed.
fn over(seed: Option<&Row>, own: &BTreeMap<String, Value>) -> Row {
    let Some(seed) = seed else {
        return Row { columns: own.keys().cloned().collect(), values: own.values().cloned().collect() };
    };
    if own.is_empty() {
        return seed.clone();
    }
    let kept = seed.columns.iter().zip(&seed.values).filter(|(name, _)| !own.contains_key(*name));
    let (columns, values): (Vec<_>, Vec<_>) =
        kept.chain(own).map(|(name, value)| (name.clone(), value.clone())).unzip();
    Row { columns: columns.into(), values }
}

/// What made a variant of its seed: the families and the steps.
fn making(variant: &Variant) -> (String, Vec<Applied>) {
    let made = &variant.made;
    if !made.chain.is_empty() {
        let mut families: Vec<&str> = Vec::new();
        for applied in &made.chain {
            let family = operators::find(&applied.op).map_or("other", |operator| operator.family.name());
            if families.last() != Some(&family) {
                families.push(family);
            }
        }
        return (families.join("+"), made.chain.clone());
    }
    let family = match made.by {
        MadeBy::Model => "model",
        MadeBy::Operator => "other",
        MadeBy::Person => "person",
        MadeBy::Production => "production",
        MadeBy::Rule => "rule",
    };
    let step = made.generator.as_ref().map(|generator| Applied {
        op: generator.name.clone(),
        version: generator.version,
        edits: Vec::new(),
    });
    (family.to_owned(), step.into_iter().collect())
}

fn readable(input: &Value) -> Option<String> {
    match input {
        Value::String(text) => slug(text),
        other => slug(&other.to_string()),
    }
}

/// The identity of a reviewed variant: its seed or its scenario, what is asked, and what must hold. Neither who
/// made nor who reviewed it.
fn identity(
    suite: &Suite,
    scenario: &Scenario,
    variant: &Variant,
    seed: Option<CaseId>,
    filled: &Filled,
) -> CaseId {
    let input = canonical(&variant.input);
    let turns = json!(variant.turns).to_string();
    let seed = seed.map(|seed| seed.as_u64().to_be_bytes());
    let mut parts: Vec<&[u8]> = vec![b"reviewed"];
    match &seed {
        Some(seed) => parts.extend::<[&[u8]; 2]>([b"seed", seed]),
        None => {
            parts.extend::<[&[u8]; 4]>([
                b"suite",
                suite.name.as_bytes(),
                b"scenario",
                scenario.id.as_bytes(),
            ]);
        }
    }
    parts.extend::<[&[u8]; 4]>([b"input", input.as_bytes(), b"expect", filled.canonical.as_bytes()]);
    if !variant.turns.is_empty() {
        parts.extend::<[&[u8]; 2]>([b"turns", turns.as_bytes()]);
    }
    CaseId::of(&parts)
}
