//! Why a finding is what it is, in plain words with its numbers, and what would change it: for
//! `holdline explain`.

mod mended;
mod next;
mod sections;
mod words;

use super::escape::{shortened, terminal_line};
use super::headline;
use super::number;
use super::page::{Page, Style, Tint};
use super::record::{CaseRecord, Record, SuiteRecord};
use crate::baseline::Baseline;
use crate::gate::{Finding, FindingKind};
use crate::judge::Outcome;
use crate::metric::Slice;
use crate::suite::nearest::nearest;

/// Columns of the labels: the longest is `drawn as one`.
const LABELS: usize = 14;
/// Longest outside text, in characters.
const TEXT: usize = 600;
/// Most names that are listed where one is not known.
const NAMED: usize = 30;

/// What a metric's key stands for in a record.
#[derive(Debug)]
pub enum Asked<'a> {
    /// What was found of it.
    Found(&'a Finding),
    /// It was measured and nothing is said of it; its value as people read it.
    Measured(String),
}

/// The findings that are explained where no metric is named: those that gate, and every scenario that
/// regressed or was flagged. Where nothing gates, all that is said of the suite as a whole.
pub fn told(suite: &SuiteRecord) -> Vec<&Finding> {
    let flagged = |finding: &Finding| {
        let asked = finding.evidence.as_ref().is_some_and(|evidence| evidence.confirmation.is_some());
        matches!(finding.slice, Slice::Scenario(_)) && (finding.kind == FindingKind::Regressed || asked)
    };
    let chosen: Vec<&Finding> =
        suite.findings.iter().filter(|finding| finding.gates || flagged(finding)).collect();
    if !chosen.is_empty() {
        return chosen;
    }
    suite.findings.iter().filter(|finding| !matches!(finding.slice, Slice::Scenario(_))).collect()
}

/// What a suite's record has of a metric, by its key; what is wrong with the key where it has nothing.
pub fn asked<'a>(suite: &'a SuiteRecord, key: &str) -> Result<Asked<'a>, String> {
    let findings = || suite.findings.iter().chain(&suite.watched);
    if let Some(finding) = findings().find(|finding| finding.key() == key) {
        return Ok(Asked::Found(finding));
    }
    if let Some(measured) = suite.measurements.iter().find(|measured| measured.key() == key) {
        return Ok(Asked::Measured(number::value_or_none(measured.value, measured.unit)));
    }
    let mut keys: Vec<String> = findings().map(Finding::key).collect();
    keys.extend(suite.measurements.iter().map(crate::metric::Measurement::key));
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    let meant = nearest(key, keys.iter().map(String::as_str));
    let meant =
        meant.map_or_else(|| ".".to_owned(), |meant| format!("; did you mean `{}`?", terminal_line(meant)));
    let more = match keys.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let list = keys.iter().take(NAMED).map(|key| terminal_line(key)).collect::<Vec<_>>().join(", ");
    Err(format!(
        "suite `{}` has no metric `{}`{meant} It has: {list}{more}",
        terminal_line(&suite.name),
        terminal_line(key)
    ))
}

/// The page that explains findings of a suite. `baseline` is what is accepted now, from which what single
/// cases came to before is known; it is used only where it gives the record's own numbers. All outside text
/// in the page is safe for a terminal.
pub fn explain(
    record: &Record,
    suite: &SuiteRecord,
    findings: &[&Finding],
    baseline: Option<&Baseline>,
    style: Style,
) -> String {
    let mut page = Page::new(style);
    let about = Explained { record, suite, baseline };
    let headline = format!("{}: {}", safe(&suite.name), safe(&headline::of_suite(suite)));
    page.text(0, Tint::Strong, &headline);
    page.text(2, Tint::Quiet, &format!("Run {}, begun {}", safe(&record.run), safe(&record.started)));
    for problem in &suite.problems {
        page.item(2, LABELS, ("problem", Tint::Bad), &safe(&problem.message));
    }
    for finding in findings {
        about.write(&mut page, finding);
    }
    if findings.is_empty() {
        page.gap();
        page.text(2, Tint::Plain, "Nothing was found of this suite: there is nothing to explain.");
    }
    page.finish()
}

