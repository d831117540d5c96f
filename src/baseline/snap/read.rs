//! Reads a baseline file of any format that there ever was.

use super::{Snap, case};
use crate::baseline::accepted::{
    Acceptance, AcceptedCase, AcceptedMetric, AcceptedRun, Baseline, FORMAT, Fingerprints, KEPT_RUNS,
};
use crate::baseline::error::BaselineError;
use crate::baseline::field;
use crate::expand::CaseId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The first version of the format, which knows no numbers.
const FIRST: u32 = 1;

/// The first version that keeps what was answered in every run.
const WHOLE_RUNS: u32 = 3;

/// Lines that a front matter may have before it counts as never closed.
const FRONT_MATTER_LINES: usize = 64;

/// Reads a file's contents; `path` is for what is said of mistakes.
pub(super) fn snap(text: &str, path: &Path) -> Result<Snap, BaselineError> {
    let reader = Reader { path };
    if let Some(at) = text.lines().position(is_conflict_marker) {
        return Err(BaselineError::Conflict { path: path.to_owned(), line: at + 1 });
    }
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let source = reader.front_matter(&mut lines)?;
    reader.body(&mut lines, source)
}

fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|marker| line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

struct Reader<'a> {
    path: &'a Path,
}

impl Reader<'_> {
    fn wrong(&self, line: usize, what: impl Into<String>) -> BaselineError {
        BaselineError::Malformed { path: self.path.to_owned(), line, what: what.into() }
    }

    /// Reads up to the line that closes the front matter and gives its `source`. Other keys are
    /// insta's and hold nothing of ours.
    fn front_matter<'t>(
        &self,
        lines: &mut impl Iterator<Item = (usize, &'t str)>,
    ) -> Result<String, BaselineError> {
        match lines.next() {
            Some((_, first)) if first.trim_end() == "---" => {}
            _ => return Err(self.wrong(1, "the file does not begin with `---`")),
        }
        let mut source = String::new();
        for (at, line) in lines.take(FRONT_MATTER_LINES) {
            if line.trim_end() == "---" {
                return Ok(source);
            }
            if let Some(value) = line.strip_prefix("source:") {
                let value = value.trim();
                source = if value.starts_with('"') {
                    serde_json::from_str(value).map_err(|_| self.wrong(at, "`source` is not a text"))?
                } else {
                    value.to_owned()
                };
            }
        }
        Err(self.wrong(1, "the front matter is never closed with `---`"))
    }

    fn body<'t>(
        &self,
        lines: &mut impl Iterator<Item = (usize, &'t str)>,
        source: String,
    ) -> Result<Snap, BaselineError> {
        let mut draft = Draft::default();
        let mut last = 1;
        let mut ended = false;
        for (at, line) in lines {
            if ended {
                if line.trim().is_empty() {
                    continue;
                }
                return Err(self.wrong(at, "there is more after the line `end`"));
            }
            last = at;
            let mut fields = line.split('\t');
            let word = fields.next().unwrap_or_default();
            let fields: Vec<&str> = fields.collect();
            if draft.format.is_none() {
                draft.format = Some(self.format(at, word, &fields)?);
            } else if word == "end" && fields.is_empty() {
                ended = true;
            } else {
                draft.take(word, &fields).map_err(|what| self.wrong(at, what))?;
            }
        }
        if !ended {
            return Err(self.wrong(last, "the file stops before its line `end`: it was cut off"));
        }
        draft.finish(source).map_err(|what| self.wrong(last, what))
    }

    /// The first line of the body: it decides whether the others can be read at all.
    fn format(&self, line: usize, word: &str, fields: &[&str]) -> Result<u32, BaselineError> {
        let found = match (word, fields) {
            ("format", [number]) => number.parse::<u32>().ok(),
            _ => None,
        };
        match found {
            Some(found @ FIRST..=FORMAT) => Ok(found),
            Some(found) if found > FORMAT => {
                Err(BaselineError::Newer { path: self.path.to_owned(), line, found })
            }
            _ => Err(self
                .wrong(line, format!("the body does not begin with `format` and a number up to {FORMAT}"))),
        }
    }
}

