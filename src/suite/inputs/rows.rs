//! The rows of CSV and JSON-lines files, each with its place.

use super::Tally;
use crate::suite::Row;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source, Spot, quote};
use serde_json::Value;
use std::ops::Range;
use std::sync::Arc;

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
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let rows = match ending.as_deref() {
        Some("csv") => csv(data, out),
        Some("jsonl" | "ndjson") => json_lines(data, out),
        _ => {
            let what = format!("{} is neither a CSV nor a JSON-lines file", quote(name));
            out.push(
                Diagnostic::new("unknown-format", what)
                    .at(named_at())
                    .help("its name ends in `.csv`, `.jsonl` or `.ndjson`"),
            );
            return None;
        }
    };
    if out.len() > told {
        return None;
    }
    if rows.is_empty() {
        let what = format!("{} has no rows", quote(&data.file));
        out.push(Diagnostic::new("no-rows", what).at(named_at()).help("name a file with at least one row"));
        return None;
    }
    Some(rows)
}

fn csv(data: &Source, out: &mut Diagnostics) -> Vec<DataRow> {
    let text = data.text.as_str();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut columns: Option<Arc<[String]>> = None;
    let (mut rows, mut uneven, mut start) = (Vec::new(), Tally::new(), 0);
    while let Ok(true) = reader.read_record(&mut record) {
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let begin = start + text[start..end].len() - text[start..end].trim_start_matches(['\r', '\n']).len();
        let span = begin..begin + text[begin..end].trim_end_matches(['\r', '\n']).len();
        start = end;
        let opened = if end == text.len() { never_closed(&text[span.clone()]) } else { None };
        if let Some(at) = opened.map(|at| span.start + at) {
            out.push(
                Diagnostic::new("bad-row", "a quote is opened here and never closed")
                    .at(data.spot(at..at + 1))
                    .help("close it, and write a quote within a quoted cell twice"),
            );
            break;
        }
        let Some(names) = &columns else {
            columns = Some(header(data, &record, &span, out));
            continue;
        };
        if record.len() == names.len() {
            let values = record.iter().map(|cell| Value::String(cell.to_owned())).collect();
            rows.push(DataRow {
                row: Row { columns: names.clone(), values },
                line: data.line(span.start),
                span,
            });
        } else {
            uneven.add(out, || {
                let what = format!("this row has {} cells, and the header {}", record.len(), names.len());
                Diagnostic::new("bad-row", what)
                    .at(data.spot(span))
                    .help("a cell that holds a comma or a line break is written in quotes")
            });
        }
    }
    uneven.finish(out);
    rows
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

fn header(
    data: &Source,
    record: &csv::StringRecord,
    span: &Range<usize>,
    out: &mut Diagnostics,
) -> Arc<[String]> {
    let names: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            let what = format!("the header has the column {} twice", quote(name));
            out.push(
                Diagnostic::new("duplicate-column", what)
                    .at(data.spot(span.clone()))
                    .help("give each column a name of its own"),
            );
        }
    }
    names.into()
}

fn json_lines(data: &Source, out: &mut Diagnostics) -> Vec<DataRow> {
    let (mut rows, mut faulty) = (Vec::new(), Tally::new());
    let mut known: Vec<Arc<[String]>> = Vec::new();
    let (mut start, mut line) = (0, 0);
    for text in data.text.split_inclusive('\n') {
        line += 1;
        let begin = start;
        start += text.len();
        let text = text.trim_end_matches(['\n', '\r']);
        if text.trim().is_empty() {
            continue;
        }
        let span = begin..begin + text.len();
        let object = match serde_json::from_str(text) {
            Ok(Value::Object(object)) => object,
            Ok(_) => {
                faulty.add(out, || {
                    Diagnostic::new("bad-row", "this line is JSON, and no object")
                        .at(data.spot(span))
                        .help("write one object a line: `{ \"input\": \"…\" }`")
                });
                continue;
            }
            Err(error) => {
                faulty.add(out, || {
                    let at = (begin + error.column().saturating_sub(1)).min(begin + text.len());
                    let reason = error.to_string();
                    let reason = reason.split(" at line ").next().unwrap_or_default();
                    Diagnostic::new("bad-row", format!("this line is not JSON: {reason}"))
                        .at(data.spot(at..at + 1))
                        .help("write one JSON object a line")
                });
                continue;
            }
        };
        let same =
            |columns: &Arc<[String]>| columns.len() == object.len() && columns.iter().eq(object.keys());
        let columns = known.iter().rev().find(|columns| same(columns)).cloned();
        let columns = columns.unwrap_or_else(|| {
            let columns: Arc<[String]> = object.keys().cloned().collect();
            // A file whose rows all differ gains nothing from sharing.
            if known.len() < 16 {
                known.push(columns.clone());
            }
            columns
        });
        let values = object.into_iter().map(|(_, value)| value).collect();
        rows.push(DataRow { row: Row { columns, values }, line, span });
    }
    faulty.finish(out);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
