//! The pages of `holdline code`: the categories with their counts, what is to be read, and one failure at a time.

use crate::distil::coding::{About, Code, Coded, Coding, Item, Proposal, Reading, Why};
use crate::distil::note::Note;
use crate::distil::taxonomy::Taxonomy;
use crate::expand::FamilyId;
use crate::report::escape::{shortened, terminal, terminal_line};
use crate::report::number::count;
use crate::report::page::{Page, Style, Tint};
use crate::session::proposing::Asked;
use crate::suite::schema::taxonomy::{Category, ChangeKind};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Longest answer and input shown of a failure, in characters.
const TEXT: usize = 2000;
/// Longest line, in characters.
const LINE: usize = 240;
/// Most failures listed of a suite.
const LISTED: usize = 50;
/// Columns of the labels of a failure.
const LABELS: usize = 10;
/// Columns of the labels below a case.
const SAID: usize = 17;
/// Columns of the categories' ids in a list.
const IDS: usize = 26;

/// What is assigned over all suites, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    categories: BTreeMap<String, CategoryCounts>,
    seeds: BTreeSet<(String, FamilyId)>,
    failing: usize,
    open: usize,
    unjudged: usize,
    disputed: usize,
    runs: BTreeSet<String>,
    unknown: BTreeMap<String, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct CategoryCounts {
    cases: usize,
    groups: usize,
    outdated: usize,
    /// Failing cases of the newest run, and their seeds.
    failing: usize,
    seeds: BTreeSet<(String, FamilyId)>,
}

impl Counts {
    /// Adds a suite, with how many of its assignments people do not agree on.
    pub fn add(&mut self, coding: &Coding, reading: &Reading, disputed: usize) {
        self.disputed += disputed;
        self.unjudged += reading.unjudged;
        self.runs.extend(reading.run.clone());
        for (about, coded) in coding.all() {
            match coded {
                Coded::In { category, outdated, .. } => {
                    let counts = self.categories.entry(category.id.clone()).or_default();
                    counts.outdated += usize::from(outdated);
                    match about {
                        About::Case(_) => counts.cases += 1,
                        About::Group(_) => counts.groups += 1,
                    }
                }
                Coded::Split { code, .. } | Coded::Gone(code) => {
                    *self.unknown.entry(code.category.clone().unwrap_or_default()).or_default() += 1;
                }
                Coded::Open => {}
            }
        }
        for failure in &reading.failures {
            let seed = (reading.suite.clone(), failure.family);
            self.failing += 1;
            self.seeds.insert(seed.clone());
            if let Coded::In { category, .. } = coding.of_failure(failure) {
                let counts = self.categories.entry(category.id.clone()).or_default();
                counts.failing += 1;
                counts.seeds.insert(seed);
            } else {
                self.open += 1;
            }
        }
    }

    fn of(&self, category: &str) -> CategoryCounts {
        self.categories.get(category).cloned().unwrap_or_default()
    }

    /// The same for programs.
    pub fn json(&self, taxonomy: &Taxonomy) -> Value {
        let category = |category: &Category| {
            let counts = self.of(&category.id);
            json!({
                "id": category.id, "name": category.name, "parent": category.parent,
                "definition": taxonomy.definition(category),
                "cases": counts.cases, "groups": counts.groups, "outdated": counts.outdated,
                "failing_cases": counts.failing, "failing_seeds": counts.seeds.len(),
            })
        };
        json!({
            "categories": taxonomy.file.category.iter().map(category).collect::<Vec<_>>(),
            "failing_cases": self.failing, "failing_seeds": self.seeds.len(),
            "without_category": self.open, "not_judged": self.unjudged, "disputed": self.disputed,
            "runs": self.runs,
        })
    }
}

fn safe(text: &str) -> String {
    terminal_line(&shortened(text, LINE))
}

