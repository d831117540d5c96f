//! Tables drawn from a column specification: the same specification and seed give the same rows, to the
//! byte, on every machine.
//!
//! ```no_run
//! use holdline::expand::table::Table;
//!
//! let table = Table::read("suites/tables/coffee-sales.toml".as_ref())?;
//! for row in table.rows(1, 10_000)? {
//!     let row = row?;
//!     let (price, amount) = (row.number("price"), row.number("amount"));
//! }
//! # Ok::<(), holdline::suite::Diagnostics>(())
//! ```
//!
//! Each column draws from streams of its own, named by the seed, the table, the column and the row: a
//! column that is added, moved or taken away changes no other. The first rows do not depend on how many are
//! drawn, but for columns that are settled over all rows at once (`exact`, and `order = "sorted"`).

mod category;
mod cell;
mod column;
mod compile;
mod data;
mod draw;
mod formula;
mod graph;
mod grid;
mod names;
mod outliers;
mod pattern;
mod plan;
mod read;
mod season;
mod tell;
mod unique;
mod weights;
mod window;
mod write;

pub use cell::{Cell, Type};
pub use write::{Format, Writer};

use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source, quote};
use crate::suite::files::{self, Files};
use draw::{Drawer, Loaded};
use plan::{Plan, Related};
use read::Beside;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// Most rows that are drawn from a table.
pub const MAX_ROWS: usize = 1_000_000;

/// A table specification, read and checked.
#[derive(Debug, Clone)]
pub struct Table(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    plan: Plan,
    related: Vec<Related>,
    source: Source,
    header: Arc<Header>,
}

/// The columns of all rows.
#[derive(Debug)]
struct Header {
    names: Arc<[String]>,
    decimals: Vec<Option<u8>>,
}

impl Table {
    fn new(plan: Plan, related: Vec<Related>, source: Source) -> Self {
        let names = plan.columns.iter().map(|column| column.name.clone()).collect();
        let decimals = plan.columns.iter().map(|column| column.decimals).collect();
        Self(Arc::new(Inner { plan, related, source, header: Arc::new(Header { names, decimals }) }))
    }

    /// Reads a specification, with the files beside it that it names. All mistakes are told together.
    pub fn read(path: &Path) -> Result<Self, Diagnostics> {
        let shown = files::tidy(&path.to_string_lossy().replace('\\', "/"));
        let (source, _) = files::read(path, &shown, files::MAX_SUITE)?;
        let mut files = Files::new(Path::new(""), &shown);
        let mut out = Diagnostics::default();
        let table = read::table(source, &mut Beside { files: &mut files, folder: String::new() }, &mut out);
        table.ok_or(out)
    }

    /// Reads a specification that a suite names; tells what is wrong, and then there is no table.
    pub(crate) fn beside(files: &mut Files, name: &str, out: &mut Diagnostics) -> Option<Self> {
        let source = match files.data(name) {
            Ok(source) => source,
            Err(mistake) => {
                out.push(*mistake);
                return None;
            }
        };
        if source.text.len() as u64 > files::MAX_SUITE {
            let what = format!("{} is larger than {} MiB", quote(&source.file), files::MAX_SUITE >> 20);
            out.push(Diagnostic::new("file-too-large", what).help("name a table specification"));
            return None;
        }
        let source = Source::new(source.file.clone(), source.text.clone());
        let name = name.replace('\\', "/");
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        read::table(source, &mut Beside { files, folder }, out)
    }

    /// Name of the table: the file's stem.
    pub fn name(&self) -> &str {
        &self.0.plan.name
    }

    /// Names of the columns, in their order.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.header.names.iter().map(String::as_str)
    }

    /// The names of the columns, as all rows share them.
    pub(crate) fn names(&self) -> Arc<[String]> {
        self.0.header.names.clone()
    }

    /// Draws so many rows. They are computed as they are asked for.
    pub fn rows(&self, seed: u64, count: usize) -> Result<Rows, Diagnostics> {
        if count > MAX_ROWS {
            let what =
                format!("{} can have {MAX_ROWS} rows at most, and {count} are asked for", quote(self.name()));
            return Err(Diagnostic::new("too-many-rows", what)
                .help("draw several tables, each with its seed")
                .into());
        }
        let Inner { plan, related, source, .. } = &*self.0;
        let loaded = draw::load(related, seed, source)?;
        let drawer = Drawer::new(plan, &loaded, seed, count, source)?;
        Ok(Rows { table: self.clone(), loaded, drawer, next: 0, count })
    }
}

/// The rows of a table, one after the other. A row that cannot be computed (a formula that divides by
/// zero) is the last.
#[derive(Debug)]
pub struct Rows {
    table: Table,
    loaded: Loaded,
    drawer: Drawer,
    next: usize,
    count: usize,
}

impl Iterator for Rows {
    type Item = Result<Row, Diagnostics>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.count {
            return None;
        }
        let Inner { plan, source, header, .. } = &*self.table.0;
        let row = self.drawer.row(plan, &self.loaded, self.next, source);
        self.next = if row.is_ok() { self.next + 1 } else { self.count };
        Some(row.map(|cells| Row { header: header.clone(), cells }).map_err(Diagnostics::from))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.count - self.next))
    }
}

/// A row of a table. Serialised, it is an object of its columns.
#[derive(Debug, Clone)]
pub struct Row {
    header: Arc<Header>,
    cells: Vec<Cell>,
}

impl Row {
    /// The cells, in the order of the columns.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cell of a column.
    pub fn get(&self, column: &str) -> Option<&Cell> {
        self.header.names.iter().position(|name| name == column).and_then(|at| self.cells.get(at))
    }

    /// The number in a column, if one stands there.
    pub fn number(&self, column: &str) -> Option<f64> {
        self.get(column)?.number()
    }

    /// What stands in a column, as a CSV file shows it.
    pub fn text(&self, column: &str) -> Option<Cow<'_, str>> {
        let at = self.header.names.iter().position(|name| name == column)?;
        Some(self.cells.get(at)?.to_text(self.header.decimals[at]))
    }

    /// All cells as a CSV file shows them.
    fn texts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.cells.iter().zip(&self.header.decimals).map(|(cell, decimals)| cell.to_text(*decimals))
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.cells.len()))?;
        for (name, cell) in self.header.names.iter().zip(&self.cells) {
            map.serialize_entry(name, &cell.to_json())?;
        }
        map.end()
    }
}
