//! What came of the neighbourhood of a failing case, as a page and as JSON.

use super::escape::{shortened, terminal_line};
use super::number::count;
use super::page::{Page, Style, Tint};
use crate::distil::found::{Aside, Explored, Left, NeighbourRow, Offers, Reduction};
use crate::distil::neighbours::Relation;
use crate::distil::trigger::Trigger;
use crate::distil::way::Way;
use crate::expand::CaseId;
use crate::judge::Outcome;
use crate::suite::as_text;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _; // to strings, which cannot fail

/// Failures shown.
const SHOWN: usize = 20;
/// Groups shown.
const GROUPS: usize = 12;
/// Longest text of a case or a reason, in characters.
const TEXT: usize = 300;
/// Columns of the labels.
const LABELS: usize = 9;

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    suite: &'a str,
    case: CaseId,
    outcome: Option<Outcome>,
    way: Option<Way>,
    reduced: Option<PrintedReduction<'a>>,
    neighbours: &'a [NeighbourRow],
    chosen: usize,
    available: &'a BTreeMap<&'static str, usize>,
    triggers: &'a [Trigger],
    offered: &'a Offers,
    kept: String,
    problems: Vec<&'a str>,
}

#[derive(Serialize)]
struct PrintedReduction<'a> {
    case: CaseId,
    input: &'a serde_json::Value,
    left: &'a Left,
    is_minimal: bool,
    asked: usize,
}

/// Everything as JSON, with a line break at the end.
pub fn json(suite: &str, of: &Explored) -> Result<String, serde_json::Error> {
    let printed = Printed {
        suite,
        case: of.case.id,
        outcome: of.now.as_ref().map(|now| now.graded.outcome),
        way: of.now.as_ref().and_then(Way::of),
        reduced: of.reduction.as_ref().map(|of| PrintedReduction {
            case: of.case.id,
            input: &of.case.input,
            left: &of.left,
            is_minimal: of.is_minimal,
            asked: of.asked,
        }),
        neighbours: &of.rows,
        chosen: of.chosen,
        available: &of.available,
        triggers: &of.triggers,
        offered: &of.offers,
        kept: of.aside.record.display().to_string(),
        problems: of.aside.problems.iter().map(|problem| problem.message.as_str()).collect(),
    };
    Ok(serde_json::to_string_pretty(&printed)? + "\n")
}

/// The neighbourhood as a page. All outside text in it is safe for a terminal.
pub fn render(suite: &str, scenario: &str, of: &Explored, style: Style) -> String {
    let mut page = Page::new(style);
    case(&mut page, suite, scenario, of);
    if let Some(reduction) = &of.reduction {
        page.gap();
        reduced(&mut page, 0, reduction);
    }
    page.gap();
    neighbours(&mut page, of);
    if !of.triggers.is_empty() {
        page.gap();
        triggers(&mut page, &of.triggers);
    }
    page.gap();
    further(&mut page, suite, of);
    aside(&mut page, &of.aside);
    page.finish()
}

fn case(page: &mut Page, suite: &str, scenario: &str, of: &Explored) {
    let name = format!("{suite}::{scenario}::{}", of.case.name);
    let (tint, came) = match &of.now {
        None => (Tint::Warning, "was not asked".to_owned()),
        Some(now) => {
            let (passed, graded) = now.tally();
            let times = if graded > 1 {
                format!(" ({} of {graded} answers fail)", graded - passed)
            } else {
                String::new()
            };
            match now.graded.outcome {
                Outcome::Fail => (Tint::Bad, format!("fails{times}")),
                Outcome::TargetError => (Tint::Bad, format!("has no answer{times}")),
                Outcome::Pass => (Tint::Good, format!("passes now{times}: there is nothing to reduce")),
                other => (Tint::Warning, format!("cannot be graded now: {other}")),
            }
        }
    };
    page.text(0, tint, &format!("{} {came}", safe(&name)));
    page.item(2, LABELS, ("asked", Tint::Quiet), &safe(&as_text(&of.case.input)));
    if let Some(way) = of.now.as_ref().and_then(Way::of) {
        let failing: Vec<&str> = way.failing.iter().map(String::as_str).collect();
        let mut text =
            if failing.is_empty() { "no check came to a verdict".to_owned() } else { failing.join(", ") };
        if let Some(label) = &way.label {
            let _ = write!(text, "; answered `{label}`");
        }
        page.item(2, LABELS, ("fails by", Tint::Quiet), &safe(&text));
    }
}

