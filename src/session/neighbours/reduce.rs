//! A failing case reduced against the application: what its operators changed, or its words, until no part can go
//! without the failure going with it.

use super::{Bench, NeighboursError};
use crate::distil::found::{Left, LeftStep, Reduction};
use crate::distil::pieces::{Piece, Size, joined, pieces};
use crate::distil::reduce::{Change, Part, Recipe, Seen, Step, by_words, ddmin};
use crate::distil::way::Way;
use crate::expand::edit::{Edit, leads_to};
use crate::expand::{Applied, Case, CaseId, Expansion, Family, Lineage, Promise, operators};
use crate::suite::Suite;
use serde_json::Value;
use std::ops::Range;

/// Reduces a case that fails. `None` where it does not fail now, or cannot be asked.
///
/// A variant that operators made is reduced by operators, then by single changes, over and over until neither can
/// go; a seed, or what a model or a person wrote, by sentences, clauses and words, without what is protected. What
/// is left fails in the same way ([`Way`]). `maker` is the suite whose operators made the case.
pub async fn reduce(
    bench: &mut Bench,
    maker: &Suite,
    case: &Case,
    seed: Option<&Case>,
) -> Result<Option<Reduction>, NeighboursError> {
    let mut both = vec![case.clone()];
    both.extend(seed.cloned());
    bench.ask(&both).await?;
    let Some(way) = bench.get(case.id).and_then(Way::of) else { return Ok(None) };
    let before = bench.asked();
    let of_seed = seed.filter(|seed| bench.get(seed.id).and_then(Way::of).as_ref() == Some(&way));
    let mut trial = Trial { bench, case, seed, way };
    let mut reduction = match (of_seed, seed.and_then(|seed| recipe(maker, case, seed))) {
        // What was changed is not to blame.
        (Some(seed), _) if seed.id != case.id => {
            let mut trial = Trial { bench: &mut *trial.bench, case: seed, seed: None, way: trial.way };
            words(&mut trial, true).await?
        }
        (None, Some(recipe)) => changes(&mut trial, &recipe).await?,
        _ => words(&mut trial, false).await?,
    };
    reduction.asked = bench.asked() - before;
    Ok(Some(reduction))
}

/// A case and the way in which what is left of it must fail.
struct Trial<'a> {
    bench: &'a mut Bench,
    case: &'a Case,
    seed: Option<&'a Case>,
    way: Way,
}

impl Trial<'_> {
    /// What these come to; one that makes no sense is not asked, and does not fail.
    async fn seen(&mut self, cases: Vec<Option<Case>>) -> Result<Vec<Seen>, NeighboursError> {
        let asked: Vec<Case> = cases.iter().flatten().cloned().collect();
        self.bench.ask(&asked).await?;
        let seen = |case: &Option<Case>| {
            let Some(case) = case else { return Seen::Passes };
            match self.bench.get(case.id) {
                None => Seen::Unasked,
                Some(record) if Way::of(record).as_ref() == Some(&self.way) => Seen::Fails,
                Some(_) => Seen::Passes,
            }
        };
        Ok(cases.iter().map(seen).collect())
    }

    /// A case with another text. What must hold is what the case itself expects, or its seed.
    fn with(&self, text: &str, chain: Option<Vec<Applied>>, as_seed: bool) -> Option<Case> {
        if text.trim().is_empty() {
            return None;
        }
        let of = self.seed.filter(|_| as_seed).unwrap_or(self.case);
        if of.input.as_str() == Some(text) {
            return Some(of.clone());
        }
        if !as_seed && self.case.input.as_str() == Some(text) {
            return Some(self.case.clone());
        }
        let id = CaseId::of(&[
            b"reduced",
            &self.case.id.as_u64().to_be_bytes(),
            text.as_bytes(),
            &[u8::from(as_seed)],
        ]);
        let mut case = Case {
            id,
            name: format!("reduced-{id}"),
            row_id: None,
            input: Value::String(text.to_owned()),
            ..of.clone()
        };
        let lineage = self.case.provenance.lineage.as_deref();
        case.provenance.lineage = lineage.filter(|_| !as_seed || chain.is_some()).map(|lineage| {
            let chain = chain.unwrap_or_else(|| lineage.chain.clone());
            Box::new(Lineage { family: families(&chain, &lineage.family), chain, ..lineage.clone() })
        });
        Some(case)
    }
}

/// The families of a chain, joined by `+`.
fn families(chain: &[Applied], otherwise: &str) -> String {
    let mut families: Vec<&str> = Vec::new();
    for applied in chain {
        let family = operators::find(&applied.op).map_or(otherwise, |operator| operator.family.name());
        if families.last() != Some(&family) {
            families.push(family);
        }
    }
    families.join("+")
}

