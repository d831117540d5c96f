//! Reads CSV and JSON-lines files row by row, whatever their size. What is read of a file is one row and
//! what the system hands over at once, never the file.

use super::rows::never_closed;
use crate::suite::Row;
use crate::suite::diagnostic::{Diagnostic, Source, Spot, quote};
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::Range;
use std::sync::Arc;

/// Bytes that are asked of the system at once.
const CHUNK: usize = 64 << 10;
/// Lists of columns that the rows of a JSON-lines file share; a file whose rows all differ gains nothing.
const MAX_SHARED: usize = 16;
const MARK: &[u8] = "\u{feff}".as_bytes();

/// How the rows of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Cells with commas between them, below a header.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

impl Format {
    /// By the ending of a file's name; `None` for any other.
    pub fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// A row as it stands in its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'r> {
    /// Where it begins, from 1.
    pub line: u32,
    /// Its first byte, after a byte order mark.
    pub begin: usize,
    /// Its text, without the line break after it.
    pub text: &'r str,
}

impl Raw<'_> {
    /// Its bytes.
    pub fn span(&self) -> Range<usize> {
        self.begin..self.begin + self.text.len()
    }

    /// A place in it, shown with nothing but the row. Columns are counted from its beginning, which is that
    /// of a line unless a carriage return alone ends rows.
    pub fn spot(&self, file: &Arc<str>, span: Range<usize>) -> Spot {
        Source::part(file, self.text.to_owned(), self.begin, self.line).spot(span)
    }
}

/// What is wrong with a row.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Columns that the header has twice.
    TwiceInHeader(Vec<String>),
    /// A quote is opened at this byte and never closed. Nothing comes after it.
    Unclosed(usize),
    /// It has another number of cells than the header.
    Uneven {
        /// Its cells.
        cells: usize,
        /// Those of the header.
        header: usize,
    },
    /// A line that is JSON, and no object.
    NoObject,
    /// A line that is not JSON.
    NotJson {
        /// Where that shows.
        at: usize,
        /// Why.
        reason: String,
    },
}

impl Fault {
    /// Whether faults of its kind are told one by one however many there are.
    pub const fn is_of_file(&self) -> bool {
        matches!(self, Self::TwiceInHeader(_) | Self::Unclosed(_))
    }

    /// What is told of it: one mistake, or one for each column of a header.
    pub fn told(&self, row: Range<usize>, spot: impl Fn(Range<usize>) -> Spot) -> Vec<Diagnostic> {
        let of = |what: String, span| Diagnostic::new("bad-row", what).at(spot(span));
        vec![match self {
            Self::TwiceInHeader(names) => {
                let told = names.iter().map(|name| {
                    let what = format!("the header has the column {} twice", quote(name));
                    Diagnostic::new("duplicate-column", what)
                        .at(spot(row.clone()))
                        .help("give each column a name of its own")
                });
                return told.collect();
            }
            Self::Unclosed(at) => of("a quote is opened here and never closed".into(), *at..at + 1)
                .help("close it, and write a quote within a quoted cell twice"),
            Self::Uneven { cells, header } => {
                of(format!("this row has {cells} cells, and the header {header}"), row)
                    .help("a cell that holds a comma or a line break is written in quotes")
            }
            Self::NoObject => of("this line is JSON, and no object".into(), row)
                .help("write one object a line: `{ \"input\": \"…\" }`"),
            Self::NotJson { at, reason } => of(format!("this line is not JSON: {reason}"), *at..at + 1)
                .help("write one JSON object a line"),
        }]
    }
}

/// Why a file cannot be read to its end.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The system says so.
    Io(io::Error),
    /// It is not UTF-8 text.
    NotUtf8 {
        /// The lines around, readable.
        text: String,
        /// Their first byte.
        begin: usize,
        /// Their first line.
        line: u32,
        /// The byte at fault.
        at: usize,
    },
}

/// A row, or what is wrong with it.
pub(crate) type Next<'r> = (Raw<'r>, Result<Row, Fault>);

/// The rows of a file, one after the other.
pub(crate) struct RowReader<R: Read> {
    rows: Rows<R>,
    /// The line that is read next, from 1.
    line: u32,
    /// The bytes read, after a byte order mark.
    read: usize,
}

