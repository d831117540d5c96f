//! Tables that are given, in a file or in the specification: their cells and the types of their columns.

use super::cell::{Cell, Type};
use super::grid::MAX_DECIMALS;
use super::tell::Tell;
use crate::suite::diagnostic::{Diagnostic, quote};
use crate::suite::document::Node;
use crate::suite::inputs::rows::DataRow;
use jiff::civil::{Date, DateTime, Time};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Values of a column that are kept in mind, so that weights can be checked against them.
const MAX_KNOWN: usize = 1000;

/// What is known of a column before a row is drawn.
#[derive(Debug, Clone)]
pub(super) struct Info {
    /// Its name.
    pub name: String,
    /// The type of its cells; `None` where all are empty, or it has a mistake.
    pub type_: Option<Type>,
    /// Digits after the point, of a number.
    pub decimals: Option<u8>,
    /// All values that it can have as texts, where they are few and known.
    pub values: Option<BTreeSet<String>>,
}

/// The cell for a value that is written as a single one.
pub(super) fn cell_of(value: &Value) -> Option<Cell> {
    Some(match value {
        Value::Null => Cell::Empty,
        Value::Bool(truth) => Cell::Bool(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Cell::Integer(whole),
            None => Cell::Number(number.as_f64().filter(|number| number.is_finite())?),
        },
        Value::String(text) => Cell::Text(text.as_str().into()),
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// Makes numbers of one column alike: all of them whole, or none. The most digits after the point that any
/// of them has, or `least` if that is more; `None` where they are too many to be shown, or no numbers.
pub(super) fn alike(cells: &mut [Cell], least: u8) -> Option<u8> {
    let decimals =
        cells.iter().filter_map(|cell| Some(digits(&cell.number()?.to_string()))).max()?.max(least);
    if decimals > 0 {
        for cell in cells {
            *cell = cell.number().map_or_else(|| cell.clone(), Cell::Number);
        }
    }
    Some(decimals).filter(|decimals| *decimals <= MAX_DECIMALS)
}

/// The digits after the point in a number as it is written.
fn digits(text: &str) -> u8 {
    text.split_once('.').map_or(0, |(_, digits)| u8::try_from(digits.len()).unwrap_or(u8::MAX))
}

/// The rows of a file. A cell of a CSV file is what all cells of its column can be read as.
pub(super) fn of_file(
    rows: &[DataRow],
    csv: bool,
    spot: impl Fn(usize) -> crate::suite::diagnostic::Spot,
    tell: &mut Tell<'_>,
) -> Option<(Vec<Info>, Vec<Vec<Cell>>)> {
    let mut names = BTreeSet::new();
    // The columns of a CSV file keep their order only in that file: here they are asked for by name.
    for row in rows {
        names.extend(row.row.columns.iter().cloned());
    }
    let mut columns = Vec::new();
    for name in names {
        let mut cells = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let cell = row.row.get(&name).map_or(Some(Cell::Empty), cell_of);
            if cell.is_none() {
                let what = format!("the column {} holds a list or a table in this row", quote(&name));
                tell.out.push(
                    Diagnostic::new("bad-row", what)
                        .at(spot(at))
                        .help("a cell is a text, a number or a truth value"),
                );
                return None;
            }
            cells.extend(cell);
        }
        columns.push((name, cells));
    }
    Some(table(columns, csv, rows.len()))
}

/// The rows that a specification gives.
pub(super) fn of_values(
    values: &[BTreeMap<String, Value>],
    node: &Node,
    tell: &mut Tell<'_>,
) -> Option<(Vec<Info>, Vec<Vec<Cell>>)> {
    let told = tell.count();
    let names: BTreeSet<&String> = values.iter().flat_map(BTreeMap::keys).collect();
    let mut columns = Vec::new();
    for name in names {
        let mut cells = Vec::with_capacity(values.len());
        for (at, row) in values.iter().enumerate() {
            match row.get(name).map_or(Some(Cell::Empty), cell_of) {
                Some(cell) => cells.push(cell),
                None => tell.at(
                    "wrong-type",
                    format!("{} cannot be a list or a table", quote(name)),
                    node.item(at).field(name),
                    "a cell is a text, a number or a truth value",
                ),
            }
        }
        columns.push((name.clone(), cells));
    }
    (tell.count() == told).then(|| table(columns, false, values.len()))
}

/// Reads the texts of each column as what they are, and turns columns into rows.
fn table(columns: Vec<(String, Vec<Cell>)>, csv: bool, count: usize) -> (Vec<Info>, Vec<Vec<Cell>>) {
    let mut infos = Vec::with_capacity(columns.len());
    let mut rows = vec![Vec::with_capacity(columns.len()); count];
    for (name, cells) in columns {
        // A price stays `2.10` where the file writes it so.
        let written = cells.iter().filter_map(Cell::text).map(|text| digits(text.trim())).max();
        let mut cells = typed(cells, csv);
        let type_ = cells.iter().find_map(Cell::type_of);
        let number = type_ == Some(Type::Number);
        let decimals = if number { alike(&mut cells, written.unwrap_or(0)) } else { None };
        let mut values = BTreeSet::new();
        for cell in cells.iter().filter(|cell| !cell.is_empty()) {
            values.insert(cell.to_text(decimals).into_owned());
            if values.len() > MAX_KNOWN {
                break;
            }
        }
        infos.push(Info { name, type_, decimals, values: Some(values).filter(|all| all.len() <= MAX_KNOWN) });
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.push(cell);
        }
    }
    (infos, rows)
}

/// All cells of a column as one type: the first in this order that fits each that is not empty.
fn typed(cells: Vec<Cell>, csv: bool) -> Vec<Cell> {
    let readers: [fn(&str) -> Option<Cell>; 6] = [
        |text| matches!(text, "true" | "false").then(|| Cell::Bool(text == "true")),
        |text| text.parse::<i64>().ok().filter(|whole| whole.to_string() == text).map(Cell::Integer),
        |text| is_decimal(text).then(|| text.parse().ok().map(Cell::Number)).flatten(),
        |text| text.parse::<Date>().ok().filter(|_| text.len() == 10).map(Cell::Date),
        |text| text.parse::<Time>().ok().filter(|_| text.contains(':')).map(Cell::Time),
        |text| text.parse::<DateTime>().ok().filter(|_| text.len() >= 16).map(Cell::DateTime),
    ];
    // In other files numbers and truth values are marked as such, and a text of digits is a text.
    let readers = if csv { &readers[..] } else { &readers[3..] };
    let whole = |reader: &fn(&str) -> Option<Cell>| {
        cells
            .iter()
            .map(|cell| match cell {
                Cell::Text(text) if csv && text.trim().is_empty() => Some(Cell::Empty),
                Cell::Text(text) => reader(text.trim()),
                Cell::Empty => Some(Cell::Empty),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()
    };
    if let Some(read) = readers.iter().find_map(whole) {
        return read;
    }
    let types: Vec<_> = cells.iter().filter_map(Cell::type_of).collect();
    let mixed = types.iter().any(|one| Some(one) != types.first());
    cells
        .into_iter()
        .map(|cell| match &cell {
            Cell::Text(text) if csv && text.is_empty() => Cell::Empty,
            Cell::Empty | Cell::Text(_) => cell,
            // A column of several types is one of texts.
            other if mixed => Cell::Text(other.to_text(None).into_owned().into()),
            _ => cell,
        })
        .collect()
}

/// Digits with a point, and no zeros that a number would lose in front.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(rest) && (whole == "0" || !whole.starts_with('0')) && text.len() <= 20
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(texts: &[&str]) -> Vec<Cell> {
        typed(texts.iter().map(|text| Cell::Text((*text).into())).collect(), true)
    }

    #[test]
    fn a_column_of_a_csv_file_is_what_all_its_cells_are() {
        assert_eq!(read(&["1", "", "-20"]), [Cell::Integer(1), Cell::Empty, Cell::Integer(-20)]);
        assert_eq!(read(&["1", "2.50"]), [Cell::Number(1.0), Cell::Number(2.5)]);
        assert_eq!(read(&["true", "false"]), [Cell::Bool(true), Cell::Bool(false)]);
        assert_eq!(read(&["2026-01-31"]), [Cell::Date(date(2026, 1, 31))]);
        for texts in [&["007"][..], &["1", "x"], &["1e5"], &["NaN"], &["2026-02-30"], &["12:00 h"]] {
            assert!(read(texts).iter().all(|cell| cell.text().is_some()), "{texts:?}");
        }
    }
}
