//! What came of transforming the texts of a suite, for the terminal.

use super::escape::{shortened, terminal_line};
use super::number::count;
use super::synth::model;
use crate::session::transform::Transforms;
use std::fmt::Write as _; // to strings, which cannot fail

/// Characters of a text that are shown.
const MOST: usize = 100;

/// The page. Costs are in `currency`.
pub fn page(found: &Transforms, currency: &str) -> String {
    let mut page = String::new();
    let all = &found.yields.all;
    let _ = writeln!(
        page,
        "Suite `{}`: {} made of {}, {} delivered, {} of them new",
        found.suite,
        count(all.drafted, "text", "texts"),
        found.texts,
        all.delivered,
        found.new
    );
    let _ = writeln!(page, "\n  {:<12}{:>7}{:>7}{:>11}{:>10}", "", "tried", "made", "delivered", "rejected");
    for (name, of) in &found.yields.by_generator {
        let _ = writeln!(
            page,
            "  {name:<12}{:>7}{:>7}{:>11}{:>10}",
            of.requested,
            of.drafted,
            of.delivered,
            of.rejections()
        );
    }
    if !found.undone.is_empty() {
        page += "\nNothing was made\n";
        for ((name, why), times) in &found.undone {
            let _ = writeln!(page, "  {name:<12}{times:>7}  {}", short(why));
        }
    }
    if !all.rejected.is_empty() {
        page += "\nRejected\n";
        for (reason, times) in &all.rejected {
            let _ = writeln!(page, "  {:<15}{times:>4}", reason.code());
            if let Some((text, why)) = found.examples.get(reason) {
                let _ = writeln!(page, "    such as “{}”: {}", short(text), short(why));
            }
        }
    }
    if !found.models.is_empty() {
        page.push('\n');
        for (name, tally) in &found.models {
            let _ = writeln!(page, "  {}: {}", terminal_line(name), model(tally, currency));
        }
    }
    page.push('\n');
    if let Some(why) = &found.cut {
        let _ = writeln!(page, "No more was done: {}. The same command goes on.", terminal_line(why));
    } else if found.stopped {
        page += "Stopped. The same command goes on.\n";
    }
    if found.new > 0 {
        let verb = if found.new == 1 { "waits" } else { "wait" };
        let new = count(found.new, "candidate", "candidates");
        let _ = writeln!(page, "{new} {verb} for review: holdline review --variants {}", found.suite);
    }
    page
}

fn short(text: &str) -> String {
    terminal_line(&shortened(text, MOST))
}
