//! Which rows of a data file are taken: those that `where` names, and a drawn sample of them.

use super::Reader;
use super::rows::DataRow;
use crate::suite::Seed;
use crate::suite::diagnostic::{Diagnostic, Source, quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::schema::{FileInputs, OneOrMany};
use serde_json::Value;
use std::collections::BTreeSet;

/// Values of a column that a message lists.
const MAX_VALUES: usize = 200;

/// The columns of all rows together.
pub(super) fn columns(rows: &[DataRow]) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut last: Option<&[String]> = None;
    for row in rows {
        let columns: &[String] = &row.row.columns;
        if !last.is_some_and(|last| std::ptr::eq(last, columns)) {
            names.extend(columns.iter().map(String::as_str));
            last = Some(columns);
        }
    }
    names
}

/// Whether a value is the one asked for. Numbers are compared by value, and a cell of a CSV file, which
/// is always a text, by the text of what is asked for.
fn is(found: &Value, wanted: &Value, csv: bool) -> bool {
    match (found, wanted) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::String(cell), Value::Number(_) | Value::Bool(_)) if csv => {
            let text = wanted.to_string();
            *cell == text
        }
        _ => found == wanted,
    }
}

impl Reader<'_> {
    /// Whether every column that the suite names is one of the file's; tells of those that are not.
    pub(super) fn known_columns(
        &mut self,
        file: &FileInputs,
        node: &Node,
        input: &str,
        columns: &BTreeSet<&str>,
        data: &Source,
    ) -> bool {
        let filter = node.field("where");
        let named = [("input", Some(input)), ("id", file.id.as_deref())];
        let named =
            named.into_iter().filter_map(|(key, name)| Some((name?, node.field(key).span.clone(), key)));
        let filters = file.filter.keys().map(|name| (name.as_str(), filter.field(name).key_span(), "where"));
        let mut known = true;
        for (name, span, key) in named.chain(filters).collect::<Vec<_>>() {
            if columns.contains(name) {
                continue;
            }
            known = false;
            let what = format!("{} has no column {}", quote(&data.file), quote(name));
            let other = columns.first().filter(|only| columns.len() == 1 && only.contains([';', '\t']));
            let help = match nearest(name, columns.iter().copied()) {
                _ if other.is_some() => "cells are separated by commas: save the file so".to_owned(),
                Some(meant) => format!("did you mean {}?", quote(meant)),
                None if key == "input" && file.input.is_none() => {
                    format!(
                        "say which column is asked with `input = \"…\"`; there are {}",
                        quote_all(columns.iter().copied())
                    )
                }
                None => format!("its columns are {}", quote_all(columns.iter().copied())),
            };
            self.out.push(Diagnostic::new("unknown-column", what).at(self.source.spot(span)).help(help));
        }
        known
    }

    /// The rows that `where` names; `None`, and a mistake, where it names none.
    pub(super) fn filter(
        &mut self,
        file: &FileInputs,
        node: &Node,
        rows: Vec<DataRow>,
        data: &Source,
    ) -> Option<Vec<DataRow>> {
        let csv = file.file.to_ascii_lowercase().ends_with(".csv");
        let keeps = |row: &DataRow, column: &str, wanted: &OneOrMany<Value>| {
            row.row.get(column).is_some_and(|found| wanted.as_slice().iter().any(|one| is(found, one, csv)))
        };
        if rows.iter().any(|row| file.filter.iter().all(|(column, wanted)| keeps(row, column, wanted))) {
            let mut rows = rows;
            rows.retain(|row| file.filter.iter().all(|(column, wanted)| keeps(row, column, wanted)));
            return Some(rows);
        }
        let filter = node.field("where");
        let what = format!("`where` selects none of the {} rows of {}", rows.len(), quote(&data.file));
        let mut nothing = Diagnostic::new("no-rows", what).at(self.source.spot(filter.key_span()));
        let mut explained = false;
        for (column, wanted) in &file.filter {
            if rows.iter().any(|row| keeps(row, column, wanted)) {
                continue;
            }
            explained = true;
            let place = filter.field(column);
            nothing = nothing.at(self.source.spot(place.span.clone())).label("no row has this");
            nothing = nothing.help(values_of(column, wanted, &rows));
        }
        if !explained {
            nothing = nothing.help("each of its conditions selects some rows, but no row meets all of them");
        }
        self.out.push(nothing);
        None
    }
}

/// What a column does hold.
fn values_of(column: &str, wanted: &OneOrMany<Value>, rows: &[DataRow]) -> String {
    let mut values = BTreeSet::new();
    for found in rows.iter().filter_map(|row| row.row.get(column)) {
        values.insert(found.as_str().map_or_else(|| found.to_string(), str::to_owned));
        if values.len() > MAX_VALUES {
            break;
        }
    }
    let asked = wanted.as_slice().iter().find_map(Value::as_str);
    let meant = asked.and_then(|asked| nearest(asked, values.iter().map(String::as_str)));
    let listed = quote_all(values.iter().map(String::as_str));
    match meant {
        Some(meant) => format!("did you mean {}? {} has {listed}", quote(meant), quote(column)),
        None => format!("{} has {listed}", quote(column)),
    }
}

/// So many of the seeds, in their order: those whose identity has the smallest hash with the suite's
/// seed, so that whether a row is drawn does not depend on its place in the file.
pub(super) fn sample(seeds: Vec<Seed>, count: usize, seed: u64) -> Vec<Seed> {
    if count >= seeds.len() {
        return seeds;
    }
    let mut drawn: Vec<([u8; 16], usize)> = seeds
        .iter()
        .enumerate()
        .map(|(index, one)| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&seed.to_le_bytes());
            match (&one.id, &one.input) {
                (Some(id), _) => hasher.update(b"id").update(id.as_bytes()),
                (None, Value::String(text)) => hasher.update(b"text").update(text.as_bytes()),
                (None, input) => hasher.update(b"json").update(input.to_string().as_bytes()),
            };
            let mut first = [0; 16];
            first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
            (first, index)
        })
        .collect();
    drawn.sort_unstable();
    drawn.truncate(count);
    let kept: BTreeSet<usize> = drawn.into_iter().map(|(_, index)| index).collect();
    seeds.into_iter().enumerate().filter(|(index, _)| kept.contains(index)).map(|(_, seed)| seed).collect()
}
