//! Tables drawn from a column specification.

mod columns;
mod command;
mod formulas;
mod in_suites;
mod pinned;

use holdline::expand::table::{Format, Row, Table, Writer};
use std::fs;
use std::path::PathBuf;

/// A folder with a specification `demo.toml`, and other files beside it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(spec: &str) -> Self {
        Self(tempfile::tempdir().unwrap()).with("demo.toml", spec)
    }

    fn with(self, name: &str, text: &str) -> Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn table(&self) -> Table {
        Table::read(&self.path("demo.toml")).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }
}

/// The rows of a specification.
fn rows(spec: &str, seed: u64, count: usize) -> Vec<Row> {
    drawn(&Folder::new(spec).table(), seed, count)
}

fn drawn(table: &Table, seed: u64, count: usize) -> Vec<Row> {
    table.rows(seed, count).unwrap().collect::<Result<_, _>>().unwrap()
}

/// A column of the rows of a specification, as texts.
fn column(spec: &str, name: &str, count: usize) -> Vec<String> {
    texts(&rows(spec, 1, count), name)
}

fn texts(rows: &[Row], name: &str) -> Vec<String> {
    rows.iter().map(|row| row.text(name).unwrap().into_owned()).collect()
}

/// A column of numbers.
fn numbers(spec: &str, name: &str, count: usize) -> Vec<f64> {
    rows(spec, 1, count).iter().map(|row| row.number(name).unwrap()).collect()
}

/// The rows as a file.
fn written(table: &Table, seed: u64, count: usize, format: Format) -> String {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(table, format, &mut bytes).unwrap();
    for row in table.rows(seed, count).unwrap() {
        writer.row(&row.unwrap()).unwrap();
    }
    writer.finish().unwrap();
    String::from_utf8(bytes).unwrap()
}

/// How many times a value comes.
fn count(values: &[String], wanted: &str) -> usize {
    values.iter().filter(|value| *value == wanted).count()
}

/// Whether a count is within four standard deviations of what is expected of so many draws.
fn expected(found: usize, draws: usize, share: f64) -> bool {
    let draws = draws as f64;
    (found as f64 - draws * share).abs() < 4.0 * (draws * share * (1.0 - share)).sqrt()
}