/// What of an answer is kept for every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Answered {
    Label,
    Number,
}

/// What has been read of a body so far.
#[derive(Default)]
struct Draft {
    /// The format, once its line is read.
    format: Option<u32>,
    suite: Option<String>,
    run: Option<String>,
    /// How many runs most cases keep, once its line is read.
    runs: Option<usize>,
    fingerprints: [Option<String>; 3],
    history: Vec<Acceptance>,
    change: Option<String>,
    metrics: BTreeMap<String, AcceptedMetric>,
    cases: BTreeMap<CaseId, AcceptedCase>,
    /// Cases whose earlier labels or numbers are read.
    told: BTreeSet<(CaseId, Answered)>,
}

impl Draft {
    fn take(&mut self, word: &str, fields: &[&str]) -> Result<(), String> {
        let text = |field: &str| field::read(field).map_err(|error| error.to_string());
        match (word, fields) {
            ("suite", [suite]) => once(&mut self.suite, text(suite)?, word),
            ("run", [run]) => once(&mut self.run, text(run)?, word),
            ("runs", [runs]) if self.keeps_answers() => {
                let runs = runs.parse().ok().filter(|runs| *runs <= KEPT_RUNS);
                let runs = runs.ok_or_else(|| format!("`runs` is not a number up to {KEPT_RUNS}"))?;
                if self.runs.replace(runs).is_some() { Err(twice(word)) } else { Ok(()) }
            }
            ("fingerprint", [which, value]) => {
                let at = ["suite", "judges", "target"].iter().position(|known| known == which);
                let slot = at.and_then(|at| self.fingerprints.get_mut(at));
                once(slot.ok_or("a fingerprint is not of `suite`, `judges` or `target`")?, text(value)?, word)
            }
            ("accepted", [run, at, by, reason, change]) => {
                let run = text(run)?;
                if self.history.iter().any(|known| known.run == run) {
                    return Err("a run is accepted twice".to_owned());
                }
                self.history.push(Acceptance {
                    run,
                    at: text(at)?,
                    by: text(by)?,
                    reason: text(reason)?,
                    change: text(change)?,
                });
                Ok(())
            }
            ("pending", [change]) => once(&mut self.change, text(change)?, word),
            ("metric", [key, value, n]) => self.metric(text(key)?, value, n),
            ("case", [id, outcomes, label, expected]) => self.case(id, outcomes, [label, expected], None),
            ("case", [id, outcomes, label, expected, number]) if self.format != Some(FIRST) => {
                self.case(id, outcomes, [label, expected], Some(number))
            }
            ("labels", [id, labels @ ..]) if self.keeps_answers() => {
                self.earlier(id, labels, Answered::Label, |run, label| {
                    run.label = field::read_option(label).map_err(|error| error.to_string())?;
                    Ok(())
                })
            }
            ("numbers", [id, numbers @ ..]) if self.keeps_answers() => {
                self.earlier(id, numbers, Answered::Number, |run, number| {
                    run.number = match number {
                        field::NONE => None,
                        number => Some(finite(number).ok_or("the number of a case is not one")?),
                    };
                    Ok(())
                })
            }
            (
                "suite" | "run" | "runs" | "fingerprint" | "accepted" | "pending" | "metric" | "case"
                | "labels" | "numbers",
                _,
            ) if self.keeps_answers() || !matches!(word, "runs" | "labels" | "numbers") => {
                Err(format!("a line `{word}` has {} fields, which is not what such a line has", fields.len()))
            }
            _ => Err("a line begins with no word that Holdline knows".to_owned()),
        }
    }

