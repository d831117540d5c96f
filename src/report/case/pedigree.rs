//! Where a reviewed variant comes from, for the page of its case.

use super::safe;
use crate::suite::variants::{Approved, MadeBy, Pedigree, Truth};

/// What is told of a pedigree: a label and a text each. All outside text in it is safe for a terminal.
pub(super) fn lines(pedigree: &Pedigree) -> Vec<(&'static str, String)> {
    let Pedigree { made, truth, review } = pedigree;
    let mut lines = Vec::new();
    let who = match made.by {
        MadeBy::Model => "a model",
        MadeBy::Operator => "operators",
        MadeBy::Person => "a person",
        MadeBy::Production => "a user in production",
        MadeBy::Rule => "a rule",
    };
    let written = made.model.as_ref().map_or_else(
        || who.to_owned(),
        |model| {
            let answered = model.answered.as_ref().filter(|answered| **answered != model.model);
            let answered = answered.map(|answered| format!(" ({answered})")).unwrap_or_default();
            format!("the model {}{answered}, prompt {}, reply {}", model.model, model.prompt, model.reply)
        },
    );
    let generator = made.generator.as_ref();
    let generator = generator.map(|generator| format!("generator {} {}", generator.name, generator.version));
    let chain: Vec<&str> = made.chain.iter().map(|applied| applied.op.as_str()).collect();
    let chain = (!chain.is_empty()).then(|| chain.join(" + "));
    let made_by: Vec<String> = [Some(written), generator, chain].into_iter().flatten().collect();
    lines.push(("written by", safe(&made_by.join(", "))));
    if let Some(from) = &made.from {
        lines.push(("found in", safe(from)));
    }
    if let Some(licence) = &made.licence {
        lines.push(("licence", safe(licence)));
    }
    if !made.scores.is_empty() {
        let scores: Vec<String> =
            made.scores.iter().map(|(axis, score)| format!("{axis} {score:.2}")).collect();
        lines.push(("scores", safe(&scores.join(", "))));
    }
    for source in &made.sources {
        lines.push(("grounded in", safe(&format!("{}: {}", source.file, source.text))));
    }
    let truth = match truth {
        Truth::Person => "a person",
        Truth::Rule => "a rule",
        Truth::Model => "a model",
    };
    lines.push(("truth by", truth.to_owned()));
    if let Some(review) = review {
        let approved = match review.approved {
            Approved::Evaluation => "evaluation",
            Approved::Training => "training",
            Approved::Both => "evaluation and training",
        };
        let note = review.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let edited = review.edited_from.map(|id| format!(", who edited candidate {id}")).unwrap_or_default();
        let text = format!("{} on {} for {approved}{edited}{note}", review.by, review.date);
        lines.push(("reviewed by", safe(&text)));
    }
    lines
}