/// What a finding is explained from.
struct Explained<'a> {
    record: &'a Record,
    suite: &'a SuiteRecord,
    baseline: Option<&'a Baseline>,
}

impl Explained<'_> {
    fn write(&self, page: &mut Page, finding: &Finding) {
        page.gap();
        let tint = match finding.kind {
            FindingKind::Held | FindingKind::Unchanged | FindingKind::Improved => Tint::Good,
            FindingKind::Regressed => Tint::Bad,
            FindingKind::New => Tint::Strong,
            FindingKind::Inconclusive | FindingKind::Incomparable | FindingKind::Missing => Tint::Warning,
        };
        let blocks = match (finding.gates, finding.kind) {
            (true, FindingKind::Regressed) => "; blocks the build",
            (true, _) => "",
            (false, _) => "; does not block",
        };
        page.text(0, tint, &format!("{}: {}{blocks}", safe(&finding.key()), finding.kind));
        if let Some(name) = self.scenario(finding) {
            page.item(2, LABELS, ("scenario", Tint::Quiet), &safe(name));
        }
        let mut say = |label: &str, text: &str| page.item(2, LABELS, (label, Tint::Quiet), text);
        match &finding.evidence {
            Some(evidence) => {
                for (label, text) in self.sections(finding, evidence) {
                    say(label, &text);
                }
            }
            None if tested(finding.kind) && !self.suite.partial && finding.interval.is_some() => {
                say("found", &safe(&finding.reason));
                say(
                    "numbers",
                    "the record has none behind this finding: it was written by an older version; run the \
                     suite again to have them",
                );
            }
            None => say("found", &safe(&finding.reason)),
        }
        say("so", &self.rule(finding));
        let mut label = match finding.kind {
            FindingKind::Held | FindingKind::Unchanged => "unseen",
            FindingKind::Regressed | FindingKind::Inconclusive => "to change it",
            FindingKind::Improved | FindingKind::Incomparable | FindingKind::New | FindingKind::Missing => {
                "next"
            }
        };
        for text in self.next(finding) {
            say(label, &text);
            label = "";
        }
    }

    /// The name of a finding's scenario.
    fn scenario(&self, finding: &Finding) -> Option<&str> {
        let Slice::Scenario(id) = &finding.slice else { return None };
        self.suite.scenarios.iter().find(|scenario| scenario.id == *id).map(|scenario| scenario.name.as_str())
    }

    /// Whether the run ended before its end because this loss was sure: nothing else leaves cases of a whole,
    /// decided suite without having been asked.
    fn is_early(&self, finding: &Finding) -> bool {
        let skipped = || self.suite.cases.iter().any(|case| case.graded.outcome == Outcome::Skipped);
        finding.kind == FindingKind::Regressed
            && finding.evidence.is_some()
            && !self.suite.partial
            && self.suite.problems.is_empty()
            && skipped()
    }

    /// Whether a finding is one of a metric that does not gate and moved.
    fn is_watched(&self, finding: &Finding) -> bool {
        self.suite.watched.iter().any(|watched| std::ptr::eq(watched, finding) || watched == finding)
    }
}

/// Whether a finding of that kind comes of a test.
const fn tested(kind: FindingKind) -> bool {
    !matches!(kind, FindingKind::Incomparable | FindingKind::New | FindingKind::Missing)
}

/// Whether a case is among those that a finding is about.
fn is_about(suite: &SuiteRecord, slice: &Slice, case: &CaseRecord) -> bool {
    match slice {
        Slice::Suite => true,
        Slice::Scenario(id) => suite.scenario_of(case).id == *id,
        Slice::Tag(tag) => case.tags.contains(tag),
        Slice::Operators(family) => {
            case.provenance.lineage.as_deref().is_some_and(|lineage| lineage.family == *family)
        }
    }
}

fn safe(text: &str) -> String {
    terminal_line(&shortened(text, TEXT))
}