    fn metric(&mut self, key: String, value: &str, n: &str) -> Result<(), String> {
        let value = match value {
            field::NONE => None,
            number => Some(finite(number).ok_or("the value of a metric is not a number")?),
        };
        let n = n.parse().map_err(|_| "the count of a metric is not a whole number")?;
        match self.metrics.insert(key, AcceptedMetric { value, n }) {
            None => Ok(()),
            Some(_) => Err("a metric is there twice".to_owned()),
        }
    }

    fn case(
        &mut self,
        id: &str,
        outcomes: &str,
        [label, expected]: [&str; 2],
        number: Option<&str>,
    ) -> Result<(), String> {
        let id = id.parse().map_err(|_| "a case has no id of 16 hex digits")?;
        let mut runs = if self.keeps_answers() {
            case::outcomes(outcomes, self.runs.ok_or("a case stands before the line `runs`")?)?
        } else {
            case::all_outcomes(outcomes)?
        };
        let text = |field: &str| field::read_option(field).map_err(|error| error.to_string());
        let label = text(label)?;
        let number = match number {
            Some(number) => Some(finite(number).ok_or("the number of a case is not one")?),
            None => None,
        };
        for run in &mut runs {
            (run.label, run.number) = (label.clone(), number);
        }
        match self.cases.insert(id, AcceptedCase { runs, expected: text(expected)? }) {
            None => Ok(()),
            Some(_) => Err("a case is there twice".to_owned()),
        }
    }

    /// Reads what was answered in the runs before the newest.
    fn earlier(
        &mut self,
        id: &str,
        fields: &[&str],
        what: Answered,
        set: impl Fn(&mut AcceptedRun, &str) -> Result<(), String>,
    ) -> Result<(), String> {
        let id = id.parse().map_err(|_| "a case has no id of 16 hex digits")?;
        let case = self.cases.get_mut(&id).ok_or("what a case answered earlier stands before the case")?;
        if !self.told.insert((id, what)) {
            return Err("what a case answered earlier is there twice".to_owned());
        }
        let Some((_, before)) = case.runs.split_last_mut().filter(|(_, before)| before.len() == fields.len())
        else {
            let runs = case.runs.len();
            return Err(format!(
                "earlier answers of a case with {runs} runs are {} and not {}",
                fields.len(),
                runs.saturating_sub(1)
            ));
        };
        before.iter_mut().zip(fields).try_for_each(|(run, field)| set(run, field))
    }

    /// Whether the format keeps what was answered in every run.
    fn keeps_answers(&self) -> bool {
        self.format.is_some_and(|format| format >= WHOLE_RUNS)
    }

    fn finish(self, source: String) -> Result<Snap, String> {
        let missing = |word: &str| format!("the line `{word}` is missing");
        let whole = self.keeps_answers();
        let [suite, judges, target] = self.fingerprints;
        let mut cases = self.cases;
        if whole {
            self.runs.ok_or_else(|| missing("runs"))?;
        } else if cases.values().any(answers_matter) {
            // What was answered in them was not kept, and a ratio is pooled over all runs.
            for case in cases.values_mut() {
                case.runs.drain(..case.runs.len().saturating_sub(1));
            }
        }
        let baseline = Baseline {
            suite: self.suite.ok_or_else(|| missing("suite"))?,
            run: self.run.ok_or_else(|| missing("run"))?,
            fingerprints: Fingerprints {
                suite: suite.ok_or_else(|| missing("fingerprint suite"))?,
                judges: judges.ok_or_else(|| missing("fingerprint judges"))?,
                target: target.ok_or_else(|| missing("fingerprint target"))?,
            },
            history: self.history,
            metrics: self.metrics,
            cases,
        };
        Ok(Snap { source, change: self.change, baseline })
    }
}

/// Whether it matters what a case answered, beside its outcome.
fn answers_matter(case: &AcceptedCase) -> bool {
    case.expected.is_some() || case.label().is_some() || case.number().is_some()
}

fn twice(word: &str) -> String {
    format!("the line `{word}` is there twice")
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn once(slot: &mut Option<String>, value: String, word: &str) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(twice(word)),
    }
}