/// The categories as a tree, each with how many failures belong to it.
pub fn list_page(taxonomy: &Taxonomy, counts: &Counts, style: Style) -> String {
    let mut page = Page::new(style);
    let head = format!(
        "{} in {}",
        count(taxonomy.file.category.len(), "category", "categories"),
        terminal_line(&taxonomy.path)
    );
    page.text(0, Tint::Strong, &head);
    for (depth, category) in taxonomy.tree() {
        let counts = counts.of(&category.id);
        let indent = 2 + 2 * depth.min(8);
        let column = IDS.saturating_sub(indent).max(category.id.chars().count() + 2);
        page.item(indent, column, (&category.id, Tint::Strong), &safe(&category.name));
        let failing = match counts.failing {
            0 => "none fails now".to_owned(),
            n => {
                let seeds = count(counts.seeds.len(), "seed", "seeds");
                let fail = if n == 1 { "fails" } else { "fail" };
                format!("{} of {seeds} {fail} now", count(n, "case", "cases"))
            }
        };
        let mut parts = vec![failing, format!("{} sorted", count(counts.cases, "case", "cases"))];
        if counts.groups > 0 {
            parts.push(format!("{} sorted whole", count(counts.groups, "group", "groups")));
        }
        if counts.outdated > 0 {
            parts.push(format!("{} to be read again", counts.outdated));
        }
        page.item(indent, column, ("", Tint::Plain), &parts.join(", "));
    }
    page.gap();
    summary(&mut page, counts);
    let changes = &taxonomy.file.change;
    if !changes.is_empty() {
        page.gap();
        page.text(0, Tint::Strong, "Merged and split, newest first");
        for change in changes.iter().rev().take(LISTED) {
            let verb = if change.kind == ChangeKind::Merge { "merged" } else { "split" };
            let text = format!(
                "{verb} {} into {} ({}): {}",
                change.from.join(", "),
                change.into.join(", "),
                change.by,
                change.reason
            );
            page.item(2, 12, (&change.date.to_string(), Tint::Quiet), &safe(&text));
        }
        if changes.len() > LISTED {
            page.text(2, Tint::Quiet, &format!("and {} more", changes.len() - LISTED));
        }
    }
    page.finish()
}

fn summary(page: &mut Page, counts: &Counts) {
    if counts.runs.is_empty() {
        page.text(0, Tint::Plain, "There is no run yet; `holdline run` makes one.");
    } else if counts.failing == 0 {
        page.text(0, Tint::Plain, "Nothing fails in the newest runs.");
    } else {
        let open = counts.open;
        let text = format!(
            "{open} of {} in the newest runs {} no category{}",
            count(counts.failing, "failing case", "failing cases"),
            if open == 1 { "has" } else { "have" },
            if open > 0 { ": `holdline code review` goes through them" } else { "" }
        );
        page.text(0, if open > 0 { Tint::Warning } else { Tint::Good }, &text);
    }
    if counts.unjudged > 0 {
        let cases = count(counts.unjudged, "case could not be judged", "cases could not be judged");
        page.text(0, Tint::Plain, &format!("{cases}: nobody knows whether they failed"));
    }
    for (category, n) in counts.unknown.iter().take(LISTED) {
        let cases = count(*n, "assignment names", "assignments name");
        page.text(0, Tint::Warning, &format!("{cases} `{}`, which is no category any more", safe(category)));
    }
    if counts.disputed > 0 {
        let text = format!(
            "{} that people sorted differently; the last word stands",
            count(counts.disputed, "failure", "failures")
        );
        page.text(0, Tint::Plain, &text);
    }
}

/// What is to be read, suite by suite.
pub fn pending_page(all: &[Reading], style: Style) -> String {
    let mut page = Page::new(style);
    let mut total = 0;
    for reading in all {
        let pending = reading.pending.len();
        total += pending;
        let Some(run) = &reading.run else { continue };
        if reading.failures.is_empty() && pending == 0 && reading.unjudged == 0 {
            continue;
        }
        page.gap();
        let head = format!(
            "{}: {pending} to be read; {} in run {}",
            safe(&reading.suite),
            count(reading.failures.len(), "case failed", "cases failed"),
            safe(run)
        );
        page.text(0, Tint::Strong, &head);
        for item in reading.pending.iter().take(LISTED) {
            page.item(2, 18, (&item.case.to_string(), Tint::Plain), &safe(&item.input));
            page.item(2, 18, ("", Tint::Plain), &why(item));
        }
        if pending > LISTED {
            page.text(2, Tint::Plain, &format!("and {} more: `--json` has all", pending - LISTED));
        }
        if reading.unjudged > 0 {
            let cases = count(reading.unjudged, "case could not be judged", "cases could not be judged");
            page.text(2, Tint::Plain, &format!("{cases}: nobody knows whether they failed"));
        }
    }
    page.gap();
    if all.iter().all(|reading| reading.run.is_none()) {
        page.text(0, Tint::Plain, "There is no run yet; `holdline run` makes one.");
    } else if total == 0 {
        let text = "Nothing is to be read: every failure has a category, under its definition of today.";
        page.text(0, Tint::Good, text);
    } else {
        page.text(0, Tint::Plain, "`holdline code review` goes through them, one after the other.");
    }
    page.finish()
}