/// What is left of a failing case.
pub(super) fn reduced(page: &mut Page, indent: usize, of: &Reduction) {
    let asked = count(of.asked, "case", "cases");
    let end = if of.is_minimal {
        "none of what is left can go"
    } else {
        "more of it might go: nothing more could be asked"
    };
    page.text(indent, Tint::Strong, &format!("Reduced with {asked}: {end}"));
    match &of.left {
        Left::Changes(steps) => {
            for step in steps {
                let tint = if step.kept == 0 { Tint::Quiet } else { Tint::Bad };
                let text = match step.kept {
                    0 => "not needed".to_owned(),
                    kept => format!("{kept} of {}", count(step.of, "change", "changes")),
                };
                let column = step.op.chars().count() + 2;
                page.item(indent + 2, column, (&terminal_line(&step.op), tint), &text);
            }
        }
        Left::Words { kept, of, protected, of_seed } => {
            let whose =
                if *of_seed { "the seed fails in the same way: of its words" } else { "of its words" };
            let stay = match protected {
                0 => String::new(),
                some => format!(", {some} of them protected"),
            };
            page.text(indent + 2, Tint::Plain, &format!("{whose} {kept} of {of} are left{stay}"));
        }
    }
    page.item(indent + 2, LABELS, ("left", Tint::Quiet), &safe(&as_text(&of.case.input)));
}

fn is_failure(row: &NeighbourRow) -> bool {
    matches!(row.outcome, Outcome::Fail | Outcome::TargetError)
}

/// Whether a relation is of a kind.
type Is = fn(&Relation) -> bool;

fn neighbours(page: &mut Page, of: &Explored) {
    let there: usize = of.available.values().sum();
    let asked = of.rows.iter().filter(|row| row.relation != Relation::Seed).count();
    let failing = of.rows.iter().filter(|row| is_failure(row)).count();
    let ungraded = of
        .rows
        .iter()
        .filter(|row| !matches!(row.outcome, Outcome::Pass | Outcome::Fail | Outcome::TargetError))
        .count();
    let text = format!("{asked} of {} asked: {failing} fail", count(there, "neighbour", "neighbours"));
    let text = if ungraded > 0 { format!("{text}, {ungraded} cannot be graded") } else { text };
    page.text(0, Tint::Strong, &text);
    let mut table = table(["", "fail", "asked", "of"]);
    let kinds: [(&str, &str, Is); 4] = [
        ("same seed", "the same seed, other operators", |of| *of == Relation::SameSeed),
        ("same operators", "other seeds, the same operators", |of| *of == Relation::SameOperator),
        ("knobs", "one knob changed", |of| matches!(of, Relation::Knob(_))),
        ("generated", "written by a model", |of| *of == Relation::Generated),
    ];
    for (key, told, is) in kinds {
        let there = of.available.get(key).copied().unwrap_or_default();
        if there == 0 {
            continue;
        }
        let rows = || of.rows.iter().filter(|row| is(&row.relation));
        let cells = [
            told.to_owned(),
            rows().filter(|row| is_failure(row)).count().to_string(),
            rows().count().to_string(),
            there.to_string(),
        ];
        table.add_row(cells);
    }
    let seeds = || of.rows.iter().filter(|row| row.relation == Relation::Seed);
    if seeds().count() > 0 {
        let failing = seeds().filter(|row| is_failure(row)).count().to_string();
        let asked = seeds().count().to_string();
        table.add_row(["seeds, to compare with".to_owned(), failing, asked.clone(), asked]);
    }
    page.lines(2, &table.to_string());
}

