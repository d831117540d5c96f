//! What is shown of a case: what was asked, what was expected, what came and why that is not right.
//! Plain parts; each output makes them safe for its own place.

use super::escape::{shortened, terminal};
use super::ranking;
use super::record::CaseRecord;
use super::repeats;
use crate::suite::as_text;

/// One titled text of the evidence. The text is untrusted.
pub(super) struct Part {
    /// What it is.
    pub(super) title: &'static str,
    /// The text, cut at the limit asked for.
    pub(super) text: String,
}

/// The evidence of a case, each text at most `limit` characters long.
pub(super) fn parts(case: &CaseRecord, limit: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |title, text: &str| parts.push(Part { title, text: shortened(text, limit) });
    add("input", &as_text(&case.input));
    if let Some(truth) = &case.truth {
        add("expected", truth);
    }
    if let Some(rolled_up) = repeats::rolled_up(case) {
        add("repeats", &rolled_up);
    }
    if let Some(answer) = case.graded.transcript.last() {
        if let Some(label) = &answer.label {
            add("label", label);
        }
        add("answer", &answer.output);
    }
    if let Some(accepted) = &case.accepted_answer {
        add("accepted answer", accepted);
    }
    if let Some(reason) = ranking::reasons(case) {
        add("reason", &reason);
    }
    parts
}

/// Longest part of the evidence in [`text`], in characters.
const TEXT: usize = 2000;

/// The evidence of a case as text, safe for a terminal, one part after another.
pub fn text(case: &CaseRecord) -> String {
    let parts = parts(case, TEXT);
    let width = parts.iter().map(|part| part.title.len()).max().unwrap_or_default();
    // Every line of an answer stands behind its title, so that none looks like one of ours.
    let hanging = format!("\n{:width$}  ", "");
    let lines: Vec<String> = parts
        .iter()
        .map(|part| format!("{:<width$}  {}", part.title, terminal(&part.text).replace('\n', &hanging)))
        .collect();
    lines.join("\n")
}