/// Why something is to be read, in a line.
fn why(item: &Item) -> String {
    let by = item
        .code
        .as_ref()
        .map_or_else(String::new, |code| format!(" by {} on {}", safe(&code.by), code.date));
    let was = item.code.as_ref().and_then(|code| code.category.as_deref()).unwrap_or_default();
    let text = match &item.why {
        Why::Open => {
            let reason = item.failure.as_ref().and_then(|failure| failure.complaints.first());
            return reason.map_or_else(
                || "nobody sorted it yet".to_owned(),
                |of| safe(&format!("{}: {}", of.judge, of.reason)),
            );
        }
        Why::Outdated { category } if category == was => {
            format!("sorted into {category}{by}, which meant something else by then")
        }
        Why::Outdated { category } => {
            format!("sorted into {}{by}, which was merged into {category}", safe(was))
        }
        Why::Split { into } => {
            format!("sorted into {}{by}, which was split into {}", safe(was), into.join(", "))
        }
        Why::Gone => format!("sorted into {}{by}, which is no category any more", safe(was)),
    };
    if item.failure.is_some() { text } else { format!("{text}; no run that is kept has its failure") }
}

/// What is to be read, for programs.
pub fn pending_json(all: &[Reading]) -> Value {
    let item = |item: &Item| {
        json!({
            "case": item.case, "scenario": item.scenario, "input": item.input, "why": why(item),
            "was": item.code.as_ref().and_then(|code| code.category.clone()),
            "run": item.failure.as_ref().map(|failure| failure.run.clone()),
        })
    };
    let suite = |reading: &Reading| {
        json!({
            "suite": reading.suite, "run": reading.run, "failing_cases": reading.failures.len(),
            "not_judged": reading.unjudged, "pending": reading.pending.iter().map(item).collect::<Vec<_>>(),
        })
    };
    Value::Array(all.iter().map(suite).collect())
}

/// The categories with their numbers, for choosing.
pub fn categories(taxonomy: &Taxonomy, style: Style) -> String {
    let mut page = Page::new(style);
    for (at, (depth, category)) in taxonomy.tree().into_iter().enumerate() {
        let number = (at + 1).to_string();
        let indent = 2 + 2 * depth.min(8);
        let text = format!("{}  {}: {}", category.id, category.name, category.definition.trim());
        page.item(indent, 4, (&number, Tint::Strong), &safe(&text));
        for (word, lines) in [("also", &category.include), ("not", &category.exclude)] {
            for line in lines {
                page.item(indent + 4, 6, (word, Tint::Quiet), &safe(line));
            }
        }
    }
    page.text(2, Tint::Quiet, "s  skip, u  undo, q  quit, ?  show this again");
    page.gap();
    page.finish()
}

/// One failure, with what a model proposes for it.
pub fn item_page(
    suite: &str,
    item: &Item,
    proposal: Option<&Proposal>,
    taxonomy: &Taxonomy,
    (at, of): (usize, usize),
    style: Style,
) -> String {
    let mut page = Page::new(style);
    page.text(0, Tint::Strong, &format!("[{at}/{of}] {}::{}", safe(suite), safe(&item.scenario)));
    let run =
        item.failure.as_ref().map_or_else(String::new, |failure| format!(" in run {}", safe(&failure.run)));
    page.item(2, LABELS, ("case", Tint::Quiet), &format!("{}{run}", item.case));
    match &item.failure {
        None => block(&mut page, "asked", &item.input),
        Some(failure) => {
            match &failure.input {
                Value::String(text) => block(&mut page, "asked", text),
                other => block(&mut page, "asked", &other.to_string()),
            }
            match &failure.output {
                Some(output) => block(&mut page, "answered", output),
                None => page.item(2, LABELS, ("answered", Tint::Quiet), "nothing came"),
            }
            for complaint in &failure.complaints {
                let text = format!("{}: {}", complaint.judge, complaint.reason);
                page.item(2, LABELS, ("why", Tint::Bad), &safe(&text));
            }
            for note in &failure.notes {
                page.item(2, LABELS, ("note", Tint::Plain), &terminal_line(&shortened(note, TEXT)));
            }
        }
    }
    if item.why != Why::Open {
        page.item(2, LABELS, ("before", Tint::Warning), &why(item));
    }
    if let Some(proposal) = proposal {
        let category = match &proposal.category {
            Some(id) => taxonomy.get(id).map_or_else(|| id.clone(), |of| format!("{id} ({})", of.name)),
            None => "no category fits".to_owned(),
        };
        let text = format!("{category}, says {}: {}", proposal.model, proposal.reason);
        page.item(2, LABELS, ("proposed", Tint::Strong), &terminal_line(&shortened(&text, TEXT)));
    }
    page.finish()
}

