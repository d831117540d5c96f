//! A variant tried beside its suite before it is accepted: whether it would load, what it would be, and whether
//! something nearly the same is there.

use crate::expand::{Case, Expansion, cases_of};
use crate::judge::{JudgeContext, Judges};
use crate::report::escape::{shortened, terminal_line};
use crate::suite::Suite;
use crate::suite::variants::{Approved, Placed, SeedRef, Variant, VariantFile};
use crate::synth::draft::Draft;
use crate::synth::select::{Rejection, Sieve};
use serde_json::Value;
use std::sync::OnceLock;

/// The line that a variant which is tried stands in: one that no file has.
const LINE: u32 = u32::MAX;

/// Longest input, in bytes.
const LONGEST: usize = 1 << 20;

/// Characters of a reason that are shown.
const WHY: usize = 300;

/// Why a variant cannot stand beside its suite.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// Nobody says what must hold of the answer.
    #[error(
        "nobody says what must hold of the answer: state it, as a label or a table such as `{{ contains = \"…\" }}`"
    )]
    Unstated,
    /// The suite has no such scenario any more.
    #[error("the suite has no scenario `{0}` any more; reject it, or bring the scenario back")]
    Scenario(String),
    /// It would be no case.
    #[error("it would be no case: {0}")]
    Case(String),
    /// Its expectation cannot be checked.
    #[error("its expectation cannot be checked: {0}")]
    Expectation(String),
    /// It has no shape that could be asked.
    #[error("{0}")]
    Shape(&'static str),
    /// It asks what its seed asks, as answers do that a model wrote to a seed.
    #[error(
        "it asks what its seed asks, and would be no case of its own: accept it to train on; `holdline judge label SUITE --judge NAME --written` shows its answer to people who label"
    )]
    AsksSeed,
    /// The same is there already.
    #[error("the same stands in line {line} of {path} already")]
    Same {
        /// The file, as it is shown.
        path: String,
        /// The line.
        line: u32,
    },
    /// The filter keeps it out.
    #[error("the filter keeps it out ({code}): {why}")]
    Filter {
        /// The code of its reason.
        code: &'static str,
        /// The reason in words, safe to be shown.
        why: String,
    },
}

/// What a variant would be.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The case.
    pub case: Case,
    /// Its seed, where it has one.
    pub seed: Option<Case>,
}

/// Where variants are tried.
#[derive(Debug)]
pub struct Trial {
    suite: Suite,
    cases: OnceLock<Vec<Case>>,
}

impl Trial {
    /// For the variants of a suite.
    pub fn new(suite: &Suite) -> Self {
        Self { suite: suite.clone(), cases: OnceLock::new() }
    }

    /// What a variant would be, beside what stands in the file now.
    pub fn of(&self, variant: &Variant, file: &VariantFile) -> Result<Tried, TrialError> {
        has_shape(variant)?;
        let id = variant.id("");
        if let Some(same) = file.variants.iter().find(|placed| placed.variant.id("") == id) {
            return Err(TrialError::Same { path: file.path.clone(), line: same.line });
        }
        let known = self.suite.scenarios.iter().find(|scenario| scenario.id == variant.scenario);
        let known = known.ok_or_else(|| TrialError::Scenario(variant.scenario.clone()))?;
        let mut scenario = known.clone();
        // Operators would only make more of the seeds.
        scenario.spec.expand = Vec::new();
        scenario.spec.total = None;
        // What is for training alone is no case, and may say what a case says: the two stand apart.
        let of_scenario = file.variants.iter().filter(|placed| placed.variant.scenario == scenario.id);
        let of_kind = of_scenario.filter(|placed| placed.variant.is_case() == variant.is_case());
        let tried = Placed { variant: variant.clone(), line: LINE };
        scenario.variants = of_kind.cloned().chain([tried]).collect();
        for placed in &mut scenario.variants {
            if let Some(review) = &mut placed.variant.review {
                review.approved = Approved::Both;
            }
        }
        let mut suite = Suite { scenarios: vec![scenario], ..self.suite.clone() };
        suite.spec.expand.total = None;
        let (mut seeds, mut found) = (Vec::new(), None);
        let visited = Expansion::new(&suite).and_then(|expansion| {
            expansion.visit(&mut |case| {
                if case.provenance.place.line == LINE && case.provenance.pedigree.is_some() {
                    found = Some(case);
                } else if case.provenance.pedigree.is_none() && is_of(variant, &case) {
                    seeds.push(case);
                }
            })
        });
        if let Err(errors) = visited {
            let mine = errors.iter().find(|error| error.place().line == LINE).or(errors.first());
            return Err(TrialError::Case(mine.map(ToString::to_string).unwrap_or_default()));
        }
        let case = found.ok_or_else(|| TrialError::Case("nothing came of it".into()))?;
        Judges::compile(&case.expect, &JudgeContext::of(&self.suite))
            .map_err(|error| TrialError::Expectation(error.to_string()))?;
        let seed = seeds.into_iter().find(|seed| seed.id == case.family);
        Ok(Tried { case, seed })
    }

