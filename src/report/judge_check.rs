//! A judge measured on answers that people labelled, for the terminal.

use super::escape::{shortened, terminal_line};
use super::number::count;
use crate::judge::Outcome;
use crate::judge::model::{Agreement, Calibrated, Judged, Measured, Standing};
use crate::stats::agreement::cohen_kappa;
use crate::suite::judges::JudgeDefinition;
use crate::suite::labels::Holdout;
use crate::suite::schema::judge::JudgeKind;
use std::fmt::Write as _; // to strings, which cannot fail

/// Disagreements that are shown of each kind.
const SHOWN: usize = 10;

/// Characters of a text that are shown.
const MOST: usize = 160;

/// What was measured.
pub fn page(judge: &JudgeDefinition, holdout: &Holdout, measured: &Measured) -> String {
    let (positive, negative) = judge.classes();
    let found = &measured.agreement;
    let mut page = String::new();
    let _ = writeln!(
        page,
        "Judge `{}`: {} of {} graded",
        judge.name,
        found.graded(),
        count(measured.judged.len(), "labelled answer", "labelled answers")
    );
    let _ = writeln!(page, "asked: {}\n", terminal_line(judge.file.asks()));
    matrix(&mut page, found, positive, negative);
    for (name, value) in [
        ("accuracy", found.accuracy()),
        ("TPR (recall)", found.tpr()),
        ("TNR", found.tnr()),
        ("precision", found.precision()),
    ] {
        line(&mut page, name, value, true);
    }
    if let Some(f1) = found.f1() {
        let _ = writeln!(page, "  {:<14}{f1:>7.3}", "F1");
    }
    line(&mut page, "kappa", found.kappa(), false);
    people(&mut page, holdout);
    models(&mut page, judge, measured);
    if let Some((same, flips)) = measured.self_agreement() {
        let times = measured.judged.first().map_or(0, |one| one.again.len() + 1);
        let _ = writeln!(
            page,
            "  asked {times} times, it says the same of {:.1} % of the answers; {:.1} % of its verdicts flip",
            same * 100.0,
            flips * 100.0
        );
    }
    if let Some((short, long)) = measured.bias_by_length() {
        let _ = writeln!(
            page,
            "  by length: beside people it passes {:+.1} points among the shorter answers, {:+.1} among the longer",
            short * 100.0,
            long * 100.0
        );
    }
    let called = |outcome| move |one: &&Judged| one.people != outcome && one.judge.outcome == outcome;
    section(&mut page, "False passes", measured.judged.iter().filter(called(Outcome::Pass)));
    section(&mut page, "False fails", measured.judged.iter().filter(called(Outcome::Fail)));
    section(&mut page, "No verdict", measured.judged.iter().filter(|one| !one.judge.outcome.is_graded()));
    page
}

/// Whether the judge may gate, and if not why.
pub fn conclusion(standing: &Standing) -> String {
    match standing {
        Standing::Gates => "\nIt reaches its floors: it may gate.\n".to_owned(),
        Standing::Reports(why) => {
            let mut page = String::from("\nIt may report, and must not gate:\n");
            for reason in why {
                let _ = writeln!(page, "  - {}", terminal_line(reason));
            }
            page
        }
    }
}

fn matrix(page: &mut String, found: &Agreement, positive: &str, negative: &str) {
    let (positive, negative) = (terminal_line(positive), terminal_line(negative));
    let width = positive.chars().count().max(negative.chars().count()).max(6);
    let row = |page: &mut String, name: &str, cells: [String; 2]| {
        let [a, b] = cells;
        let _ = writeln!(page, "  {name:<width$}  {a:>width$}  {b:>width$}");
    };
    let _ = writeln!(page, "  people ↓, judge →; `{positive}` is the class looked for");
    row(page, "", [positive.clone(), negative.clone()]);
    row(page, &positive, [found.true_positives.to_string(), found.false_negatives.to_string()]);
    row(page, &negative, [found.false_positives.to_string(), found.true_negatives.to_string()]);
    page.push('\n');
}

fn line(page: &mut String, name: &str, value: Option<Calibrated>, is_share: bool) {
    let Some(Calibrated { value, interval: (low, high) }) = value else {
        let _ = writeln!(page, "  {name:<14}      –  not defined");
        return;
    };
    if is_share {
        let points = |share: f64| share * 100.0;
        let _ = writeln!(
            page,
            "  {name:<14}{:>5.1} %  95 % interval {:.1} to {:.1}",
            points(value),
            points(low),
            points(high)
        );
    } else {
        let _ = writeln!(page, "  {name:<14}{value:>7.3}  95 % interval {low:.3} to {high:.3}");
    }
}

/// How far people agree with one another: a judge is not worth more than those who teach it.
fn people(page: &mut String, holdout: &Holdout) {
    let both: usize = holdout.pairs.iter().flatten().sum();
    if both == 0 {
        return;
    }
    let kappa =
        cohen_kappa(&holdout.pairs).map_or_else(|| "not defined".to_owned(), |kappa| format!("{kappa:.3}"));
    let _ = writeln!(
        page,
        "\n  two people labelled {}: kappa {kappa}; {} left out, on which they disagree",
        count(both, "answer", "answers"),
        count(holdout.disputed, "answer is", "answers are")
    );
}

/// Which models answered, as they call themselves, and what they were not shown.
fn models(page: &mut String, judge: &JudgeDefinition, measured: &Measured) {
    let names = measured.models();
    if !names.is_empty() {
        let names: Vec<String> =
            names.into_iter().map(|name| shortened(&terminal_line(name), MOST)).collect();
        let _ = writeln!(page, "\n  answered by {}", names.join(", "));
    }
    let cut = measured.judged.iter().filter(|one| one.judge.cut).count();
    if cut > 0 {
        let _ = writeln!(page, "  {} shown to the judge in part", count(cut, "answer was", "answers were"));
    }
    let unverified = measured.judged.iter().filter(|one| one.judge.verified == Some(false)).count();
    if unverified > 0 {
        let _ = writeln!(
            page,
            "  {} with a quote that is not in the {}",
            count(unverified, "verdict comes", "verdicts come"),
            if judge.file.kind == JudgeKind::Claims { "passages" } else { "answer" }
        );
    }
}

fn section<'a>(page: &mut String, title: &str, of: impl Iterator<Item = &'a Judged>) {
    let found: Vec<&Judged> = of.collect();
    if found.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n{title} ({})", found.len());
    for one in found.iter().take(SHOWN) {
        let text = |text: &str| shortened(&terminal_line(text), MOST);
        let _ = writeln!(page, "  {}  {}", text(&one.label.id), text(&one.label.output));
        let why = if one.judge.reason.trim().is_empty() { "no reason given" } else { &one.judge.reason };
        let _ = writeln!(page, "      judge: {}", text(why));
        if let Some(why) = one.label.reason.as_ref().or(one.label.note.as_ref()) {
            let _ = writeln!(page, "      people: {}", text(why));
        }
    }
    if found.len() > SHOWN {
        let _ = writeln!(page, "  and {} more", found.len() - SHOWN);
    }
}
