//! Drawing the rows of a plan, one after the other.

use super::cell::Cell;
use super::formula::{Failure, Member, Scope};
use super::pattern::MAX_TEXT;
use super::plan::{Column, Filling, Kind, Plan, Reference, Related, RelatedRows};
use super::unique::Unused;
use super::weights::Weights;
use crate::expand::stream::Stream;
use crate::suite::diagnostic::{Diagnostic, Source, quote};
use crate::suite::schema::table::Order;
use std::sync::Arc;

/// The way in which tables are drawn. A change that draws other rows from the same specification and seed
/// is a new version.
const VERSION: &[u8] = b"1";

/// The rows of the other tables, in the order of the plan's.
pub(super) type Loaded = Vec<Arc<Vec<Vec<Cell>>>>;

/// What has been drawn of a table.
#[derive(Debug)]
pub(super) struct Drawer {
    columns: Vec<Drawn>,
    /// The cells of the row at hand, before any is left empty.
    cells: Vec<Cell>,
    /// The row that each reference picked.
    picked: Vec<usize>,
}

/// The streams of a column, and what was drawn for all rows at once.
#[derive(Debug)]
struct Drawn {
    value: Stream,
    missing: Stream,
    outliers: Stream,
    ahead: Ahead,
}

/// What is settled before the first row.
#[derive(Debug)]
enum Ahead {
    Nothing,
    /// The place in the values for each row.
    Deck(Vec<usize>),
    /// The place in the window for each row.
    Sorted(Vec<u64>),
    /// What was not drawn yet.
    Unused(Unused),
    /// The weights of the rows referred to.
    Weights(Weights),
}

/// The rows of all other tables.
pub(super) fn load(related: &[Related], seed: u64, source: &Source) -> Result<Loaded, Box<Diagnostic>> {
    let mut loaded: Loaded = Vec::with_capacity(related.len());
    for table in related {
        let rows = match &table.rows {
            RelatedRows::Given(rows) => rows.clone(),
            RelatedRows::Drawn { plan, rows, seed: own } => {
                let mut drawer = Drawer::new(plan, &loaded, own.unwrap_or(seed), *rows, source)?;
                let all = (0..*rows).map(|at| drawer.row(plan, &loaded, at, source));
                Arc::new(all.collect::<Result<_, _>>()?)
            }
        };
        loaded.push(rows);
    }
    Ok(loaded)
}

impl Drawer {
    /// Settles what is settled before the first of so many rows.
    pub fn new(
        plan: &Plan,
        loaded: &Loaded,
        seed: u64,
        rows: usize,
        source: &Source,
    ) -> Result<Self, Box<Diagnostic>> {
        let mut columns = Vec::with_capacity(plan.columns.len());
        for column in &plan.columns {
            let stream = |purpose: &[u8]| {
                Stream::new(&[
                    b"table",
                    VERSION,
                    &seed.to_le_bytes(),
                    plan.name.as_bytes(),
                    column.name.as_bytes(),
                    purpose,
                ])
            };
            let value = stream(b"value");
            let ahead = ahead(column, loaded, &value, rows, || stream(b"order"))
                .map_err(|(what, help)| wrong(column, source, what, help))?;
            columns.push(Drawn { value, missing: stream(b"missing"), outliers: stream(b"outliers"), ahead });
        }
        let width = plan.columns.len();
        Ok(Self { columns, cells: vec![Cell::Empty; width], picked: vec![0; width] })
    }

    /// The row at a place; rows are drawn in their order, from the first on.
    pub fn row(
        &mut self,
        plan: &Plan,
        loaded: &Loaded,
        at: usize,
        source: &Source,
    ) -> Result<Vec<Cell>, Box<Diagnostic>> {
        for &place in &plan.order {
            let column = &plan.columns[place];
            let cell = self.cell(plan, loaded, place, at).map_err(|failure| {
                let (why, help) = told(failure);
                let (column_name, table) = (quote(&column.name), quote(&plan.name));
                wrong(column, source, format!("{column_name} {why} in row {} of {table}", at + 1), help)
            })?;
            self.cells[place] = match column.outliers {
                Some(outliers) => {
                    outliers.apply(cell, column.decimals, &mut self.columns[place].outliers.at(at as u64))
                }
                None => cell,
            };
        }
        let shown = plan.columns.iter().zip(&self.columns).zip(&self.cells).map(|((column, drawn), cell)| {
            let missing = column.missing > 0.0 && drawn.missing.at(at as u64).chance(column.missing);
            if missing { Cell::Empty } else { cell.clone() }
        });
        Ok(shown.collect())
    }