    /// Whether words that a person changed still pass the filter that every candidate passed. What the person states
    /// must hold is the person's own, and not looked at.
    pub fn passes(&self, variant: &Variant, is_stated: bool, file: &VariantFile) -> Result<(), TrialError> {
        has_shape(variant)?;
        let cases = self.cases.get_or_init(|| cases_of(&self.suite).unwrap_or_default());
        let mut sieve = Sieve::new(&self.suite, cases);
        let generator = variant.made.generator.as_ref().map_or("", |generator| generator.name.as_str());
        sieve.begin(&variant.scenario, generator);
        sieve.with_documents(&variant.made.sources);
        for placed in file.variants.iter().filter(|placed| !self.has(placed)) {
            sieve.know(&placed.variant, &format!("variant in line {} of {}", placed.line, file.path));
        }
        let draft = Draft {
            input: variant.input.clone(),
            turns: variant.turns.clone(),
            of: variant.of.clone(),
            promise: variant.promise,
            expect: variant.expect.clone().filter(|_| !is_stated),
            row: variant.row.clone(),
            knobs: variant.knobs.clone(),
            sources: variant.made.sources.clone(),
            tags: variant.tags.clone(),
            truth: variant.truth,
        };
        let kept_out = |rejection: Rejection| TrialError::Filter {
            code: rejection.reason.code(),
            why: terminal_line(&shortened(&rejection.why, WHY)),
        };
        sieve.examine(&draft, None).map(drop).map_err(kept_out)
    }

    /// Whether a variant stood beside the suite when the review began.
    fn has(&self, placed: &Placed) -> bool {
        let mut known = self.suite.scenarios.iter().flat_map(|scenario| &scenario.variants);
        known.any(|known| known.variant == placed.variant)
    }
}

/// Whether a case is the seed that a variant names.
fn is_of(variant: &Variant, case: &Case) -> bool {
    match &variant.of {
        Some(SeedRef::Row(id)) => case.row_id.as_ref() == Some(id),
        Some(SeedRef::Input(input)) => case.input == *input && case.id == case.family,
        None => false,
    }
}

/// Whether it can be asked.
fn has_shape(variant: &Variant) -> Result<(), TrialError> {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let is_blank = match &variant.input {
        Value::String(text) => text.trim().is_empty(),
        other => other.is_null(),
    };
    if is_blank && variant.expect.is_none() {
        return Err(TrialError::Shape("it says nothing"));
    }
    let texts = variant.input.as_str().into_iter().chain(variant.turns.iter().map(String::as_str));
    for text in texts {
        if text.len() > LONGEST {
            return Err(TrialError::Shape("it is longer than 1 MiB"));
        }
        if text.chars().any(control) {
            return Err(TrialError::Shape("it holds control characters"));
        }
    }
    if variant.turns.iter().any(|turn| turn.trim().is_empty()) {
        return Err(TrialError::Shape("one of its turns says nothing"));
    }
    Ok(())
}
