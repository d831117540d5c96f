//! One suite: a few lines where all is well, everything that matters where not.

use super::{cases, robustness, table, tint, unstable, word};
use crate::gate::{Finding, FindingKind};
use crate::metric::Slice;
use crate::report::coding;
use crate::report::escape::{shortened, terminal_line};
use crate::report::headline::{self, Verdict};
use crate::report::mistakes;
use crate::report::page::{Page, Tint};
use crate::report::record::{ScenarioRecord, SuiteRecord};

/// Columns of the labels: the longest is `incomparable`.
const LABELS: usize = 14;
/// Most labels told that were mistaken.
const MISTAKEN: usize = 3;
/// Longest text of a message, in characters.
const TEXT: usize = 600;
/// Longest text of a problem: it may hold the end of a log.
const PROBLEM: usize = 2000;

pub(super) fn write(page: &mut Page, suite: &SuiteRecord, run: &str) {
    let verdict = Verdict::of(suite);
    page.gap();
    // A problem is told in full below.
    let headline = match verdict {
        Verdict::Undecided | Verdict::Exhausted => verdict.word().to_owned(),
        _ => headline::of_suite(suite),
    };
    page.text(0, tint(verdict), &format!("{}: {}", safe(&suite.name), safe(&headline)));
    if let Some(variant) = headline::variant(suite) {
        page.text(2, Tint::Plain, &safe(&variant));
    }
    if suite.carried.is_some() {
        let baseline = suite.baseline.as_deref().unwrap_or("unknown");
        return page.text(2, Tint::Quiet, &format!("What stands for it was {}", safe(baseline)));
    }
    if verdict.is_good() && suite.problems.is_empty() {
        return in_short(page, suite);
    }
    page.text(2, Tint::Quiet, &safe(&suite.feature));
    page.text(2, Tint::Plain, &headline::capital(&headline::counts(suite)));
    if let Some(baseline) = &suite.baseline {
        page.text(2, Tint::Plain, &format!("Baseline {}", safe(baseline)));
    }
    for problem in &suite.problems {
        page.gap();
        // The last lines of an application's log keep their lines.
        let shortened = shortened(&problem.message, PROBLEM);
        let mut lines = shortened.lines();
        page.item(2, LABELS, ("problem", Tint::Bad), &terminal_line(lines.next().unwrap_or_default()));
        for line in lines {
            page.item(2, LABELS, ("", Tint::Plain), &terminal_line(line));
        }
    }
    page.gap();
    // Without a baseline there is nothing to say of a metric but its value: see the table.
    for finding in headline::told(suite).filter(|finding| finding.kind != FindingKind::New) {
        write_finding(page, suite, finding);
    }
    hint(page, suite, verdict);
    cases::write(page, suite, run);
    coding(page, suite);
    unstable::write(page, suite);
    confused(page, suite);
    robustness::write(page, suite);
    table::write(page, suite, run);
    watched(page, suite);
    judges(page, suite);
    notes(page, suite);
}

/// The judges that are models: what they came to, and whether that counts.
fn judges(page: &mut Page, suite: &SuiteRecord) {
    if !suite.judges.is_empty() && !Verdict::of(suite).is_good() {
        page.gap();
    }
    for judge in &suite.judges {
        page.item(2, LABELS, ("judge", Tint::Plain), &safe(&judge.told()));
        if let Some(standing) = judge.standing() {
            page.item(2, LABELS, ("", Tint::Warning), &safe(&standing));
        }
        if let Some(canary) = &judge.canary {
            page.item(2, LABELS, ("", Tint::Plain), &safe(&format!("canary: {canary}")));
        }
    }
}

fn in_short(page: &mut Page, suite: &SuiteRecord) {
    for finding in headline::gating(suite).skip(1) {
        page.item(2, LABELS, label(finding), &safe(&headline::change(finding)));
    }
    page.text(2, Tint::Quiet, &headline::capital(&headline::counts(suite)));
    robustness::in_short(page, suite);
    coding(page, suite);
    unstable::write(page, suite);
    watched(page, suite);
    judges(page, suite);
    notes(page, suite);
}

/// The categories of the failures: those that are new or more common first.
fn coding(page: &mut Page, suite: &SuiteRecord) {
    let (rises, spread) = (coding::rises(suite), coding::spread(suite));
    if rises.is_empty() && spread.is_none() {
        return;
    }
    page.gap();
    page.text(2, Tint::Strong, "Categories of failures (they do not gate):");
    for rise in rises {
        let label = if rise.is_new { "new" } else { "more" };
        page.item(2, LABELS, (label, Tint::Warning), &safe(&rise.text));
    }
    for line in spread.into_iter().chain(coding::outdated(suite)) {
        page.item(2, LABELS, ("", Tint::Plain), &safe(&line));
    }
}

