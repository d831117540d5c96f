//! The four questions, answered in words from the figures.

use super::fidelity::trend;
use super::figure::Figure;
use super::report::{Answer, ColumnFigures, Matches, ModelFigures, NewInColumn, PairFigures, Report};
use super::words::{name, names, percent, percent_of, score, score_of};
use crate::report::number::count;
use std::cmp::Reverse;

/// From here on two distributions are close, or fairly so, or roughly alike.
const CLOSE: f64 = 0.95;
const FAIR: f64 = 0.85;
const ROUGH: f64 = 0.7;
/// What is named as least alike, at most so many, and only below this.
const WORST: usize = 3;
const NOTABLE: f64 = 0.9;
/// Names in a sentence.
const NAMES: usize = 5;

/// The answers. `target_named` says that the user chose the target.
pub(super) fn answers(report: &Report, target_named: bool) -> Vec<Answer> {
    let answer =
        |question, lines: Vec<String>| Answer { question, answer: lines.into_iter().map(capital).collect() };
    vec![
        answer("How close is it?", close(report)),
        answer("How useful is it?", useful(report, target_named)),
        answer("What leaked?", leaked(report)),
        answer("What was never in the source?", invented(report)),
    ]
}

/// A sentence begins with a capital.
fn capital(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn close(report: &Report) -> Vec<String> {
    let fidelity = &report.fidelity;
    let mut out = Vec::new();
    let by_themselves = match fidelity.column_shapes.value {
        Some(shapes) => {
            format!("{}: taken by themselves, columns are {} alike on average", word(shapes), score(shapes))
        }
        None => format!("Cannot be told: {}", reason(&fidelity.column_shapes)),
    };
    out.push(match fidelity.pair_trends.value {
        Some(pairs) => {
            format!("{by_themselves}, and pairs of columns go together {} alike (1 is equal).", score(pairs))
        }
        None if fidelity.column_shapes.value.is_some() => {
            format!("{by_themselves} (1 is equal); there are no pairs to compare.")
        }
        None => format!("{by_themselves}."),
    });
    let columns = worst(&fidelity.columns, |column: &&ColumnFigures| column.shape().value);
    if !columns.is_empty() {
        let told: Vec<String> = columns
            .iter()
            .map(|(column, alike)| format!("{} ({})", name(&column.name), score(*alike)))
            .collect();
        out.push(format!("Least alike by themselves: {}.", told.join(", ")));
    }
    let pairs = worst(&fidelity.pairs, |pair: &&PairFigures| trend(pair).value);
    if !pairs.is_empty() {
        let told: Vec<String> = pairs
            .iter()
            .map(|(pair, alike)| {
                format!("{} with {} ({})", name(&pair.columns[0]), name(&pair.columns[1]), score(*alike))
            })
            .collect();
        out.push(format!("Least alike together: {}.", told.join(", ")));
    }
    let series = Figure::mean(fidelity.series.columns.iter().map(|column| &column.similarity), "no series");
    if let (Some(alike), Some(order)) = (series.value, &fidelity.series.ordered_by) {
        out.push(format!(
            "In the order of {}, rows follow on one another {} alike.",
            name(order),
            score(alike)
        ));
    }
    let missing = &report.headers.only_in_real;
    if !missing.is_empty() {
        out.push(format!("Not compared, since SYNTH lacks them: {}.", listed(missing)));
    }
    out
}

fn word(alike: f64) -> &'static str {
    match alike {
        alike if alike >= CLOSE => "Close",
        alike if alike >= FAIR => "Fairly close",
        alike if alike >= ROUGH => "Roughly alike",
        _ => "Far off",
    }
}

/// The least alike, with how alike they are.
fn worst<T>(all: &[T], alike: impl Fn(&&T) -> Option<f64>) -> Vec<(&T, f64)> {
    let mut low: Vec<(&T, f64)> = all
        .iter()
        .filter_map(|one| Some((one, alike(&one)?)))
        .filter(|(_, alike)| *alike < NOTABLE)
        .collect();
    low.sort_by(|a, b| a.1.total_cmp(&b.1));
    low.truncate(WORST);
    low
}

fn reason(figure: &Figure) -> &str {
    figure.reason.as_deref().unwrap_or("there is no figure")
}

fn listed(all: &[String]) -> String {
    names(all.iter().map(String::as_str), NAMES)
}