fn triggers(page: &mut Page, all: &[Trigger]) {
    let sure = all.iter().filter(|trigger| trigger.is_sure()).count();
    let title = match sure {
        0 => "What the failures share: no group fails more than chance would have it".to_owned(),
        n => format!(
            "What triggers it: {} more than chance would have it",
            count(n, "group fails", "groups fail")
        ),
    };
    page.text(0, Tint::Strong, &title);
    let mut table = table(["", "", "fail", "the others", "p (Holm)"]);
    for trigger in all.iter().take(GROUPS) {
        let group = &trigger.group;
        let p = match (trigger.tested, group.p) {
            (false, _) => "too few".to_owned(),
            (true, p) if p < 0.0001 => "<0.0001".to_owned(),
            (true, p) => format!("{p:.4}"),
        };
        table.add_row([
            group.by.clone(),
            terminal_line(&shortened(&group.value, 40)),
            format!("{} of {}", group.failed, group.of),
            format!("{} of {}", group.rest_failed, group.rest),
            p,
        ]);
    }
    page.lines(2, &table.to_string());
    if all.len() > GROUPS {
        page.text(2, Tint::Quiet, &format!("and {} more with failures", all.len() - GROUPS));
    }
}

fn further(page: &mut Page, suite: &str, of: &Explored) {
    let all: Vec<&NeighbourRow> = of.rows.iter().filter(|row| row.is_telling()).collect();
    let of_failing = of.rows.iter().filter(|row| row.is_further()).count() - all.len();
    if all.is_empty() {
        page.text(0, Tint::Plain, "No further failure was found that the suite does not have");
        seed_fails(page, of_failing);
        return;
    }
    let title =
        format!("{} that the suite does not have", count(all.len(), "further failure", "further failures"));
    page.text(0, Tint::Strong, &title);
    for row in all.iter().take(SHOWN) {
        let mut told = Vec::new();
        if !row.operators.is_empty() {
            told.push(row.operators.clone());
        }
        if let Relation::Knob(knob) = &row.relation {
            told.push(format!("another {knob}"));
        }
        if row.same_way {
            told.push("in the same way".to_owned());
        }
        page.text(2, Tint::Bad, &format!("{}  {}", row.id, safe(&told.join(", "))));
        page.text(4, Tint::Plain, &safe(&row.text));
        page.text(4, Tint::Quiet, &safe(&row.reason));
    }
    if all.len() > SHOWN {
        page.text(2, Tint::Quiet, &format!("and {} more; `--json` prints all", all.len() - SHOWN));
    }
    seed_fails(page, of_failing);
    page.gap();
    offered(page, suite, &of.offers);
}

/// Tells of variants that say nothing, since what they are made of fails itself.
fn seed_fails(page: &mut Page, variants: usize) {
    if variants > 0 {
        let text = format!(
            "{} of seeds that fail themselves say nothing more",
            count(variants, "failing variant", "failing variants")
        );
        page.text(0, Tint::Quiet, &text);
    }
}

/// What waits for review from now on.
pub(super) fn offered(page: &mut Page, suite: &str, of: &Offers) {
    let mut told = Vec::new();
    if of.new > 0 {
        told.push(format!("{} from now on", of.new));
    }
    if of.waiting > 0 {
        told.push(format!("{} already", of.waiting));
    }
    let suite = terminal_line(suite);
    if !told.is_empty() {
        let text = format!(
            "Wait for review: {}. `holdline review --variants {suite}` goes through them; `holdline promote ID --same` keeps one",
            told.join(", ")
        );
        page.text(0, Tint::Plain, &text);
    }
    if of.near > 0 {
        let text = format!("Not offered: {} that ask nearly what the suite asks", of.near);
        page.text(0, Tint::Quiet, &text);
    }
}

/// Where everything is kept, and what kept it from being more.
pub(super) fn aside(page: &mut Page, of: &Aside) {
    for problem in &of.problems {
        page.text(0, Tint::Warning, &format!("Not everything was asked: {}", safe(&problem.message)));
    }
    for note in &of.notes {
        page.text(0, Tint::Quiet, &format!("note: {}", safe(note)));
    }
    let asked = count(of.asked, "case was", "cases were");
    let path = terminal_line(&of.record.display().to_string());
    page.text(0, Tint::Quiet, &format!("{asked} asked beside the suite, which gates nothing: {path}"));
}

/// A table of texts, to which numbers stand right.
pub(super) fn table<const N: usize>(head: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(head);
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if at > 0 && !head[at].is_empty() {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

pub(super) fn safe(text: &str) -> String {
    terminal_line(&shortened(text, TEXT))
}
