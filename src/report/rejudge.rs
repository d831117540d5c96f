//! What judging stored answers anew came to: the verdicts that flipped, with their reasons, and what is offered.

use super::escape::{shortened, terminal_line};
use super::number::count;
use super::page::{Page, Style, Tint};
use crate::expand::CaseId;
use crate::judge::Outcome;
use std::collections::BTreeMap;

/// Verdicts shown of each way to flip.
const SHOWN: usize = 20;
/// Reasons shown why cases are left out.
const REASONS: usize = 5;
/// Longest text of a reason, in characters.
const TEXT: usize = 300;
/// Columns of the labels.
const LABELS: usize = 10;

/// What judging the stored answers of a suite anew came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejudged {
    /// Name of the suite.
    pub suite: String,
    /// The accepted run whose answers were judged; empty where there is none.
    pub run: String,
    /// Cases of the suite.
    pub cases: usize,
    /// How many of them could not be judged anew, by the reason.
    pub left_out: BTreeMap<String, usize>,
    /// The verdicts that flipped: those on cases that passed before first.
    pub flipped: Vec<Flipped>,
    /// What is offered.
    pub came: Came,
}

/// A verdict that flipped.
#[derive(Debug, Clone, PartialEq)]
pub struct Flipped {
    /// Identity of the case.
    pub id: CaseId,
    /// Its scenario's id and its name.
    pub name: String,
    /// What the answer came to when it was accepted.
    pub before: Outcome,
    /// What the same answer comes to now.
    pub after: Outcome,
    /// Why.
    pub reason: String,
}

/// What is offered for review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// Nothing: accepting it would change nothing.
    Same,
    /// A pending baseline, which makes this change.
    Offered(String),
    /// Nothing, for this reason.
    NotOffered(String),
}

impl Flipped {
    /// The place of its way among the ways to flip, the worst first.
    pub const fn way(&self) -> u8 {
        match (self.before, self.after) {
            (Outcome::Pass, _) => 0,
            (_, Outcome::Pass) => 2,
            _ => 1,
        }
    }
}

/// The suites as a page. All outside text in it is safe for a terminal.
pub fn render(all: &[Rejudged], style: Style) -> String {
    let mut page = Page::new(style);
    for rejudged in all {
        page.gap();
        suite(&mut page, rejudged);
    }
    page.finish()
}

fn suite(page: &mut Page, of: &Rejudged) {
    let name = terminal_line(&of.suite);
    let left_out: usize = of.left_out.values().sum();
    let judged = if of.run.is_empty() {
        "nothing was judged anew".to_owned()
    } else {
        let answers = count(of.cases, "stored answer", "stored answers");
        let run = terminal_line(&of.run);
        format!("{} of {answers} of run {run} can be judged anew", of.cases.saturating_sub(left_out))
    };
    let tint = if matches!(of.came, Came::NotOffered(_)) { Tint::Warning } else { Tint::Strong };
    page.text(0, tint, &format!("{name}: {judged}"));
    for (why, cases) in of.left_out.iter().take(REASONS) {
        page.item(2, LABELS, ("left out", Tint::Warning), &format!("{cases}: {}", safe(why)));
    }
    if of.left_out.len() > REASONS {
        let more = count(of.left_out.len() - REASONS, "more reason", "more reasons");
        page.item(2, LABELS, ("", Tint::Plain), &format!("and {more}"));
    }
    if !of.flipped.is_empty() {
        page.text(2, Tint::Plain, &flips(&of.flipped));
    }
    for ways in of.flipped.chunk_by(|one, other| (one.before, one.after) == (other.before, other.after)) {
        page.gap();
        let title = format!("{} → {} ({})", ways[0].before, ways[0].after, ways.len());
        page.text(2, if ways[0].way() == 2 { Tint::Good } else { Tint::Bad }, &title);
        for flip in ways.iter().take(SHOWN) {
            page.text(4, Tint::Plain, &format!("{}  {}", flip.id, safe(&flip.name)));
            if !flip.reason.is_empty() {
                page.text(6, Tint::Quiet, &safe(&flip.reason));
            }
        }
        if ways.len() > SHOWN {
            page.text(4, Tint::Quiet, &format!("and {} more", ways.len() - SHOWN));
        }
    }
    if !of.flipped.is_empty() {
        page.gap();
    }
    match &of.came {
        Came::Same if of.flipped.is_empty() => {
            page.text(
                2,
                Tint::Good,
                "No verdict flipped: nothing is offered, and the baseline stays as it is",
            );
        }
        Came::Same => page.text(2, Tint::Plain, "What is accepted stays the same: nothing is offered"),
        Came::Offered(change) => {
            if of.flipped.is_empty() {
                page.text(2, Tint::Plain, "No verdict flipped");
            }
            page.text(2, Tint::Plain, &format!("Offered for review: {}", safe(change)));
            page.text(
                2,
                Tint::Quiet,
                &format!(
                    "`holdline review {name}` shows it, `holdline accept {name} --reason \"…\"` takes it"
                ),
            );
        }
        Came::NotOffered(why) => {
            page.text(2, Tint::Warning, &format!("Nothing is offered: {}", safe(why)));
        }
    }
}

/// How many flipped, and which way.
fn flips(flipped: &[Flipped]) -> String {
    let of = |way: u8| flipped.iter().filter(|flip| flip.way() == way).count();
    let ways = [(of(0), "passed before"), (of(1), "neither passed nor pass"), (of(2), "pass now")];
    let told: Vec<String> =
        ways.iter().filter(|(n, _)| *n > 0).map(|(n, way)| format!("{n} {way}")).collect();
    format!("{} flipped: {}", count(flipped.len(), "verdict", "verdicts"), told.join(", "))
}

fn safe(text: &str) -> String {
    terminal_line(&shortened(text, TEXT))
}
