//! The report for a terminal. Everything from the files is escaped here.

use super::answers::what_is_new;
use super::fidelity::trend;
use super::figure::Figure;
use super::report::{
    ColumnFigures, Compared, Importance, Matches, ModelFigures, PairFigures, Report, Scores,
};
use super::words::{amount, name, names, number, percent, percent_of, score, score_of};
use crate::report::escape::{shortened, terminal_line};
use crate::report::number::count;
use crate::report::page::{Page, Style, Tint};

/// Columns of the labels.
const LABELS: usize = 20;
/// Columns, and pairs of columns, that are shown at most; the least alike. JSON has all.
const COLUMNS: usize = 20;
const PAIRS: usize = 8;
/// Columns named by importance.
const IMPORTANT: usize = 3;

/// The report as a page.
pub fn page(report: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    page.text(0, Tint::Strong, "A synthetic table against a real one");
    let rows =
        |rows, columns| format!("{}, {}", count(rows, "row", "rows"), count(columns, "column", "columns"));
    let inputs =
        [("REAL", Some(&report.real)), ("SYNTH", Some(&report.synth)), ("holdout", report.holdout.as_ref())];
    for (label, input) in inputs {
        if let Some(input) = input {
            item(&mut page, label, &format!("{} ({})", input.file, rows(input.rows, input.columns)));
        }
    }
    if report.holdout.is_none() {
        item(&mut page, "holdout", "none");
    }
    for answer in &report.answers {
        page.gap();
        page.text(0, Tint::Strong, answer.question);
        for line in &answer.answer {
            page.item(2, 2, ("·", Tint::Quiet), &safe(line));
        }
    }
    notes(&mut page, report);
    columns(&mut page, report);
    pairs(&mut page, report);
    series(&mut page, report);
    training(&mut page, report);
    queries(&mut page, report);
    privacy(&mut page, report);
    novelty(&mut page, report);
    heading(&mut page, "What the figures mean");
    for (figure, meaning) in &report.meanings {
        page.item(2, 24, (&figure.replace('_', " "), Tint::Quiet), meaning);
    }
    page.finish()
}

/// Outside text on one line, safe for a terminal.
fn safe(text: &str) -> String {
    terminal_line(&shortened(text, 2000))
}

fn heading(page: &mut Page, text: &str) {
    page.gap();
    page.text(0, Tint::Strong, text);
}

/// A label of ours and a text that may hold outside text.
fn item(page: &mut Page, label: &str, text: &str) {
    page.item(2, LABELS, (label, Tint::Quiet), &safe(text));
}

/// A label from outside: cut to its columns.
fn labelled(page: &mut Page, label: &str, text: &str) {
    let label = if label.is_empty() { "(no name)" } else { label };
    let mut label = safe(label);
    // Wide characters take two columns at most.
    if label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() > LABELS - 2 {
        label = label.chars().take((LABELS - 3) / 2).chain(['…']).collect();
    }
    page.item(2, LABELS, (&label, Tint::Plain), &safe(text));
}

fn notes(page: &mut Page, report: &Report) {
    let mut notes = report.notes.clone();
    let held = &report.headers.not_in_holdout;
    if !held.is_empty() {
        notes.push(format!(
            "The holdout lacks {}: figures with it take these for missing, and are not to be relied on.",
            names(held.iter().map(String::as_str), IMPORTANT)
        ));
    }
    let left_out = &report.privacy.left_out;
    if !left_out.is_empty() {
        notes.push(format!(
            "Left out of pairs, models and distances, as identifiers, free text or empty: {}.",
            names(left_out.iter().map(String::as_str), COLUMNS)
        ));
    }
    if !notes.is_empty() {
        heading(page, "To be known");
        for note in &notes {
            page.item(2, 2, ("·", Tint::Quiet), &safe(note));
        }
    }
}

