//! `--export`: every case with its provenance, for other tools.

use super::{DONE, Format, visit};
use crate::cli::{CliResult, Place};
use crate::expand::Case;
use crate::expand::lock::origin_word;
use crate::suite::Suite;
use serde_json::{Value, json};
use std::io::{BufWriter, Write};

const COLUMNS: [&str; 13] = [
    "id",
    "family",
    "suite",
    "scenario",
    "input",
    "expected_label",
    "origin",
    "parent",
    "operators",
    "operator_family",
    "promise",
    "ordinal",
    "knobs",
];

/// Prints the cases of all suites, one after the other as they are made.
pub(super) fn print(place: &Place, suites: &[Suite], format: Format) -> CliResult {
    let mut out = BufWriter::new(std::io::stdout().lock());
    if format == Format::Csv {
        write_row(&mut out, &COLUMNS.map(str::to_owned))?;
    }
    for suite in suites {
        let mut written = Ok(());
        visit(place, suite, &mut |case| {
            if written.is_ok() {
                written = match format {
                    Format::Jsonl => writeln!(out, "{}", record(suite, &case)),
                    Format::Csv => write_row(&mut out, &row(suite, &case)),
                };
            }
        })?;
        written?;
    }
    out.flush()?;
    DONE
}

fn record(suite: &Suite, case: &Case) -> Value {
    let lineage = case.provenance.lineage.as_deref();
    json!({
        "id": case.id,
        "family": case.family,
        "suite": suite.name,
        "scenario": suite.scenarios[case.scenario].id,
        "input": case.input,
        "expected_label": case.truth,
        "tags": case.tags,
        "origin": case.provenance.origin,
        "knobs": case.knobs,
        "lineage": lineage,
        "file": case.provenance.place.file,
        "line": case.provenance.place.line,
    })
}

fn row(suite: &Suite, case: &Case) -> [String; 13] {
    let lineage = case.provenance.lineage.as_deref();
    let of = |text: Option<String>| text.unwrap_or_default();
    [
        case.id.to_string(),
        case.family.to_string(),
        suite.name.clone(),
        suite.scenarios[case.scenario].id.clone(),
        case.input.as_str().map_or_else(|| case.input.to_string(), str::to_owned),
        of(case.truth.clone()),
        origin_word(case.provenance.origin),
        of(lineage.map(|lineage| lineage.parent.to_string())),
        of(lineage.map(crate::expand::Lineage::operators)),
        of(lineage.map(|lineage| lineage.family.clone())),
        of(lineage.and_then(|lineage| json!(lineage.promise).as_str().map(str::to_owned))),
        of(lineage.map(|lineage| lineage.ordinal.to_string())),
        if case.knobs.columns.is_empty() { String::new() } else { json!(case.knobs).to_string() },
    ]
}

fn write_row(out: &mut impl Write, cells: &[String]) -> std::io::Result<()> {
    let mut line = csv::WriterBuilder::new().from_writer(Vec::new());
    line.write_record(cells).map_err(std::io::Error::other)?;
    let line = line.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
    out.write_all(&line)
}
