//! Inputs drawn from a table specification: the application is asked each row as a JSON object.

use super::{Reader, Tally, entries};
use crate::expand::table::{Cell, MAX_ROWS, Row, Table};
use crate::suite::diagnostic::{Diagnostic, quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::schema::{Expect, Origin, ScenarioSpec, TableInputs};
use crate::suite::{Place, Row as Columns, Seed};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

impl Reader<'_> {
    pub(super) fn table_seeds(
        &mut self,
        spec: &ScenarioSpec,
        inputs: &TableInputs,
        node: &Node,
    ) -> Option<Vec<Seed>> {
        let told = self.out.len();
        if !(1..=MAX_ROWS).contains(&inputs.rows) {
            let what = format!("`rows` cannot be {}", inputs.rows);
            let bad = self.at("out-of-range", what, node.field("rows"));
            self.out.push(bad.help(format!("write a number from 1 to {MAX_ROWS}")));
        }
        let named = node.field("table");
        if !inputs.table.to_ascii_lowercase().ends_with(".toml") {
            let what = format!("{} is no table specification", quote(&inputs.table));
            let bad = self.at("unknown-format", what, named);
            self.out.push(bad.help("its name ends in `.toml`; rows that exist already are `file = \"…\"`"));
            return None;
        }
        // A specification that cannot be found is told where the suite names it.
        let spot = self.source.spot(named.span.clone());
        if let Err(mistake) = self.files.data(&inputs.table) {
            self.out.push(mistake.or_at(spot));
            return None;
        }
        let table = Table::beside(self.files, &inputs.table, self.out)?;
        self.columns_named(inputs, &table, node);
        if self.out.len() > told {
            return None;
        }
        let rows = table.rows(inputs.seed.unwrap_or(self.seed), inputs.rows);
        match rows.and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(rows) => self.seeds_of_table(spec, inputs, &table, rows, node),
            Err(mistakes) => {
                for mistake in &mistakes {
                    self.out.push(mistake.clone().related(spot.clone(), "asked for here"));
                }
                None
            }
        }
    }

    /// Tells of columns that the suite names and the table does not have.
    fn columns_named(&mut self, inputs: &TableInputs, table: &Table, node: &Node) {
        let hidden = inputs.hide.iter().enumerate().map(|(at, name)| (name, node.field("hide").item(at)));
        for (name, place) in inputs.id.iter().map(|id| (id, node.field("id"))).chain(hidden) {
            if table.columns().any(|column| column == name) {
                continue;
            }
            let what = format!("the table {} has no column {}", quote(table.name()), quote(name));
            let help = match nearest(name, table.columns()) {
                Some(meant) => format!("did you mean {}?", quote(meant)),
                None => format!("its columns are {}", quote_all(table.columns())),
            };
            let unknown = self.at("unknown-column", what, place);
            self.out.push(unknown.help(help));
        }
        if table.columns().all(|column| inputs.hide.iter().any(|hidden| hidden == column)) {
            let all = self.at("empty-input", "all columns are hidden".into(), node.field("hide"));
            self.out.push(all.help("leave at least one for the application to be asked"));
        }
    }

    fn seeds_of_table(
        &mut self,
        spec: &ScenarioSpec,
        inputs: &TableInputs,
        table: &Table,
        rows: Vec<Row>,
        node: &Node,
    ) -> Option<Vec<Seed>> {
        let expect: Arc<[Expect]> = entries(spec.expect.as_ref()).into();
        let place = Place { file: self.source.file.clone(), line: self.source.line(node.span.start) };
        let columns = table.names();
        let shown: Vec<bool> = columns.iter().map(|name| !inputs.hide.contains(name)).collect();
        let spot =
            self.source.spot(node.field(if inputs.id.is_some() { "id" } else { "table" }).span.clone());
        let (mut faulty, mut same) = (Tally::new(), Tally::new());
        let mut seen: HashMap<String, usize> = HashMap::with_capacity(rows.len());
        let mut seeds = Vec::with_capacity(rows.len());
        for (at, row) in rows.into_iter().enumerate() {
            let values: Vec<Value> = row.cells().iter().map(Cell::to_json).collect();
            let told = columns.iter().zip(&values).zip(&shown).filter(|(_, shown)| **shown);
            let input = Value::Object(
                told.map(|((name, value), _)| (name.clone(), value.clone())).collect::<Map<_, _>>(),
            );
            let id = inputs.id.as_ref().map(|column| row.text(column).unwrap_or_default().into_owned());
            if let (Some(column), true) = (&inputs.id, id.as_ref().is_some_and(|id| id.trim().is_empty())) {
                faulty.add(self.out, || {
                    let what = format!("the column {} is empty in row {}", quote(column), at + 1);
                    Diagnostic::new("bad-id", what)
                        .at(spot.clone())
                        .help("name a column without `missing`, such as a sequence")
                });
                continue;
            }
            let (kind, key) = match &id {
                Some(id) => ("duplicate-id", id.clone()),
                None => ("duplicate-input", input.to_string()),
            };
            match seen.entry(key) {
                Entry::Vacant(free) => {
                    free.insert(at);
                }
                Entry::Occupied(first) => same.add(self.out, || {
                    let what = if id.is_some() {
                        format!("rows {} and {} have the id {}", first.get() + 1, at + 1, quote(first.key()))
                    } else {
                        format!(
                            "rows {} and {} ask the same: {}",
                            first.get() + 1,
                            at + 1,
                            quote(first.key())
                        )
                    };
                    Diagnostic::new(kind, what)
                        .at(spot.clone())
                        .help("give each row an `id`: a column with a sequence, or one that is `unique`")
                }),
            }
            seeds.push(Seed {
                id,
                input,
                row: Columns { columns: columns.clone(), values },
                expect: expect.clone(),
                tags: spec.tags.clone(),
                template: None,
                knobs: Columns::default(),
                origin: Origin::Table,
                place: place.clone(),
            });
        }
        let told = self.out.len();
        let whole = seeds.len() == inputs.rows && seen.len() == seeds.len();
        faulty.finish(self.out);
        same.finish(self.out);
        (whole && self.out.len() == told).then_some(seeds)
    }
}
