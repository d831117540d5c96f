//! What was asked for, what was made, and what was rejected and why.

use super::{DONE, visit};
use crate::cli::{CliResult, Place};
use crate::expand::{Ledger, Reason, ScenarioLedger, TemplateLedger};
use crate::report::escape::terminal_line;
use crate::suite::Suite;
use crate::suite::schema::Origin;
use std::collections::BTreeMap;
use std::fmt::Write as _; // to strings, which cannot fail

/// Prints the ledger of every suite.
pub(super) fn print(place: &Place, suites: &[Suite]) -> CliResult {
    for suite in suites {
        let ledger = visit(place, suite, &mut |_| {})?;
        place.print(&page(suite, &ledger))?;
    }
    DONE
}

fn page(suite: &Suite, ledger: &Ledger) -> String {
    let mut out = String::new();
    let of_people: usize = ledger.scenarios.iter().map(people).sum();
    let all = ledger.cases();
    let _ = writeln!(out, "{}: {all} cases, {of_people} as written and {} made", suite.name, all - of_people);
    for (scenario, counts) in suite.scenarios.iter().zip(&ledger.scenarios) {
        let _ = writeln!(out, "\n  {:>6}  {}", counts.cases(), terminal_line(&scenario.spec.name));
        for (origin, count) in counts.origins.iter().filter(|(origin, _)| **origin != Origin::Operator) {
            let word = crate::expand::lock::origin_word(*origin);
            let rows = counts.template.as_ref().filter(|_| *origin == Origin::Template);
            let _ = writeln!(out, "  {count:>6}    {word}{}", rows.map(covered).unwrap_or_default());
        }
        for entry in &counts.entries {
            let _ =
                writeln!(out, "  {:>6}    {}{}", entry.delivered, terminal_line(&entry.name), short(entry));
        }
    }
    out.push('\n');
    out
}

fn people(counts: &ScenarioLedger) -> usize {
    let of_people = counts.origins.iter().filter(|(origin, _)| !origin.is_synthetic());
    of_people.map(|(_, count)| count).sum()
}

/// What the rows of a template cover, and what became of those that are no cases.
fn covered(template: &TemplateLedger) -> String {
    let (covered, of) = template.covered();
    let mut parts = Vec::new();
    if template.delivered < template.requested {
        parts.push(format!("of {} rows", template.requested));
    }
    parts.push(format!("{covered} of {of} combinations covered"));
    if template.over_budget > 0 {
        parts.push(format!("{} left out by `total`", template.over_budget));
    }
    if template.flagged > 0 {
        parts.push(format!("{} kept although another asks the same", template.flagged));
    }
    parts.extend(rejections(&template.rejected));
    format!("  ({})", parts.join("; "))
}

fn rejections(rejected: &BTreeMap<Reason, usize>) -> Option<String> {
    let reasons: Vec<String> =
        rejected.iter().map(|(reason, count)| format!("{count} {}", reason.code())).collect();
    (!reasons.is_empty()).then(|| format!("rejected: {}", reasons.join(", ")))
}

/// What is missing of what was asked for, and why: nothing is silently short.
fn short(entry: &crate::expand::EntryLedger) -> String {
    let mut rejected: BTreeMap<Reason, usize> = BTreeMap::new();
    for (reason, count) in entry.operators.values().flat_map(|operator| &operator.rejected) {
        *rejected.entry(*reason).or_default() += count;
    }
    let mut parts = Vec::new();
    if entry.delivered < entry.requested {
        parts.push(format!("of {} asked for", entry.requested));
    }
    if entry.over_budget > 0 {
        parts.push(format!("{} left out by `total`", entry.over_budget));
    }
    parts.extend(rejections(&rejected));
    if parts.is_empty() { String::new() } else { format!("  ({})", parts.join("; ")) }
}
