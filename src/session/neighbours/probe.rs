//! A scenario probed: chains of operators are put on its seeds until they break, the shortest first.

use super::offer::Known;
use super::reduce::reduce;
use super::{Bench, NeighboursError};
use crate::distil::found::Offers;
use crate::distil::neighbours::{MOST_LINKS, chain_entry, entries, only};
use crate::distil::probe::{Breaking, Broke, Next, Probed, Rates, lengthened};
use crate::expand::stream::Stream;
use crate::expand::{Case, CaseId, Expansion};
use crate::judge::Outcome;
use crate::report::CaseRecord;
use crate::session::case_records::why;
use crate::suite::Suite;
use crate::suite::schema::ExpandEntry;
use std::collections::{BTreeMap, BTreeSet};

/// Chains with several operators that are reduced.
const REDUCED: usize = 5;
/// Chains that are made for each that may be tried: many find nothing to do in a text.
const MADE: usize = 4;

/// What is probed, and how far.
#[derive(Debug, Clone)]
pub struct ProbeWishes {
    /// Names of operators and families; empty: all that need no word of the suite, and what the scenario uses.
    pub operators: Vec<String>,
    /// Most seeds that are put under chains.
    pub seeds: usize,
    /// Most links of a chain, from 1 to 5.
    pub links: usize,
}

/// A chain on a seed, with the case that came of it.
struct Try {
    seed: CaseId,
    chain: Vec<String>,
    case: Case,
}

/// Probes a scenario with what the bench may still ask: a beam search over chains of operators. Every operator is
/// tried alone first; chains that passed are then made longer, those first whose operators broke most so far and
/// whose answers were nearest to failing, on the seeds that nothing broke yet. What is drawn is drawn from the
/// suite's seed, so that the same suite and application give the same.
pub async fn probe(
    mut bench: Bench,
    known: &Known<'_>,
    (scenario, first): (usize, Option<CaseId>),
    wishes: &ProbeWishes,
) -> Result<Probed, NeighboursError> {
    let suite = known.suite;
    let alone = entries(&wishes.operators, &suite.scenarios[scenario].spec, 1)?;
    let operators: Vec<String> = alone.iter().filter_map(name_of).collect();
    let links = wishes.links.clamp(1, MOST_LINKS);
    let (seeds, of) = seeds(suite, scenario, first, wishes.seeds)?;
    bench.ask(&seeds).await?;
    let passing: Vec<&Case> = seeds.iter().filter(|seed| outcome(&bench, seed.id) == Some(true)).collect();
    let failing = seeds.iter().filter(|seed| outcome(&bench, seed.id) == Some(false)).count();
    let mut open: BTreeSet<CaseId> = passing.iter().map(|seed| seed.id).collect();
    let (mut rates, mut by_length) = (Rates::default(), Vec::new());
    let mut breaking: BTreeMap<Vec<String>, Breaking> = BTreeMap::new();
    let mut counts: BTreeMap<Vec<String>, Broke> = BTreeMap::new();
    let mut passed: Vec<(CaseId, Vec<String>, f64)> = Vec::new();
    let mut failures: Vec<(Case, Option<Case>)> = Vec::new();
    let mut touched: BTreeSet<CaseId> = BTreeSet::new();
    for length in 1..=links {
        let room = bench.left() / if length == 1 { 2.min(links) } else { links - length + 1 };
        if room == 0 || open.is_empty() {
            break;
        }
        let maker = if length == 1 { only(suite, scenario, alone.clone()) } else { suite.clone() };
        let tries = if length == 1 {
            singles(&maker, scenario, &passing, room)?
        } else {
            let next = drawn(suite, lengthened(&passed, &operators, &rates), length);
            chained(suite, scenario, &next, room)?
        };
        let cases: Vec<Case> = tries.iter().map(|of| of.case.clone()).collect();
        bench.ask(&cases).await?;
        let mut broke = Broke::default();
        passed.clear();
        for of in tries {
            let (Some(is_pass), Some(record)) = (outcome(&bench, of.case.id), bench.get(of.case.id)) else {
                continue;
            };
            broke.add(!is_pass);
            touched.insert(of.seed);
            rates.add(&of.chain, !is_pass);
            counts.entry(of.chain.clone()).or_default().add(!is_pass);
            if is_pass {
                passed.push((of.seed, of.chain, nearness(record)));
                continue;
            }
            open.remove(&of.seed);
            let seed = seeds.iter().find(|seed| seed.id == of.seed).cloned();
            breaking.entry(of.chain.clone()).or_insert_with(|| Breaking {
                chain: of.chain,
                broke: Broke::default(),
                case: of.case.clone(),
                reason: why(&record.graded),
                reduced: None,
            });
            if !known.has(&of.case) {
                failures.push((of.case, seed));
            }
        }
        passed.retain(|(seed, ..)| open.contains(seed));
        by_length.push(broke);
    }
    let mut breaking: Vec<Breaking> = breaking.into_values().collect();
    for of in &mut breaking {
        of.broke = counts.get(&of.chain).copied().unwrap_or_default();
    }
    breaking.sort_by_key(|of| (of.chain.len(), std::cmp::Reverse(of.broke.failed)));
    for of in breaking.iter_mut().filter(|of| of.chain.len() > 1).take(REDUCED) {
        let names: Vec<&str> = of.chain.iter().map(String::as_str).collect();
        let maker = only(
            suite,
            scenario,
            chain_entry(&names, &suite.scenarios[scenario].spec, 1).into_iter().collect(),
        );
        let seed = seeds.iter().find(|seed| seed.id == of.case.family);
        of.reduced = reduce(&mut bench, &maker, &of.case, seed).await?;
    }
    let aside = bench.finish().await?;
    let from = |of: &Case| format!("neighbours {}, case {}", aside.id, of.id);
    let offers =
        if failures.is_empty() { Offers::default() } else { known.offer(&suite.root, &failures, &from)? };
    Ok(Probed {
        seeds: seeds.len(),
        of,
        failing,
        tried: touched.len(),
        broken: passing.len() - open.len(),
        links: by_length.len(),
        by_length,
        operators,
        rates,
        breaking,
        offers,
        aside,
    })
}

