//! Reads a baseline file of any format that there ever was.

use super::{Snap, case};
use crate::baseline::accepted::{Acceptance, AcceptedMetric, Baseline, FORMAT, Fingerprints, KEPT_RUNS};
use crate::baseline::cases::{AcceptedCase, AcceptedCases, AcceptedRun, Builder};
use crate::baseline::error::BaselineError;
use crate::baseline::field;
use crate::baseline::lines::Lines;
use crate::expand::CaseId;
use crate::suite::metric_names;
use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;
use std::path::Path;

/// The first version of the format, which knows no numbers.
const FIRST: u32 = 1;

/// The first version that keeps what was answered in every run.
const WHOLE_RUNS: u32 = 3;

/// The first version that keeps scores.
const SCORES: u32 = 4;

/// Lines that a front matter may have before it counts as never closed.
const FRONT_MATTER_LINES: usize = 64;

/// Reads a file, line by line. What is no text comes before a conflict, and that before any other mistake.
pub(super) fn snap(lines: &mut Lines<'_, impl BufRead>) -> Result<Snap, BaselineError> {
    let path = lines.path();
    let mut reader =
        Reader { path, place: Place::Start, source: String::new(), draft: Draft::default(), last: 1 };
    let (mut at, mut conflict, mut mistake) = (0, None, None);
    while let Some(line) = lines.next()? {
        at += 1;
        if is_conflict_marker(line) {
            conflict = conflict.or(Some(at));
        } else if conflict.is_none() && mistake.is_none() {
            mistake = reader.take(at, line).err();
        }
    }
    match (conflict, mistake) {
        (Some(line), _) => Err(BaselineError::Conflict { path: path.to_owned(), line }),
        (None, Some(mistake)) => Err(mistake),
        (None, None) => reader.finish(),
    }
}

fn is_conflict_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|marker| line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

struct Reader<'a> {
    path: &'a Path,
    place: Place,
    /// The `source` of the front matter.
    source: String,
    draft: Draft,
    /// The last line of the body.
    last: usize,
}

/// Where in the file the next line stands.
enum Place {
    Start,
    /// In the front matter, behind so many lines of it.
    FrontMatter(usize),
    Body,
    /// Behind the line `end`.
    End,
}

