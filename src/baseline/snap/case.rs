//! The lines of one case: short where its runs agree, so that one more run that agrees leaves them as
//! they are.

use crate::baseline::accepted::{Accepted, KEPT_RUNS};
use crate::baseline::cases::{AcceptedCase, AcceptedRun};
use crate::baseline::field;
use crate::expand::CaseId;
use std::fmt::Write;

/// Stands before the outcomes of a case that keeps another number of runs than most.
const OTHERS: char = '+';

/// Writes the lines of a case, in a baseline of which most cases keep `runs` runs.
pub(super) fn write(out: &mut String, id: CaseId, case: AcceptedCase<'_>, runs: usize) {
    let letters = case.outcomes().map(Accepted::letter);
    // Writing to a string cannot fail.
    let _ = write!(out, "case\t{id}\t");
    match case.outcomes().next() {
        Some(first) if letters.len() == runs => {
            let agree = case.outcomes().all(|outcome| outcome == first);
            out.extend(letters.take(if agree { 1 } else { runs }));
        }
        _ => {
            out.push(OTHERS);
            out.extend(letters);
        }
    }
    for text in [case.label(), case.expected()] {
        out.push('\t');
        field::write_option(out, text);
    }
    if let Some(number) = case.number().and_then(number) {
        out.push('\t');
        out.push_str(&number);
    }
    out.push('\n');
    write_scores(out, id, case);
    let mut before = case.runs();
    let Some(newest) = before.next_back() else { return };
    if before.clone().any(|run| run.label != newest.label) {
        let _ = write!(out, "labels\t{id}");
        for run in before.clone() {
            out.push('\t');
            field::write_option(out, run.label);
        }
        out.push('\n');
    }
    let number = |run: AcceptedRun<'_>| run.number.and_then(number);
    if before.clone().any(|run| number(run) != number(newest)) {
        let _ = write!(out, "numbers\t{id}");
        for run in before {
            out.push('\t');
            out.push_str(number(run).as_deref().unwrap_or(field::NONE));
        }
        out.push('\n');
    }
}

/// Writes what a case scores, by metric.
fn write_scores(out: &mut String, id: CaseId, case: AcceptedCase<'_>) {
    for metric in case.scored() {
        let scores: Vec<Option<String>> = case.scores(metric).map(|score| score.and_then(number)).collect();
        let agree = scores.windows(2).all(|pair| pair[0] == pair[1]);
        let _ = write!(out, "scores\t{id}\t{metric}");
        for score in scores.iter().take(if agree { 1 } else { scores.len() }) {
            out.push('\t');
            out.push_str(score.as_deref().unwrap_or(field::NONE));
        }
        out.push('\n');
    }
}

/// The shortest text that reads as the same number.
fn number(number: f64) -> Option<String> {
    number.is_finite().then(|| format!("{number:?}"))
}

/// Reads the outcomes of a case, in a baseline of which most cases keep `runs` runs.
pub(super) fn outcomes(field: &str, runs: usize) -> Result<Vec<Accepted>, String> {
    if let Some(letters) = field.strip_prefix(OTHERS) {
        return letters_of(letters).filter(|found| found.len() <= KEPT_RUNS).ok_or_else(|| {
            format!("the outcomes of a case are not `+` and up to {KEPT_RUNS} of the letters P F E -")
        });
    }
    let found = letters_of(field).unwrap_or_default();
    match found.as_slice() {
        [one] if runs > 0 => Ok(vec![*one; runs]),
        [_, _, ..] if found.len() == runs => Ok(found),
        _ => Err(format!(
            "the outcomes of a case are neither one of the letters P F E - nor {runs} of them; a case with \
             another number of runs has a `+` before them"
        )),
    }
}

/// Reads the outcomes of a case as versions 1 and 2 of the format have them: a letter for each run.
pub(super) fn all_outcomes(field: &str) -> Result<Vec<Accepted>, String> {
    letters_of(field)
        .filter(|found| (1..=KEPT_RUNS).contains(&found.len()))
        .ok_or_else(|| format!("the outcomes of a case are not 1 to {KEPT_RUNS} of the letters P F E -"))
}

/// The outcome of each letter.
fn letters_of(field: &str) -> Option<Vec<Accepted>> {
    field.chars().map(Accepted::of_letter).collect()
}
