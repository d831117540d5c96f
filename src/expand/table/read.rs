//! From a file to a table: reads, checks, and tells of everything that is wrong at once.

use super::cell::Cell;
use super::compile::Compiler;
use super::data::{self, Info};
use super::graph;
use super::plan::{Plan, Related, RelatedRows};
use super::season::Season;
use super::tell::Tell;
use super::{MAX_ROWS, Table};
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source, quote, quote_all};
use crate::suite::document::{Document, Node};
use crate::suite::files::{Files, RELATIVE};
use crate::suite::inputs::rows;
use crate::suite::schema::table::{RelatedSpec, SCHEMA, TableFile};
use crate::suite::shape::Shape;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape::new(SCHEMA));

/// Most rows of a table that others refer to.
const MAX_RELATED: usize = 100_000;
/// Most tables of a file.
const MAX_TABLES: usize = 64;

/// Reads the specification `source`, whose data files `beside` finds. Its name is the file's stem.
pub(super) fn table(source: Source, beside: &mut Beside<'_>, out: &mut Diagnostics) -> Option<Table> {
    let stem = source.file.rsplit('/').next().unwrap_or_default();
    let name = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_owned();
    let told = out.len();
    let mut document = Document::parse(source, out)?;
    SHAPE.check(&mut document, out);
    let Document { source, root } = document;
    let mut value = root.to_value();
    if let Value::Object(fields) = &mut value {
        // What is missing was told; what is there can be checked all the same.
        fields.entry("column").or_insert(json!([]));
    }
    let spec: TableFile = match serde_json::from_value(value) {
        Ok(spec) => spec,
        Err(error) => {
            if out.len() == told {
                let what = format!("this table cannot be read: {error}");
                out.push(Diagnostic::new("unreadable-table", what).at(source.spot(root.span.clone())));
            }
            return None;
        }
    };
    let mut tell = Tell { source: &source, out };
    let node = root.field("season");
    let seasons = spec
        .season
        .iter()
        .map(|(name, season)| (name.clone(), Arc::new(Season::read(season, node.field(name), &mut tell))))
        .collect();
    let mut reader = Reader {
        name: &name,
        tell: &mut tell,
        beside,
        seasons: &seasons,
        tables: BTreeMap::new(),
        related: Vec::new(),
    };
    reader.related(&spec.tables, root.field("tables"));
    let Reader { tables, related, .. } = reader;
    let mut compiler = Compiler { tell: &mut tell, seasons: &seasons, tables: &tables, related: &related };
    let plan = if root.get("column").is_some() {
        compiler.plan(&name, &spec.column, root.field("column"))
    } else {
        None
    };
    let (plan, _) = plan.filter(|_| out.len() == told)?;
    Some(Table::new(plan, related, source))
}

/// Where the data files of a specification are.
pub(super) struct Beside<'a> {
    /// The files of the suite that uses the table, or of the table itself.
    pub files: &'a mut Files,
    /// The folder of the specification, as those files see it; empty for the same one.
    pub folder: String,
}

impl Beside<'_> {
    fn data(&mut self, name: &str) -> Result<Arc<Source>, Box<Diagnostic>> {
        let name = name.replace('\\', "/");
        if self.folder.is_empty() || std::path::Path::new(&name).is_absolute() {
            return self.files.data(&name);
        }
        self.files.data(&format!("{}/{name}", self.folder))
    }
}

struct Reader<'a, 'b, 'c> {
    /// Name of the whole table.
    name: &'a str,
    tell: &'a mut Tell<'b>,
    beside: &'a mut Beside<'c>,
    seasons: &'a BTreeMap<String, Arc<Season>>,
    tables: BTreeMap<String, Option<usize>>,
    related: Vec<Related>,
}