fn name_of(entry: &ExpandEntry) -> Option<String> {
    match entry {
        ExpandEntry::Table(table) => table.op.clone(),
        ExpandEntry::Name(name) => Some(name.clone()),
    }
}

fn outcome(bench: &Bench, id: CaseId) -> Option<bool> {
    match bench.get(id)?.graded.outcome {
        Outcome::Pass => Some(true),
        Outcome::Fail | Outcome::TargetError => Some(false),
        _ => None,
    }
}

/// How near an answer that passed is to failing: by the lowest score that a judge gave it, and by how many of its
/// answers failed. 0 where neither is known.
fn nearness(record: &CaseRecord) -> f64 {
    let scores = record.answers().iter().flat_map(|graded| &graded.verdicts);
    let lowest = scores.filter_map(|verdict| verdict.model.as_ref()?.score).fold(1.0, f64::min);
    let (passed, graded) = record.tally();
    let failed = if graded == 0 { 0.0 } else { (graded - passed) as f64 / graded as f64 };
    (1.0 - lowest).max(failed).clamp(0.0, 1.0)
}

/// The seeds to be probed, the one that was named first, the others drawn; and how many there are.
fn seeds(
    suite: &Suite,
    scenario: usize,
    first: Option<CaseId>,
    most: usize,
) -> Result<(Vec<Case>, usize), NeighboursError> {
    let bare = only(suite, scenario, Vec::new());
    let mut all = Vec::new();
    let visit = |expansion: Expansion<'_>| expansion.visit(&mut |case| all.push(case)).map(drop);
    Expansion::new(&bare).and_then(visit).map_err(crate::distil::neighbours::NeighboursError::from)?;
    let of = all.len();
    let (seed, id) = (suite.spec.seed.to_be_bytes(), suite.scenarios[scenario].id.as_bytes());
    if of > most {
        Stream::new(&[b"probed seeds", &seed, id]).shuffle(&mut all);
    }
    all.sort_by_key(|case| Some(case.id) != first);
    all.truncate(most.max(1));
    Ok((all, of))
}

