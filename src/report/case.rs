//! Everything about one case, for `holdline show`.

mod attempts;
mod judged;
mod pedigree;
mod repeats;

use super::escape::{invisible, shortened, terminal, terminal_line};
use super::number;
use super::page::{Page, Style, Tint};
use super::record::{CaseRecord, Record, SuiteRecord};
use crate::gate::{Flip, Standing};
use crate::judge::Outcome;
use crate::metric::Unit;
use crate::run::Graded;
use crate::suite::as_text;
use crate::suite::schema::MustPass;
use crate::target::{Answer, Turn};

/// Longest text shown, in characters: a screen or two.
const TEXT: usize = 20_000;
/// Columns of the labels: the longest is `accepted answer`.
const LABELS: usize = 17;

/// Everything about one case of a run, with the answer in full that stands for it. All outside text in it is
/// safe for a terminal.
pub fn case(record: &Record, suite: &SuiteRecord, case: &CaseRecord, style: Style) -> String {
    page(record, suite, case, &case.graded, style)
}

/// The same with another of its answers in full, by its number from 1: a repeat, or one for which it was
/// asked again. `None` where it has no such answer.
pub fn case_repeat(
    record: &Record,
    suite: &SuiteRecord,
    case: &CaseRecord,
    number: u32,
    style: Style,
) -> Option<String> {
    let mut all = case.answers().iter().chain(&case.confirmations);
    let shown = all.find(|graded| graded.transcript.repeat.checked_add(1) == Some(number))?;
    Some(page(record, suite, case, shown, style))
}

fn page(record: &Record, suite: &SuiteRecord, case: &CaseRecord, shown: &Graded, style: Style) -> String {
    let mut page = Page::new(style);
    let scenario = suite.scenario_of(case);
    page.text(0, Tint::Strong, &safe(&format!("{}::{}::{}", suite.name, scenario.id, case.name)));
    let mut field = |label: &str, text: &str| page.item(2, LABELS, (label, Tint::Quiet), text);
    field("case", &case.id.to_string());
    if case.family != case.id {
        field("variant of", &case.family.to_string());
    }
    field("scenario", &safe(&scenario.name));
    if let Some(why) = &scenario.why {
        field("why", &safe(why));
    }
    let place = &case.provenance.place;
    field("from", &format!("{}:{} ({})", safe(&place.file), place.line, origin(case)));
    if !case.tags.is_empty() {
        field("tags", &safe(&case.tags.join(", ")));
    }
    for (label, text) in case.provenance.pedigree.iter().flat_map(|pedigree| pedigree::lines(pedigree)) {
        field(label, &text);
    }
    match case.must_pass {
        MustPass::No => {}
        MustPass::Every => field("must pass", "any failure fails the build"),
        MustPass::Majority => field("must pass", "failing most of its answers fails the build"),
    }
    if let Some(truth) = &case.truth {
        field("expected label", &safe(truth));
    }
    field("run", &format!("{}, begun {}", safe(&record.run), safe(&record.started)));
    page.gap();
    outcome(&mut page, suite, case);
    repeats::write(&mut page, case, shown);
    turns(&mut page, case, shown);
    verdicts(&mut page, shown);
    if let Some(accepted) = &case.accepted_answer {
        page.gap();
        page.text(2, Tint::Strong, "answer accepted with the baseline");
        block(&mut page, accepted);
    }
    page.finish()
}

fn origin(case: &CaseRecord) -> &'static str {
    use crate::suite::schema::Origin;
    match case.provenance.origin {
        Origin::Written => "written for the suite",
        Origin::Real => "said by a real user",
        Origin::Production => "seen in production",
        Origin::Failure => "a failure seen before",
        Origin::Template => "made from a template",
        Origin::Operator => "made by an operator",
        Origin::Document => "made from a document",
        Origin::Table => "made from a column specification",
        Origin::Model => "written by a model",
    }
}

const fn tint(outcome: Outcome) -> Tint {
    match outcome {
        Outcome::Pass => Tint::Good,
        Outcome::Fail | Outcome::TargetError => Tint::Bad,
        _ => Tint::Warning,
    }
}