fn columns(page: &mut Page, report: &Report) {
    let mut columns: Vec<&ColumnFigures> = report.fidelity.columns.iter().collect();
    if columns.len() > COLUMNS {
        columns.sort_by(|a, b| order(a.shape()).total_cmp(&order(b.shape())));
        heading(page, &format!("Columns: the {COLUMNS} least alike of {} (REAL → SYNTH)", columns.len()));
    } else {
        heading(page, "Columns (REAL → SYNTH)");
    }
    for column in columns.iter().take(COLUMNS) {
        labelled(page, &column.name, &about(column));
    }
}

/// What has no figure comes last.
fn order(figure: &Figure) -> f64 {
    figure.value.unwrap_or(f64::INFINITY)
}

fn about(column: &ColumnFigures) -> String {
    let mut parts = vec![column.kind.word().to_owned()];
    if column.kind.is_used() {
        parts.push(match column.shape().value {
            Some(alike) => format!("alike {}", score(alike)),
            None => format!("not compared: {}", column.shape().reason.as_deref().unwrap_or_default()),
        });
    }
    if let Some(histogram) = column.histogram_similarity.value {
        parts.push(format!("histograms {}", score(histogram)));
    }
    if let Some(coverage) = column.coverage.value {
        parts.push(format!("covers {}", percent(coverage)));
    }
    let (real, synth) = (&column.real, &column.synth);
    let value =
        |figure: &Figure| figure.value.map_or_else(|| "none".to_owned(), |value| amount(column.kind, value));
    if column.kind.is_numeric() {
        for (what, real, synth) in
            [("mean", &real.mean, &synth.mean), ("median", &real.median, &synth.median)]
        {
            parts.push(format!("{what} {} → {}", value(real), value(synth)));
        }
        let spread = |figure: &Figure| {
            figure.value.map_or_else(
                || "none".to_owned(),
                |spread| {
                    if column.kind == super::Kind::Number { number(spread) } else { duration(spread) }
                },
            )
        };
        parts.push(format!("spread {} → {}", spread(&real.spread), spread(&synth.spread)));
        let range = |low: &Figure, high: &Figure| {
            if low.value.is_none() { "none".to_owned() } else { format!("{} to {}", value(low), value(high)) }
        };
        parts.push(format!(
            "range {} → {}",
            range(&real.lowest, &real.highest),
            range(&synth.lowest, &synth.highest)
        ));
    }
    parts.push(format!("distinct {} → {}", real.distinct, synth.distinct));
    if real.missing.value != Some(0.0) || synth.missing.value != Some(0.0) {
        parts.push(format!("missing {} → {}", percent_of(&real.missing), percent_of(&synth.missing)));
    }
    parts.join(" · ")
}

/// A span of seconds.
fn duration(seconds: f64) -> String {
    match seconds {
        seconds if seconds >= 86_400.0 => format!("{} days", number(seconds / 86_400.0)),
        seconds if seconds >= 3_600.0 => format!("{} h", number(seconds / 3_600.0)),
        seconds => format!("{} s", number(seconds)),
    }
}

fn pairs(page: &mut Page, report: &Report) {
    let mut pairs: Vec<&PairFigures> = report.fidelity.pairs.iter().collect();
    if pairs.is_empty() {
        return;
    }
    pairs.sort_by(|a, b| order(trend(a)).total_cmp(&order(trend(b))));
    let which = if pairs.len() > PAIRS {
        format!("the {PAIRS} least alike of {}", pairs.len())
    } else {
        "all".to_owned()
    };
    heading(page, &format!("Pairs of columns: {which} (REAL → SYNTH)"));
    for pair in pairs.iter().take(PAIRS) {
        let mut parts = vec![format!("{} with {}", name(&pair.columns[0]), name(&pair.columns[1]))];
        for (what, figures) in [("Pearson", &pair.pearson), ("Spearman", &pair.spearman)] {
            if figures.real.value.is_some() || figures.synth.value.is_some() {
                parts.push(format!("{what} {}", compared(figures)));
            }
        }
        parts.push(format!("contingency alike {}", score_of(&pair.contingency_similarity)));
        let information = &pair.mutual_information;
        if information.real.value.is_some() || information.synth.value.is_some() {
            parts.push(format!("mutual information {}", compared(information)));
        }
        page.item(2, 2, ("·", Tint::Quiet), &safe(&parts.join(" · ")));
    }
}