fn useful(report: &Report, target_named: bool) -> Vec<String> {
    let training = &report.utility.training;
    let mut out = Vec::new();
    if let Some(reason) = &training.reason {
        out.push(format!("For training: cannot be told, since {reason}."));
    } else if let Some(target) = &training.target {
        let chosen = if target_named { "" } else { ", the last column (choose another with --target)" };
        out.push(format!(
            "For training: models that predict {}{chosen}, trained on SYNTH and tested on {}.",
            name(target),
            training.tested_on
        ));
        out.extend(training.models.iter().map(model));
    }
    let queries = &report.utility.queries;
    out.push(match (queries.median_error.value, queries.p90_error.value) {
        (Some(median), Some(p90)) => {
            let by_chance = match queries.holdout_error.value {
                Some(held) => format!("; real rows of the holdout are off by {}", percent(held)),
                None => String::new(),
            };
            format!(
                "For counts and means: of {} random ones, half are off by at most {}, nine of ten by at most {}{by_chance}.",
                queries.asked,
                percent(median),
                percent(p90)
            )
        }
        _ => format!("For counts and means: cannot be told, since {}.", reason(&queries.median_error)),
    });
    out
}

fn model(of: &ModelFigures) -> String {
    let model = format!("The {} model", of.model);
    let (measure, real, synth) = if of.trained_on_real.accuracy.value.is_some() {
        ("accuracy", &of.trained_on_real.accuracy, &of.trained_on_synth.accuracy)
    } else {
        ("R²", &of.trained_on_real.r2, &of.trained_on_synth.r2)
    };
    let (real, synth) = (score_of(real), score_of(synth));
    let scores = format!("{measure} {synth}, against {real} when trained on REAL");
    match of.kept.value {
        Some(kept) if kept < 0.0 => {
            format!("{model} does worse than a guess that knows the target alone: {scores}.")
        }
        Some(kept) if kept >= 1.0 => format!("{model} keeps all that real rows teach: {scores}."),
        Some(kept) => format!("{model} keeps {} of what real rows teach: {scores}.", percent(kept)),
        None => format!("{model} has nothing to lose ({}): {scores}.", reason(&of.kept)),
    }
}

fn leaked(report: &Report) -> Vec<String> {
    let privacy = &report.privacy;
    let mut out = vec![verdict(report)];
    out.push(match privacy.exact.rows {
        _ if privacy.exact.of == 0 => format!("Rows cannot be compared: {}.", reason(&privacy.exact.share)),
        0 => "No row of SYNTH equals a real one.".to_owned(),
        rows => format!(
            "{} of SYNTH ({}) {} a real one{}.",
            count(rows, "row", "rows"),
            percent_of(&privacy.exact.share),
            if rows == 1 { "equals" } else { "equal" },
            beside(&privacy.exact)
        ),
    });
    let nearly = privacy.near.rows;
    if nearly > 0 {
        out.push(format!(
            "{} ({}) {} equal to a real one, or within a hundredth of the range in every number{}.",
            count(nearly, "row", "rows"),
            percent_of(&privacy.near.share),
            if nearly == 1 { "is" } else { "are" },
            beside(&privacy.near)
        ));
    }
    for identifier in privacy.identifiers.iter().filter(|identifier| identifier.rows > 0) {
        out.push(format!(
            "{} of the values in {} are real ones ({}).",
            percent_of(&identifier.share),
            name(&identifier.column),
            count(identifier.rows, "row", "rows")
        ));
    }
    if let (Some(closer), Some(auc), Some(chance)) =
        (privacy.closer_to_real.value, privacy.membership.auc.value, privacy.membership.auc_by_chance.value)
    {
        out.push(format!(
            "{} of the rows of SYNTH are closer to a real row than to one of the holdout (50 % if nothing was copied).",
            percent(closer)
        ));
        out.push(if auc > chance {
            format!("Who was in REAL can be guessed from SYNTH better than by chance: AUC {} (0.5 is a coin; chance alone stays below {}).", score(auc), score(chance))
        } else {
            format!("Who was in REAL cannot be guessed from SYNTH by distance: AUC {} (0.5 is a coin; chance alone stays below {}).", score(auc), score(chance))
        });
    } else if report.holdout.is_none() {
        out.push(
            "Cannot be told without a holdout: whether these rows are nearer to REAL than chance makes them, and whether \
             it can be guessed who was in REAL. Give real rows that SYNTH was not made from with --holdout."
                .to_owned(),
        );
    } else {
        out.push(format!("Distances to the holdout cannot be told: {}.", reason(&privacy.closer_to_real)));
    }
    out
}

