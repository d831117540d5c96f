//! Which rows of a data file are taken: those that `where` names, and a drawn sample of them.

use super::Reader;
use super::recipe::Recipe;
use super::rows::DataRow;
use crate::suite::as_text;
use crate::suite::diagnostic::{Diagnostic, quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::schema::{FileInputs, OneOrMany};
use crate::suite::{Row, Seed};
use serde_json::Value;
use std::collections::{BTreeSet, BinaryHeap};

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
pub(super) fn is(found: &Value, wanted: &Value, csv: bool) -> bool {
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
        shown: &str,
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
            let what = format!("{} has no column {}", quote(shown), quote(name));
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
        mut rows: Vec<DataRow>,
        recipe: &Recipe,
    ) -> Option<Vec<DataRow>> {
        if rows.iter().any(|row| recipe.admits(&row.row)) {
            rows.retain(|row| recipe.admits(&row.row));
            return Some(rows);
        }
        let mut nothing = Nothing::new(file);
        for row in &rows {
            nothing.add(recipe, &row.row);
        }
        self.selects_nothing(file, node, rows.len(), &recipe.file, &nothing);
        None
    }

    /// Tells that `where` names none of a file's rows.
    pub(super) fn selects_nothing(
        &mut self,
        file: &FileInputs,
        node: &Node,
        rows: usize,
        shown: &str,
        found: &Nothing,
    ) {
        let filter = node.field("where");
        let what = format!("`where` selects none of the {rows} rows of {}", quote(shown));
        let mut nothing = Diagnostic::new("no-rows", what).at(self.source.spot(filter.key_span()));
        let mut explained = false;
        for ((column, wanted), values) in file.filter.iter().zip(&found.0) {
            let Some(values) = values else { continue };
            explained = true;
            let place = filter.field(column);
            nothing = nothing.at(self.source.spot(place.span.clone())).label("no row has this");
            nothing = nothing.help(told(column, wanted, values));
        }
        if !explained {
            nothing = nothing.help("each of its conditions selects some rows, but no row meets all of them");
        }
        self.out.push(nothing);
    }
}

/// Why `where` selects nothing: for each of its columns what the rows hold there instead, or `None` where
/// some row has what is asked for.
pub(super) struct Nothing(Vec<Option<BTreeSet<String>>>);

impl Nothing {
    /// Before any row.
    pub fn new(file: &FileInputs) -> Self {
        Self(vec![Some(BTreeSet::new()); file.filter.len()])
    }

    /// One more row.
    pub fn add(&mut self, recipe: &Recipe, row: &Row) {
        for ((column, wanted), seen) in recipe.filter().iter().zip(&mut self.0) {
            let Some(values) = seen else { continue };
            if recipe.meets(row, column, wanted) {
                *seen = None;
            } else if let Some(found) = row.get(column).filter(|_| values.len() <= MAX_VALUES) {
                values.insert(as_text(found));
            }
        }
    }
}

/// What a column does hold.
fn told(column: &str, wanted: &OneOrMany<Value>, values: &BTreeSet<String>) -> String {
    let asked = wanted.as_slice().iter().find_map(Value::as_str);
    let meant = asked.and_then(|asked| nearest(asked, values.iter().map(String::as_str)));
    let listed = quote_all(values.iter().map(String::as_str));
    match meant {
        Some(meant) => format!("did you mean {}? {} has {listed}", quote(meant), quote(column)),
        None => format!("{} has {listed}", quote(column)),
    }
}

/// A drawn part of some seeds: those whose identity has the smallest hash with the suite's seed, so that
/// whether a row is drawn does not depend on its place in the file.
pub(super) struct Sample {
    count: usize,
    seed: u64,
    met: u32,
    /// The smallest so far, the largest of them on top.
    drawn: BinaryHeap<([u8; 16], u32)>,
}

impl Sample {
    /// So many, by the suite's seed.
    pub const fn new(count: usize, seed: u64) -> Self {
        Self { count, seed, met: 0, drawn: BinaryHeap::new() }
    }

    /// One more seed to draw from.
    pub fn add(&mut self, one: &Seed) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.seed.to_le_bytes());
        match (&one.id, &one.input) {
            (Some(id), _) => hasher.update(b"id").update(id.as_bytes()),
            (None, Value::String(text)) => hasher.update(b"text").update(text.as_bytes()),
            (None, input) => hasher.update(b"json").update(input.to_string().as_bytes()),
        };
        let mut first = [0; 16];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        self.drawn.push((first, self.met));
        self.met += 1;
        if self.drawn.len() > self.count {
            self.drawn.pop();
        }
    }

    /// The numbers of those drawn, in their order; `None` where all are.
    pub fn drawn(self) -> Option<Vec<u32>> {
        if self.met as usize <= self.count {
            return None;
        }
        let mut numbers: Vec<u32> = self.drawn.into_iter().map(|(_, number)| number).collect();
        numbers.sort_unstable();
        Some(numbers)
    }
}

/// So many of the seeds, in their order.
pub(super) fn sample(mut seeds: Vec<Seed>, count: usize, seed: u64) -> Vec<Seed> {
    let mut sample = Sample::new(count, seed);
    for one in &seeds {
        sample.add(one);
    }
    if let Some(drawn) = sample.drawn() {
        let mut number = 0..;
        seeds.retain(|_| number.next().is_some_and(|number| drawn.binary_search(&number).is_ok()));
    }
    seeds
}