/// What people said of a case, for below its page: its category and their notes. Empty where nobody said anything.
pub fn said_page(coded: Coded<'_>, notes: &[&Note], style: Style) -> String {
    let mut page = Page::new(style);
    let by = |code: &Code| {
        let how = code.how.as_ref().map_or_else(String::new, |how| format!(", {how}"));
        format!("sorted by {} on {}{how}", code.by, code.date)
    };
    let category = match coded {
        Coded::Open => None,
        Coded::In { category, code, outdated } => {
            let older =
                if outdated { "; the category meant something else by then: read it again" } else { "" };
            Some(format!("{} ({}), {}{older}", category.name, category.id, by(code)))
        }
        Coded::Split { code, into } => {
            let was = code.category.as_deref().unwrap_or_default();
            Some(format!("{was}, {}, was split into {}: read it again", by(code), into.join(", ")))
        }
        Coded::Gone(code) => {
            let was = code.category.as_deref().unwrap_or_default();
            Some(format!("{was}, {}, which is no category any more", by(code)))
        }
    };
    if category.is_none() && notes.is_empty() {
        return String::new();
    }
    page.text(2, Tint::Strong, "said by people");
    if let Some(category) = category {
        page.item(2, SAID, ("category", Tint::Quiet), &safe(&category));
    }
    for note in notes {
        let text = format!("{} ({}, {})", note.text.as_deref().unwrap_or_default(), note.by, note.date);
        page.item(2, SAID, ("note", Tint::Quiet), &terminal_line(&shortened(&text, TEXT)));
    }
    format!("\n{}", page.finish())
}

/// Outside text of many lines, each behind a bar, so that none looks like one of ours.
fn block(page: &mut Page, label: &str, text: &str) {
    let shown = terminal(&shortened(text, TEXT)).replace('\t', "    ");
    for (at, line) in shown.lines().chain(shown.is_empty().then_some("(empty)")).enumerate() {
        page.item(2, LABELS, (if at == 0 { label } else { "" }, Tint::Quiet), &format!("│ {line}"));
    }
}

/// What asking for proposals came to.
pub fn proposed_page(asked: &Asked, style: Style) -> String {
    let mut page = Page::new(style);
    let (all, answered) = (asked.asked(), asked.answered());
    if all == 0 && asked.known == 0 {
        page.text(
            0,
            Tint::Good,
            "Nothing is to be read: every failure has a category, under its definition of today.",
        );
        return page.finish();
    }
    let head = format!("asked about {}: {answered} of {all} answered", count(all, "failure", "failures"));
    page.text(0, Tint::Strong, &head);
    for (category, n) in &asked.proposed {
        page.item(2, 6, (&n.to_string(), Tint::Plain), category);
    }
    if asked.none > 0 {
        page.item(2, 6, (&asked.none.to_string(), Tint::Plain), "no category fits");
    }
    for (why, n) in &asked.unanswered {
        page.item(2, 6, (&n.to_string(), Tint::Warning), &format!("no proposal: {}", safe(why)));
    }
    if asked.known > 0 {
        let before = count(asked.known, "failure had a proposal already", "failures had a proposal already");
        page.text(2, Tint::Plain, &before);
    }
    if asked.left > 0 {
        let left = count(asked.left, "failure was not asked about", "failures were not asked about");
        page.text(2, Tint::Warning, &format!("{left}: `--most` allows no more"));
    }
    let usage = asked.spent.usage.map_or_else(
        || "tokens not told".to_owned(),
        |usage| format!("{} tokens read, {} written", usage.input_tokens, usage.output_tokens),
    );
    page.text(
        2,
        Tint::Quiet,
        &format!("{}, {usage}", count(asked.spent.requests as usize, "request", "requests")),
    );
    page.text(0, Tint::Plain, "Nothing is decided: `holdline code review` shows them one by one.");
    page.finish()
}

/// The notes of suites, case by case.
pub fn notes_page(suites: &[(&str, Vec<&Note>)], style: Style) -> String {
    let mut page = Page::new(style);
    for (suite, notes) in suites.iter().filter(|(_, notes)| !notes.is_empty()) {
        page.gap();
        page.text(0, Tint::Strong, &format!("{}: {}", safe(suite), count(notes.len(), "note", "notes")));
        let mut last = None;
        for note in notes {
            if last != Some(note.case) {
                page.item(2, 18, (&note.case.to_string(), Tint::Plain), &safe(&note.input));
            }
            last = Some(note.case);
            let text = format!("{} ({}, {})", note.text.as_deref().unwrap_or_default(), note.by, note.date);
            page.item(2, 18, ("", Tint::Plain), &terminal_line(&shortened(&text, TEXT)));
        }
    }
    let page = page.finish();
    if page.is_empty() { "There are no notes.\n".to_owned() } else { page }
}
