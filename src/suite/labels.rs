//! Answers that people labelled, for judges to learn from and to be measured on: `<judge>.labels.jsonl` beside
//! the judge's file.

use super::diagnostic::{Diagnostic, Diagnostics, Source, quote, quote_all};
use super::files::Files;
use super::judges::JudgeDefinition;
use super::schema::OneOrMany;
use super::schema::judge::JudgeFile;
use super::variants::Approved;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// An answer that a person labelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Its id; in a file each person labels it once.
    pub id: String,
    /// What the application was asked.
    pub input: Value,
    /// What it answered.
    pub output: String,
    /// The passages it answered from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<String>,
    /// Texts that a right answer may be: one, or a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<OneOrMany<String>>,
    /// What the person said: `pass` or `fail`, what the judge calls them, or one of its labels or levels.
    pub label: String,
    /// Who labelled it.
    pub labeller: String,
    /// When, as year, month and day.
    pub date: jiff::civil::Date,
    /// Why, for the judge to learn from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What else is worth knowing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Which part of the labels it belongs to: `holdout`, or what the judge takes its examples from.
    #[serde(default = "holdout")]
    pub split: String,
    /// The scenario it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// What it may be used for beside measuring the judge; nothing where nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approved>,
}

fn holdout() -> String {
    "holdout".into()
}

impl Label {
    /// The texts that a right answer may be; empty where none is given.
    pub fn references(&self) -> &[String] {
        self.reference.as_ref().map_or(&[], OneOrMany::as_slice)
    }
}

/// The labels of a judge that it may be measured on.
#[derive(Debug, Clone, Default)]
pub struct Holdout {
    /// One label for each answer on which people agree, in the order of the file.
    pub labels: Vec<Label>,
    /// Answers on which people disagree: nobody knows what is right there.
    pub disputed: usize,
    /// What two people said of the answers that both labelled, as counts by the places of their words among
    /// the judge's; empty where nothing was labelled twice.
    pub pairs: Vec<Vec<usize>>,
}

/// The file of a judge's labels, to be added to.
#[derive(Debug)]
pub struct LabelFile {
    /// How the file is shown.
    pub path: String,
    /// What stands in it.
    pub labels: Vec<Label>,
    place: PathBuf,
}

impl JudgeDefinition {
    /// The labels that the judge may be measured on. Those that it is shown as examples are left out; one that
    /// stands in both parts is an error.
    pub fn holdout(&self, root: &Path) -> Result<Holdout, Diagnostics> {
        let mut files = Files::new(root, &self.path);
        let source = files.data(&self.labels_name()).map_err(|problem| {
            problem.help("label answers with `holdline judge label`, or one JSON object a line: `id`, `input`, `output`, `label`, `labeller`, `date`")
        })?;
        let labels = parse(&self.file, &source)?;
        let shown = self.file.examples.as_ref().map(|examples| examples.split.as_str());
        let text = |label: &Label| (label.input.to_string(), label.output.trim().to_owned());
        let examples: BTreeSet<_> = self.examples.iter().map(text).collect();
        let (mut out, mut kept) = (Diagnostics::default(), Vec::new());
        for label in labels.into_iter().filter(|label| Some(label.split.as_str()) != shown) {
            if examples.contains(&text(&label)) {
                let what = format!("{} is among the examples that the judge is shown", quote(&label.id));
                out.push(
                    Diagnostic::new("example-in-holdout", what).note(format!("in {}", source.file)).help(
                        "a judge cannot be measured on what it was told: take the line out of one part",
                    ),
                );
            }
            kept.push(label);
        }
        out.or(Holdout::of(&self.file, kept))
    }

    /// The file of its labels; none need be there.
    pub fn label_file(&self, root: &Path) -> Result<LabelFile, Diagnostics> {
        let mut files = Files::new(root, &self.path);
        let name = self.labels_name();
        let path = files.shown(&name);
        let place = root.join(&path);
        let labels = if place.exists() { parse(&self.file, &*files.data(&name)?)? } else { Vec::new() };
        Ok(LabelFile { path, labels, place })
    }