/// A file without its byte order mark.
type Unmarked<R> = io::Chain<Cursor<Vec<u8>>, R>;

enum Rows<R: Read> {
    Csv { reader: Box<csv::Reader<Kept<Unmarked<R>>>>, record: csv::ByteRecord, names: Option<Arc<[String]>> },
    JsonLines { reader: BufReader<Unmarked<R>>, text: Vec<u8>, known: Vec<Arc<[String]>> },
}

impl<R: Read> RowReader<R> {
    /// Reads `from` its beginning.
    pub fn new(format: Format, mut from: R) -> io::Result<Self> {
        let mut first = Vec::with_capacity(MARK.len());
        (&mut from).take(MARK.len() as u64).read_to_end(&mut first)?;
        if first == MARK {
            first.clear();
        }
        let from = Cursor::new(first).chain(from);
        let rows = match format {
            Format::Csv => Rows::Csv {
                reader: Box::new(
                    csv::ReaderBuilder::new()
                        .has_headers(false)
                        .flexible(true)
                        .buffer_capacity(CHUNK)
                        .from_reader(Kept { from, bytes: Vec::new(), begin: 0, done: 0, ended: false }),
                ),
                record: csv::ByteRecord::new(),
                names: None,
            },
            Format::JsonLines => Rows::JsonLines {
                reader: BufReader::with_capacity(CHUNK, from),
                text: Vec::new(),
                known: Vec::new(),
            },
        };
        Ok(Self { rows, line: 1, read: 0 })
    }

    /// The next row; `None` at the end. Blank lines and the header are no rows.
    pub fn next(&mut self) -> Result<Option<Next<'_>>, Unreadable> {
        let found = match &mut self.rows {
            Rows::Csv { reader, record, names } => {
                next_record(reader, record, names, &mut self.line, &mut self.read)?
            }
            Rows::JsonLines { reader, text, known } => {
                next_line(reader, text, known, &mut self.line, &mut self.read)?
            }
        };
        let Some(Found { line, span, row }) = found else { return Ok(None) };
        let bytes = match &self.rows {
            Rows::Csv { reader, .. } => reader.get_ref().between(&span),
            Rows::JsonLines { text, .. } => &text[..span.len()],
        };
        Ok(Some((Raw { line, begin: span.start, text: text_of(bytes) }, row)))
    }

    /// Reads what is left without looking at it, and gives what was read from.
    pub fn finish(&mut self) -> io::Result<&R> {
        let from = match &mut self.rows {
            Rows::Csv { reader, .. } => &mut reader.get_mut().from,
            Rows::JsonLines { reader, .. } => reader.get_mut(),
        };
        let mut chunk = vec![0; CHUNK];
        while from.read(&mut chunk)? > 0 {}
        Ok(from.get_ref().1)
    }
}

/// A row, and where it stands.
struct Found {
    line: u32,
    span: Range<usize>,
    row: Result<Row, Fault>,
}

fn next_record<R: Read>(
    reader: &mut csv::Reader<Kept<R>>,
    record: &mut csv::ByteRecord,
    names: &mut Option<Arc<[String]>>,
    line: &mut u32,
    read: &mut usize,
) -> Result<Option<Found>, Unreadable> {
    loop {
        reader.get_mut().done = *read;
        let more = reader.read_byte_record(record).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => Unreadable::Io(error),
            // Records of any length are taken as they are, and bytes are no text yet.
            _ => Unreadable::Io(io::ErrorKind::InvalidData.into()),
        })?;
        if !more {
            return Ok(None);
        }
        let kept = reader.get_ref();
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX).min(kept.end());
        let bytes = kept.between(&(*read..end));
        let blank = bytes.iter().take_while(|byte| is_break(**byte)).count();
        let length = bytes.iter().rposition(|byte| !is_break(*byte)).map_or(0, |at| at + 1 - blank);
        let span = *read + blank..*read + blank + length;
        let first = line.saturating_add(breaks(&bytes[..blank]));
        *line = first.saturating_add(breaks(&bytes[blank..]));
        *read = end;
        let text = utf8(&bytes[blank..blank + length], span.start, first)?;
        // A record that ends where the file ends may have been meant to go on.
        let open = if kept.ended && end == kept.end() { never_closed(text) } else { None };
        if let Some(at) = open {
            return Ok(Some(Found { line: first, row: Err(Fault::Unclosed(span.start + at)), span }));
        }
        // What the whole record holds is text, and so is each of its cells.
        let cells = record.iter().map(text_of);
        let Some(columns) = names else {
            let columns: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
            let twice = columns.iter().enumerate().filter(|(at, name)| columns[..*at].contains(name));
            let twice: Vec<String> = twice.map(|(_, name)| name.clone()).collect();
            *names = Some(columns.into());
            if twice.is_empty() {
                continue;
            }
            return Ok(Some(Found { line: first, span, row: Err(Fault::TwiceInHeader(twice)) }));
        };
        let row = if record.len() == columns.len() {
            Ok(Row {
                columns: columns.clone(),
                values: cells.map(|cell| Value::String(cell.to_owned())).collect(),
            })
        } else {
            Err(Fault::Uneven { cells: record.len(), header: columns.len() })
        };
        return Ok(Some(Found { line: first, span, row }));
    }
}

