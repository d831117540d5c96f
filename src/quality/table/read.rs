//! Reads a table from a CSV file, within limits, and says where the file is wrong.

use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source, quote};
use crate::suite::files;
use crate::suite::inputs::never_closed;
use std::collections::HashMap;
use std::path::Path;

/// Largest file.
const MAX_FILE: u64 = 256 << 20;
/// Most rows, without the header.
const MAX_ROWS: usize = 1_000_000;
/// Most columns.
const MAX_COLUMNS: usize = 1_000;
/// Most cells: what a table may take in memory.
const MAX_CELLS: usize = 50_000_000;
/// Longest cell, in bytes.
const MAX_CELL: usize = 64 << 10;
/// Faulty rows that are told one by one.
const MAX_TOLD: usize = 5;

/// A table as its file has it: nothing is interpreted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The file, as it is called in messages.
    pub file: String,
    /// Rows, without the header.
    pub rows: usize,
    pub(super) columns: Vec<Texts>,
}

/// The texts of a column, each text held once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Texts {
    pub name: String,
    /// Which text each row has.
    pub codes: Vec<u32>,
    /// The texts, in the order in which they first occur.
    pub values: Vec<String>,
}

impl Table {
    /// Reads a CSV file with a header. `shown` is what messages call it.
    pub fn read(path: &Path, shown: &str) -> Result<Self, Diagnostics> {
        let (source, _) = files::read(path, shown, MAX_FILE).map_err(|mistake| alone(*mistake))?;
        Self::parse(&source)
    }

    /// A table from the text of a CSV file with a header.
    pub fn parse(source: &Source) -> Result<Self, Diagnostics> {
        let mut out = Diagnostics::default();
        let table = parse(source, &mut out);
        match table {
            Some(table) if out.is_empty() => Ok(table),
            _ => Err(out),
        }
    }

