//! A candidate for a person to decide about: what it says beside what it was made from, what it promises, who made
//! it, how it scored, and what is most like it. All of it is outside text.

use super::escape::{shortened, terminal, terminal_line};
use super::page::{Page, Style, Tint};
use crate::expand::{Case, Promise};
use crate::suite::as_text;
use crate::suite::schema::Expect;
use crate::suite::variants::{MadeBy, SeedRef, Truth};
use crate::synth::candidate::Candidate;
use crate::synth::reviewing::{TrialError, Tried};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// Columns of the labels.
const LABELS: usize = 12;

/// Characters of a text that are shown.
const TEXT: usize = 4_000;

/// Characters of a text in a list.
const SHORT: usize = 120;

/// Time that finding the difference of two texts may take.
const PATIENCE: Duration = Duration::from_millis(200);

/// A candidate as it is shown. `at` is its place among those that wait, from 1, and how many there are.
pub fn page(
    candidate: &Candidate,
    tried: &Result<Tried, TrialError>,
    at: (usize, usize),
    style: Style,
) -> String {
    let mut page = Page::new(style);
    let variant = &candidate.variant;
    let head = format!("[{}/{}] {}  {}", at.0, at.1, terminal_line(&variant.scenario), candidate.id);
    page.text(0, Tint::Strong, &head);
    let mut field = |label: &str, text: &str| page.item(2, LABELS, (label, Tint::Quiet), text);
    let seed = tried.as_ref().ok().and_then(|tried| tried.seed.as_ref());
    let said = as_text(&variant.input);
    match seed_text(candidate, seed) {
        Some(seed) => {
            field("seed", &terminal(&shortened(&seed, TEXT)));
            field("asks", &marked(&shortened(&seed, TEXT), &shortened(&said, TEXT)));
        }
        None => field("asks", &terminal(&shortened(&said, TEXT))),
    }
    for turn in &variant.turns {
        field("then", &terminal(&shortened(turn, TEXT)));
    }
    for (name, value) in &variant.row {
        field(&terminal_line(&shortened(name, LABELS - 2)), &terminal(&shortened(&as_text(value), TEXT)));
    }
    field("promises", promise(variant.promise));
    expected(&mut page, candidate, tried);
    made(&mut page, candidate);
    scores(&mut page, candidate);
    let mut field = |label: &str, text: &str| page.item(2, LABELS, (label, Tint::Quiet), text);
    match &candidate.nearest {
        Some(nearest) => {
            let near = format!(
                "{:.2} like {}: {}",
                nearest.similarity,
                terminal_line(&shortened(&nearest.what, SHORT)),
                terminal_line(&shortened(&nearest.text, SHORT * 3))
            );
            field("nearest", &near);
        }
        None => field("nearest", "nothing was compared"),
    }
    page.finish()
}

/// A candidate in a line or two, for a list.
pub fn line(candidate: &Candidate) -> String {
    let variant = &candidate.variant;
    let how = match variant.promise {
        Promise::Same => "same",
        Promise::Changed => "changed",
        Promise::Own => "own",
    };
    format!(
        "{}  {} ({how})\n    {}\n",
        candidate.id,
        terminal_line(&shortened(&variant.scenario, SHORT)),
        terminal_line(&shortened(&as_text(&variant.input), SHORT))
    )
}

fn seed_text(candidate: &Candidate, seed: Option<&Case>) -> Option<String> {
    match (&candidate.variant.of, seed) {
        (None, _) => None,
        (Some(_), Some(seed)) => Some(as_text(&seed.input)),
        (Some(SeedRef::Input(input)), None) => Some(as_text(input)),
        (Some(SeedRef::Row(id)), None) => Some(format!("(row {id}, which the suite does not have)")),
    }
}

const fn promise(promise: Promise) -> &'static str {
    match promise {
        Promise::Same => "the same: what its seed expects must hold",
        Promise::Changed => "a change: its seed's answer would be wrong",
        Promise::Own => "something of its own",
    }
}

fn expected(page: &mut Page, candidate: &Candidate, tried: &Result<Tried, TrialError>) {
    match tried {
        Ok(tried) => {
            for expect in tried.case.expect.iter() {
                page.item(
                    2,
                    LABELS,
                    ("expects", Tint::Quiet),
                    &terminal_line(&shortened(&json(expect), TEXT)),
                );
            }
            let whose = match (&candidate.variant.expect, &tried.seed) {
                (Some(_), _) => format!("stated with it; truth by {}", truth(candidate.variant.truth)),
                (None, Some(_)) => "as its seed does".to_owned(),
                (None, None) => "as its scenario does".to_owned(),
            };
            page.item(2, LABELS, ("", Tint::Quiet), &whose);
        }
        Err(error) => page.item(2, LABELS, ("not yet", Tint::Warning), &terminal(&error.to_string())),
    }
}

