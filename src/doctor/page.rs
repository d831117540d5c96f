//! What was found, as a person reads it.

use super::aa::Alarms;
use super::flips::Flips;
use super::sees::Seen;
use super::stored::{Source, Stored};
use crate::baseline::KEPT_RUNS;
use crate::gate::procedure::SUITE_SHARE;
use crate::gate::{Blocks, CONFIRMATIONS};
use crate::report::escape::{shortened, terminal_line};
use crate::report::number;
use crate::report::page::{Page, Style, Tint};
use crate::stats::interval::wilson;
use crate::suite::schema::Kind;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

/// Columns of the labels: the longest is `false alarms`.
const LABELS: usize = 14;
/// Most cases listed that disagree with themselves.
const WORST: usize = 5;
/// Longest name of a case, in characters.
const NAME: usize = 80;
/// A page this wide has room for a table beside the labels.
const WIDE: usize = 80;
/// Answers to each case in the last column of the table.
const ANSWERS: usize = 3;

/// All that was found of a suite.
#[derive(Debug)]
pub struct Examined<'a> {
    /// Its runs.
    pub stored: &'a Stored,
    /// How often the gate alarmed.
    pub alarms: Alarms,
    /// What was drawn as one.
    pub blocks: Blocks,
    /// How often the application disagrees with itself.
    pub flips: Flips,
    /// What its smallest drops depend on.
    pub seen: Seen,
    /// Of the runs that were made now, how many blocked against the accepted baseline.
    pub against_baseline: Option<(usize, usize)>,
}

