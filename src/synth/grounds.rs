//! What a suite gives to those who write for it: its scenarios in words, with their seeds.

use super::draft::{ScenarioBrief, SeedBrief};
use super::expected::{columns, in_words};
use crate::expand::Case;
use crate::suite::schema::{Expect, Origin};
use crate::suite::variants::SeedRef;
use crate::suite::{Scenario, Suite};
use serde_json::Value;
use std::collections::BTreeSet;

/// What there is of a scenario.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The scenario, in words.
    pub brief: ScenarioBrief,
    /// Its seeds whose inputs are texts, as the cases have them; those that a model wrote are not among them.
    pub seeds: Vec<SeedBrief>,
    /// Texts that are there beside them and are not to be written again.
    pub texts: Vec<String>,
}

/// What there is of each scenario of a suite, in their order.
pub fn grounds(suite: &Suite, cases: &[Case]) -> Vec<Ground> {
    let ground = |(at, scenario)| ground(suite, scenario, cases.iter().filter(|case| case.scenario == at));
    suite.scenarios.iter().enumerate().map(ground).collect()
}

fn ground<'c>(suite: &Suite, scenario: &Scenario, cases: impl Iterator<Item = &'c Case>) -> Ground {
    let (mut seeds, mut texts, mut labels) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut filled: Option<Vec<Expect>> = None;
    for case in cases.filter(|case| case.provenance.lineage.is_none()) {
        let Value::String(input) = &case.input else { continue };
        if input.trim().is_empty() {
            continue;
        }
        if case.provenance.origin == Origin::Model {
            texts.push(input.clone());
            continue;
        }
        labels.insert(case.truth.clone());
        filled.get_or_insert_with(|| case.expect.to_vec());
        seeds.push(SeedBrief {
            of: SeedRef::of(case.row_id.as_deref(), &case.input),
            input: input.clone(),
            label: case.truth.clone(),
            reference: reference(case),
        });
    }
    let said: Vec<Expect> =
        scenario.spec.expect.as_ref().map_or_else(Vec::new, |said| said.as_slice().to_vec());
    let said = if said.is_empty() { filled.unwrap_or_default() } else { said };
    let read = columns(&said);
    // What depends on a row is told by its columns.
    let plain = said.iter().filter(|expect| columns([*expect]).is_empty());
    let only = labels.into_iter().collect::<Vec<_>>();
    Ground {
        brief: ScenarioBrief {
            id: scenario.id.clone(),
            name: scenario.spec.name.clone(),
            why: scenario.spec.why.clone(),
            expects: plain.flat_map(|expect| in_words(suite, expect)).collect(),
            labels: suite.spec.labels.clone(),
            label: match only.as_slice() {
                [Some(label)] if read.is_empty() => Some(label.clone()),
                _ => None,
            },
            columns: read,
        },
        seeds,
        texts,
    }
}

/// A right answer to a case, where its expectation or its row has one.
fn reference(case: &Case) -> Option<String> {
    let said = case.expect.iter().find_map(|expect| expect.reference.as_ref()?.as_slice().first().cloned());
    said.or_else(|| case.row.get("reference")?.as_str().map(str::to_owned))
}