/// An expectation with what it says alone.
fn json(expect: &Expect) -> String {
    let mut value = serde_json::to_value(expect).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields
            .retain(|key, value| !(value.is_null() || key == "ignore_case" && *value == Value::Bool(false)));
    }
    value.to_string()
}

const fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::Person => "a person",
        Truth::Rule => "a rule",
        Truth::Model => "a model",
    }
}

fn made(page: &mut Page, candidate: &Candidate) {
    let made = &candidate.variant.made;
    let mut parts = Vec::new();
    if let Some(generator) = &made.generator {
        parts.push(format!("{}@{}", generator.name, generator.version));
    }
    let chain: Vec<String> =
        made.chain.iter().map(|applied| format!("{}@{}", applied.op, applied.version)).collect();
    if !chain.is_empty() {
        parts.push(chain.join(" + "));
    }
    parts.push(match (&made.model, made.by) {
        (Some(model), _) => match model.answered.as_ref().filter(|answered| **answered != model.model) {
            Some(answered) => format!("model {} ({answered})", model.model),
            None => format!("model {}", model.model),
        },
        (None, MadeBy::Model) => "a model".to_owned(),
        (None, MadeBy::Operator) => "operators".to_owned(),
        (None, MadeBy::Person) => "a person".to_owned(),
        (None, MadeBy::Production) => "a user in production".to_owned(),
        (None, MadeBy::Rule) => "a rule".to_owned(),
    });
    page.item(2, LABELS, ("made by", Tint::Quiet), &terminal_line(&shortened(&parts.join(", "), SHORT * 3)));
    let mut field = |label: &str, text: &str| page.item(2, LABELS, (label, Tint::Quiet), text);
    let knobs: Vec<String> =
        candidate.variant.knobs.iter().map(|(name, value)| format!("{name} = {}", as_text(value))).collect();
    if !knobs.is_empty() {
        field("knobs", &terminal_line(&shortened(&knobs.join(", "), SHORT * 3)));
    }
    if let Some(from) = &made.from {
        field("found in", &terminal_line(&shortened(from, SHORT * 3)));
    }
    for source in &made.sources {
        let told = format!("{}, bytes {} to {}: {}", source.file, source.start, source.end, source.text);
        field("grounded in", &terminal_line(&shortened(&told, SHORT * 5)));
    }
    if let Some(licence) = &made.licence {
        field("licence", &terminal_line(&shortened(licence, SHORT)));
    }
}

fn scores(page: &mut Page, candidate: &Candidate) {
    for (at, (axis, score)) in candidate.variant.made.scores.iter().enumerate() {
        let label = if at == 0 { "scores" } else { "" };
        let reason = candidate.reasons.get(axis).map(|reason| format!(": {reason}")).unwrap_or_default();
        let told = format!("{axis} {score:.2}{reason}");
        page.item(2, LABELS, (label, Tint::Quiet), &terminal_line(&shortened(&told, SHORT * 3)));
    }
}

/// A text with what differs from its seed marked: `[-gone-]` and `{+new+}`, which a page without colour shows too.
fn marked(seed: &str, text: &str) -> String {
    let (seed, text) = (terminal(seed), terminal(text));
    let diff = TextDiff::configure().timeout(PATIENCE).diff_words(seed.as_str(), text.as_str());
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, run)) if *tag == change.tag() => run.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    let mut out = String::new();
    for (tag, run) in runs {
        let (open, close) = match tag {
            ChangeTag::Equal => ("", ""),
            ChangeTag::Delete => ("[-", "-]"),
            ChangeTag::Insert => ("{+", "+}"),
        };
        out.extend([open, &run, close]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_marked() {
        assert_eq!(marked("I want my money back", "I want all my money"), "I want {+all +}my money[- back-]");
        assert_eq!(marked("a", "b"), "[-a-]{+b+}");
        assert_eq!(marked("same", "same"), "same");
    }

    #[test]
    fn hostile_words_do_not_act() {
        let shown = marked("plain", "\u{1b}[2Jplain\u{202e}");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
    }
}
