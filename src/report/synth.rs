//! What came of asking generators, for the terminal: everything that was asked for is accounted for.

mod json;
mod notes;

pub use json::json;
pub use notes::warning;

use super::escape::{shortened, terminal_line};
use super::number::count;
use crate::expand::Reason;
use crate::session::synth::Written;
use crate::synth::outcome::{Barren, End, Outcome};
use crate::synth::select::Yield;
use crate::synth::tally::ModelTally;
use std::fmt::Write as _; // to strings, which cannot fail

/// Characters of a text that are shown.
const MOST: usize = 100;
/// What nothing came of that is listed.
const BARREN: usize = 10;

/// The page. Costs are in `currency`.
pub fn page(written: &Written, currency: &str) -> String {
    let outcome = &written.outcome;
    let mut page = String::new();
    headline(&mut page, written);
    yields(&mut page, outcome);
    models(&mut page, outcome, currency);
    rejected(&mut page, outcome);
    errors(&mut page, outcome);
    coverage(&mut page, outcome);
    scores(&mut page, outcome);
    barren(&mut page, outcome);
    page.push('\n');
    let _ = writeln!(page, "{}", notes::end(outcome));
    page += &next(written);
    page
}

fn headline(page: &mut String, written: &Written) {
    let outcome = &written.outcome;
    let all = &outcome.yields.all;
    let _ = write!(page, "Suite `{}`: {} of {} delivered", outcome.suite, all.delivered, outcome.wanted);
    let _ = match outcome.waiting {
        _ if all.delivered == 0 => writeln!(page),
        0 => writeln!(page, ", all new"),
        waiting if waiting == all.delivered => writeln!(page, ", none of them new"),
        waiting => writeln!(page, ", {} of them new", all.delivered - waiting),
    };
    if outcome.rounds.len() > 1 {
        for (number, round) in outcome.rounds.iter().enumerate() {
            let _ =
                writeln!(page, "  round {}: {} of {} delivered", number + 1, round.delivered, round.asked);
        }
    }
}

fn yields(page: &mut String, outcome: &Outcome) {
    let of = &outcome.yields;
    let names =
        of.by_generator.keys().chain(of.by_model.keys()).map(|name| terminal_line(name).chars().count());
    let width = names.max().unwrap_or(0).clamp(9, 40);
    for (what, yields) in [("generator", &of.by_generator), ("model", &of.by_model)] {
        let _ = writeln!(
            page,
            "\n  {what:<width$}  {:>6}  {:>6}  {:>9}  {:>8}  {:>7}",
            "asked", "came", "delivered", "rejected", "yield"
        );
        for (name, of) in yields {
            let _ = writeln!(page, "  {}", row(name, of, width));
        }
    }
}

fn row(name: &str, of: &Yield, width: usize) -> String {
    let share = of.share().map_or_else(|| "none".to_owned(), |share| format!("{:.0} %", share * 100.0));
    let name = shortened(&terminal_line(name), 40);
    let Yield { requested, drafted, delivered, .. } = of;
    format!(
        "{name:<width$}  {requested:>6}  {drafted:>6}  {delivered:>9}  {:>8}  {share:>7}",
        of.rejections()
    )
}

fn models(page: &mut String, outcome: &Outcome, currency: &str) {
    page.push('\n');
    for (name, tally) in &outcome.models {
        let _ = writeln!(page, "  {}: {}", terminal_line(name), model(tally, currency));
        let others: Vec<String> =
            tally.answered.keys().map(|name| format!("`{}`", terminal_line(name))).collect();
        if !others.is_empty() {
            let _ = writeln!(page, "    answered as {}", shortened(&others.join(", "), 200));
        }
        if let (Some(cost), Some(of)) = (tally.cost, outcome.yields.by_model.get(name))
            && of.delivered > 0
        {
            let each = cost / of.delivered as f64;
            let _ = writeln!(page, "    {each:.4} {currency} for a candidate that was delivered");
        }
    }
}

/// What a model was asked and what that took.
pub(super) fn model(tally: &ModelTally, currency: &str) -> String {
    let asked = tally.replies - tally.kept;
    let errors: usize = tally.errors.values().sum();
    let mut parts = vec![count(asked, "reply", "replies")];
    if tally.kept > 0 {
        parts.push(format!("{} from the disk", tally.kept));
    }
    if errors > 0 {
        parts.push(format!("{errors} without a reply that can be used"));
    }
    let sent = tally.spent.requests as usize;
    if sent > asked {
        parts.push(format!("{} in all", count(sent, "request", "requests")));
    }
    match tally.spent.usage {
        _ if sent == 0 => {}
        Some(usage) => {
            parts.push(format!("{} + {} tokens", usage.input_tokens, usage.output_tokens));
        }
        None => parts.push("tokens not told".to_owned()),
    }
    match tally.cost {
        _ if sent == 0 => {}
        Some(cost) => parts.push(format!("{cost:.4} {currency}")),
        None => parts.push("no price known".to_owned()),
    }
    parts.join(", ")
}

fn rejected(page: &mut String, outcome: &Outcome) {
    let all = &outcome.yields.all;
    if all.rejected.is_empty() {
        return;
    }
    let _ = writeln!(page, "\nRejected: {} of {} that came, by reason", all.rejections(), all.drafted);
    for (reason, number) in &all.rejected {
        let _ = writeln!(page, "  {:<15} {number:>6}  {}", reason.code(), meaning(*reason));
        for example in outcome.examples.get(reason).into_iter().flatten().take(1) {
            let line = |text: &str| shortened(&terminal_line(text), MOST);
            let _ = writeln!(page, "      {}", line(&example.text));
            let _ = writeln!(page, "      {}", line(&example.why));
        }
    }
}

