//! A table that can be drawn: its columns, checked and resolved.

use super::category::Category;
use super::cell::Cell;
use super::data::Info;
use super::formula::{Expr, Member};
use super::grid::Grid;
use super::outliers::Outliers;
use super::pattern::Pattern;
use super::window::Window;
use std::ops::Range;
use std::sync::Arc;

/// The columns of a table, and the order in which they are computed.
#[derive(Debug)]
pub(super) struct Plan {
    /// Name of the table, which its streams hang on.
    pub name: String,
    pub columns: Vec<Column>,
    pub order: Vec<usize>,
}

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
    pub decimals: Option<u8>,
    pub unique: bool,
    pub missing: f64,
    pub outliers: Option<Outliers>,
    /// The bytes of the specification that say what stands in it.
    pub span: Range<usize>,
}

/// What stands in a column.
#[derive(Debug)]
pub(super) enum Kind {
    Sequence { start: i64, step: i64, pattern: Option<Pattern> },
    Range(Grid),
    Category(Category),
    Boolean { share: f64, exact: bool },
    Window(Window),
    Text(Pattern, Vec<Filling>),
    Reference(Reference),
    Lookup(Member),
    Formula(Expr),
}

/// What is filled into a place of a text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Filling {
    /// A column, with its decimals.
    Column(usize, Option<u8>),
    /// A column of a row picked, with its decimals.
    Member(Member, Option<u8>),
}

/// A pick of a row of another table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference {
    /// The other table.
    pub table: usize,
    /// The column of it that is shown.
    pub column: usize,
    /// The column of it with the weights.
    pub weights: Option<usize>,
}

/// A table that others refer to.
#[derive(Debug)]
pub(super) struct Related {
    pub name: String,
    pub columns: Vec<Info>,
    pub rows: RelatedRows,
}

/// The rows of a table that others refer to.
#[derive(Debug)]
pub(super) enum RelatedRows {
    /// As they are given.
    Given(Arc<Vec<Vec<Cell>>>),
    /// So many drawn, by a seed of their own or that of the whole table.
    Drawn { plan: Plan, rows: usize, seed: Option<u64> },
}
