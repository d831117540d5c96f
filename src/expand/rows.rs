//! Templates and knobs: which combinations of a scenario's knobs become seeds, and what they ask.
//!
//! The rows are those of a covering array whose generator is seeded by the suite's seed and the scenario's
//! id alone, so that no scenario changes the rows of another.

mod fill;
mod model;

pub use model::{Mistake, model};

use super::covering::{self, Coverage, Effort, Model};
use super::ledger::TemplateLedger;
use super::reason::Reason;
use super::seeds::ExpandError;
use super::stream::Stream;
use crate::suite::schema::ScenarioSpec;
use crate::suite::template::Template;
use crate::suite::{Row, Seed, Suite};
use serde_json::Value;
use std::collections::BTreeMap;

/// The seeds that a scenario's template makes.
#[derive(Debug)]
pub(super) struct Rows {
    model: Model,
    /// Rows that the covering array has.
    requested: usize,
    seeds: Vec<RowSeed>,
    rejected: BTreeMap<Reason, usize>,
    /// What the seeds cover.
    coverage: Coverage,
}

/// A row that became a seed.
#[derive(Debug)]
struct RowSeed {
    /// The value of each knob, by index.
    row: Vec<usize>,
    seed: Seed,
    /// It asks what another row asks, and is kept because it has a combination that no other row has.
    flagged: bool,
}

impl Rows {
    /// The seeds of a scenario's template; `None` without one.
    pub fn of(suite: &Suite, index: usize) -> Result<Option<Self>, Vec<ExpandError>> {
        let scenario = &suite.scenarios[index];
        if scenario.spec.template.is_none() {
            return Ok(None);
        }
        let wrong = |message: String| ExpandError::Entry { place: suite.place(scenario), message };
        let model = model(&scenario.spec).map_err(|mistakes| {
            mistakes.into_iter().map(|mistake| wrong(mistake.message)).collect::<Vec<_>>()
        })?;
        let seed = Stream::new(&[b"rows", &suite.spec.seed.to_be_bytes(), scenario.id.as_bytes()]).u64();
        let covering = |error: covering::CoveringError| vec![wrong(error.to_string())];
        let array = covering::generate(&model, seed, Effort::quick()).map_err(covering)?;
        let filled = fill::fill(suite, index, &model, &array.rows)?;
        let mut seeds = filled.seeds;
        if !filled.set_aside.is_empty() {
            seeds.extend(needed(&model, &seeds, filled.set_aside).map_err(covering)?);
            // In the order of the rows, whichever of them were set aside.
            seeds.sort_by_key(|(number, _)| *number);
        }
        let seeds: Vec<RowSeed> = seeds.into_iter().map(|(_, seed)| seed).collect();
        let coverage = if seeds.len() == array.rows.len() {
            array.coverage
        } else {
            coverage_of(&model, seeds.iter().map(|seed| &seed.row)).map_err(covering)?
        };
        let (requested, rejected) = (array.rows.len(), filled.rejected);
        Ok(Some(Self { model, requested, seeds, rejected, coverage }))
    }

    /// The seeds, in the order of the rows.
    pub fn seeds(&self) -> impl Iterator<Item = &Seed> {
        self.seeds.iter().map(|seed| &seed.seed)
    }

    /// What became of the rows, where only those are kept that `kept` names, by their places.
    pub fn ledger(&self, kept: &[usize]) -> TemplateLedger {
        let kept: Vec<&RowSeed> = kept.iter().filter_map(|at| self.seeds.get(*at)).collect();
        let coverage = if kept.len() == self.seeds.len() {
            self.coverage.clone()
        } else {
            // The model was measured before, so that it can be measured.
            coverage_of(&self.model, kept.iter().map(|seed| &seed.row))
                .unwrap_or_else(|_| self.coverage.clone())
        };
        TemplateLedger {
            requested: self.requested,
            delivered: kept.len(),
            over_budget: self.seeds.len() - kept.len(),
            flagged: kept.iter().filter(|seed| seed.flagged).count(),
            rejected: self.rejected.clone(),
            coverage,
        }
    }
}

/// Of the rows set aside because they ask what another asks, those that have a combination which no other
/// row has: losing it would be worse than asking twice.
fn needed(
    model: &Model,
    seeds: &[(usize, RowSeed)],
    set_aside: Vec<(usize, RowSeed)>,
) -> Result<Vec<(usize, RowSeed)>, covering::CoveringError> {
    let rows = |list: &[(usize, RowSeed)]| list.iter().map(|(_, seed)| seed.row.clone()).collect::<Vec<_>>();
    let adds = covering::additions(model, &rows(seeds), &rows(&set_aside))?;
    let needed = set_aside.into_iter().zip(adds).filter(|(_, adds)| *adds);
    Ok(needed.map(|((number, seed), _)| (number, RowSeed { flagged: true, ..seed })).collect())
}

fn coverage_of<'r>(
    model: &Model,
    rows: impl Iterator<Item = &'r Vec<usize>>,
) -> Result<Coverage, covering::CoveringError> {
    covering::measure(model, &rows.cloned().collect::<Vec<_>>())
}

/// The row that a case's knobs are, as values of the model's factors by index; `None` where they are no
/// row of this model.
pub fn row_of(model: &Model, knobs: &Row) -> Option<Vec<usize>> {
    let value = |factor: &covering::Factor| {
        let text = knobs.get(&factor.name)?.as_str()?;
        factor.values.iter().position(|value| value == text)
    };
    model.factors.iter().map(value).collect()
}

/// The texts of a scenario's template.
pub(crate) fn templates(spec: &ScenarioSpec) -> &[String] {
    spec.template.as_ref().map_or(&[], |template| template.as_slice())
}

/// Whether any text in a value names a knob: as `knobs.name`, as all `knobs` at once or, in a template of
/// its own scenario, as `name`.
pub(crate) fn names_knob(value: &Value, knob: &str, short: bool) -> bool {
    match value {
        // A slice hides its variable from the engine's list.
        Value::String(text) if text.contains(&format!("{knob}[")) => true,
        Value::String(text) => Template::parse(text).is_ok_and(|template| {
            template.variables().iter().any(|path| {
                let (head, rest) = path.split_once('.').map_or((path.as_str(), None), |(a, b)| (a, Some(b)));
                match rest {
                    _ if short && head == knob => true,
                    None => head == "knobs",
                    Some(rest) => head == "knobs" && rest.split('.').next() == Some(knob),
                }
            })
        }),
        Value::Array(list) => list.iter().any(|item| names_knob(item, knob, short)),
        Value::Object(fields) => fields.values().any(|field| names_knob(field, knob, short)),
        _ => false,
    }
}