/// What a reason says of what a model wrote.
const fn meaning(reason: Reason) -> &'static str {
    match reason {
        Reason::NoSite => "nothing to do in this text",
        Reason::NotText => "no text",
        Reason::NoCanary => "no canary to be about",
        Reason::Schema => "empty, too long, or not of the right shape",
        Reason::NoOp => "says what it was made from",
        Reason::Protected => "a number, name or address was changed",
        Reason::EditBudget => "more was changed than allowed",
        Reason::Meaning => "another number of negations or quantities",
        Reason::Language => "in another language",
        Reason::PersonalData => "personal data that could be somebody's",
        Reason::Secret => "what looks like a secret",
        Reason::Collapse => "much like most of what came",
        Reason::Duplicate => "the words of another",
        Reason::NearDuplicate => "nearly the words of another",
        Reason::Ungrounded => "what it quotes is not in the documents",
        Reason::OutOfScope => "not about its scenario",
        Reason::LowScore => "a score below its threshold",
        Reason::Unverified => "not confirmed by the program",
        Reason::Disagreed => "no answer that most solutions agree on",
        Reason::Human => "rejected by a person before",
    }
}

fn errors(page: &mut String, outcome: &Outcome) {
    let short = outcome.short();
    if outcome.errors.is_empty() && short == 0 {
        return;
    }
    let _ = writeln!(page, "\nAsked for and not there");
    for (kind, number) in &outcome.errors {
        let _ = writeln!(page, "  {:<15} {number:>6}  {kind}", kind.code());
        let first = outcome.models.iter().find_map(|(name, tally)| Some((name, tally.first.get(kind)?)));
        if let Some((name, message)) = first {
            let message = shortened(&terminal_line(message), 2 * MOST);
            let _ = writeln!(page, "      {}: {message}", terminal_line(name));
        }
    }
    if short > 0 {
        let _ = writeln!(page, "  {:<15} {short:>6}  replies had fewer than they were asked for", "too_few");
    }
}

fn coverage(page: &mut String, outcome: &Outcome) {
    if outcome.coverage.is_empty() {
        return;
    }
    let _ = writeln!(page, "\nCombinations of knobs that a candidate was delivered for");
    for of in &outcome.coverage {
        let found = &of.coverage;
        let _ = writeln!(
            page,
            "  {}, {}: {} of {} ({})",
            of.generator,
            terminal_line(&of.scenario),
            found.covered,
            found.required,
            match found.strength {
                1 => "single values".to_owned(),
                2 => "pairs of values".to_owned(),
                strength => format!("{strength} values at a time"),
            }
        );
        if let Some(missing) = &found.missing {
            let _ = writeln!(page, "      none with {}", notes::values(missing));
        }
    }
}

fn scores(page: &mut String, outcome: &Outcome) {
    if outcome.scores.is_empty() {
        return;
    }
    let _ = writeln!(page, "\nMean scores of what was delivered, from 0 to 1");
    for (name, (mean, number)) in &outcome.scores {
        let _ = writeln!(page, "  {name:<15} {mean:>6.2}  of {number}");
    }
}

fn barren(page: &mut String, outcome: &Outcome) {
    if outcome.barren.is_empty() {
        return;
    }
    let number = outcome.barren.len();
    let _ = writeln!(page, "\nNothing came of {}", count(number, "thing asked about", "things asked about"));
    for one in outcome.barren.iter().take(BARREN) {
        let _ = writeln!(page, "  {}", about(one));
        let reasons = one.rejected.iter().map(|(reason, number)| format!("{number} {}", reason.code()));
        let error = one.error.as_ref().map(|error| shortened(&terminal_line(error), MOST));
        let why: Vec<String> = reasons.chain(error).collect();
        let _ = writeln!(
            page,
            "      {} asked for: {}",
            one.asked,
            if why.is_empty() { "none came".to_owned() } else { why.join(", ") }
        );
    }
    if number > BARREN {
        let _ = writeln!(page, "  and {} more, all of them with `--json FILE`", number - BARREN);
    }
}

fn about(one: &Barren) -> String {
    let mut about = format!("{}, {}", one.generator, terminal_line(&one.scenario));
    if let Some(seed) = &one.about {
        let _ = write!(about, ", seed: {}", shortened(&terminal_line(seed), MOST));
    }
    if !one.knobs.is_empty() {
        let _ = write!(about, ", {}", notes::values(&one.knobs));
    }
    if !one.passages.is_empty() {
        let _ = write!(about, ", {}", shortened(&terminal_line(&one.passages.join(", ")), MOST));
    }
    about
}

/// What to do next.
fn next(written: &Written) -> String {
    let outcome = &written.outcome;
    let suite = &outcome.suite;
    let mut next = String::new();
    let is_cut = !matches!(outcome.end, End::Reached | End::Rounds | End::StoppedRising);
    if is_cut {
        let _ = writeln!(next, "The same command goes on: what is on the disk is not asked for again.");
    } else if written.new == 0 && outcome.replies() > 0 && outcome.kept() == outcome.replies() {
        let _ = writeln!(
            next,
            "Every reply was on the disk: `--seed 1` (or another number) asks for others, `--fresh` asks the same anew."
        );
    }
    if written.new > 0 {
        let verb = if written.new == 1 { "waits" } else { "wait" };
        let _ = writeln!(
            next,
            "{} {verb} for review: holdline review --variants {suite}",
            count(written.new, "candidate", "candidates")
        );
    }
    next
}
