//! A review as text for a terminal: what accepting a run would change, the metrics first, then the
//! cases that moved, the worst first, with the old and the new answer. Answers are untrusted.

use super::escape::terminal_line;
use crate::baseline::{Accepted, KEPT_RUNS, KeptAnswer, MetricChange, Moved, Review, Way};
use crate::expand::CaseId;
use crate::suite::as_text;
use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};
use std::fmt::Write;
use std::time::Duration;
use unicode_segmentation::UnicodeSegmentation;

/// Cases shown of each way to move.
const CASES: usize = 20;

/// Metrics shown that moved.
const METRICS: usize = 40;

/// Rows shown of the difference between two answers.
const ROWS: usize = 24;

/// Rows shown of an input or a reason.
const TEXT_ROWS: usize = 4;

/// Names shown of cases that were added or removed.
const NAMES: usize = 10;

/// Time that finding the difference of two answers may take.
const PATIENCE: Duration = Duration::from_millis(200);

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const WORSE: Style = AnsiColor::Red.on_default();
const BETTER: Style = AnsiColor::Green.on_default();

/// The review as text, in lines of about `width` characters.
pub fn render(review: &Review, width: usize, colour: bool) -> String {
    let mut page = Page { out: String::new(), width: width.max(40), colour };
    page.head(review);
    if !review.only_more_runs {
        page.metrics(&review.metrics);
    }
    for (way, title, style) in
        [(Way::Broke, "Broke", WORSE), (Way::Moved, "Moved", BOLD), (Way::Fixed, "Fixed", BETTER)]
    {
        page.cases(&review.moved, way, title, style);
    }
    page.failing(&review.failing_first);
    page.names("Added", &review.added, review.follows.is_some());
    page.names("Removed", &review.removed, true);
    if review.relabelled > 0 {
        let text = format!("{} with another label and the same outcome", count(review.relabelled, "case"));
        page.line(DIM, &text);
    }
    page.out
}

struct Page {
    out: String,
    width: usize,
    colour: bool,
}

impl Page {
    /// Writes a line that holds no untrusted control character, cut to the width.
    fn line(&mut self, style: Style, text: &str) {
        let text = cut(text, self.width);
        // Writing to a string cannot fail.
        let _ = if self.colour {
            writeln!(self.out, "{style}{text}{style:#}")
        } else {
            writeln!(self.out, "{text}")
        };
    }

    fn blank(&mut self) {
        self.out.push('\n');
    }

    fn head(&mut self, review: &Review) {
        self.line(BOLD, &format!("{}: run {}", terminal_line(&review.suite), terminal_line(&review.run)));
        match &review.follows {
            Some(accepted) => {
                self.line(
                    DIM,
                    &format!(
                        "would follow run {}, accepted {} by {}",
                        terminal_line(&accepted.run),
                        terminal_line(&accepted.at),
                        terminal_line(&accepted.by)
                    ),
                );
                self.line(DIM, &format!("which was accepted because: {}", terminal_line(&accepted.reason)));
            }
            None => self.line(DIM, "would be the first baseline"),
        }
        for what in &review.incomparable {
            self.line(WORSE, &format!("the {what} changed: metrics before and after cannot be compared"));
        }
        self.runs(review);
        if review.failing > 0 {
            let text =
                format!("{} of {} would be accepted as failing", review.failing, count(review.cases, "case"));
            self.line(Style::new(), &text);
        }
        self.blank();
    }

    /// How many runs would be kept, where that is not one as ever.
    fn runs(&mut self, review: &Review) {
        match review.runs {
            [_, after] if review.only_more_runs => {
                self.line(BOLD, &format!("nothing changed, one more run: {after} of {KEPT_RUNS}"));
            }
            [0 | 1, 1] => {}
            [0, after] => self.line(DIM, &format!("with {}", count(after, "run"))),
            [before, after] if after < before => {
                let text = format!(
                    "starts anew with {}: the {before} accepted before would be dropped",
                    count(after, "run")
                );
                self.line(DIM, &text);
            }
            [before, after] if after > before => {
                self.line(DIM, &format!("would keep {after} of at most {KEPT_RUNS} runs"));
            }
            _ => {}
        }
    }