/// What the case came to, and how that compares.
fn outcome(page: &mut Page, suite: &SuiteRecord, case: &CaseRecord) {
    let tint = tint(case.graded.outcome);
    let outcome = case.graded.outcome.to_string();
    let standing = match &case.standing {
        Standing::Passes => "does not fail the build".to_owned(),
        Standing::Fails(why) => format!("fails the build: {}", safe(why)),
        Standing::Tolerated(why) => format!("tolerated: {}", safe(why)),
        Standing::Errs(why) => format!("an error: {}", safe(why)),
        Standing::Skipped(why) => format!("not asked: {}", safe(why)),
    };
    page.item(2, LABELS, (&outcome, tint), &standing);
    let baseline = match (case.flip, &suite.baseline) {
        (_, None) => "there is none to compare with",
        (Some(Flip::Broke), _) => "passed; this is new",
        (Some(Flip::Fixed), _) => "failed; this is mended",
        (None, _) if suite.added.contains(&case.id) => "does not have the case: it is new",
        (None, _) if case.graded.outcome.is_graded() => "the same outcome",
        (None, _) => "cannot be compared: the case is not graded in this run",
    };
    page.item(2, LABELS, ("in the baseline", Tint::Quiet), baseline);
}

fn turns(page: &mut Page, case: &CaseRecord, shown: &Graded) {
    let turns = &shown.transcript.turns;
    if turns.is_empty() {
        page.gap();
        page.text(2, Tint::Strong, "asked");
        block(page, &as_text(&case.input));
    }
    for (at, Turn { user, answer }) in turns.iter().enumerate() {
        let turn =
            if turns.len() > 1 { format!(" (turn {} of {})", at + 1, turns.len()) } else { String::new() };
        page.gap();
        page.text(2, Tint::Strong, &format!("asked{turn}"));
        block(page, &as_text(user));
        attempts::write(page, &answer.attempts);
        page.gap();
        page.text(2, Tint::Strong, &format!("answered{}", measures(answer)));
        block(page, &answer.output);
        details(page, answer);
    }
    if let Some(error) = &shown.transcript.error {
        attempts::write(page, &error.attempts);
        page.gap();
        page.item(2, LABELS, ("no answer", Tint::Bad), &safe(&error.to_string()));
    }
}

/// Latency and tokens, where known.
fn measures(answer: &Answer) -> String {
    let mut parts = Vec::new();
    parts.extend(answer.cached.then(|| "from the cache".to_owned()));
    parts.extend(answer.latency_ms.map(|of| number::value(of, Unit::Milliseconds)));
    parts.extend(
        answer.first_token_ms.map(|of| format!("first token {}", number::value(of, Unit::Milliseconds))),
    );
    parts.extend(
        answer.usage.map(|of| format!("{} tokens read, {} written", of.input_tokens, of.output_tokens)),
    );
    parts.extend(answer.model.as_deref().map(|of| format!("by {}", terminal_line(&shortened(of, 100)))));
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn details(page: &mut Page, answer: &Answer) {
    let mut field = |label: &str, text: &str| page.item(2, LABELS, (label, Tint::Quiet), &safe(text));
    if let Some(label) = &answer.label {
        field("label", label);
    }
    for of in &answer.retrieved {
        let score = of.score.map_or_else(String::new, |score| format!(" (score {score})"));
        field("retrieved", &format!("{}{score}", of.id));
    }
    for context in &answer.contexts {
        field("context", context);
    }
    for call in &answer.calls {
        field("called", &format!("{} {}", call.name, call.arguments));
    }
}

fn verdicts(page: &mut Page, shown: &Graded) {
    if shown.verdicts.is_empty() {
        return;
    }
    page.gap();
    page.text(2, Tint::Strong, "verdicts");
    for verdict in &shown.verdicts {
        let tint = match verdict.outcome {
            Outcome::Pass => Tint::Good,
            Outcome::Fail => Tint::Bad,
            _ => Tint::Warning,
        };
        let turn = verdict.turn.map_or_else(String::new, |at| format!(" (turn {})", u64::from(at) + 1));
        let text = format!("{}{turn}: {}", verdict.judge, verdict.reason);
        page.item(2, LABELS, (&verdict.outcome.to_string(), tint), &safe(&text));
        if let Some(model) = &verdict.model {
            judged::write(page, model);
        }
    }
}

/// Outside text of many lines, each behind a bar, so that none looks like one of ours.
fn block(page: &mut Page, text: &str) {
    let shown = terminal(&shortened(text, TEXT));
    if shown.is_empty() {
        page.item(2, 2, ("│", Tint::Quiet), "(empty)");
    }
    for line in shown.replace('\t', "    ").lines() {
        page.item(2, 2, ("│", Tint::Quiet), line);
    }
    let hidden = invisible(text);
    if hidden > 0 {
        let count = number::count(hidden, "invisible character", "invisible characters");
        page.item(2, 2, ("│", Tint::Quiet), &format!("({count}, written out)"));
    }
}

fn safe(text: &str) -> String {
    terminal_line(&shortened(text, 2000))
}