impl Reader<'_> {
    fn wrong(&self, line: usize, what: impl Into<String>) -> BaselineError {
        BaselineError::Malformed { path: self.path.to_owned(), line, what: what.into() }
    }

    fn take(&mut self, at: usize, line: &str) -> Result<(), BaselineError> {
        match self.place {
            Place::Start if line.trim_end() == "---" => self.place = Place::FrontMatter(0),
            Place::Start => return Err(self.not_begun()),
            Place::FrontMatter(_) if line.trim_end() == "---" => self.place = Place::Body,
            Place::FrontMatter(read) => {
                self.front_matter(at, line)?;
                if read + 1 == FRONT_MATTER_LINES {
                    return Err(self.not_closed());
                }
                self.place = Place::FrontMatter(read + 1);
            }
            Place::Body => self.body(at, line)?,
            Place::End if line.trim().is_empty() => {}
            Place::End => return Err(self.wrong(at, "there is more after the line `end`")),
        }
        Ok(())
    }

    fn not_begun(&self) -> BaselineError {
        self.wrong(1, "the file does not begin with `---`")
    }

    fn not_closed(&self) -> BaselineError {
        self.wrong(1, "the front matter is never closed with `---`")
    }

    /// Takes its `source`. Other keys are insta's and hold nothing of ours.
    fn front_matter(&mut self, at: usize, line: &str) -> Result<(), BaselineError> {
        let Some(value) = line.strip_prefix("source:") else { return Ok(()) };
        let value = value.trim();
        self.source = if value.starts_with('"') {
            serde_json::from_str(value).map_err(|_| self.wrong(at, "`source` is not a text"))?
        } else {
            value.to_owned()
        };
        Ok(())
    }

    fn body(&mut self, at: usize, line: &str) -> Result<(), BaselineError> {
        self.last = at;
        let mut fields = line.split('\t');
        let word = fields.next().unwrap_or_default();
        let fields: Vec<&str> = fields.collect();
        if self.draft.format.is_none() {
            self.draft.format = Some(self.format(at, word, &fields)?);
        } else if word == "end" && fields.is_empty() {
            self.place = Place::End;
        } else {
            self.draft.take(word, &fields).map_err(|what| self.wrong(at, what))?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Snap, BaselineError> {
        match self.place {
            Place::Start => Err(self.not_begun()),
            Place::FrontMatter(_) => Err(self.not_closed()),
            Place::Body => Err(self.wrong(self.last, "the file stops before its line `end`: it was cut off")),
            Place::End => {
                let Self { path, source, draft, last, .. } = self;
                let malformed = |what| BaselineError::Malformed { path: path.to_owned(), line: last, what };
                draft.finish(source).map_err(malformed)
            }
        }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    cases: Builder,
    /// Cases whose earlier labels or numbers are read.
    told: HashSet<(CaseId, Answered)>,
    /// Cases whose scores by a metric are read.
    scored: HashSet<(CaseId, String)>,
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
                self.earlier(id, labels, Answered::Label, |cases, case, run, label| {
                    let label = field::read_option(label).map_err(|error| error.to_string())?;
                    cases.set_label(case, run, label.as_deref());
                    Ok(())
                })
            }
            ("numbers", [id, numbers @ ..]) if self.keeps_answers() => {
                self.earlier(id, numbers, Answered::Number, |cases, case, run, number| {
                    let number = match number {
                        field::NONE => None,
                        number => Some(finite(number).ok_or("the number of a case is not one")?),
                    };
                    cases.set_number(case, run, number);
                    Ok(())
                })
            }
            ("scores", [id, metric, scores @ ..]) if self.format >= Some(SCORES) => {
                self.scores(id, metric, scores)
            }
            (
                "suite" | "run" | "runs" | "fingerprint" | "accepted" | "pending" | "metric" | "case"
                | "labels" | "numbers" | "scores",
                _,
            ) if self.knows(word) => {
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
        let outcomes = if self.keeps_answers() {
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
        let label = label.as_deref();
        let runs = outcomes.into_iter().map(|outcome| AcceptedRun { outcome, label, number });
        if self.cases.push(id, runs, text(expected)?.as_deref()) {
            Ok(())
        } else {
            Err("a case is there twice".to_owned())
        }
    }

    /// Reads what was answered in the runs before the newest.
    fn earlier(
        &mut self,
        id: &str,
        fields: &[&str],
        what: Answered,
        set: impl Fn(&mut Builder, usize, usize, &str) -> Result<(), String>,
    ) -> Result<(), String> {
        let id: CaseId = id.parse().map_err(|_| "a case has no id of 16 hex digits")?;
        let case = self.cases.place(id).ok_or("what a case answered earlier stands before the case")?;
        if !self.told.insert((id, what)) {
            return Err("what a case answered earlier is there twice".to_owned());
        }
        let runs = self.cases.runs(case);
        if runs == 0 || fields.len() != runs - 1 {
            return Err(format!(
                "earlier answers of a case with {runs} runs are {} and not {}",
                fields.len(),
                runs.saturating_sub(1)
            ));
        }
        fields.iter().enumerate().try_for_each(|(run, field)| set(&mut self.cases, case, run, field))
    }

    /// Reads what a case scores by a metric: once for all its runs, or in each.
    fn scores(&mut self, id: &str, metric: &str, scores: &[&str]) -> Result<(), String> {
        let id: CaseId = id.parse().map_err(|_| "a case has no id of 16 hex digits")?;
        let case = self.cases.place(id).ok_or("what a case scores stands before the case")?;
        if !metric_names::named(metric).is_some_and(|known| known.gates.is_kept_by_case()) {
            return Err("a case scores by a metric that has no scores".to_owned());
        }
        if !self.scored.insert((id, metric.to_owned())) {
            return Err("what a case scores by a metric is there twice".to_owned());
        }
        let runs = self.cases.runs(case);
        if scores.len() != 1 && scores.len() != runs {
            return Err(format!(
                "the scores of a case with {runs} runs are {} and not 1 or {runs}",
                scores.len()
            ));
        }
        for run in 0..runs {
            let score = match scores[if scores.len() == 1 { 0 } else { run }] {
                field::NONE => None,
                score => Some(finite(score).ok_or("the score of a case is not a number")?),
            };
            self.cases.set_score(case, run, metric, score);
        }
        Ok(())
    }

    /// Whether the format has lines that begin with this word.
    fn knows(&self, word: &str) -> bool {
        match word {
            "runs" | "labels" | "numbers" => self.keeps_answers(),
            "scores" => self.format >= Some(SCORES),
            _ => true,
        }
    }

    /// Whether the format keeps what was answered in every run.
    fn keeps_answers(&self) -> bool {
        self.format.is_some_and(|format| format >= WHOLE_RUNS)
    }

    fn finish(self, source: String) -> Result<Snap, String> {
        let missing = |word: &str| format!("the line `{word}` is missing");
        let whole = self.keeps_answers();
        let [suite, judges, target] = self.fingerprints;
        let mut cases = self.cases.finish();
        if whole {
            self.runs.ok_or_else(|| missing("runs"))?;
        } else if cases.iter().any(|(_, case)| answers_matter(case)) {
            // What was answered in them was not kept, and a ratio is pooled over all runs.
            cases = newest(&cases);
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
fn answers_matter(case: AcceptedCase<'_>) -> bool {
    case.expected().is_some() || case.label().is_some() || case.number().is_some()
}

/// The cases with their newest run alone.
fn newest(cases: &AcceptedCases) -> AcceptedCases {
    cases.iter().map(|(id, case)| (id, case.runs().next_back(), case.expected())).collect()
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