    fn labels_name(&self) -> String {
        format!("{}.labels.jsonl", self.name)
    }
}

impl Holdout {
    fn of(file: &JudgeFile, mut labels: Vec<Label>) -> Self {
        let words = file.words();
        let place = |label: &Label| words.iter().position(|word| *word == label.label);
        let mut by_answer: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, label) in labels.iter().enumerate() {
            by_answer.entry(label.id.clone()).or_default().push(at);
        }
        let mut holdout = Self::default();
        let mut disputed = BTreeSet::new();
        for (id, places) in &by_answer {
            if let [first, second, ..] = places.as_slice() {
                let of = |at: &usize| labels.get(*at).and_then(place);
                if let (Some(first), Some(second)) = (of(first), of(second)) {
                    if holdout.pairs.is_empty() {
                        holdout.pairs = vec![vec![0; words.len()]; words.len()];
                    }
                    holdout.pairs[first][second] += 1;
                }
                if places.iter().any(|at| of(at) != of(first)) {
                    disputed.insert(id.clone());
                }
            }
        }
        holdout.disputed = disputed.len();
        let mut seen = BTreeSet::new();
        labels.retain(|label| !disputed.contains(&label.id) && seen.insert(label.id.clone()));
        holdout.labels = labels;
        holdout
    }
}

impl LabelFile {
    /// Adds a label; it is on the disk when this returns.
    pub fn add(&mut self, label: Label) -> std::io::Result<()> {
        let mut line = serde_json::to_string(&label)?;
        line.push('\n');
        // The judge may be one that comes with Holdline: then nothing need stand in the folder yet.
        if let Some(folder) = self.place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::File::options().create(true).append(true).open(&self.place)?;
        file.write_all(line.as_bytes())?;
        file.sync_data()?;
        self.labels.push(label);
        Ok(())
    }

    /// Takes the last label back, where it is still the last line of the file.
    pub fn take_back(&mut self) -> std::io::Result<()> {
        let Some(last) = self.labels.pop() else { return Ok(()) };
        let line = serde_json::to_string(&last)? + "\n";
        let text = std::fs::read_to_string(&self.place)?;
        if let Some(before) = text.strip_suffix(&line) {
            let file = std::fs::File::options().write(true).open(&self.place)?;
            file.set_len(before.len() as u64)?;
            file.sync_data()?;
        }
        Ok(())
    }
}

/// The lines of a file of labels, each with the verdict of the judge's that its label means.
pub(super) fn parse(judge: &JudgeFile, source: &Source) -> Result<Vec<Label>, Diagnostics> {
    let (mut out, mut labels, mut seen) = (Diagnostics::default(), Vec::new(), BTreeSet::new());
    let mut begin = 0;
    for line in source.text.split_inclusive('\n') {
        let span = begin..begin + line.trim_end().len();
        begin += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |what: String| Diagnostic::new("bad-label", what).at(source.spot(span.clone()));
        let mut label: Label = match serde_json::from_str(line) {
            Ok(label) => label,
            Err(error) => {
                out.push(wrong(format!("this is no labelled answer: {error}")));
                continue;
            }
        };
        if let Some(word) = judge.word_of(&label.label) {
            label.label = word;
        } else {
            let words = judge.words();
            let known = quote_all(words.iter().map(String::as_str));
            let what = format!("the judge has no verdict {}", quote(&label.label));
            out.push(wrong(what).help(format!("write one of {known}")));
        }
        if label.labeller.trim().is_empty() {
            out.push(wrong("`labeller` says nothing".into()).help("write who labelled the answer"));
        }
        if !seen.insert((label.id.clone(), label.labeller.clone())) {
            let what = format!("{} labelled {} twice", quote(&label.labeller), quote(&label.id));
            out.push(wrong(what).help("leave one of the two lines"));
        }
        labels.push(label);
    }
    out.or(labels)
}