/// How a case was made of its seed, where operators made it. Where the way of a chain cannot be told any more,
/// what differs between the two is one step.
fn recipe(maker: &Suite, case: &Case, seed: &Case) -> Option<Recipe> {
    let lineage = case.provenance.lineage.as_deref()?;
    let (text, from) = (case.input.as_str()?, seed.input.as_str()?);
    if lineage.chain.is_empty() || lineage.chain.iter().any(|of| operators::find(&of.op).is_none()) {
        return None;
    }
    let known = match lineage.chain.as_slice() {
        [_] => Some(Vec::new()),
        _ => Expansion::new(maker).ok().and_then(|expansion| expansion.retrace(case.scenario, lineage, text)),
    };
    let carries = carriers(case, seed, &lineage.chain);
    let steps = known.and_then(|between| steps(from, &between, text, &lineage.chain, &carries));
    let steps = steps.unwrap_or_else(|| {
        let whole = Change { from: 0..from.len(), with: text.to_owned() };
        let is_whole = carries.contains(&true);
        vec![Step { op: lineage.operators(), changes: by_words(from, &whole), is_whole }]
    });
    Some(Recipe { seed: from.to_owned(), steps })
}

/// The steps of a chain over the texts that stood between its operators.
fn steps(
    from: &str,
    between: &[String],
    text: &str,
    chain: &[Applied],
    carries: &[bool],
) -> Option<Vec<Step>> {
    let mut before = from;
    let mut steps = Vec::with_capacity(chain.len());
    let after = between.iter().map(String::as_str).chain([text]);
    for ((applied, after), is_whole) in chain.iter().zip(after).zip(carries) {
        if !leads_to(before, &applied.edits, after) {
            return None;
        }
        let change =
            |edit: &Edit| Change { from: edit.from.clone(), with: after[edit.to.clone()].to_owned() };
        let changes = applied.edits.iter().map(change).flat_map(|change| by_words(before, &change)).collect();
        steps.push(Step { op: applied.op.clone(), changes, is_whole: *is_whole });
        before = after;
    }
    Some(steps)
}

/// Which operators of a chain made what the case expects another thing than its seed does: their changes stand or
/// fall together, with that expectation.
fn carriers(case: &Case, seed: &Case, chain: &[Applied]) -> Vec<bool> {
    if case.expect == seed.expect {
        return vec![false; chain.len()];
    }
    let carries = |applied: &Applied| {
        operators::find(&applied.op)
            .is_none_or(|operator| operator.promise != Promise::Same || operator.family == Family::Entity)
    };
    let carries: Vec<bool> = chain.iter().map(carries).collect();
    if carries.contains(&true) { carries } else { vec![true; chain.len()] }
}

async fn changes(trial: &mut Trial<'_>, recipe: &Recipe) -> Result<Reduction, NeighboursError> {
    let all: Vec<usize> = (0..recipe.steps.len()).collect();
    let mut parts = recipe.parts(&all);
    let mut is_minimal = true;
    loop {
        let steps: Vec<usize> =
            all.iter().copied().filter(|step| parts.iter().any(|part| part.step == *step)).collect();
        if steps.len() > 1 {
            let of_steps = |list: &Vec<usize>| -> Vec<Part> {
                let kept: Vec<usize> = list.iter().map(|at| steps[*at]).collect();
                parts.iter().copied().filter(|part| kept.contains(&part.step)).collect()
            };
            let reduced = ddmin(steps.len(), async |lists: &[Vec<usize>]| {
                let cases = lists.iter().map(|list| candidate(trial, recipe, &of_steps(list))).collect();
                trial.seen(cases).await
            })
            .await?;
            is_minimal &= reduced.is_minimal;
            parts = of_steps(&reduced.kept);
        }
        let before = parts.len();
        let of_parts = |list: &Vec<usize>| -> Vec<Part> { list.iter().map(|at| parts[*at]).collect() };
        let reduced = ddmin(parts.len(), async |lists: &[Vec<usize>]| {
            let cases = lists.iter().map(|list| candidate(trial, recipe, &of_parts(list))).collect();
            trial.seen(cases).await
        })
        .await?;
        is_minimal &= reduced.is_minimal;
        parts = of_parts(&reduced.kept);
        // A single change fewer may make an operator needless.
        if parts.len() == before || !is_minimal {
            break;
        }
    }
    let left = recipe.steps.iter().enumerate().map(|(at, step)| {
        let of = if step.is_whole { 1 } else { step.changes.len() };
        let kept = parts.iter().filter(|part| part.step == at).count();
        LeftStep { op: step.op.clone(), kept, of }
    });
    let case = candidate(trial, recipe, &parts).unwrap_or_else(|| trial.case.clone());
    Ok(Reduction { case, way: trial.way.clone(), left: Left::Changes(left.collect()), is_minimal, asked: 0 })
}