/// Every operator alone on the seeds, seed by seed in turn, so that what there is room for is spread over both.
fn singles(
    maker: &Suite,
    scenario: usize,
    seeds: &[&Case],
    room: usize,
) -> Result<Vec<Try>, NeighboursError> {
    let expansion = Expansion::new(maker).map_err(crate::distil::neighbours::NeighboursError::from)?;
    let mut by_operator: BTreeMap<String, Vec<Try>> = BTreeMap::new();
    for seed in seeds {
        let each = &mut |case: Case| {
            let chain = chain_of(&case);
            by_operator.entry(chain.join("+")).or_default().push(Try { seed: seed.id, chain, case });
        };
        expansion.vary(scenario, seed.id, each).map_err(crate::distil::neighbours::NeighboursError::from)?;
    }
    let mut lists: Vec<_> = by_operator.into_values().map(Vec::into_iter).collect();
    let mut out = Vec::new();
    while out.len() < room && lists.iter().any(|list| list.len() > 0) {
        let next = lists.iter_mut().filter_map(Iterator::next);
        out.extend(next);
    }
    out.truncate(room);
    Ok(out)
}

fn chain_of(case: &Case) -> Vec<String> {
    let chain = case.provenance.lineage.iter().flat_map(|lineage| &lineage.chain);
    chain.map(|applied| applied.op.clone()).collect()
}

/// The chains to try, seed by seed in turn, so that every seed that still holds is tried with its most promising
/// ones. Among equally promising ones the order is drawn.
fn drawn(suite: &Suite, mut next: Vec<Next>, length: usize) -> Vec<Next> {
    let (seed, length) = (suite.spec.seed.to_be_bytes(), (length as u64).to_be_bytes());
    Stream::new(&[b"probed chains", &seed, &length]).shuffle(&mut next);
    next.sort_by(|a, b| b.promise.total_cmp(&a.promise));
    let mut turns: BTreeMap<CaseId, usize> = BTreeMap::new();
    let mut in_turn: Vec<(usize, Next)> = Vec::with_capacity(next.len());
    for of in next {
        let turn = turns.entry(of.seed).or_default();
        in_turn.push((*turn, of));
        *turn += 1;
    }
    in_turn.sort_by_key(|(turn, _)| *turn);
    in_turn.into_iter().map(|(_, of)| of).collect()
}

/// The chains that are to be tried, as far as they make anything of their seeds and there is room.
fn chained(suite: &Suite, scenario: usize, next: &[Next], room: usize) -> Result<Vec<Try>, NeighboursError> {
    let wanted = &next[..next.len().min(room.saturating_mul(MADE))];
    let mut by_chain: BTreeMap<&[String], Vec<CaseId>> = BTreeMap::new();
    for of in wanted {
        by_chain.entry(&of.chain).or_default().push(of.seed);
    }
    let mut made: BTreeMap<(CaseId, Vec<String>), Case> = BTreeMap::new();
    for (chain, seeds) in &by_chain {
        let names: Vec<&str> = chain.iter().map(String::as_str).collect();
        let Some(entry) = chain_entry(&names, &suite.scenarios[scenario].spec, 1) else { continue };
        let maker = only(suite, scenario, vec![entry]);
        let expansion = Expansion::new(&maker).map_err(crate::distil::neighbours::NeighboursError::from)?;
        for seed in seeds {
            let each = &mut |case: Case| drop(made.insert((*seed, chain.to_vec()), case));
            expansion
                .vary(scenario, *seed, each)
                .map_err(crate::distil::neighbours::NeighboursError::from)?;
        }
    }
    let case = |of: &Next| {
        let case = made.remove(&(of.seed, of.chain.clone()))?;
        Some(Try { seed: of.seed, chain: of.chain.clone(), case })
    };
    Ok(wanted.iter().filter_map(case).take(room).collect())
}
