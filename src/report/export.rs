//! What a set to train on came to, for the terminal: how much is in it, by scenario and part, and what was left out.

use super::escape::{shortened, terminal_line};
use super::number::count;
use super::page::{Page, Style, Tint};
use crate::finetune::Manifest;
use crate::synth::select::difficulty::Difficulty;

/// Columns of the labels.
const LABELS: usize = 14;

/// Scenarios that are shown.
const SCENARIOS: usize = 30;

/// Characters of a name that are shown.
const NAME: usize = 80;

/// The page. `written` are the files, as they are shown; none where the set was printed.
pub fn page(manifest: &Manifest, written: &[String], style: Style) -> String {
    let mut page = Page::new(style);
    let counts = &manifest.counts;
    let left = manifest.left_out.total();
    let head = format!(
        "{} of {} from {}",
        count(counts.rows, "row", "rows"),
        count(counts.examples, "example", "examples"),
        count(counts.families, "family", "families"),
    );
    page.text(0, Tint::Strong, &head);
    let listed = |page: &mut Page, label: &str, each: &mut dyn Iterator<Item = (&String, &usize)>| {
        let told: Vec<String> = each.map(|(name, n)| format!("{} {n}", safe(name))).collect();
        if !told.is_empty() {
            page.item(2, LABELS, (label, Tint::Quiet), &told.join(", "));
        }
    };
    listed(&mut page, "parts", &mut counts.splits.iter());
    listed(&mut page, "answers from", &mut counts.sources.iter());
    listed(&mut page, "licences", &mut counts.licences.iter());
    difficulty(&mut page, manifest);
    page.gap();
    for (at, (scenario, n)) in counts.scenarios.iter().take(SCENARIOS).enumerate() {
        let label = if at == 0 { "rows by" } else { "" };
        page.item(2, LABELS, (label, Tint::Quiet), &format!("{} {n}", safe(scenario)));
    }
    if let Some(more) = counts.scenarios.len().checked_sub(SCENARIOS).filter(|more| *more > 0) {
        page.item(2, LABELS, ("", Tint::Quiet), &format!("and {more} more scenarios, in the manifest"));
    }
    page.gap();
    for (at, (why, n)) in manifest.left_out.0.iter().enumerate() {
        let label = if at == 0 { "left out" } else { "" };
        page.item(2, LABELS, (label, Tint::Warning), &format!("{n} {}", why.meaning()));
    }
    if left == 0 {
        page.item(2, LABELS, ("left out", Tint::Quiet), "nothing");
    }
    let guarded = &manifest.guarded;
    let gates = match guarded.suites.as_slice() {
        [] => "no suite gates, so that nothing had to be kept out".to_owned(),
        suites => format!(
            "from {} of {}: none of them is in it, nor of their families, nor nearly the same",
            count(guarded.cases, "case that gates", "cases that gate"),
            safe(&suites.join(", "))
        ),
    };
    page.item(2, LABELS, ("kept apart", Tint::Quiet), &gates);
    for note in &manifest.notes {
        page.item(2, LABELS, ("note", Tint::Warning), &safe_note(note));
    }
    page.gap();
    for (at, path) in written.iter().enumerate() {
        let label = if at == 0 { "written" } else { "" };
        let rows = manifest
            .files
            .get(at)
            .map_or_else(String::new, |file| format!(" ({})", count(file.rows, "row", "rows")));
        page.item(2, LABELS, (label, Tint::Quiet), &format!("{}{rows}", terminal_line(path)));
    }
    page.finish()
}

/// Examples by difficulty, kept of how many there were.
fn difficulty(page: &mut Page, manifest: &Manifest) {
    let order = Difficulty::ALL.map(Difficulty::name).into_iter().chain(["unknown"]);
    let told = order.filter_map(|word| {
        let [kept, before] = manifest.difficulty.get(word)?;
        let of = if kept == before { String::new() } else { format!(" of {before}") };
        Some(format!("{word} {kept}{of}"))
    });
    let told: Vec<String> = told.collect();
    page.item(2, LABELS, ("difficulty", Tint::Quiet), &told.join(", "));
}

fn safe(text: &str) -> String {
    terminal_line(&shortened(text, NAME))
}

fn safe_note(text: &str) -> String {
    terminal_line(&shortened(text, 400))
}
