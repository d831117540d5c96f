//! The rows of CSV and JSON-lines files, each with its place.

use super::Tally;
use super::reader::{Fault, Format, RowReader};
use crate::suite::Row;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source, Spot, quote};
use std::ops::Range;

/// A row of a data file.
#[derive(Debug)]
pub(crate) struct DataRow {
    /// Its columns.
    pub row: Row,
    /// Where it begins, from 1.
    pub line: u32,
    /// Its bytes.
    pub span: Range<usize>,
}

/// All rows of a file, by the ending of its name. `None` where something is wrong with it.
pub(crate) fn read(
    data: &Source,
    name: &str,
    out: &mut Diagnostics,
    named_at: impl Fn() -> Spot,
) -> Option<Vec<DataRow>> {
    let told = out.len();
    let format = format_of(name, out, &named_at)?;
    let (mut rows, mut faults) = (Vec::new(), Faults::new());
    // Reading a text from memory cannot fail.
    let mut reader = RowReader::new(format, data.text.as_bytes()).ok()?;
    while let Ok(Some((raw, found))) = reader.next() {
        let (line, span) = (raw.line, raw.span());
        match found {
            Ok(row) => rows.push(DataRow { row, line, span }),
            Err(fault) => faults.tell(&fault, span, |span| data.spot(span), out),
        }
    }
    faults.finish(out);
    if out.len() > told {
        return None;
    }
    if rows.is_empty() {
        out.push(no_rows(&data.file, named_at()));
        return None;
    }
    Some(rows)
}

/// How a file is written, by its name; `None`, and a mistake, for a name that does not say.
pub(super) fn format_of(name: &str, out: &mut Diagnostics, named_at: impl Fn() -> Spot) -> Option<Format> {
    let format = Format::of(name);
    if format.is_none() {
        let what = format!("{} is neither a CSV nor a JSON-lines file", quote(name));
        out.push(
            Diagnostic::new("unknown-format", what)
                .at(named_at())
                .help("its name ends in `.csv`, `.jsonl` or `.ndjson`"),
        );
    }
    format
}

/// A file without rows.
pub(super) fn no_rows(file: &str, named_at: Spot) -> Diagnostic {
    let what = format!("{} has no rows", quote(file));
    Diagnostic::new("no-rows", what).at(named_at).help("name a file with at least one row")
}

/// Faulty rows of a file: those of a kind that may be many are counted beyond the first few.
pub(super) struct Faults(Tally);

impl Faults {
    /// None yet.
    pub const fn new() -> Self {
        Self(Tally::new())
    }

    /// One more.
    pub fn tell(
        &mut self,
        fault: &Fault,
        row: Range<usize>,
        spot: impl Fn(Range<usize>) -> Spot,
        out: &mut Diagnostics,
    ) {
        if fault.is_of_file() {
            fault.told(row, spot).into_iter().for_each(|mistake| out.push(mistake));
        } else {
            self.0.add(out, || fault.told(row, spot).remove(0));
        }
    }

    /// Tells how many there are beyond those told.
    pub fn finish(self, out: &mut Diagnostics) {
        self.0.finish(out);
    }
}

/// Where a row opens a quote that it does not close.
pub(crate) fn never_closed(row: &str) -> Option<usize> {
    let mut opened = None;
    let mut cell_begins = true;
    let mut bytes = row.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match (opened, byte) {
            // A quote within a cell that is not quoted is a character like any other.
            (None, b'"') if cell_begins => opened = Some(at),
            // Two quotes within a quoted cell stand for one.
            (Some(_), b'"') if bytes.next_if(|(_, next)| *next == b'"').is_none() => opened = None,
            _ => {}
        }
        cell_begins = opened.is_none() && byte == b',';
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::sync::Arc;

    fn rows(name: &str, text: &str) -> (Vec<DataRow>, Diagnostics) {
        let mut out = Diagnostics::default();
        let data = Source::new(name, text.into());
        let rows = read(&data, name, &mut out, || data.spot(0..0));
        (rows.unwrap_or_default(), out)
    }

    #[test]
    fn csv_lines_are_right_after_quoted_line_breaks_blank_lines_and_a_mark() {
        let (rows, out) =
            rows("a.csv", "\u{feff}id,input\r\n1,\"two\r\nlines, \"\"quoted\"\"\"\r\n\r\n2,b\r\n3,c");
        assert!(out.is_empty(), "{out}");
        let seen: Vec<_> = rows.iter().map(|r| (r.line, r.row.get("id").cloned().unwrap())).collect();
        assert_eq!(seen, [(2, json!("1")), (5, json!("2")), (6, json!("3"))]);
        assert_eq!(rows[0].row.get("input"), Some(&json!("two\r\nlines, \"quoted\"")));
    }

    #[test]
    fn uneven_csv_rows_are_told_with_their_lines_and_counted_beyond_five() {
        let (_, out) = rows("a.csv", &format!("a,b\n1,2\n{}", "only\n".repeat(9)));
        let lines: Vec<_> = out.iter().map(|d| d.spot.as_ref().unwrap().line).collect();
        assert_eq!(lines, [3, 4, 5, 6, 7]);
        assert_eq!(out.iter().last().unwrap().notes, ["and 4 more like this"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_where_it_opens() {
        let (_, out) = rows("a.csv", "a,b\n1,\"open\n2,x\n3,y\n");
        let spot = out.iter().next().unwrap().spot.clone().unwrap();
        assert_eq!((out.len(), spot.line, spot.column), (1, 2, 3));
        let (kept, out) = rows("b.csv", "a,b\n1,5\" pipe\n");
        assert!(out.is_empty(), "{out}");
        assert_eq!(kept[0].row.get("b"), Some(&json!("5\" pipe")));
    }

    #[test]
    fn json_lines_keep_types_and_tell_bad_lines() {
        let (rows, out) =
            rows("a.jsonl", "{\"input\":{\"q\":1},\"n\":2.5}\n\n{\"input\":\"x\",\"n\":null}\n");
        assert!(out.is_empty(), "{out}");
        assert_eq!(rows[0].row.get("input"), Some(&json!({ "q": 1 })));
        assert_eq!((rows[1].line, rows[1].row.get("n")), (3, Some(&Value::Null)));
        assert!(Arc::ptr_eq(&rows[0].row.columns, &rows[1].row.columns));
        let (_, out) = super::tests::rows("a.jsonl", "{\"input\":1}\n[1]\n{\"input\": }\n");
        let told: Vec<_> = out.iter().map(|d| d.spot.as_ref().map(|s| (s.line, s.column)).unwrap()).collect();
        assert_eq!(told, [(2, 1), (3, 11)]);
    }

    #[test]
    fn other_files_and_files_without_rows_are_refused() {
        for (name, text, code) in [
            ("a.xlsx", "x", "unknown-format"),
            ("a.csv", "a,b\n", "no-rows"),
            ("a.jsonl", "\n", "no-rows"),
            ("a.csv", "a,a\n1,2\n", "duplicate-column"),
        ] {
            let (_, out) = rows(name, text);
            assert_eq!(out.iter().map(|d| d.code).collect::<Vec<_>>(), [code]);
        }
    }
}