fn compared(figures: &Compared) -> String {
    let alike =
        figures.similarity.value.map_or_else(String::new, |alike| format!(" (alike {})", score(alike)));
    format!("{} → {}{alike}", score_of(&figures.real), score_of(&figures.synth))
}

fn series(page: &mut Page, report: &Report) {
    let series = &report.fidelity.series;
    heading(page, "Row after row");
    match (&series.ordered_by, &series.reason) {
        (Some(order), _) if series.columns.is_empty() => {
            item(page, "ordered by", &format!("{}; no other column holds numbers", name(order)));
        }
        (Some(order), _) => item(page, "ordered by", &name(order)),
        (None, reason) => item(page, "not compared", reason.as_deref().unwrap_or_default()),
    }
    for column in series.columns.iter().take(COLUMNS) {
        let text = match (column.similarity.value, column.real.first(), column.synth.first()) {
            (Some(alike), Some(real), Some(synth)) => {
                format!(
                    "autocorrelations alike {} · at lag 1 {} → {}",
                    score(alike),
                    score(*real),
                    score(*synth)
                )
            }
            _ => format!("not compared: {}", column.similarity.reason.as_deref().unwrap_or_default()),
        };
        labelled(page, &column.name, &text);
    }
}

fn training(page: &mut Page, report: &Report) {
    let training = &report.utility.training;
    heading(page, "Training on SYNTH, testing on real rows");
    if let Some(reason) = &training.reason {
        item(page, "not trained", reason);
        return;
    }
    let target = training.target.as_deref().map(name).unwrap_or_default();
    item(page, "target", &format!("{target} ({})", training.task.unwrap_or_default()));
    item(
        page,
        "rows",
        &format!(
            "{} or {} to train on, {} to test on: {}",
            count(training.real_rows, "real row", "real rows"),
            count(training.synth_rows, "synthetic row", "synthetic rows"),
            count(training.test_rows, "row", "rows"),
            training.tested_on
        ),
    );
    item(page, "guess", &scores(&training.guess));
    for model in &training.models {
        item(page, &format!("{} on REAL", model.model), &scores(&model.trained_on_real));
        item(page, &format!("{} on SYNTH", model.model), &scores(&model.trained_on_synth));
        item(page, "", &kept(model));
    }
}

fn scores(scores: &Scores) -> String {
    let mut parts = Vec::new();
    for (what, figure) in [("R²", &scores.r2), ("accuracy", &scores.accuracy), ("macro F1", &scores.macro_f1)]
    {
        parts.extend(figure.value.map(|value| format!("{what} {}", score(value))));
    }
    for (what, figure) in [("MAE", &scores.mae), ("RMSE", &scores.rmse)] {
        parts.extend(figure.value.map(|value| format!("{what} {}", number(value))));
    }
    if parts.is_empty() { "none".to_owned() } else { parts.join(" · ") }
}

fn kept(model: &ModelFigures) -> String {
    let kept = match model.kept.value {
        Some(kept) => format!("kept {}", score(kept)),
        None => format!("kept: none, since {}", model.kept.reason.as_deref().unwrap_or_default()),
    };
    let order = match model.importance_agreement.value {
        Some(agreement) => format!("order of importance agrees {}", score(agreement)),
        None => format!(
            "order of importance: none, since {}",
            model.importance_agreement.reason.as_deref().unwrap_or_default()
        ),
    };
    let first =
        |all: &[Importance]| names(all.iter().take(IMPORTANT).map(|one| one.column.as_str()), IMPORTANT);
    format!("{kept} · {order} · first {} → {}", first(&model.importance_real), first(&model.importance_synth))
}

