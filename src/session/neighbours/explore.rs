//! The neighbourhood of a failing case, asked: what else fails, and what the failures share.

use super::offer::Known;
use super::reduce::reduce;
use super::{Bench, NeighboursError};
use crate::distil::found::{Explored, NeighbourRow, Offers};
use crate::distil::neighbours::{Neighbour, Relation, Wishes, around};
use crate::distil::trigger::{Tried, Trigger, triggers};
use crate::distil::way::Way;
use crate::expand::{Case, CaseId};
use crate::judge::Outcome;
use crate::session::case_records::why;
use std::collections::{BTreeMap, BTreeSet};

/// Reduces a case, asks its neighbourhood, and offers what fails beyond the suite. `generated` are neighbours that
/// models wrote for its scenario.
pub async fn explore(
    mut bench: Bench,
    known: &Known<'_>,
    (case, seed): (&Case, Option<&Case>),
    wishes: &Wishes,
    is_reduced: bool,
    generated: Vec<Case>,
) -> Result<Explored, NeighboursError> {
    let seed = seed.filter(|seed| seed.id != case.id);
    let mut first = vec![case.clone()];
    first.extend(seed.cloned());
    bench.ask(&first).await?;
    let now = bench.get(case.id).cloned();
    let reduction = if is_reduced { reduce(&mut bench, known.suite, case, seed).await? } else { None };
    // What could go is of no interest to others either.
    let around_this = reduction.as_ref().map_or(case, |reduction| &reduction.case);
    let most = wishes.most.min(bench.left());
    let mut found = around(known.suite, around_this, case.id, &Wishes { most, ..wishes.clone() })?;
    found.available.insert("generated", generated.len());
    let room = most.saturating_sub(found.chosen.len());
    let written = generated.into_iter().take(room);
    found.chosen.extend(written.map(|case| Neighbour { case, relation: Relation::Generated }));
    let cases: Vec<Case> = found.chosen.iter().map(|of| of.case.clone()).collect();
    bench.ask(&cases).await?;

    let way = now.as_ref().and_then(Way::of);
    let mut seeds: BTreeMap<CaseId, Case> = BTreeMap::new();
    for of in cases.iter().chain(&first).filter(|of| of.id == of.family) {
        seeds.insert(of.id, of.clone());
    }
    let rows: Vec<NeighbourRow> =
        found.chosen.iter().filter_map(|of| row(&bench, known, of, way.as_ref())).collect();
    let failing: BTreeSet<CaseId> = rows.iter().filter(|row| row.is_telling()).map(|row| row.id).collect();
    let mut failures: Vec<(Case, Option<Case>)> = Vec::new();
    // What a model wrote waits for review already.
    let made = found.chosen.iter().filter(|of| of.relation != Relation::Generated).map(|of| &of.case);
    for of in made.filter(|of| failing.contains(&of.id)) {
        // A seed that the suite does not have cannot be referred to.
        let seed = seeds.get(&of.family).filter(|seed| known.has_seed(seed.id));
        failures.push((of.clone(), seed.cloned()));
    }
    let triggers = shared(&bench, &first, &cases, &seeds);

    let aside = bench.finish().await?;
    let from = |of: &Case| format!("neighbours {}, case {}, of case {}", aside.id, of.id, case.id);
    let offers = if failures.is_empty() {
        Offers::default()
    } else {
        known.offer(&known.suite.root, &failures, &from)?
    };

    Ok(Explored {
        case: case.clone(),
        now,
        reduction,
        rows,
        chosen: found.chosen.len(),
        available: found.available,
        triggers,
        offers,
        aside,
    })
}

/// Whether a case passes; `None` where it was not asked or cannot be graded.
fn passes(bench: &Bench, id: CaseId) -> Option<bool> {
    match bench.get(id)?.graded.outcome {
        Outcome::Pass => Some(true),
        Outcome::Fail | Outcome::TargetError => Some(false),
        _ => None,
    }
}

fn row(bench: &Bench, known: &Known<'_>, of: &Neighbour, way: Option<&Way>) -> Option<NeighbourRow> {
    let record = bench.get(of.case.id)?;
    let lineage = of.case.provenance.lineage.as_deref();
    Some(NeighbourRow {
        id: of.case.id,
        relation: of.relation.clone(),
        text: crate::suite::as_text(&of.case.input),
        operators: lineage.map(crate::expand::Lineage::operators).unwrap_or_default(),
        outcome: record.graded.outcome,
        reason: why(&record.graded),
        in_suite: known.has(&of.case),
        same_way: way.is_some() && Way::of(record).as_ref() == way,
        seed_passes: lineage.and_then(|_| passes(bench, of.case.family)),
    })
}

/// What the failures share, over all that was asked of the neighbourhood and the case itself.
fn shared(bench: &Bench, first: &[Case], cases: &[Case], seeds: &BTreeMap<CaseId, Case>) -> Vec<Trigger> {
    let mut seen = BTreeSet::new();
    let all = first.iter().chain(cases).filter(|of| seen.insert(of.id));
    let tried: Vec<Tried<'_>> = all
        .filter_map(|of| {
            let lineage = of.provenance.lineage.as_deref();
            Some(Tried {
                family: of.family,
                seed: seeds.get(&of.family).and_then(|seed| seed.input.as_str()).unwrap_or_default(),
                operators: lineage.iter().flat_map(|of| &of.chain).map(|of| of.op.as_str()).collect(),
                knobs: &of.knobs,
                failed: !passes(bench, of.id)?,
                seed_passes: lineage.and_then(|_| passes(bench, of.family)),
            })
        })
        .collect();
    triggers(&tried)
}
