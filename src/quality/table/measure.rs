//! From tables to the report.

use super::data::Data;
use super::figure::Figure;
use super::read::Table;
use super::report::{FORMAT, Fidelity, Headers, Input, Report, Utility};
use super::{answers, fidelity, meanings, novelty, privacy, queries, series, utility};
use crate::report::number::count;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, quote, quote_all};
use crate::suite::nearest::nearest;

/// What can be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The column to predict; the last one without.
    pub target: Option<String>,
    /// The column that orders the rows.
    pub sequence: Option<String>,
}

/// Measures a synthetic table against a real one, and what of it leaked against a holdout: real rows
/// that the synthetic table was not made from.
///
/// The same tables give the same report, bit for bit. An error where the tables share no column, or a
/// column that is named is in none.
pub fn measure(
    real: &Table,
    synth: &Table,
    holdout: Option<&Table>,
    options: &Options,
) -> Result<Report, Diagnostics> {
    check(real, synth, options)?;
    let keep: Vec<&str> =
        [&options.target, &options.sequence].into_iter().flatten().map(String::as_str).collect();
    let data = Data::new(real, synth, holdout, &keep);
    let mut notes = Vec::new();
    let columns = fidelity::columns(&data);
    let (pairs, pairs_left_out) = fidelity::pairs(&data);
    if pairs_left_out > 0 {
        notes.push(format!(
            "Of {} the first {} are compared: all would take too long.",
            count(pairs.len() + pairs_left_out, "pair of columns", "pairs of columns"),
            pairs.len()
        ));
    }
    let (training, of_training) = utility::training(&data, options.target.as_deref());
    let (privacy, of_privacy) = privacy::privacy(&data);
    notes.extend(of_training);
    notes.extend(of_privacy);
    let mut report = Report {
        format: FORMAT,
        answers: Vec::new(),
        notes,
        real: input(real),
        synth: input(synth),
        holdout: holdout.map(input),
        headers: headers(real, synth, holdout),
        fidelity: Fidelity {
            column_shapes: Figure::mean(
                columns
                    .iter()
                    .filter(|column| column.kind.is_used())
                    .map(super::report::ColumnFigures::shape),
                "no column could be compared",
            ),
            pair_trends: fidelity::pair_trends(&pairs),
            columns,
            pairs,
            pairs_left_out,
            series: series::series(&data, options.sequence.as_deref()),
        },
        utility: Utility { training, queries: queries::queries(&data) },
        privacy,
        novelty: novelty::novelty(&data),
        meanings: meanings::meanings(),
    };
    report.answers = answers::answers(&report, options.target.is_some());
    Ok(report)
}

fn input(table: &Table) -> Input {
    Input { file: table.file.clone(), rows: table.rows, columns: table.columns.len() }
}

fn headers(real: &Table, synth: &Table, holdout: Option<&Table>) -> Headers {
    let without = |table: &Table, other: &Table| -> Vec<String> {
        table.names().filter(|name| !other.names().any(|known| known == *name)).map(str::to_owned).collect()
    };
    let shared = |name: &String| synth.names().any(|known| known == name);
    Headers {
        only_in_real: without(real, synth),
        only_in_synth: without(synth, real),
        not_in_holdout: holdout
            .map(|holdout| without(real, holdout).into_iter().filter(shared).collect())
            .unwrap_or_default(),
    }
}

fn check(real: &Table, synth: &Table, options: &Options) -> Result<(), Diagnostics> {
    let mut out = Diagnostics::default();
    if !real.names().any(|name| synth.names().any(|other| other == name)) {
        let what = format!("{} and {} share no column", quote(&real.file), quote(&synth.file));
        out.push(Diagnostic::new("no-shared-column", what).help(format!(
            "the first has {}, the second {}",
            quote_all(real.names()),
            quote_all(synth.names())
        )));
    }
    for (option, name) in [("--target", &options.target), ("--sequence", &options.sequence)] {
        let Some(name) = name else { continue };
        for table in [real, synth] {
            if table.names().any(|known| known == name) {
                continue;
            }
            let what = format!("{} has no column {}, which {option} names", quote(&table.file), quote(name));
            out.push(Diagnostic::new("unknown-column", what).help(match nearest(name, table.names()) {
                Some(meant) => format!("did you mean {}?", quote(meant)),
                None => format!("its columns are {}", quote_all(table.names())),
            }));
        }
    }
    out.or(())
}