/// The page about suites: `build` of the draws blocked a build of all of them. All outside text in it is safe
/// for a terminal.
pub fn page(suites: &[Examined<'_>], build: usize, alpha: f64, style: Style) -> String {
    let mut page = Page::new(style);
    for suite in suites {
        page.gap();
        write(&mut page, suite, alpha);
    }
    if let (Some(first), true) = (suites.first(), suites.len() > 1) {
        page.gap();
        let (tint, verdict) = verdict(build, first.alarms.draws, alpha, "all suites as one build");
        page.text(0, tint, &format!("All suites as one build: false alarms {verdict}"));
    }
    page.gap();
    page.text(
        0,
        Tint::Quiet,
        "Re-draws of stored runs show the chance within a run. They cannot show what no stored run had: drift \
         from one day to the next, or a model that was changed behind its name.",
    );
    page.finish()
}

fn write(page: &mut Page, of: &Examined<'_>, alpha: f64) {
    let Examined { stored, alarms, .. } = of;
    let from = match stored.source {
        Source::Baseline => format!("{} accepted runs", stored.runs),
        Source::Repeats => format!("{} answers to each case in the newest run", stored.runs),
        Source::Asked(asked) => {
            format!(
                "{} runs, {} made now with nothing changed",
                stored.runs,
                number::count(asked, "was", "were").trim()
            )
        }
    };
    let cases = number::count(stored.cases.len(), "case", "cases");
    page.text(0, Tint::Strong, &format!("{}: {cases}, {from}", terminal_line(&stored.suite)));
    let mut say = |label: &str, tint: Tint, text: &str| page.item(2, LABELS, (label, tint), text);
    let (tint, verdict) = verdict(alarms.blocked, alarms.draws, alpha, "this suite");
    say("false alarms", tint, &verdict);
    if alarms.distinct < alarms.draws / 2 {
        let text = if alarms.distinct == 1 {
            "the runs never differed, so that every draw is the same"
        } else {
            "the draws repeat each other, so that the interval is surer than the runs are: more runs make more \
             different draws"
        };
        say("", Tint::Plain, text);
    }
    if alarms.blocked > 0 {
        say("", Tint::Plain, &blamed(alarms));
    }
    if stored.kind == Kind::Capability {
        say("", Tint::Plain, "it is a capability suite, which never blocks");
    }
    say("draws", Tint::Quiet, &draws(of));
    let (blocked, turns) = alarms.in_turn;
    say(
        "in turn",
        Tint::Quiet,
        &format!("each of the {turns} runs as it was, against the others: {blocked} of {turns} would block"),
    );
    if let Some((blocked, runs)) = of.against_baseline {
        say(
            "now",
            Tint::Quiet,
            &format!("{blocked} of the {runs} runs made now would block against the accepted baseline"),
        );
    }
    if stored.left_out > 0 {
        let text = number::count(
            stored.left_out,
            "case has fewer runs than the others and is left out",
            "cases have fewer runs than the others and are left out",
        );
        say("", Tint::Plain, &text);
    }
    if stored.quarantined > 0 {
        let text = number::count(
            stored.quarantined,
            "case is in quarantine and left out",
            "cases are in quarantine and left out",
        );
        page.item(2, LABELS, ("", Tint::Plain), &text);
    }
    flipping(page, of);
    smallest(page, of, alpha);
}

/// How many false alarms there were, and what that says.
fn verdict(blocked: usize, draws: usize, alpha: f64, what: &str) -> (Tint, String) {
    let (low, high) = wilson(blocked, draws, 0.95).unwrap_or((0.0, 1.0));
    let allowed = percent(alpha);
    let (tint, words) = if low > alpha {
        (Tint::Bad, format!("{what} cries wolf: more than the {allowed} of builds that are allowed"))
    } else if high <= alpha {
        (Tint::Good, format!("{what} does not cry wolf ({allowed} of builds are allowed)"))
    } else {
        (Tint::Warning, format!("too few draws to tell from the {allowed} of builds that are allowed"))
    };
    let share = if draws == 0 {
        "nothing was drawn".to_owned()
    } else {
        format!("{} – {}", percent_of(low), percent_of(high))
    };
    let of = number::count(draws, "", "");
    (tint, format!("{} of {} ({share}): {words}", blocked, of.trim()))
}

/// What blocked.
fn blamed(alarms: &Alarms) -> String {
    let parts = [
        (alarms.by_suite, "by a test over the whole suite"),
        (alarms.by_scenario, "by the test of a scenario"),
        (alarms.by_case, "by a case that must pass, which no statistics stand before"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    told.join(", ")
}

fn draws(of: &Examined<'_>) -> String {
    let (alarms, stored) = (&of.alarms, of.stored);
    let what = match of.blocks {
        Blocks::Scenarios => "scenario",
        Blocks::Families | Blocks::Cases => "family of cases",
    };
    let again = match (alarms.confirmed, alarms.by_scenario) {
        (true, _) => ", 2 to ask a flagged scenario again",
        (false, 0) => "",
        (false, _) => &format!(
            "; flagged scenarios count without being asked again, for which {} runs are needed",
            KEPT_RUNS + 1 + CONFIRMATIONS as usize
        ),
    };
    let distinct = if alarms.distinct == alarms.draws {
        "all different".to_owned()
    } else {
        format!("only {} different", number::count(alarms.distinct, "", "").trim())
    };
    let [held, unchanged, improved, unsure] = alarms.said;
    let said = [
        (held, "held"),
        (unchanged, "unchanged"),
        (improved, "improved"),
        (unsure, "inconclusive"),
        (alarms.undecided, "not to be decided"),
        (alarms.blocked, "regressed"),
    ];
    let said: Vec<String> =
        said.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    format!(
        "{} ({distinct}): the {} runs of each {what} dealt anew, 1 to this run, {} to the baseline{again}; {}",
        number::count(alarms.draws, "draw", "draws"),
        stored.runs,
        alarms.before,
        said.join(", ")
    )
}

fn flipping(page: &mut Page, of: &Examined<'_>) {
    let (stored, flips) = (of.stored, &of.flips);
    let text = if flips.differ == 0 {
        "0 %: no case ever disagreed with itself".to_owned()
    } else {
        format!(
            "{}: of two answers to a case, so many differ in whether they pass; {} of {} ever did",
            percent_of(flips.rate()),
            flips.cases,
            number::count(stored.cases.len(), "case", "cases")
        )
    };
    page.item(2, LABELS, ("flip rate", Tint::Quiet), &text);
    for (place, passed, graded) in flips.worst.iter().take(WORST) {
        let case = &stored.cases[*place];
        let name = terminal_line(&shortened(&case.name, NAME));
        let text = format!("{passed} of {graded} pass  {}  {name}", case.id);
        page.item(2, LABELS, ("", Tint::Plain), &text);
    }
    if flips.cases > WORST {
        page.item(2, LABELS, ("", Tint::Plain), &format!("and {} more", flips.cases - WORST));
    }
}

fn smallest(page: &mut Page, of: &Examined<'_>, alpha: f64) {
    let (stored, seen) = (of.stored, &of.seen);
    let kept = stored.runs.min(KEPT_RUNS);
    let power = percent(seen.power);
    let now = seen.smallest(1, kept, 1);
    let fewest = seen.fewest(kept, SUITE_SHARE * alpha);
    let runs = number::count(kept, "accepted run", "accepted runs");
    let what = if of.blocks == Blocks::Scenarios { "scenarios" } else { "seeds" };
    page.item(
        2,
        LABELS,
        ("sees", Tint::Quiet),
        &format!(
            "a drop of {} or more, spread over all {what}, in {power} of builds, with {runs} and 1 answer to each \
             case; by {what}, accepted runs and answers:",
            points(now)
        ),
    );
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header([
        what.to_owned(),
        "1 run".to_owned(),
        format!("{KEPT_RUNS} runs"),
        format!("{KEPT_RUNS} runs, {ANSWERS} answers"),
    ]);
    for times in [1, 2, 4] {
        table.add_row([
            number::count(times * seen.clusters, "", "").trim().to_owned(),
            points(seen.smallest(times, 1, 1)),
            points(seen.smallest(times, KEPT_RUNS, 1)),
            points(seen.smallest(times, KEPT_RUNS, ANSWERS)),
        ]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
        column.set_cell_alignment(CellAlignment::Right);
    }
    // A narrow page has no room beside the labels.
    let indent = if page.width() < WIDE { 4 } else { 2 + LABELS };
    page.lines(indent, &table.trim_fmt());
    let worse = match (fewest, of.blocks) {
        (1, Blocks::Scenarios) => "1 scenario gets worse".to_owned(),
        (1, _) => "the cases of 1 seed get worse".to_owned(),
        (n, Blocks::Scenarios) => format!("{n} scenarios get worse"),
        (n, _) => format!("the cases of {n} seeds get worse"),
    };
    page.item(
        2,
        LABELS,
        ("blocks", Tint::Quiet),
        &format!(
            "at the earliest when {worse} ({} where they break whole), and never for less than {}",
            points(fewest as f64 / seen.clusters.max(1) as f64),
            points(stored.spec.min_effect.get())
        ),
    );
    let tolerance = stored.spec.tolerance.get();
    let text = if now <= tolerance {
        format!(
            "{}, and that is enough to call an unchanged run held in {power} of builds",
            points(tolerance)
        )
    } else {
        format!(
            "{}; to call an unchanged run held in {power} of builds takes `tolerance = \"{}\"`, or one of the \
             above",
            points(tolerance),
            points(now).replace(' ', "")
        )
    };
    page.item(2, LABELS, ("tolerance", Tint::Quiet), &text);
}

/// Points, rounded up to a tenth.
fn points(share: f64) -> String {
    let text = format!("{:.1}", (share * 1000.0 - 1e-9).ceil() / 10.0);
    format!("{} pt", text.strip_suffix(".0").unwrap_or(&text))
}

fn percent(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

fn percent_of(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
