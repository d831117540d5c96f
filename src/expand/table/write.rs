//! Rows as CSV and as JSON lines.

use super::{Row, Table};
use std::io::{self, Write};

/// A file format for tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// Comma-separated values with a header, lines ended by a line feed.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

/// Writes rows one after the other.
pub struct Writer<W: Write> {
    format: Format,
    out: Out<W>,
}

enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Plain(W),
}

impl<W: Write> Writer<W> {
    /// Writes what stands before the first row.
    pub fn new(table: &Table, format: Format, out: W) -> io::Result<Self> {
        let out = match format {
            Format::Csv => {
                let mut csv = csv::WriterBuilder::new().from_writer(out);
                csv.write_record(table.columns()).map_err(plain)?;
                Out::Csv(Box::new(csv))
            }
            Format::Jsonl => Out::Plain(out),
        };
        Ok(Self { format, out })
    }

    /// The format.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Writes a row.
    pub fn row(&mut self, row: &Row) -> io::Result<()> {
        match &mut self.out {
            Out::Csv(csv) => {
                for cell in row.texts() {
                    csv.write_field(cell.as_bytes()).map_err(plain)?;
                }
                csv.write_record(None::<&[u8]>).map_err(plain)
            }
            Out::Plain(out) => {
                serde_json::to_writer(&mut *out, row).map_err(io::Error::from)?;
                out.write_all(b"\n")
            }
        }
    }

    /// Writes what is left.
    pub fn finish(self) -> io::Result<()> {
        match self.out {
            Out::Csv(mut csv) => csv.flush(),
            Out::Plain(mut out) => out.flush(),
        }
    }
}

/// The error of the stream itself, which tells whether anybody still reads.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
