//! What stands beside a set: what is in it, what was left out and why, and what it was checked against. No time and
//! no machine is in it, so that the same files give the same manifest.

use super::example::LeftOut;
use super::format::{Format, Task};
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the manifest's format.
pub const FORMAT: u32 = 1;

/// What a set is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of Holdline that wrote it.
    pub holdline: String,
    /// How the set is written.
    pub written_as: Format,
    /// What it is to train, where the format has a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// What decides who is in which part.
    pub seed: u64,
    /// How many times as many examples of one difficulty as of the rarest one; none: as many as there are.
    pub balance: Option<f64>,
    /// The files.
    pub files: Vec<FileMade>,
    /// How much is in them.
    pub counts: Counts,
    /// Examples of each difficulty, `unknown` where no run asked them: kept, and there before the balance.
    pub difficulty: BTreeMap<String, [usize; 2]>,
    /// What was left out, by reason. Of what the balance and the format leave out examples are counted.
    pub left_out: LeftOut,
    /// What it was checked against.
    pub guarded: Guarded,
    /// What else is worth knowing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A file of a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileMade {
    /// Its name, without folders.
    pub name: String,
    /// The part that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// Rows in it.
    pub rows: usize,
    /// Its size.
    pub bytes: usize,
    /// blake3 of its bytes, in hex.
    pub blake3: String,
}

/// How much is in a set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Examples: dialogues up to the answer, each once.
    pub examples: usize,
    /// Families of seeds that they come from.
    pub families: usize,
    /// Rows.
    pub rows: usize,
    /// Rows by `suite::scenario`.
    pub scenarios: BTreeMap<String, usize>,
    /// Rows by part; empty where nothing is split.
    pub splits: BTreeMap<String, usize>,
    /// Rows by where the answers were found; of pairs `good/bad`.
    pub sources: BTreeMap<String, usize>,
    /// Rows by licence; `unstated` where nobody said one.
    pub licences: BTreeMap<String, usize>,
}

/// What a set was checked against: the cases that gate. None of it is in the set, nor anything of its families or
/// nearly the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guarded {
    /// The suites that gate.
    pub suites: Vec<String>,
    /// Cases that gate.
    pub cases: usize,
    /// Jaccard similarity of character 5-grams from which two texts are the same one.
    pub threshold: f64,
}
