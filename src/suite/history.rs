//! What checks of a judge came to, over time: `<judge>.history.jsonl` beside the judge's file, a line for each
//! check, to be committed.

use super::diagnostic::{Diagnostic, Diagnostics};
use super::files::Files;
use super::judges::JudgeDefinition;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// When.
    pub at: jiff::Timestamp,
    /// Fingerprint of the judge as it was then.
    pub judge: String,
    /// The models that answered, as they call themselves.
    pub models: Vec<String>,
    /// The class that was looked for.
    pub positive: String,
    /// Positive for people and for the judge.
    pub true_positives: usize,
    /// Negative for people, positive for the judge.
    pub false_positives: usize,
    /// Positive for people, negative for the judge.
    pub false_negatives: usize,
    /// Negative for both.
    pub true_negatives: usize,
    /// Labelled, and not graded by the judge.
    pub ungraded: usize,
    /// Share of the answers on which both agree.
    pub accuracy: Option<f64>,
    /// Share of the positive answers that the judge calls so.
    pub tpr: Option<f64>,
    /// Share of the negative answers that the judge calls so.
    pub tnr: Option<f64>,
    /// Agreement beyond chance.
    pub kappa: Option<f64>,
}

impl Checked {
    /// The day, as year, month and day.
    pub fn day(&self) -> String {
        self.at.strftime("%Y-%m-%d").to_string()
    }
}

impl JudgeDefinition {
    /// What its checks came to, oldest first; nothing where it was never checked.
    pub fn history(&self, root: &Path) -> Result<Vec<Checked>, Diagnostics> {
        let mut files = Files::new(root, &self.path);
        let name = self.history_name();
        if !root.join(files.shown(&name)).exists() {
            return Ok(Vec::new());
        }
        let source = files.data(&name)?;
        let (mut out, mut lines, mut begin) = (Diagnostics::default(), Vec::new(), 0);
        for line in source.text.split_inclusive('\n') {
            let span = begin..begin + line.trim_end().len();
            begin += line.len();
            if line.trim().is_empty() {
                continue;
            }
            match serde_json::from_str(line) {
                Ok(checked) => lines.push(checked),
                Err(error) => out.push(
                    Diagnostic::new("bad-history", format!("this is no line of a judge's history: {error}"))
                        .at(source.spot(span))
                        .help("take the line out; `holdline judge check` adds one"),
                ),
            }
        }
        out.or(lines)
    }

    /// Adds what a check came to.
    pub fn remember(&self, root: &Path, checked: &Checked) -> std::io::Result<()> {
        let path = root.join(Files::new(root, &self.path).shown(&self.history_name()));
        // The judge may be one that comes with Holdline: then nothing need stand in the folder yet.
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut line = serde_json::to_string(checked)?;
        line.push('\n');
        std::fs::File::options().create(true).append(true).open(path)?.write_all(line.as_bytes())
    }

    pub(super) fn history_name(&self) -> String {
        format!("{}.history.jsonl", self.name)
    }
}
