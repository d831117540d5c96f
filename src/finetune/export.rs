//! From the examples that were gathered to the files of a set.

use super::difficulty::{Balance, bucket, word};
use super::example::{Example, Left};
use super::format::{Format, Row, Task, Writing};
use super::gather::Gathered;
use super::gating::{Gates, Gating, THRESHOLD};
use super::manifest::{Counts, FORMAT, FileMade, Guarded, Manifest};
use super::merge::merge;
use super::split::Splits;
use crate::report::number::count;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _; // to strings, which cannot fail
use std::io;
use std::path::{Path, PathBuf};

/// Examples that gate, as many as are named.
const NAMED: usize = 10;

/// How a set is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How it is written.
    pub format: Format,
    /// What TRL is to train.
    pub task: Task,
    /// What the application is told about itself, before every dialogue that is written in messages.
    pub system: Option<String>,
    /// The parts.
    pub splits: Splits,
    /// What decides who is in which part, and who is left out for the balance.
    pub seed: u64,
    /// The balance of difficulties.
    pub balance: Balance,
    /// Whether cells that a spreadsheet would take for formulas are made harmless.
    pub for_spreadsheets: bool,
}

/// Why there is no set.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Something that is approved for training gates a build.
    #[error("{}", told(.0))]
    Gates(Vec<Gates>),
    /// There is nothing to write.
    #[error("there is nothing to export: {0}")]
    Nothing(String),
    /// A file cannot be written.
    #[error("{} cannot be written: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A set, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// Its files, in the order of the parts.
    pub files: Vec<File>,
    /// What is in it. The files have no names yet.
    pub manifest: Manifest,
}

/// A file of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The part that it is.
    pub split: Option<String>,
    /// Its text.
    pub text: String,
    /// Rows in it.
    pub rows: usize,
}

/// Makes a set of what was gathered. It is refused as a whole where anything in it gates.
pub fn prepare(gathered: Gathered, gating: &Gating, options: &Options) -> Result<Export, ExportError> {
    let Gathered { examples, mut left_out, mut notes, .. } = gathered;
    // Before anything is merged, balanced or dropped: what gates is told whole, and whatever else is asked for.
    let gates = gating.check(&examples);
    if !gates.is_empty() {
        return Err(ExportError::Gates(gates));
    }
    let merged = merge(examples, &mut left_out);
    let writing = Writing {
        format: options.format,
        task: options.task,
        system: options.system.as_deref(),
        for_spreadsheets: options.for_spreadsheets,
        split: None,
    };
    let (mut fit, mut rows_of) = (Vec::new(), Vec::new());
    for example in merged {
        match writing.rows(&example) {
            Ok(rows) => {
                rows_of.push(rows);
                fit.push(example);
            }
            Err(why) => left_out.add(why),
        }
    }
    let keep = options.balance.keep(&fit, options.seed);
    let mut difficulty: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for (example, kept) in fit.iter().zip(&keep) {
        let [of, before] = difficulty.entry(word(bucket(example.tally)).to_owned()).or_default();
        *of += usize::from(*kept);
        *before += 1;
        if !kept {
            left_out.add(Left::Balance);
        }
    }
    // The parts are dealt before the balance, so that it moves nobody from one to the other.
    let parts = options.splits.assign(&fit, options.seed);
    let mut set = Set::new(options);
    for (((example, rows), kept), part) in fit.iter().zip(rows_of).zip(keep).zip(parts) {
        if kept {
            let split = options.splits.name(part);
            // The part is a column of tables.
            let rows =
                split.map_or(Ok(rows), |_| Writing { split, ..writing }.rows(example)).unwrap_or_default();
            set.add(example, rows, part, split);
        }
    }
    if set.counts.rows == 0 {
        return Err(ExportError::Nothing(left_out.told()));
    }
    notes.extend(set.notes(options));
    let manifest = Manifest {
        format: FORMAT,
        holdline: env!("CARGO_PKG_VERSION").to_owned(),
        written_as: options.format,
        task: (options.format == Format::Trl).then_some(options.task),
        seed: options.seed,
        balance: options.balance.0,
        files: Vec::new(),
        counts: set.counts,
        difficulty,
        left_out,
        guarded: Guarded { suites: gating.suites.clone(), cases: gating.cases, threshold: THRESHOLD },
        notes,
    };
    Ok(Export { files: set.files, manifest })
}

/// A set as it grows.
struct Set {
    around: (&'static str, &'static str, &'static str),
    files: Vec<File>,
    counts: Counts,
    families: BTreeSet<crate::expand::FamilyId>,
    formulas: usize,
}

impl Set {
    fn new(options: &Options) -> Self {
        let names = options.splits.0.iter().map(|split| Some(split.name.clone()));
        let names: Vec<Option<String>> =
            if options.splits.0.is_empty() { vec![None] } else { names.collect() };
        let around = options.format.around();
        let file = |split| File { split, text: around.0.to_owned(), rows: 0 };
        let files = names.into_iter().map(file).collect();
        Self { around, files, counts: Counts::default(), families: BTreeSet::new(), formulas: 0 }
    }