    /// The names of the columns, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}

fn alone(mistake: Diagnostic) -> Diagnostics {
    let mut out = Diagnostics::default();
    out.push(mistake);
    out
}

/// The table, unless something was told that makes reading on pointless.
fn parse(source: &Source, out: &mut Diagnostics) -> Option<Table> {
    let text = source.text.as_str();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut table: Option<(Table, Vec<HashMap<String, u32>>)> = None;
    let (mut start, mut uneven) = (0, 0);
    // The text is UTF-8 and rows may differ in length, so that reading cannot fail.
    while let Ok(true) = reader.read_record(&mut record) {
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let lead = text[start..end].len() - text[start..end].trim_start_matches(['\r', '\n']).len();
        let span = start + lead..end;
        start = end;
        let opened = if end == text.len() { never_closed(&text[span.clone()]) } else { None };
        if let Some(at) = opened.map(|at| span.start + at) {
            let what = "a quote is opened here and never closed";
            out.push(
                Diagnostic::new("bad-row", what)
                    .at(source.spot(at..at + 1))
                    .help("close it, and write a quote within a quoted cell twice"),
            );
            return None;
        }
        let here = || source.spot(span.start..span.end.max(span.start + 1));
        if let Some(long) = record.iter().position(|cell| cell.len() > MAX_CELL) {
            let what = format!("cell {} of this row is longer than {} KiB", long + 1, MAX_CELL >> 10);
            out.push(
                Diagnostic::new("cell-too-long", what)
                    .at(here())
                    .help("leave the column out, or shorten its cells"),
            );
            return None;
        }
        let Some((table, known)) = &mut table else {
            table = Some((header(source, &record, &span, out)?, vec![HashMap::new(); record.len()]));
            continue;
        };
        let limit = MAX_ROWS.min(MAX_CELLS / table.columns.len());
        if table.rows == limit {
            let what = format!("{} has more than {limit} rows", quote(&source.file));
            out.push(Diagnostic::new("too-many-rows", what).at(here()).help("keep a random part of them"));
            return None;
        }
        if record.len() != table.columns.len() {
            uneven += 1;
            if uneven <= MAX_TOLD {
                let what =
                    format!("this row has {} cells, and the header {}", record.len(), table.columns.len());
                out.push(
                    Diagnostic::new("bad-row", what)
                        .at(here())
                        .help("a cell that holds a comma or a line break is written in quotes"),
                );
            }
            continue;
        }
        table.rows += 1;
        for ((column, known), cell) in table.columns.iter_mut().zip(known).zip(&record) {
            column.push(known, cell.trim());
        }
    }
    if uneven > MAX_TOLD {
        let what = format!("{} more rows have another number of cells than the header", uneven - MAX_TOLD);
        out.push(Diagnostic::new("bad-row", what));
    }
    match table {
        None => {
            let what = format!("{} is empty", quote(&source.file));
            out.push(Diagnostic::new("no-header", what).help("its first line names the columns"));
            None
        }
        Some((table, _)) if table.rows == 0 && uneven == 0 => {
            let what = format!("{} has a header and no rows", quote(&source.file));
            out.push(Diagnostic::new("no-rows", what).help("name a table with at least one row"));
            None
        }
        Some((table, _)) => Some(table),
    }
}

impl Texts {
    fn push(&mut self, known: &mut HashMap<String, u32>, cell: &str) {
        let code = known.get(cell).copied().unwrap_or_else(|| {
            // There are far fewer texts than `MAX_CELLS`.
            let code = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
            self.values.push(cell.to_owned());
            known.insert(cell.to_owned(), code);
            code
        });
        self.codes.push(code);
    }
}

/// A table without rows. `None` where the header cannot be one.
fn header(
    source: &Source,
    record: &csv::StringRecord,
    span: &std::ops::Range<usize>,
    out: &mut Diagnostics,
) -> Option<Table> {
    let mut mistake = |code, what: String, help: &str| {
        out.push(Diagnostic::new(code, what).at(source.spot(span.clone())).help(help));
        None
    };
    if record.len() > MAX_COLUMNS {
        let what = format!("{} has {} columns, more than {MAX_COLUMNS}", quote(&source.file), record.len());
        return mistake("too-many-columns", what, "keep those that matter");
    }
    let names: Vec<&str> = record.iter().map(str::trim).collect();
    if let [only] = names[..]
        && only.contains([';', '\t'])
    {
        let what = format!("{} has one column, {}", quote(&source.file), quote(only));
        return mistake("wrong-separator", what, "cells are separated by commas: save the file so");
    }
    let mut seen = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        if seen.insert(*name, at).is_some() {
            let what = format!("the header has the column {} twice", quote(name));
            return mistake("duplicate-column", what, "give each column a name of its own");
        }
    }
    let column = |name: &&str| Texts { name: (*name).to_owned(), ..Texts::default() };
    Some(Table { file: source.file.to_string(), rows: 0, columns: names.iter().map(column).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Table, Diagnostics> {
        Table::parse(&Source::new("a.csv", text.to_owned()))
    }

    fn mistakes(text: &str) -> Vec<(&'static str, Option<u32>)> {
        let told = parsed(text).unwrap_err();
        told.iter().map(|one| (one.code, one.spot.as_ref().map(|spot| spot.line))).collect()
    }

    #[test]
    fn texts_are_held_once_and_trimmed() {
        let table = parsed("\u{feff}a , b\r\n1,x\r\n2, x \r\n1,\"y\r\nz\"\r\n").unwrap();
        assert_eq!(table.names().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((table.rows, &table.columns[0].codes[..]), (3, &[0, 1, 0][..]));
        assert_eq!(table.columns[1].values, ["x", "y\r\nz"]);
    }

    #[test]
    fn ragged_rows_are_told_with_their_lines_and_counted_beyond_five() {
        let text = format!("a,b\n1,\"2\n3\"\n{}", "only\n".repeat(7));
        let told = mistakes(&text);
        assert_eq!(
            told.iter().filter_map(|(_, line)| *line).collect::<Vec<_>>(),
            [4, 5, 6, 7, 8],
            "the quoted line break is counted"
        );
        assert_eq!(told.len(), 6);
    }

    #[test]
    fn a_file_that_is_no_table_is_an_error_with_its_kind() {
        for (text, code) in [
            ("", "no-header"),
            ("a,b\n", "no-rows"),
            ("a,a\n1,2\n", "duplicate-column"),
            ("a;b\n1;2\n", "wrong-separator"),
            ("a,b\n1,\"open\n2,x\n", "bad-row"),
        ] {
            assert_eq!(mistakes(text)[0].0, code, "{text:?}");
        }
    }

    #[test]
    fn limits_are_errors() {
        assert_eq!(mistakes(&format!("a\n{}\n", "x".repeat(MAX_CELL + 1))), [("cell-too-long", Some(2))]);
        let wide: Vec<String> = (0..=MAX_COLUMNS).map(|at| format!("c{at}")).collect();
        assert_eq!(mistakes(&format!("{}\n", wide.join(","))), [("too-many-columns", Some(1))]);
        let tall = format!("a\n{}", "1\n".repeat(MAX_ROWS + 1));
        assert_eq!(mistakes(&tall)[0].0, "too-many-rows");
    }
}
