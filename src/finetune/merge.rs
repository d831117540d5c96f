//! Examples in which the same is said become one, with the answers of all of them.

use super::example::{Answer, Example, Left, LeftOut, Said};
use std::collections::{BTreeMap, BTreeSet};

/// The examples in the order of their ids, each dialogue once. Where the same answer is called good and bad,
/// nobody knows which it is: it is left out, and counted.
pub(super) fn merge(examples: Vec<Example>, left: &mut LeftOut) -> Vec<Example> {
    let mut sorted = examples;
    sorted.sort_by(|a, b| (a.id, &a.suite, &a.place).cmp(&(b.id, &b.suite, &b.place)));
    let mut places: BTreeMap<(Vec<Said>, Vec<String>), usize> = BTreeMap::new();
    let mut merged: Vec<Example> = Vec::new();
    for example in sorted {
        let key = (example.dialogue.clone(), example.contexts.clone());
        if let Some(at) = places.get(&key) {
            join(&mut merged[*at], example);
        } else {
            places.insert(key, merged.len());
            merged.push(example);
        }
    }
    for example in &mut merged {
        settle(example, left);
    }
    merged.retain(|example| {
        let has_any = !example.answers.is_empty();
        if !has_any {
            left.add(Left::NoAnswer);
        }
        has_any
    });
    merged
}

fn join(into: &mut Example, from: Example) {
    into.answers.extend(from.answers);
    into.licence = into.licence.take().or(from.licence);
    into.tally = match (into.tally, from.tally) {
        (Some((passed, graded)), Some((more, of))) => Some((passed + more, graded + of)),
        (one, other) => one.or(other),
    };
}

/// Each answer once, the one of a person before that of a run.
fn settle(example: &mut Example, left: &mut LeftOut) {
    let said = |good: bool, answers: &[Answer]| -> BTreeSet<String> {
        answers.iter().filter(|answer| answer.is_good == good).map(|answer| answer.text.clone()).collect()
    };
    let (good, bad) = (said(true, &example.answers), said(false, &example.answers));
    let disputed: BTreeSet<&String> = good.intersection(&bad).collect();
    for _ in &disputed {
        left.add(Left::Disputed);
    }
    example.answers.retain(|answer| !disputed.contains(&answer.text));
    example.answers.sort_by(|a, b| {
        (!a.is_good, a.source, &a.text, &a.why).cmp(&(!b.is_good, b.source, &b.text, &b.why))
    });
    let mut seen = BTreeSet::new();
    example.answers.retain(|answer| seen.insert(answer.text.clone()));
}
