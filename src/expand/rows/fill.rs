//! Rows become inputs: each is filled into a template, and what cannot be asked or was asked before is
//! rejected.

use super::super::expectation::{Expectations, Filling};
use super::super::filter::has_shape;
use super::super::operator::Promise;
use super::super::reason::Reason;
use super::super::seeds::ExpandError;
use super::{RowSeed, names_knob, templates};
use crate::expand::covering::Model;
use crate::suite::schema::{Expect, Origin};
use crate::suite::template::{Scope, Template};
use crate::suite::{Place, Row, Seed, Suite};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What came of filling rows in. Seeds stand with the number of their row.
pub(super) struct Filled {
    pub seeds: Vec<(usize, RowSeed)>,
    /// Rows that ask what another asks.
    pub set_aside: Vec<(usize, RowSeed)>,
    /// Inputs that did not become seeds, by reason.
    pub rejected: BTreeMap<Reason, usize>,
}

/// Fills rows into the templates of a scenario, in turn: row 0 into the first, row 1 into the second. Where
/// the one whose turn it is makes nothing that can be asked, the next ones are tried.
pub(super) fn fill(
    suite: &Suite,
    index: usize,
    model: &Model,
    rows: &[Vec<usize>],
) -> Result<Filled, Vec<ExpandError>> {
    let scenario = &suite.scenarios[index];
    let template_error =
        |number: usize, error| ExpandError::Template { place: place(suite, index, number), error };
    let mut sources: Vec<(Template, Arc<str>, Place)> = Vec::new();
    for (number, text) in templates(&scenario.spec).iter().enumerate() {
        let template = Template::parse(text).map_err(|error| vec![template_error(number, error)])?;
        sources.push((template, text.as_str().into(), place(suite, index, number)));
    }
    let beside = sent(suite, index, model);
    let columns: Arc<[String]> = model.factors.iter().map(|factor| factor.name.clone()).collect();
    let expect: Arc<[Expect]> =
        scenario.spec.expect.as_ref().map_or(&[][..], |expect| expect.as_slice()).into();
    let own = asked_by_inputs(suite, index)?;
    let (mut expectations, mut known) = (Expectations::new(&suite.params), HashSet::new());
    let mut out = Filled { seeds: Vec::new(), set_aside: Vec::new(), rejected: BTreeMap::new() };
    for (number, row) in rows.iter().enumerate() {
        let knobs = knobs(model, &columns, row);
        let scope = scope(&knobs);
        let mut twin: Option<Seed> = None;
        let mut made = None;
        for turn in 0..sources.len() {
            let at = (number + turn) % sources.len();
            let (template, text, place) = &sources[at];
            let input = template.render_text(&scope).map_err(|error| vec![template_error(at, error)])?;
            if !has_shape(&input, Promise::Same) {
                *out.rejected.entry(Reason::Schema).or_default() += 1;
                continue;
            }
            let input = Value::String(input);
            let filling = Filling { input: &input, row: &Row::default(), knobs: &knobs, place };
            // An expectation that cannot be filled in is told where the cases are made.
            let expected = expectations.fill_in(&expect, filling).map(|filled| filled.canonical.clone());
            let asked = input.as_str().unwrap_or_default().trim();
            let beside: Vec<usize> = beside.iter().map(|factor| row[*factor]).collect();
            let again = own.binary_search(&hash(asked)).is_ok()
                || expected.is_ok_and(|expected| !known.insert((asked.to_owned(), expected, beside)));
            let seed = Seed {
                id: None,
                input,
                row: Row::default(),
                template: Some(text.clone()),
                knobs: knobs.clone(),
                expect: expect.clone(),
                tags: scenario.spec.tags.clone(),
                origin: Origin::Template,
                place: place.clone(),
            };
            if !again {
                made = Some(seed);
                break;
            }
            *out.rejected.entry(Reason::Duplicate).or_default() += 1;
            twin = twin.or(Some(seed));
        }
        let of_row = |seed| (number, RowSeed { row: row.clone(), seed, flagged: false });
        out.seeds.extend(made.map(of_row));
        out.set_aside
            .extend(twin.filter(|_| out.seeds.last().is_none_or(|(last, _)| *last != number)).map(of_row));
    }
    Ok(out)
}

/// What the inputs of the scenario ask, as hashes in order: inputs may be the rows of a large file.
fn asked_by_inputs(suite: &Suite, index: usize) -> Result<Vec<[u8; 16]>, Vec<ExpandError>> {
    let scenario = &suite.scenarios[index];
    let mut asked = Vec::new();
    for seed in &scenario.seeds {
        let seed = seed.map_err(|error| vec![ExpandError::Seeds { place: suite.place(scenario), error }])?;
        asked.extend(seed.input.as_str().map(str::trim).map(hash));
    }
    asked.sort_unstable();
    Ok(asked)
}

fn hash(text: &str) -> [u8; 16] {
    let mut first = [0; 16];
    first.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..16]);
    first
}

/// The knobs whose values reach the application beside the input: in what is sent, or in what is said later.
fn sent(suite: &Suite, index: usize, model: &Model) -> Vec<usize> {
    let scenario = &suite.scenarios[index];
    let texts = json!([suite.spec.target, scenario.spec.conversation]);
    let named =
        model.factors.iter().enumerate().filter(|(_, factor)| names_knob(&texts, &factor.name, false));
    named.map(|(factor, _)| factor).collect()
}

/// Where a template stands.
fn place(suite: &Suite, index: usize, number: usize) -> Place {
    let scenario = &suite.scenarios[index];
    let line = scenario.template_lines.get(number).copied().unwrap_or(scenario.line);
    Place { file: suite.path.as_str().into(), line }
}

fn knobs(model: &Model, columns: &Arc<[String]>, row: &[usize]) -> Row {
    let values =
        model.factors.iter().zip(row).map(|(factor, value)| Value::String(factor.values[*value].clone()));
    Row { columns: columns.clone(), values: values.collect() }
}

/// What a template is filled in with: `knobs.name`, and `name` for short.
fn scope(knobs: &Row) -> Scope {
    let short = knobs.columns.iter().zip(&knobs.values);
    short.fold(Scope::default(), |scope, (name, value)| scope.with(name.clone(), value)).with("knobs", knobs)
}
