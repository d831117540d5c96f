//! How far a judge can be trusted over time, for the terminal: its canary, its checks so far, and the rate of a
//! run corrected for its errors.

use super::escape::{shortened, terminal_line};
use super::number::count;
use crate::judge::model::canary::{MOST_EPSILON, limit};
use crate::judge::model::{Calibrated, Corrected, RunVerdicts};
use crate::suite::canary::Canary;
use crate::suite::history::Checked;
use crate::suite::judges::JudgeDefinition;
use std::fmt::Write as _; // to strings, which cannot fail

/// Checks that are shown.
const SHOWN: usize = 8;

/// Characters of a name that are shown.
const MOST: usize = 80;

/// What was frozen, and what it is for.
pub fn frozen(canary: &Canary, path: &str) -> String {
    let mut page = format!(
        "Judge `{}`: {} frozen in {}\n",
        canary.name,
        count(canary.items.len(), "answer", "answers"),
        terminal_line(path)
    );
    if !canary.head.models.is_empty() {
        let _ = writeln!(page, "answered by {}", names(&canary.head.models));
    }
    steadiness(&mut page, "", canary);
    page.push_str("Commit the file: every run that uses the judge grades these answers again.\n");
    page
}

/// The canary of a judge, given by its present fingerprint.
pub fn canary(judge: &JudgeDefinition, fingerprint: &str, canary: Option<&Canary>) -> String {
    let name = &judge.name;
    let Some(canary) = canary else {
        return format!(
            "\nCanary: none\n  `holdline judge freeze {name}` freezes answers, to see later whether the judge is still the same\n"
        );
    };
    let head = &canary.head;
    let mut page =
        format!("\nCanary: {} frozen on {}", count(canary.items.len(), "answer", "answers"), head.date);
    if !head.models.is_empty() {
        let _ = write!(page, ", answered by {}", names(&head.models));
    }
    page.push('\n');
    if head.judge == fingerprint {
        steadiness(&mut page, "  ", canary);
    } else {
        let _ = writeln!(page, "  stale: the judge was changed since; `holdline judge freeze {name}`");
    }
    page
}

/// How often the judge contradicted itself, and what follows.
fn steadiness(page: &mut String, indent: &str, canary: &Canary) {
    let head = &canary.head;
    let epsilon = head.epsilon();
    let _ = writeln!(
        page,
        "{indent}asked the same again, it gave {} of {} otherwise (ε {:.1} %)",
        head.flips,
        count(head.again, "verdict", "verdicts"),
        epsilon * 100.0
    );
    if epsilon >= MOST_EPSILON {
        let most = MOST_EPSILON * 100.0;
        let _ = writeln!(page, "{indent}{most:.0} % are too many: it must not gate");
    } else {
        let _ = writeln!(
            page,
            "{indent}{} or more changed verdicts, or 6 that all go one way, will count as drift",
            limit(canary)
        );
    }
}

/// The last checks of a judge, oldest first, with a mark where the judge was changed.
pub fn history(checks: &[Checked]) -> String {
    let mut page = String::from("\nOver time\n");
    let skipped = checks.len().saturating_sub(SHOWN);
    let mut before = skipped.checked_sub(1).and_then(|last| checks.get(last));
    for checked in checks.iter().skip(skipped) {
        if before.is_some_and(|before| before.judge != checked.judge) {
            page.push_str("  ---------- the judge was changed\n");
        }
        let graded = checked.true_positives
            + checked.false_positives
            + checked.false_negatives
            + checked.true_negatives;
        let kappa = checked.kappa.map_or_else(|| "–".to_owned(), |kappa| format!("{kappa:.3}"));
        let share = |share: Option<f64>| {
            share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0))
        };
        let _ = writeln!(
            page,
            "  {}  kappa {kappa:>6}  TPR {:>7}  TNR {:>7}  {graded:>4} graded  {}",
            checked.day(),
            share(checked.tpr),
            share(checked.tnr),
            names(&checked.models)
        );
        before = Some(checked);
    }
    page
}

/// The rate of the class looked for in a run, as the judge sees it and corrected; without a run, what is needed
/// for it.
pub fn corrected(
    judge: &JudgeDefinition,
    run: Option<&(String, RunVerdicts)>,
    corrected: Option<&Corrected>,
) -> String {
    let positive = terminal_line(judge.classes().0);
    let Some((run, said)) = run else {
        return format!(
            "\nRate of `{positive}` in a run, corrected: not known\n  it needs a run in which this judge judged answers: \
             name it in the `expect` of a suite, then `holdline run`\n"
        );
    };
    let graded = said.positive + said.negative;
    let Some(corrected) = corrected else {
        let run = terminal_line(run);
        return format!(
            "\nRate of `{positive}` in run {run}: not defined, since nothing there or here is graded\n"
        );
    };
    let mut page = format!(
        "\nRate of `{positive}` in run {}: {} of {} graded\n",
        terminal_line(run),
        graded,
        count(graded + said.ungraded, "case", "cases")
    );
    rate(&mut page, "as the judge sees it", Some(corrected.observed));
    page.push_str("      what it says, its errors included\n");
    rate(&mut page, "corrected by PPI++", corrected.ppi);
    page.push_str(if corrected.ppi.is_some() {
        "      what people say on the labels, made more exact by the judge: right whatever its errors are, if the\n      \
         labelled answers are drawn like those of the run\n"
    } else {
        "      people labelled answers of one class alone, from which nothing can be told of the other\n"
    });
    rate(&mut page, "by Rogan–Gladen", corrected.rogan_gladen);
    page.push_str(if corrected.rogan_gladen.is_some() {
        "      the judge's rate with its TPR and TNR taken out: right if it errs in the run as it does on the labels\n"
    } else {
        "      that takes labels of both classes, and a judge that is better than chance on them\n"
    });
    page
}

fn rate(page: &mut String, name: &str, value: Option<Calibrated>) {
    let _ = match value {
        None => writeln!(page, "  {name:<22}    –  not defined"),
        Some(Calibrated { value, interval: (low, high) }) => writeln!(
            page,
            "  {name:<22}{:>5.1} %  95 % interval {:.1} to {:.1}",
            value * 100.0,
            low * 100.0,
            high * 100.0
        ),
    };
}

/// Names that models give themselves.
fn names(models: &[String]) -> String {
    let shown: Vec<String> = models.iter().map(|name| shortened(&terminal_line(name), MOST)).collect();
    shown.join(", ")
}
