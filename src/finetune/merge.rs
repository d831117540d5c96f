//! Examples in which the same is said become one, with the answers of all of them.

use super::example::{Answer, Example, Left, LeftOut, Said};
use std::collections::{BTreeMap, BTreeSet};

/// The examples in the order of their ids, each dialogue once. Where the same answer is called good and bad,
/// nobody knows which it is: it is left out, and counted.
pub(super) fn merge(examples: Vec<Example>, left: &mut LeftOut) -> Vec<Example> {
    let mut sorted = examples;
    sorted.sort_by(|a, b| (a.id, &a.suite, &a.place).cmp(&(b.id, &b.suite, &b.place)));
    let mut places: BTreeMap<Vec<Said>, usize> = BTreeMap::new();
    let mut merged: Vec<Example> = Vec::new();
    for example in sorted {
        if let Some(at) = places.get(&example.dialogue) {
            join(&mut merged[*at], example);
        } else {
            places.insert(example.dialogue.clone(), merged.len());
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
    if into.contexts.is_empty() {
        into.contexts = from.contexts;
    }
    // Of one case they are the same; of two that say the same the first that was asked stands for both.
    into.tally = into.tally.or(from.tally);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::finetune::Source;
    use serde_json::Value;

    fn example(id: u8, text: &str, answers: &[(&str, bool, Source)]) -> Example {
        let id = CaseId::of(&[&[id]]);
        let answer = |(text, is_good, source): &(&str, bool, Source)| Answer {
            text: (*text).to_owned(),
            is_good: *is_good,
            source: *source,
            why: None,
        };
        Example {
            id,
            family: id,
            suite: "s".into(),
            scenario: "a".into(),
            place: String::new(),
            dialogue: vec![Said::by_user(&Value::from(text))],
            contexts: Vec::new(),
            answers: answers.iter().map(answer).collect(),
            licence: None,
            tally: None,
        }
    }

    #[test]
    fn what_says_the_same_is_one_example_whatever_the_order() {
        let parts = [
            example(1, "hello", &[("hi", true, Source::Baseline), ("go away", false, Source::Failure)]),
            example(2, "hello", &[("hi", true, Source::Variant), ("good day", true, Source::Label)]),
            example(3, "bye", &[("see you", true, Source::Label)]),
        ];
        let mut left = LeftOut::default();
        let merged = merge(parts.to_vec(), &mut left);
        let reversed = merge(parts.iter().rev().cloned().collect(), &mut left);
        assert_eq!(merged, reversed);
        assert_eq!((merged.len(), left.total()), (2, 0));
        let hello = merged.iter().find(|example| example.only_text() == Some("hello")).unwrap();
        let answers: Vec<_> = hello
            .answers
            .iter()
            .map(|answer| (answer.text.as_str(), answer.is_good, answer.source))
            .collect();
        assert_eq!(
            answers,
            [
                ("hi", true, Source::Variant),
                ("good day", true, Source::Label),
                ("go away", false, Source::Failure)
            ]
        );
    }

    #[test]
    fn an_answer_that_is_called_good_and_bad_is_neither() {
        let parts = vec![
            example(1, "hello", &[("hi", true, Source::Label), ("hey", true, Source::Label)]),
            example(1, "hello", &[("hi", false, Source::Failure)]),
            example(2, "bye", &[("off", true, Source::Label), ("off", false, Source::Failure)]),
        ];
        let mut left = LeftOut::default();
        let merged = merge(parts, &mut left);
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].answers.len(), 1);
        assert_eq!(left.0, BTreeMap::from([(Left::Disputed, 2), (Left::NoAnswer, 1)]));
    }
}