/// Where to read why the suite is what it is.
fn hint(page: &mut Page, suite: &SuiteRecord, verdict: Verdict) {
    if matches!(verdict, Verdict::Regressed | Verdict::Inconclusive) {
        page.text(2, Tint::Quiet, &format!("`holdline explain {}` says why", word(suite)));
    }
}

/// The metrics that do not gate and moved.
fn watched(page: &mut Page, suite: &SuiteRecord) {
    if suite.watched.is_empty() {
        return;
    }
    page.gap();
    page.text(2, Tint::Strong, headline::WATCHED);
    for finding in suite.watched.iter().take(headline::MOST_WATCHED) {
        let (label, tint) = match finding.kind {
            FindingKind::Improved => ("better", Tint::Good),
            _ => ("worse", Tint::Warning),
        };
        page.item(2, LABELS, (label, tint), &safe(&headline::change(finding)));
    }
    if let Some(more) = headline::more_watched(suite) {
        page.text(2, Tint::Quiet, &more);
    }
}

/// The labels mistaken most often, where a metric over labels got worse.
fn confused(page: &mut Page, suite: &SuiteRecord) {
    let Some(confusion) = suite.confusion.as_ref().filter(|_| mistakes::matter(suite)) else { return };
    let mistakes = mistakes::mistakes(confusion);
    if mistakes.is_empty() {
        return;
    }
    page.gap();
    page.text(2, Tint::Strong, "Labels mistaken most often:");
    for mistake in mistakes.iter().take(MISTAKEN) {
        let text = format!("expected `{}`: {}", mistake.expected, mistake.told());
        page.text(2, Tint::Plain, &safe(&text));
    }
}

/// What is out of the gate, and what is worth knowing beside the findings.
fn notes(page: &mut Page, suite: &SuiteRecord) {
    let is_silent = suite.notes.is_empty() && suite.quarantined.is_empty();
    if !is_silent && !Verdict::of(suite).is_good() {
        page.gap();
    }
    for quarantine in &suite.quarantined {
        page.item(2, LABELS, ("quarantined", Tint::Warning), &safe(&quarantine.told()));
    }
    for note in &suite.notes {
        page.item(2, LABELS, ("note", Tint::Quiet), &safe(note));
    }
}

fn write_finding(page: &mut Page, suite: &SuiteRecord, finding: &Finding) {
    if matches!(finding.kind, FindingKind::Held | FindingKind::Unchanged | FindingKind::Improved) {
        return page.item(2, LABELS, label(finding), &safe(&headline::change(finding)));
    }
    let scenario = scenario_of(suite, finding);
    // The reason holds the values.
    let what = match scenario {
        Some(scenario) => format!("{} ({})", safe(&scenario.name), safe(&finding.metric)),
        None => safe(&finding.key()),
    };
    page.item(2, LABELS, label(finding), &what);
    let mut more = |text: &str| page.item(2, LABELS, ("", Tint::Plain), text);
    more(&safe(&finding.reason));
    if let Some(why) = scenario.and_then(|scenario| scenario.why.as_ref()) {
        more(&format!("why it matters: {}", safe(why)));
    }
    for concentration in finding.concentrations.iter().take(5) {
        more(&safe(&headline::concentration(suite, concentration)));
    }
}

fn scenario_of<'a>(suite: &'a SuiteRecord, finding: &Finding) -> Option<&'a ScenarioRecord> {
    match &finding.slice {
        Slice::Scenario(id) => suite.scenarios.iter().find(|scenario| scenario.id == *id),
        Slice::Suite | Slice::Tag(_) | Slice::Operators(_) => None,
    }
}

const fn label(finding: &Finding) -> (&'static str, Tint) {
    match finding.kind {
        FindingKind::Held => ("held", Tint::Good),
        FindingKind::Unchanged => ("unchanged", Tint::Good),
        FindingKind::Improved => ("improved", Tint::Good),
        FindingKind::Regressed => ("regressed", Tint::Bad),
        FindingKind::Inconclusive => ("inconclusive", Tint::Warning),
        FindingKind::Incomparable => ("incomparable", Tint::Warning),
        FindingKind::New => ("new", Tint::Strong),
        FindingKind::Missing => ("missing", Tint::Warning),
    }
}

fn safe(text: &str) -> String {
    terminal_line(&shortened(text, TEXT))
}