/// The answer in a line: whether more of REAL is in SYNTH than chance puts there.
fn verdict(report: &Report) -> String {
    let privacy = &report.privacy;
    let exact = &privacy.exact;
    let (Some(share), Some(usual)) =
        (exact.share.value, exact.holdout_share.value.or(exact.real_share.value))
    else {
        return "Cannot be told.".to_owned();
    };
    // Shares of as many draws that chance alone would exceed once in twenty times.
    let by_chance = |usual: f64| usual + 1.645 * (usual * (1.0 - usual) / exact.of as f64).sqrt();
    let copies = share > by_chance(usual);
    let told = copies || privacy.identifiers.iter().any(|identifier| identifier.rows > 0);
    let (Some(closer), Some(auc), Some(auc_by_chance)) =
        (privacy.closer_to_real.value, privacy.membership.auc.value, privacy.membership.auc_by_chance.value)
    else {
        return if told {
            "Real rows or values come back: more than chance explains, as far as that can be told without a holdout.".to_owned()
        } else {
            "Nothing that can be seen without a holdout.".to_owned()
        };
    };
    let unlike = &privacy.holdout_unlike;
    if !told && !unlike.is_empty() {
        return format!(
            "Cannot be told with this holdout, whose rows are not like REAL's ({}): what follows may come of that.",
            listed(unlike)
        );
    }
    if told || closer > by_chance(0.5) || auc > auc_by_chance {
        "Something did: there are signs that real rows were copied.".to_owned()
    } else {
        "Nothing that can be seen: there is no sign that real rows were copied.".to_owned()
    }
}

/// What the share of matches is to be compared with.
fn beside(matches: &Matches) -> String {
    match (matches.holdout_share.value, matches.real_share.value) {
        (Some(held), _) => format!("; of the holdout {}", percent(held)),
        (None, Some(real)) => format!("; of REAL's own rows {} match another one so", percent(real)),
        (None, None) => String::new(),
    }
}

fn invented(report: &Report) -> Vec<String> {
    let novelty = &report.novelty;
    let mut out = Vec::new();
    let extra = &report.headers.only_in_synth;
    if !extra.is_empty() {
        out.push(format!("Columns that REAL does not have: {}.", listed(extra)));
    }
    if novelty.columns.is_empty() {
        out.push("No value, range or gap is new.".to_owned());
    } else {
        out.push(format!(
            "{} of the rows of SYNTH hold a value, a range or a gap that REAL does not have.",
            percent_of(&novelty.rows_with_new_values)
        ));
        let mut columns: Vec<&NewInColumn> = novelty.columns.iter().collect();
        columns.sort_by_key(|column| {
            Reverse(column.new_rows.max(column.below + column.above) + column.unfit + column.missing)
        });
        out.extend(
            columns
                .iter()
                .take(WORST)
                .map(|column| format!("{}: {}.", name(&column.column), what_is_new(column))),
        );
        if columns.len() > WORST {
            out.push(format!(
                "More such in {}; see below.",
                count(columns.len() - WORST, "other column", "other columns")
            ));
        }
    }
    if let Some(share) = novelty.new_combinations.value.filter(|share| *share > 0.0) {
        let held = match novelty.holdout_new_combinations.value {
            Some(held) => format!("; of the holdout's rows {} do", percent(held)),
            None => String::new(),
        };
        let first = novelty.pairs.first().map_or_else(String::new, |pair| {
            format!(
                " The most frequent pair: {} with {} ({}, {}), {}.",
                name(&pair.values[0]),
                name(&pair.values[1]),
                name(&pair.columns[0]),
                name(&pair.columns[1]),
                count(pair.rows, "row", "rows")
            )
        });
        out.push(format!(
            "{} of the rows of SYNTH combine known categories as no real row does{held}.{first}",
            percent(share)
        ));
    }
    out
}

/// What is new in a column, without its name.
pub(super) fn what_is_new(column: &NewInColumn) -> String {
    let mut parts = Vec::new();
    if column.new_rows > 0 {
        parts.push(format!(
            "{} in {} ({})",
            count(column.new_values, "new value", "new values"),
            count(column.new_rows, "row", "rows"),
            names(column.examples.iter().map(String::as_str), NAMES)
        ));
    }
    for (rows, what) in [(column.below, "below REAL's lowest"), (column.above, "above REAL's highest")] {
        if rows > 0 {
            parts.push(format!("{} {what}", count(rows, "row", "rows")));
        }
    }
    if column.unfit > 0 {
        parts.push(format!(
            "{} that {} no {} ({})",
            count(column.unfit, "cell", "cells"),
            if column.unfit == 1 { "is" } else { "are" },
            column.kind.word(),
            names(column.unfit_examples.iter().map(String::as_str), NAMES)
        ));
    }
    if column.missing > 0 {
        parts
            .push(format!("{} without a value, which REAL always has", count(column.missing, "row", "rows")));
    }
    parts.join(", ")
}