fn next_line<R: Read>(
    reader: &mut BufReader<R>,
    bytes: &mut Vec<u8>,
    known: &mut Vec<Arc<[String]>>,
    line: &mut u32,
    read: &mut usize,
) -> Result<Option<Found>, Unreadable> {
    loop {
        bytes.clear();
        let taken = reader.read_until(b'\n', bytes).map_err(Unreadable::Io)?;
        if taken == 0 {
            return Ok(None);
        }
        let (begin, first) = (*read, *line);
        *read += taken;
        *line = line.saturating_add(1);
        let text = utf8(bytes, begin, first)?;
        let text = text.trim_end_matches(['\n', '\r']);
        if text.trim().is_empty() {
            continue;
        }
        let row = match serde_json::from_str(text) {
            Ok(Value::Object(object)) => {
                let same = |columns: &Arc<[String]>| {
                    columns.len() == object.len() && columns.iter().eq(object.keys())
                };
                let columns = known.iter().rev().find(|columns| same(columns)).cloned();
                let columns = columns.unwrap_or_else(|| {
                    let columns: Arc<[String]> = object.keys().cloned().collect();
                    if known.len() < MAX_SHARED {
                        known.push(columns.clone());
                    }
                    columns
                });
                Ok(Row { columns, values: object.into_iter().map(|(_, value)| value).collect() })
            }
            Ok(_) => Err(Fault::NoObject),
            Err(error) => {
                let at = begin + error.column().saturating_sub(1).min(text.len());
                let reason = error.to_string();
                let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
                Err(Fault::NotJson { at, reason })
            }
        };
        return Ok(Some(Found { line: first, span: begin..begin + text.len(), row }));
    }
}

const fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Lines that end in some bytes.
fn breaks(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.split(|byte| *byte == b'\n').count() - 1).unwrap_or(u32::MAX)
}

/// The text that some bytes of a file are.
fn utf8(bytes: &[u8], begin: usize, line: u32) -> Result<&str, Unreadable> {
    std::str::from_utf8(bytes).map_err(|error| {
        let wrong = error.valid_up_to();
        let end =
            bytes[wrong..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| wrong + end);
        let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
        Unreadable::NotUtf8 { text, begin, line, at: begin + wrong }
    })
}

/// The text of bytes that are known to be text.
fn text_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Keeps what was read of a file from where its current record begins: a reader of records hands over
/// cells, and what is told of a record is shown as it stands.
struct Kept<R> {
    from: R,
    bytes: Vec<u8>,
    /// The first byte kept.
    begin: usize,
    /// What stands before this byte is needed no more.
    done: usize,
    /// Whether the end was reached.
    ended: bool,
}

impl<R> Kept<R> {
    /// The first byte that was not read.
    const fn end(&self) -> usize {
        self.begin + self.bytes.len()
    }

    /// Bytes that are kept.
    fn between(&self, span: &Range<usize>) -> &[u8] {
        &self.bytes[span.start - self.begin..span.end - self.begin]
    }
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(into)?;
        self.ended = count == 0;
        self.bytes.drain(..self.done - self.begin);
        self.begin = self.done;
        self.bytes.extend_from_slice(&into[..count]);
        Ok(count)
    }
}
