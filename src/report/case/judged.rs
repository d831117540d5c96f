//! What stands behind a verdict that a model gave: its quote, what it is made of, and what it took.

use super::{LABELS, safe, tint};
use crate::judge::model::{ModelVerdict, Part};
use crate::report::number::count;
use crate::report::page::{Page, Tint};

/// Most parts of a verdict that are shown.
const PARTS: usize = 20;

pub(super) fn write(page: &mut Page, model: &ModelVerdict) {
    let mut field = |label: &str, text: &str| page.item(2, LABELS, (label, Tint::Quiet), text);
    if !model.quote.is_empty() {
        let found = if model.verified == Some(false) { " (not found where it should be)" } else { "" };
        field("quoting", &format!("{}{found}", safe(&model.quote)));
    }
    let score = model.score.map(|score| format!("score {score:.3}"));
    let confidence = model.confidence.map(|confidence| format!("probability {confidence:.3} to the model"));
    let beside: Vec<String> = score.into_iter().chain(confidence).collect();
    if !beside.is_empty() {
        field("beside it", &beside.join(", "));
    }
    parts(page, &model.parts, "");
    parts(page, &model.earlier, "before: ");
    let took = [
        (model.requests > 0).then(|| count(model.requests as usize, "request", "requests")),
        (model.cached > 0).then(|| "from the cache".to_owned()),
        model.usage.map(|of| format!("{} tokens read, {} written", of.input_tokens, of.output_tokens)),
        (!model.models.is_empty()).then(|| format!("by {}", safe(&model.models.join(", ")))),
        model.cut.then(|| "shown cut to size".to_owned()),
        model.reports_only.then(|| "counts for nothing: the judge reports and does not gate".to_owned()),
    ];
    let took: Vec<String> = took.into_iter().flatten().collect();
    if !took.is_empty() {
        page.item(2, LABELS, ("judged", Tint::Quiet), &took.join(", "));
    }
}

fn parts(page: &mut Page, parts: &[Part], when: &str) {
    for part in parts.iter().take(PARTS) {
        let word = part.word.clone().unwrap_or_else(|| part.outcome.to_string());
        let quote = match (part.quote.is_empty(), part.verified) {
            (true, _) => String::new(),
            (false, Some(false)) => format!(" (quotes what is not there: {})", part.quote),
            (false, _) => format!(" (quotes: {})", part.quote),
        };
        let colon = if part.reason.is_empty() { "" } else { ": " };
        let text = format!("{when}{} is {word}{colon}{}{quote}", part.name, part.reason);
        page.item(4, LABELS - 2, (&part.outcome.to_string(), tint(part.outcome)), &safe(&text));
    }
    if parts.len() > PARTS {
        page.item(4, LABELS - 2, ("", Tint::Quiet), &format!("and {} more", parts.len() - PARTS));
    }
}