fn queries(page: &mut Page, report: &Report) {
    let queries = &report.utility.queries;
    heading(page, "Random counts and means");
    item(page, "asked", &queries.asked.to_string());
    for (what, figure) in [
        ("median error", &queries.median_error),
        ("nine of ten within", &queries.p90_error),
        ("of counts", &queries.count_error),
        ("of means", &queries.mean_error),
        ("of the holdout", &queries.holdout_error),
    ] {
        item(page, what, &or_reason(figure, percent));
    }
}

fn or_reason(figure: &Figure, say: impl Fn(f64) -> String) -> String {
    match figure.value {
        Some(value) => say(value),
        None => format!("none: {}", figure.reason.as_deref().unwrap_or_default()),
    }
}

fn privacy(page: &mut Page, report: &Report) {
    let privacy = &report.privacy;
    heading(page, "Leaks");
    item(page, "exact matches", &matches(&privacy.exact));
    item(page, "near matches", &matches(&privacy.near));
    let distance = &privacy.distance;
    item(
        page,
        "distance to REAL",
        &format!(
            "median {} · one of twenty within {}",
            or_reason(&distance.median, score),
            or_reason(&distance.p5, score)
        ),
    );
    item(page, "· of REAL to itself", &format!("median {}", or_reason(&distance.real_median, score)));
    item(page, "· of the holdout", &format!("median {}", or_reason(&distance.holdout_median, score)));
    item(page, "closer to REAL", &or_reason(&privacy.closer_to_real, percent));
    let membership = &privacy.membership;
    let guess = match membership.auc_by_chance.value {
        Some(chance) => format!(
            "AUC {} (by chance below {}) · advantage {}",
            or_reason(&membership.auc, score),
            score(chance),
            or_reason(&membership.advantage, score)
        ),
        None => or_reason(&membership.auc, score),
    };
    item(page, "membership guess", &guess);
    for identifier in privacy.identifiers.iter().take(COLUMNS) {
        let text = format!(
            "{} again from {} ({})",
            count(identifier.rows, "value", "values"),
            name(&identifier.column),
            percent_of(&identifier.share)
        );
        item(page, "identifiers", &text);
    }
}

fn matches(of: &Matches) -> String {
    let Some(share) = of.share.value else { return or_reason(&of.share, percent) };
    let places = if of.examples.is_empty() {
        String::new()
    } else {
        let rows: Vec<String> = of.examples.iter().map(ToString::to_string).collect();
        format!(" · first in rows {}", rows.join(", "))
    };
    let held = of
        .holdout_share
        .value
        .map_or_else(String::new, |held| format!(" · of the holdout {}", percent(held)));
    format!(
        "{} of {} ({}){held} · REAL among itself {}{places}",
        of.rows,
        count(of.of, "row", "rows"),
        percent(share),
        percent_of(&of.real_share)
    )
}

fn novelty(page: &mut Page, report: &Report) {
    let novelty = &report.novelty;
    if novelty.columns.is_empty() && novelty.pairs.is_empty() {
        return;
    }
    heading(page, "New in SYNTH");
    for column in novelty.columns.iter().take(COLUMNS) {
        labelled(page, &column.column, &what_is_new(column));
    }
    for pair in novelty.pairs.iter().take(PAIRS) {
        let [a, b] = &pair.values;
        let [first, second] = &pair.columns;
        let text = format!(
            "{} with {} ({}, {}): {}",
            name(a),
            name(b),
            name(first),
            name(second),
            count(pair.rows, "row", "rows")
        );
        item(page, "new together", &text);
    }
    if novelty.pairs_left_out > 0 {
        item(
            page,
            "",
            &format!(
                "{} not looked through",
                count(novelty.pairs_left_out, "pair of columns", "pairs of columns")
            ),
        );
    }
}
