//! The formats that a set is written in: one file each.

mod alpaca;
mod csv;
mod messages;
mod preference;

use super::difficulty::{bucket, word};
use super::example::{Answer, Example, Left, Said};
use serde::Serialize;

/// How a set is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON lines with `messages`, as `OpenAI`'s fine-tuning reads them: good answers.
    Chat,
    /// JSON lines with `prompt`, `chosen` and `rejected` as texts: pairs of a good and a bad answer.
    Preference,
    /// JSON lines as TRL reads them, in messages: good answers, pairs, or answers with a label; see `--task`.
    Trl,
    /// A JSON list of `instruction`, `input` and `output`, as Alpaca's: good answers.
    Alpaca,
    /// A table (RFC 4180) with a row an answer, good and bad, with all that is known of it.
    Csv,
}

/// What TRL is to train.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// By good answers (SFT): `messages`.
    #[default]
    Sft,
    /// By pairs (DPO and its like): `prompt`, `chosen`, `rejected`.
    Preference,
    /// By answers that are good or bad (KTO): `prompt`, `completion`, `label`.
    Unpaired,
}

impl Format {
    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Chat | Self::Preference | Self::Trl => "jsonl",
            Self::Alpaca => "json",
            Self::Csv => "csv",
        }
    }

    /// What stands before, between and after the rows.
    pub(super) const fn around(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Chat | Self::Preference | Self::Trl => ("", "", ""),
            Self::Alpaca => ("[\n", ",\n", "\n]\n"),
            Self::Csv => (csv::HEAD, "", ""),
        }
    }
}

/// What rows are written with, beside their example.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing<'a> {
    pub format: Format,
    pub task: Task,
    /// What the application is told about itself, before every dialogue that is written in messages.
    pub system: Option<&'a str>,
    /// Whether cells that a spreadsheet would take for formulas are made harmless.
    pub for_spreadsheets: bool,
    /// The part that the example is in.
    pub split: Option<&'a str>,
}

/// A row as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its text, with the end of the line where it has one.
    pub text: String,
    /// Where its answers were found: `label`, or `variant/failure` for a pair.
    pub source: String,
    /// Cells that a spreadsheet would take for formulas.
    pub formulas: usize,
}

impl Writing<'_> {
    /// The rows of an example, or why it has none.
    pub fn rows(&self, example: &Example) -> Result<Vec<Row>, Left> {
        match (self.format, self.task) {
            (Format::Chat, _) | (Format::Trl, Task::Sft) => messages::rows(self, example),
            (Format::Trl, Task::Preference) => messages::pairs(self, example),
            (Format::Trl, Task::Unpaired) => Ok(messages::labelled(self, example)),
            (Format::Preference, _) => preference::rows(example),
            (Format::Alpaca, _) => alpaca::rows(example),
            (Format::Csv, _) => csv::rows(self, example, word(bucket(example.tally))),
        }
    }

    /// The dialogue with what the application is told about itself.
    fn dialogue(&self, example: &Example) -> Vec<Said> {
        let system = self
            .system
            .map(|content| Said { role: super::example::Role::System, content: content.to_owned() });
        system.into_iter().chain(example.dialogue.iter().cloned()).collect()
    }
}

/// A line of JSON. What is written are texts in structs, in which nothing can fail.
fn json_line(value: &impl Serialize, source: String) -> Row {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    Row { text, source, formulas: 0 }
}

/// The good answers, or that there is none.
fn good(example: &Example) -> Result<Vec<&Answer>, Left> {
    let good: Vec<&Answer> = example.answers_that_are(true).collect();
    if good.is_empty() { Err(Left::NoGood) } else { Ok(good) }
}

/// Pairs of a good and a bad answer: as many as the longer of the two lists, the shorter one from its beginning
/// again, so that every answer is in one and none in all of them.
fn pairs(example: &Example) -> Result<Vec<(&Answer, &Answer)>, Left> {
    let (good, bad): (Vec<&Answer>, Vec<&Answer>) =
        (example.answers_that_are(true).collect(), example.answers_that_are(false).collect());
    if good.is_empty() || bad.is_empty() {
        return Err(Left::NoPair);
    }
    let many = good.len().max(bad.len());
    Ok((0..many).map(|at| (good[at % good.len()], bad[at % bad.len()])).collect())
}

/// Where the answers of a pair were found.
fn sources((good, bad): (&Answer, &Answer)) -> String {
    format!("{}/{}", good.source.word(), bad.source.word())
}