    fn metrics(&mut self, changes: &[MetricChange]) {
        if changes.is_empty() {
            self.line(Style::new(), "No metric moved.");
            self.blank();
            return;
        }
        self.line(BOLD, "Metrics");
        let shown: Vec<&MetricChange> =
            changes.iter().filter(|change| is_telling(&change.key)).take(METRICS).collect();
        let widest = shown.iter().map(|change| terminal_line(&change.key).graphemes(true).count()).max();
        let column = widest.unwrap_or_default().min(self.width / 2);
        for change in &shown {
            let key = cut(&terminal_line(&change.key), column);
            let pad = " ".repeat(column.saturating_sub(key.graphemes(true).count()));
            self.line(Style::new(), &format!("  {key}{pad}  {}", values(change)));
        }
        if shown.len() < changes.len() {
            let more = changes.len() - shown.len();
            self.line(
                DIM,
                &format!("  … and {more} more that moved, in the difference of the two .snap files"),
            );
        }
        self.blank();
    }

    fn cases(&mut self, moved: &[Moved], way: Way, title: &str, style: Style) {
        let cases: Vec<&Moved> = moved.iter().filter(|case| case.way == way).collect();
        if cases.is_empty() {
            return;
        }
        self.line(style.bold(), &format!("{title} ({})", cases.len()));
        for case in cases.iter().take(CASES) {
            self.case(case);
        }
        if let Some(more) = cases.len().checked_sub(CASES).filter(|more| *more > 0) {
            self.line(DIM, &format!("  … and {more} more"));
            self.blank();
        }
    }

    /// The cases that a first baseline would accept as failing.
    fn failing(&mut self, cases: &[(CaseId, Option<KeptAnswer>)]) {
        if cases.is_empty() {
            return;
        }
        self.line(WORSE.bold(), &format!("Failing ({})", cases.len()));
        for (id, answer) in cases.iter().take(CASES) {
            let name = answer.as_ref().map(|answer| terminal_line(&answer.name)).unwrap_or_default();
            self.line(BOLD, &format!("  {id} {name}"));
            let Some(answer) = answer else { continue };
            self.text("input", &as_text(&answer.input));
            if let Some(output) = &answer.output {
                self.text("answer", output);
            }
            self.text("reason", &answer.reason);
            self.blank();
        }
        if let Some(more) = cases.len().checked_sub(CASES).filter(|more| *more > 0) {
            self.line(DIM, &format!("  … and {more} more"));
            self.blank();
        }
    }

    fn case(&mut self, case: &Moved) {
        let known = case.new.as_ref().or(case.old.as_ref());
        let name = known.map(|answer| terminal_line(&answer.name)).unwrap_or_default();
        let moved = format!("{} -> {}", word(case.before), word(case.after));
        self.line(BOLD, &format!("  {} {moved}  {name}", case.id));
        if let Some(answer) = known {
            self.text("input", &as_text(&answer.input));
        }
        if let Some(expected) = &case.expected {
            self.text("expected", expected);
        }
        self.difference(case.old.as_ref(), case.new.as_ref());
        if let Some(reason) =
            case.new.as_ref().map(|answer| answer.reason.as_str()).filter(|reason| !reason.is_empty())
        {
            self.text("reason", reason);
        }
        self.blank();
    }

    fn text(&mut self, title: &str, text: &str) {
        let rows = rows(text, self.width - 16);
        for (at, row) in rows.iter().take(TEXT_ROWS).enumerate() {
            let title = if at == 0 { title } else { "" };
            let mark = if at + 1 == TEXT_ROWS && rows.len() > TEXT_ROWS { " …" } else { "" };
            self.line(Style::new(), &format!("    {title:<9} {row}{mark}"));
        }
    }