/// The case that some of the changes make. None where only some of those are kept that made its expectation.
fn candidate(trial: &Trial<'_>, recipe: &Recipe, parts: &[Part]) -> Option<Case> {
    let has = |step: usize| parts.iter().any(|part| part.step == step);
    let whole: Vec<usize> = (0..recipe.steps.len()).filter(|step| recipe.steps[*step].is_whole).collect();
    let kept = whole.iter().filter(|step| has(**step)).count();
    if kept > 0 && kept < whole.len() {
        return None;
    }
    let as_seed = !whole.is_empty() && kept == 0;
    trial.with(&recipe.text(parts), Some(chain(trial, recipe, parts)), as_seed || parts.is_empty())
}

/// The chain that is left, with what each operator changes in it.
fn chain(trial: &Trial<'_>, recipe: &Recipe, parts: &[Part]) -> Vec<Applied> {
    let Some(lineage) = trial.case.provenance.lineage.as_deref() else { return Vec::new() };
    if recipe.steps.len() != lineage.chain.len() {
        // One step stands for all of them.
        let edits = edit_between(&recipe.seed, &recipe.text(parts)).into_iter().collect();
        let last = lineage.chain.len().saturating_sub(1);
        return lineage
            .chain
            .iter()
            .enumerate()
            .map(|(at, of)| Applied {
                edits: if at == last { Vec::clone(&edits) } else { Vec::new() },
                ..of.clone()
            })
            .collect();
    }
    let mut before = recipe.seed.clone();
    let mut chain = Vec::new();
    for (at, applied) in lineage.chain.iter().enumerate() {
        let so_far: Vec<Part> = parts.iter().copied().filter(|part| part.step <= at).collect();
        if !so_far.iter().any(|part| part.step == at) {
            continue;
        }
        let after = recipe.text(&so_far);
        chain.push(Applied { edits: edit_between(&before, &after).into_iter().collect(), ..applied.clone() });
        before = after;
    }
    chain
}

/// The one edit that leads from a text to another: what stands between what both begin and end with.
fn edit_between(before: &str, after: &str) -> Option<Edit> {
    if before == after {
        return None;
    }
    let same = |a: &mut dyn Iterator<Item = (char, char)>| -> usize {
        a.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let head = same(&mut before.chars().zip(after.chars()));
    let tail = same(&mut before[head..].chars().rev().zip(after[head..].chars().rev()));
    Some(Edit { from: head..before.len() - tail, to: head..after.len() - tail })
}

async fn words(trial: &mut Trial<'_>, of_seed: bool) -> Result<Reduction, NeighboursError> {
    let Some(whole) = trial.case.input.as_str() else {
        let left = Left::Words { kept: 1, of: 1, protected: 1, of_seed };
        let way = trial.way.clone();
        // No text has no words: nothing can go.
        return Ok(Reduction { case: trial.case.clone(), way, left, is_minimal: true, asked: 0 });
    };
    let count = |text: &str| pieces(text, &[], Size::Words).len();
    let (mut text, mut is_minimal) = (whole.to_owned(), true);
    for size in Size::ALL {
        let guarded = protected(trial, &text);
        let all = pieces(&text, &guarded, size);
        let free: Vec<usize> = (0..all.len()).filter(|at| !all[*at].stays).collect();
        let of = |list: &Vec<usize>| -> String {
            let is_kept = |at: usize, piece: &Piece| piece.stays || list.iter().any(|one| free[*one] == at);
            joined(
                &text,
                all.iter().enumerate().filter(|(at, piece)| is_kept(*at, piece)).map(|(_, piece)| piece),
            )
        };
        let reduced = ddmin(free.len(), async |lists: &[Vec<usize>]| {
            let cases = lists.iter().map(|list| trial.with(&of(list), None, false)).collect();
            trial.seen(cases).await
        })
        .await?;
        is_minimal = reduced.is_minimal;
        // With nothing left out the text stays as it is, with its white space.
        if reduced.kept.len() < free.len() {
            text = of(&reduced.kept);
        }
        if !is_minimal {
            break;
        }
    }
    let guarded = protected(trial, &text);
    let stay = pieces(&text, &guarded, Size::Words).iter().filter(|piece| piece.stays).count();
    let case = trial.with(&text, None, false).unwrap_or_else(|| trial.case.clone());
    let left = Left::Words { kept: count(&text), of: count(whole), protected: stay, of_seed };
    Ok(Reduction { case, way: trial.way.clone(), left, is_minimal, asked: 0 })
}

/// The spans of a text that no operator may touch.
fn protected(trial: &Trial<'_>, text: &str) -> Vec<Range<usize>> {
    let Ok(expansion) = Expansion::new(trial.bench.suite()) else { return Vec::new() };
    let Some(protector) = expansion.protector(trial.case.scenario) else { return Vec::new() };
    protector.spans(text, &[]).into_iter().map(|span| span.range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_leads_from_a_text_to_another() {
        for (before, after) in [("refund", "refnd"), ("aaa", "aa"), ("x", "xé"), ("日本", "日x本"), ("", "a")]
        {
            let edit = edit_between(before, after).unwrap();
            assert!(leads_to(before, &[edit], after), "{before} → {after}");
        }
        assert_eq!(edit_between("same", "same"), None);
    }
}