impl Reader<'_, '_, '_> {
    /// Reads the other tables, each after those that it refers to.
    fn related(&mut self, specs: &BTreeMap<String, RelatedSpec>, node: &Node) {
        if specs.len() > MAX_TABLES {
            let what = format!("a file has at most {MAX_TABLES} tables, and this one {}", specs.len());
            self.tell.at("out-of-range", what, node, "take some of them away");
            return;
        }
        let names: Vec<&String> = specs.keys().collect();
        let place = |name: &str| names.iter().position(|known| *known == name);
        let needs: Vec<Vec<usize>> = specs
            .values()
            .map(|spec| {
                let columns = spec.column.iter().flatten();
                columns.filter_map(|column| place(&column.reference.as_ref()?.table)).collect()
            })
            .collect();
        let ordered = graph::order(&needs);
        for ring in &ordered.rings {
            let Some(&first) = ring.first() else { continue };
            let around: Vec<_> = ring.iter().chain([&first]).map(|at| quote(names[*at])).collect();
            let what = format!("the table {} refers to itself: {}", quote(names[first]), around.join(" → "));
            self.tell.at(
                "ring",
                what,
                node.field(names[first]),
                "draw one of them without a reference to the others",
            );
        }
        self.tables = specs.keys().map(|name| (name.clone(), None)).collect();
        // What was taken out is told already, and not unknown.
        if let crate::suite::document::Data::Table(_, lost) = &node.data {
            self.tables.extend(lost.iter().map(|name| (name.clone(), None)));
        }
        for at in ordered.order {
            let name = names[at];
            if let Some((columns, rows)) = self.one(name, &specs[name], node.field(name)) {
                self.tables.insert(name.clone(), Some(self.related.len()));
                self.related.push(Related { name: name.clone(), columns, rows });
            }
        }
    }

    fn one(&mut self, name: &str, spec: &RelatedSpec, node: &Node) -> Option<(Vec<Info>, RelatedRows)> {
        let ways: Vec<_> =
            ["file", "values", "column"].into_iter().filter(|way| node.mentions(way)).collect();
        match ways.as_slice() {
            [] => {
                if !node.is_damaged() {
                    self.tell.at(
                        "no-rows",
                        format!("the table {} has no rows", quote(name)),
                        node,
                        "give its `file`, its `values`, or its `column`s with `rows`",
                    );
                }
                return None;
            }
            [_] => {}
            [first, others @ ..] => {
                let what = format!(
                    "the rows of {} come from `{first}` and from {}",
                    quote(name),
                    quote_all(others.iter().copied())
                );
                self.tell.at_key("several-kinds", what, node.field(others[0]), "keep one of them");
                return None;
            }
        }
        for (key, given) in [("rows", spec.rows.is_some()), ("seed", spec.seed.is_some())] {
            if given && ways != ["column"] {
                self.tell.at_key(
                    "misplaced-key",
                    format!("`{key}` means nothing to rows that are given"),
                    node.field(key),
                    "leave it out: it belongs to tables with `column`s",
                );
            }
        }
        if let Some(file) = &spec.file {
            let (columns, rows) = self.file(file, node.field("file"))?;
            return Some((columns, RelatedRows::Given(Arc::new(rows))));
        }
        if let Some(values) = &spec.values {
            let place = node.field("values");
            if values.is_empty() && !place.is_damaged() {
                self.tell.at(
                    "empty-list",
                    "this table has no rows",
                    place,
                    "write at least one: `values = [{ name = \"…\" }]`",
                );
            }
            let (columns, rows) = data::of_values(values, place, self.tell)?;
            return (!rows.is_empty()).then(|| (columns, RelatedRows::Given(Arc::new(rows))));
        }
        let columns = spec.column.as_ref()?;
        let rows = match spec.rows {
            Some(rows @ 1..=MAX_RELATED) => Some(rows),
            Some(rows) => {
                self.tell.at(
                    "out-of-range",
                    format!("`rows` cannot be {rows}"),
                    node.field("rows"),
                    format!("write a number from 1 to {MAX_RELATED}"),
                );
                None
            }
            None if node.mentions("rows") => None,
            None => {
                self.tell.at(
                    "missing-key",
                    format!("it is not said how many rows {} has", quote(name)),
                    node,
                    "write `rows = 100`",
                );
                None
            }
        };
        let (plan, infos) = self.plan(name, columns, node.field("column"))?;
        Some((infos, RelatedRows::Drawn { plan, rows: rows?, seed: spec.seed }))
    }

    fn plan(
        &mut self,
        name: &str,
        columns: &[crate::suite::schema::table::ColumnSpec],
        node: &Node,
    ) -> Option<(Plan, Vec<Info>)> {
        let mut compiler =
            Compiler { tell: self.tell, seasons: self.seasons, tables: &self.tables, related: &self.related };
        // Not the name of any table by itself, so that no two draw the same.
        compiler.plan(&format!("{}/{name}", self.name), columns, node)
    }

    fn file(&mut self, name: &str, node: &Node) -> Option<(Vec<Info>, Vec<Vec<Cell>>)> {
        let spot = self.tell.source.spot(node.span.clone());
        let source = match self.beside.data(name) {
            Ok(source) => source,
            Err(mut mistake) => {
                if mistake.help.as_deref() == Some(RELATIVE) {
                    mistake.help = Some("the path is relative to this file".into());
                }
                self.tell.out.push(mistake.or_at(spot));
                return None;
            }
        };
        let rows = rows::read(&source, name, self.tell.out, || spot.clone())?;
        if rows.len() > MAX_ROWS {
            let what = format!("{} has more than {MAX_ROWS} rows", quote(name));
            self.tell.at("out-of-range", what, node, "keep a part of it");
            return None;
        }
        let csv = name.to_ascii_lowercase().ends_with(".csv");
        data::of_file(&rows, csv, |at| source.spot(rows[at].span.clone()), self.tell)
    }
}