    fn add(&mut self, example: &Example, rows: Vec<Row>, part: usize, split: Option<&str>) {
        let counts = &mut self.counts;
        counts.examples += 1;
        self.families.insert(example.family);
        counts.families = self.families.len();
        let scenario = match example.scenario.as_str() {
            "" => example.suite.clone(),
            scenario => format!("{}::{scenario}", example.suite),
        };
        let licence = example.licence.clone().unwrap_or_else(|| "unstated".to_owned());
        let file = &mut self.files[part];
        for row in rows {
            if file.rows > 0 {
                file.text.push_str(self.around.1);
            }
            file.text.push_str(&row.text);
            file.rows += 1;
            self.formulas += row.formulas;
            counts.rows += 1;
            *counts.scenarios.entry(scenario.clone()).or_default() += 1;
            *counts.sources.entry(row.source).or_default() += 1;
            *counts.licences.entry(licence.clone()).or_default() += 1;
            if let Some(split) = split {
                *counts.splits.entry(split.to_owned()).or_default() += 1;
            }
        }
    }

    fn notes(&mut self, options: &Options) -> Vec<String> {
        for file in &mut self.files {
            file.text.push_str(self.around.2);
        }
        let mut notes = Vec::new();
        for file in self.files.iter().filter(|file| file.rows == 0) {
            let name = file.split.as_deref().unwrap_or_default();
            notes.push(format!(
                "the part `{name}` is empty: of {} in all, each is in one part alone",
                count(self.counts.families, "family", "families")
            ));
        }
        if self.formulas > 0 && !options.for_spreadsheets {
            notes.push(format!(
                "{} as formulas do, with =, +, -, @, a tab or a carriage return: open the file in no spreadsheet, \
                 or write another with --for-spreadsheets",
                count(self.formulas, "cell begins", "cells begin")
            ));
        }
        if self.formulas > 0 && options.for_spreadsheets {
            notes.push(format!(
                "{} with ' so that no spreadsheet takes what stands behind it for a formula: train on another file",
                count(self.formulas, "cell begins", "cells begin")
            ));
        }
        notes
    }
}

/// Writes a set: `FILE`, or a file beside it for each part (`FILE` being `set.jsonl`, `set.train.jsonl` and so on),
/// and `set.manifest.json`. Each is replaced as a whole, the manifest last. Gives the names of what was written.
pub fn export(export: &mut Export, path: &Path) -> Result<Vec<PathBuf>, ExportError> {
    let mut written = Vec::new();
    for file in &export.files {
        let path = part(path, file.split.as_deref());
        write(&path, file.text.as_bytes())?;
        export.manifest.files.push(FileMade {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            split: file.split.clone(),
            rows: file.rows,
            bytes: file.text.len(),
            blake3: blake3::hash(file.text.as_bytes()).to_hex().to_string(),
        });
        written.push(path);
    }
    let beside = path.with_extension("manifest.json");
    // Texts and numbers alone: nothing in them can fail.
    let text = serde_json::to_string_pretty(&export.manifest).unwrap_or_default() + "\n";
    write(&beside, text.as_bytes())?;
    written.push(beside);
    Ok(written)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let written = crate::report::file::replace_by(path, |out| out.write_all(bytes));
    written.map_err(|error: io::Error| ExportError::Write { path: path.to_owned(), error })
}

/// The file of a part.
fn part(path: &Path, split: Option<&str>) -> PathBuf {
    let Some(split) = split else { return path.to_owned() };
    let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
    path.with_extension(ending.map_or_else(|| split.to_owned(), |ending| format!("{split}.{ending}")))
}

/// What gates, in words.
fn told(gates: &[Gates]) -> String {
    let mut text = String::from(
        "what gates a build may not be trained on, and nothing was written. Approved for training, and gating:",
    );
    for of in gates.iter().take(NAMED) {
        let how = match of.similarity {
            None => "is of the family of".to_owned(),
            Some(similarity) => format!("says nearly the same ({similarity:.2}) as"),
        };
        let _ = write!(
            text,
            "\n  {} ({}) {how} case {} of {}::{}",
            of.place, of.example, of.case, of.suite, of.scenario
        );
    }
    if gates.len() > NAMED {
        let _ = write!(text, "\n  and {} more", gates.len() - NAMED);
    }
    text.push_str(
        "\nApprove them for evaluation alone, or take them out of what gates: a suite with `kind = \"capability\"` measures and never gates.",
    );
    text
}
