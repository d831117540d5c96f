//! All answers to a case that was asked several times, a line each.

use super::{LABELS, safe, tint};
use crate::judge::Outcome;
use crate::report::page::{Page, Tint};
use crate::report::record::CaseRecord;
use crate::report::{ranking, repeats};
use crate::run::Graded;

/// The answers, and which of them is shown in full.
pub(super) fn write(page: &mut Page, case: &CaseRecord, shown: &Graded) {
    if case.repeats.is_empty() && case.confirmations.is_empty() {
        return;
    }
    page.gap();
    let title = match repeats::rolled_up(case) {
        Some(rolled_up) => format!("asked {} times: {rolled_up}", case.repeats.len()),
        None => "asked once".to_owned(),
    };
    page.text(2, Tint::Strong, &title);
    for graded in case.answers() {
        line(page, graded, shown);
    }
    if !case.confirmations.is_empty() {
        page.text(2, Tint::Strong, "asked again, to be sure that the scenario got worse");
    }
    for graded in &case.confirmations {
        line(page, graded, shown);
    }
}

fn line(page: &mut Page, graded: &Graded, shown: &Graded) {
    let repeat = graded.transcript.repeat;
    let label = format!("{}: {}", u64::from(repeat) + 1, graded.outcome);
    let said = match ranking::reason_of(graded) {
        Some(reason) => reason,
        None if graded.outcome == Outcome::Skipped => "not asked".to_owned(),
        None => graded.transcript.last().map(|answer| answer.output.clone()).unwrap_or_default(),
    };
    // Of a long answer its beginning is enough to tell it from the others.
    let said = crate::report::escape::shortened(&said, 200);
    let mark = if repeat == shown.transcript.repeat { "(shown below) " } else { "" };
    page.item(2, LABELS, (&label, tint(graded.outcome)), &format!("{mark}{}", safe(&said)));
}