    /// Shows what the two answers differ in, label and text.
    fn difference(&mut self, old: Option<&KeptAnswer>, new: Option<&KeptAnswer>) {
        let width = self.width - 6;
        let (before, after) = (answer_rows(old, width), answer_rows(new, width));
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let after: Vec<&str> = after.iter().map(String::as_str).collect();
        if before == after {
            self.line(DIM, "      the answer is the same as the one accepted");
        }
        let diff = TextDiff::configure().timeout(PATIENCE).diff_slices(&before, &after);
        let changes: Vec<_> = diff.iter_all_changes().collect();
        for change in changes.iter().take(ROWS) {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', WORSE),
                ChangeTag::Insert => ('+', BETTER),
                ChangeTag::Equal => (' ', DIM),
            };
            self.line(style, &format!("    {sign} {}", change.value()));
        }
        if let Some(more) = changes.len().checked_sub(ROWS).filter(|more| *more > 0) {
            self.line(DIM, &format!("      … {more} more lines"));
        }
    }

    fn names(&mut self, title: &str, cases: &[(CaseId, Option<String>)], listed: bool) {
        if cases.is_empty() || !listed {
            return;
        }
        self.line(BOLD, &format!("{title} ({})", cases.len()));
        for (id, name) in cases.iter().take(NAMES) {
            self.line(
                Style::new(),
                &format!("  {id} {}", terminal_line(name.as_deref().unwrap_or_default())),
            );
        }
        if let Some(more) = cases.len().checked_sub(NAMES).filter(|more| *more > 0) {
            self.line(DIM, &format!("  … and {more} more"));
        }
        self.blank();
    }
}

/// Whether a metric is worth a line: those of the suite, and the pass rates of its parts. The others
/// restate them for each label, scenario and tag.
fn is_telling(key: &str) -> bool {
    !key.contains(['[', '@', '#', '~']) || key.starts_with("pass_rate")
}

fn values(change: &MetricChange) -> String {
    let text = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
    match (change.old, change.new) {
        (Some(old), Some(new)) => {
            let delta = match (old.value, new.value) {
                (Some(before), Some(after)) => format!("  ({:+.4})", after - before),
                _ => String::new(),
            };
            let n = if old.n == new.n { format!("n {}", new.n) } else { format!("n {} -> {}", old.n, new.n) };
            format!("{} -> {}{delta}  {n}", text(old.value), text(new.value))
        }
        (None, Some(new)) => format!("{}  n {}  new", text(new.value), new.n),
        (Some(old), None) => format!("{}  n {}  no longer measured", text(old.value), old.n),
        (None, None) => String::new(),
    }
}

fn answer_rows(answer: Option<&KeptAnswer>, width: usize) -> Vec<String> {
    let Some(answer) = answer else { return vec!["(the answer was not kept)".to_owned()] };
    let mut all = Vec::new();
    if let Some(label) = &answer.label {
        all.push(format!("label: {}", terminal_line(label)));
    }
    match &answer.output {
        Some(output) => all.extend(rows(output, width)),
        None => all.push("(no answer)".to_owned()),
    }
    all
}

fn word(outcome: Accepted) -> &'static str {
    match outcome {
        Accepted::Pass => "pass",
        Accepted::Fail => "fail",
        Accepted::Error => "error",
        Accepted::Ungraded => "not graded",
    }
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// The lines of a text, each made safe and broken at `width` characters.
fn rows(text: &str, width: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for line in text.lines() {
        let line = terminal_line(line);
        let characters: Vec<&str> = line.graphemes(true).collect();
        if characters.is_empty() {
            rows.push(String::new());
        }
        rows.extend(characters.chunks(width.max(1)).map(<[&str]>::concat));
    }
    if rows.is_empty() {
        rows.push("(empty)".to_owned());
    }
    rows
}

fn cut(text: &str, width: usize) -> String {
    let mut characters = text.graphemes(true);
    let kept: String = characters.by_ref().take(width).collect();
    if characters.next().is_none() {
        return kept;
    }
    let shorter: String = text.graphemes(true).take(width.saturating_sub(1)).collect();
    shorter + "…"
}
