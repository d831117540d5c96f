//! What came of asking generators, as JSON.

use crate::model::UnansweredKind;
use crate::session::synth::Written;
use crate::synth::tally::ModelTally;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Version of this output.
const FORMAT: u32 = 1;

/// All that is known of what was asked for. Texts in it are untrusted.
pub fn json(written: &Written, currency: &str) -> Value {
    let outcome = &written.outcome;
    let model = |(name, tally): &(String, ModelTally)| {
        json!({
            "name": name,
            "replies": tally.replies,
            "kept": tally.kept,
            "errors": codes(&tally.errors),
            "requests": tally.spent.requests,
            "usage": tally.spent.usage,
            "cost": tally.cost.filter(|_| tally.spent.requests > 0),
            "answered": tally.answered,
        })
    };
    let examples: BTreeMap<&str, _> =
        outcome.examples.iter().map(|(reason, examples)| (reason.code(), examples)).collect();
    json!({
        "format": FORMAT,
        "suite": outcome.suite,
        "wanted": outcome.wanted,
        "new": written.new,
        "waiting": outcome.waiting,
        "yields": outcome.yields,
        "errors": codes(&outcome.errors),
        "too_few": outcome.short(),
        "currency": currency,
        "models": outcome.models.iter().map(model).collect::<Vec<_>>(),
        "coverage": outcome.coverage,
        "scores": outcome.scores.iter().map(|(name, (mean, number))| {
            (name.as_str(), json!({ "mean": mean, "n": number }))
        }).collect::<BTreeMap<_, _>>(),
        "nothing_came_of": outcome.barren,
        "rounds": outcome.rounds,
        "end": outcome.end,
        "rejected_examples": examples,
    })
}

fn codes(errors: &BTreeMap<UnansweredKind, usize>) -> BTreeMap<&'static str, usize> {
    errors.iter().map(|(kind, number)| (kind.code(), *number)).collect()
}