    fn cell(&mut self, plan: &Plan, loaded: &Loaded, place: usize, at: usize) -> Result<Cell, Failure> {
        let Drawn { value, ahead, .. } = &mut self.columns[place];
        let scope = Row { plan, loaded, cells: &self.cells, picked: &self.picked };
        let stream = || value.at(at as u64);
        Ok(match &plan.columns[place].kind {
            Kind::Sequence { start, step, pattern } => {
                let number = Cell::Integer(start + step * i64::try_from(at).unwrap_or(i64::MAX));
                match pattern {
                    Some(pattern) => {
                        Cell::Text(pattern.fill(|_| (&number, None)).ok_or(Failure::TooLong)?.into())
                    }
                    None => number,
                }
            }
            Kind::Range(grid) => grid.cell(match ahead {
                Ahead::Unused(unused) => unused.draw(&mut stream()),
                _ => grid.draw(&mut stream()),
            }),
            Kind::Category(category) => {
                let by =
                    |column: usize| self.cells[column].to_text(plan.columns[column].decimals).into_owned();
                let place = match ahead {
                    Ahead::Deck(deck) => deck.get(at).copied(),
                    Ahead::Unused(unused) => usize::try_from(unused.draw(&mut stream())).ok(),
                    _ => category.draw(by, &mut stream()),
                };
                place.and_then(|place| category.values.get(place)).cloned().unwrap_or(Cell::Empty)
            }
            Kind::Boolean { share, .. } => Cell::Bool(match ahead {
                Ahead::Deck(deck) => deck.get(at) == Some(&1),
                _ => stream().chance(*share),
            }),
            Kind::Window(window) => window.cell(match ahead {
                Ahead::Sorted(sorted) => sorted.get(at).copied().unwrap_or(0),
                Ahead::Unused(unused) => unused.draw(&mut stream()),
                _ if window.order == Order::Each => at as u64,
                _ => window.draw(&mut stream()),
            }),
            Kind::Text(pattern, fillings) => {
                let text = pattern.fill(|place| match fillings[place] {
                    Filling::Column(column, decimals) => (scope.column(column), decimals),
                    Filling::Member(member, decimals) => (scope.member(member), decimals),
                });
                Cell::Text(text.ok_or(Failure::TooLong)?.into())
            }
            Kind::Reference(reference) => {
                let rows = &loaded[reference.table];
                let picked = match ahead {
                    Ahead::Weights(weights) => weights.draw(&mut stream()),
                    Ahead::Unused(unused) => usize::try_from(unused.draw(&mut stream())).unwrap_or(0),
                    _ => stream().index(rows.len()),
                };
                self.picked[place] = picked;
                rows[picked][reference.column].clone()
            }
            Kind::Lookup(member) => scope.member(*member).clone(),
            Kind::Formula(expr) => match expr.eval(&scope, &mut stream())? {
                Cell::Number(number) => {
                    Cell::rounded(number, plan.columns[place].decimals).ok_or(Failure::NotFinite)?
                }
                Cell::Integer(whole) if plan.columns[place].decimals.is_some_and(|decimals| decimals > 0) => {
                    Cell::Number(whole as f64)
                }
                other => other,
            },
        })
    }
}

/// Why a cell has no value, and the mend.
fn told(failure: Failure) -> (String, String) {
    let (why, help) = match failure {
        Failure::DivisionByZero => ("divides by zero", "say what holds then: `if(x == 0, 0, y / x)`"),
        Failure::NotFinite => {
            ("gives no finite number", "keep it within bounds: `max(0, x)`, `min(x, 1000)`")
        }
        Failure::TooLong => {
            return (
                format!("is a text of more than {MAX_TEXT} bytes"),
                "fill in shorter columns".to_owned(),
            );
        }
    };
    (why.to_owned(), help.to_owned())
}

/// A row that is being drawn, as its columns see it.
struct Row<'a> {
    plan: &'a Plan,
    loaded: &'a Loaded,
    cells: &'a [Cell],
    picked: &'a [usize],
}

impl Scope for Row<'_> {
    fn column(&self, column: usize) -> &Cell {
        &self.cells[column]
    }

    fn member(&self, member: Member) -> &Cell {
        debug_assert!(matches!(self.plan.columns[member.reference].kind, Kind::Reference(_)));
        &self.loaded[member.table][self.picked[member.reference]][member.column]
    }
}

fn wrong(column: &Column, source: &Source, what: String, help: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::new("no-rows", what).at(source.spot(column.span.clone())).help(help))
}

/// What is settled before the first of so many rows; or why there are not so many: a message and the mend.
fn ahead(
    column: &Column,
    loaded: &Loaded,
    value: &Stream,
    rows: usize,
    order: impl FnOnce() -> Stream,
) -> Result<Ahead, (String, String)> {
    let enough = |size: u64, help: &str| {
        if size >= rows as u64 {
            return Ok(());
        }
        Err((
            format!("{} has {size} different values, and {rows} rows are asked for", quote(&column.name)),
            help.to_owned(),
        ))
    };
    let unused = |size: u64| {
        enough(size, "ask for fewer rows, widen its bounds, or leave `unique` out")?;
        Ok(Ahead::Unused(Unused::new(size)))
    };
    match &column.kind {
        Kind::Range(grid) if column.unique => unused(grid.size),
        Kind::Category(category) if column.unique => unused(category.values.len() as u64),
        Kind::Category(category) if category.exact => Ok(category
            .weights()
            .map_or(Ahead::Nothing, |weights| Ahead::Deck(weights.deck(rows, &mut order())))),
        Kind::Boolean { share, exact: true } => {
            let weights = Weights::new([1.0 - share, *share]);
            Ok(weights.map_or(Ahead::Nothing, |weights| Ahead::Deck(weights.deck(rows, &mut order()))))
        }
        Kind::Window(window) if column.unique => unused(window.size()),
        Kind::Window(window) if window.order == Order::Each => {
            enough(window.size(), "ask for fewer rows, or widen its bounds")?;
            Ok(Ahead::Nothing)
        }
        Kind::Window(window) if window.order == Order::Sorted => {
            let mut places: Vec<u64> = (0..rows as u64).map(|at| window.draw(&mut value.at(at))).collect();
            places.sort_unstable();
            Ok(Ahead::Sorted(places))
        }
        Kind::Reference(reference) if column.unique => unused(loaded[reference.table].len() as u64),
        Kind::Reference(Reference { table, weights: Some(weights), .. }) => {
            let weights = loaded[*table].iter().map(|row| row[*weights].number().unwrap_or(f64::NAN));
            match Weights::new(weights) {
                Some(weights) => Ok(Ahead::Weights(weights)),
                None => Err((
                    format!("the rows that {} refers to cannot be weighed", quote(&column.name)),
                    "each of them needs a number from 0 on, and at least one a number above 0".to_owned(),
                )),
            }
        }
        _ => Ok(Ahead::Nothing),
    }
}
