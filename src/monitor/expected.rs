//! What a suite expects of answers that no case asked for: which scenario a request belongs to, and what must hold of
//! an answer to any request of it.
//!
//! **Whose request is it?** One that names its scenario is that scenario's. Else one that says what a seed says, word
//! for word, or carries its row's id with it, is the seed's. Else it is that of the seed that it is most like, where
//! the Jaccard similarity of their character 5-grams reaches a bar. Else it is like no scenario.
//!
//! **What must hold?** Of an answer to a seed's own words, all that is expected of the seed. Of any other, those entries
//! of the scenario that no column of a row and no knob fills in: the rest needs its seed, and is counted as left out.

use super::record::{Logged, text_of};
use crate::expand::similar::Index;
use crate::expand::{Case, ExpandError, Expansion};
use crate::judge::{JudgeContext, JudgeError, Judges, Outcome, Verdict};
use crate::run::{Script, ScriptError, Transcript};
use crate::suite::Suite;
use crate::suite::params::PARAMS;
use crate::suite::project::Project;
use crate::suite::schema::{Expect, OneOrMany};
use crate::suite::template::{JsonTemplate, Scope, Template};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Lists of expectations whose checks are kept compiled.
const KEPT: usize = 4096;

/// Why the expectations of a suite cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExpectedError {
    /// Its cases cannot be made.
    #[error("its cases cannot be made: {}", first(.0))]
    Cases(Vec<ExpandError>),
    /// What is expected cannot be compiled.
    #[error("scenario `{scenario}`: {error}")]
    Judge {
        /// Its id.
        scenario: String,
        /// What is wrong.
        error: JudgeError,
    },
    /// A conversation cannot be led.
    #[error("scenario `{scenario}`: {error}")]
    Script {
        /// Its id.
        scenario: String,
        /// What is wrong.
        error: ScriptError,
    },
    /// A scenario of that name is not there.
    #[error("there is no scenario `{0}` in this suite")]
    NoScenario(String),
}

fn first(errors: &[ExpandError]) -> String {
    errors.first().map(ToString::to_string).unwrap_or_default()
}

/// How it is known whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The log names the scenario.
    Named,
    /// It says what a seed says.
    Seed,
    /// It is like a seed.
    Alike,
    /// It is like no scenario.
    Unlike,
}

/// Whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Routed {
    /// How that is known.
    pub how: Route,
    /// Index of the scenario; none for [`Route::Unlike`].
    pub scenario: Option<usize>,
    /// Index of the seed whose words it says.
    pub seed: Option<usize>,
}

/// What checks that need no model and no program said of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    /// What it came to; nothing where nothing is checked.
    pub outcome: Option<Outcome>,
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
    /// Entries of `expect` that need the seed, and were not looked at.
    pub left_out: usize,
}

/// What must hold of an answer.
#[derive(Debug, Clone)]
pub struct Rules {
    /// All of it.
    pub expect: Arc<[Expect]>,
    /// Whether a model or a program is asked about it.
    pub asks: bool,
    /// Entries that need the seed.
    pub left_out: usize,
    /// The checks that need neither; nothing where there is none.
    quick: Option<Arc<Judges>>,
}

/// The expectations of a suite.
#[derive(Debug)]
pub struct Expected {
    suite: Arc<Suite>,
    project: Arc<Project>,
    context: Arc<JudgeContext>,
    scenarios: Vec<General>,
    seeds: Vec<Case>,
    by_input: HashMap<String, Vec<usize>>,
    index: Index,
    /// By the address of the list, which a seed holds on to.
    rules: HashMap<usize, Rules>,
}

/// What a scenario expects of an answer to any request.
#[derive(Debug)]
struct General {
    rules: Rules,
    /// Entries that the input is filled in of.
    of_input: Vec<JsonTemplate>,
    script: Script,
}

impl Expected {
    /// The expectations of a suite. `bar` is the least similarity, 0.01 to 1, at which a request is like a seed.
    pub fn of(suite: Arc<Suite>, project: Arc<Project>, bar: f64) -> Result<Self, ExpectedError> {
        let context = Arc::new(JudgeContext::of(&suite));
        let mut bare = (*suite).clone();
        // Variants say what seeds say in other words; nobody in production says just theirs.
        bare.scenarios.iter_mut().for_each(|scenario| scenario.spec.expand.clear());
        let mut seeds = Vec::new();
        let expansion = Expansion::new(&bare).map_err(ExpectedError::Cases)?;
        expansion.visit(&mut |case| seeds.push(case)).map_err(ExpectedError::Cases)?;
        let mut by_input: HashMap<String, Vec<usize>> = HashMap::new();
        let mut index = Index::new(bar);
        for (at, seed) in seeds.iter().enumerate() {
            by_input.entry(canonical(&seed.input)).or_default().push(at);
            index.keep(&text_of(&seed.input));
        }
        let scenarios = (0..suite.scenarios.len()).map(|at| General::of(&suite, at, &context));
        let scenarios = scenarios.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { suite, project, context, scenarios, seeds, by_input, index, rules: HashMap::new() })
    }

    /// The suite.
    pub const fn suite(&self) -> &Arc<Suite> {
        &self.suite
    }

    /// The project.
    pub const fn project(&self) -> &Arc<Project> {
        &self.project
    }

    /// The seed of this number.
    pub fn seed(&self, at: usize) -> &Case {
        &self.seeds[at]
    }

    /// The scenario of this id or name.
    pub fn scenario(&self, named: &str) -> Option<usize> {
        let all = &self.suite.scenarios;
        all.iter().position(|of| of.id == named).or_else(|| all.iter().position(|of| of.spec.name == named))
    }

    /// Whose request it is.
    pub fn route(&mut self, logged: &Logged) -> Routed {
        let named = logged.scenario.as_deref().and_then(|named| self.scenario(named));
        let input = logged.first_input();
        let said = canonical(input);
        let fits = |at: &&usize| named.is_none_or(|named| self.seeds[**at].scenario == named);
        // An id alone is the log's own as likely as a row's: the words decide.
        let of_row = |at: &&usize| logged.id.is_some() && self.seeds[**at].row_id == logged.id;
        let same = self.by_input.get(&said).map_or(&[][..], Vec::as_slice);
        let seed = same.iter().filter(fits).find(of_row).or_else(|| same.iter().find(fits)).copied();
        if let Some(seed) = seed {
            return Routed { how: Route::Seed, scenario: Some(self.seeds[seed].scenario), seed: Some(seed) };
        }
        if named.is_some() {
            return Routed { how: Route::Named, scenario: named, seed: None };
        }
        match self.index.nearest_within(&text_of(input)) {
            Some(near) => {
                let scenario = Some(self.seeds[near.index].scenario);
                Routed { how: Route::Alike, scenario, seed: None }
            }
            None => Routed { how: Route::Unlike, scenario: None, seed: None },
        }
    }

    /// What must hold of an answer; nothing of one that is like no scenario.
    pub fn rules(&mut self, logged: &Logged, routed: Routed) -> Result<Option<Rules>, ExpectedError> {
        let Some(scenario) = routed.scenario else { return Ok(None) };
        let id = &self.suite.scenarios[scenario].id;
        let wrong = |error| ExpectedError::Judge { scenario: id.clone(), error };
        if let Some(seed) = routed.seed {
            let expect = &self.seeds[seed].expect;
            let address = expect.as_ptr() as usize;
            if let Some(rules) = self.rules.get(&address) {
                return Ok(Some(rules.clone()));
            }
            let rules = Rules::of(expect.clone(), 0, &self.context).map_err(wrong)?;
            if self.rules.len() < KEPT && !expect.is_empty() {
                self.rules.insert(address, rules.clone());
            }
            return Ok(Some(rules));
        }
        let general = &self.scenarios[scenario];
        if general.of_input.is_empty() {
            return Ok(Some(general.rules.clone()));
        }
        let scope =
            Scope::default().with("input", logged.first_input()).with(PARAMS, self.suite.params.values());
        let (mut expect, mut left_out) = (general.rules.expect.to_vec(), general.rules.left_out);
        for template in &general.of_input {
            let filled = template.render(&scope).ok().and_then(|value| serde_json::from_value(value).ok());
            match filled {
                Some(entry) => expect.push(entry),
                // What cannot be filled in of this input holds of none.
                None => left_out += 1,
            }
        }
        Rules::of(expect.into(), left_out, &self.context.for_one_answer()).map(Some).map_err(wrong)
    }

    /// Whether the user would say something more, so that the answer is not the one that is judged; or why that
    /// cannot be told.
    fn goes_on(&self, logged: &Logged, scenario: usize) -> Result<bool, String> {
        let script = &self.scenarios[scenario].script;
        if script.most_turns().is_none() {
            return Ok(false);
        }
        let scope =
            Scope::default().with("input", logged.first_input()).with(PARAMS, self.suite.params.values());
        script.goes_on(&logged.turns(), &scope).map_err(|error| error.to_string())
    }

    /// What the checks say of an answer that need no model and no program.
    pub fn check(&mut self, logged: &Logged, routed: Routed) -> Result<Checked, ExpectedError> {
        if logged.answer.is_err() {
            return Ok(Checked { outcome: Some(Outcome::TargetError), ..Checked::default() });
        }
        let Some(rules) = self.rules(logged, routed)? else { return Ok(Checked::default()) };
        let left_out = rules.left_out;
        if let Some(not_now) = self.not_now(logged, routed) {
            return Ok(Checked { outcome: Some(not_now.outcome), verdicts: vec![not_now], left_out });
        }
        let Some(quick) = &rules.quick else { return Ok(Checked { left_out, ..Checked::default() }) };
        let verdicts = match self.seeds.first() {
            Some(any) => at_once(quick.judge(any, &self.transcript(logged))).flatten().unwrap_or_default(),
            None => Vec::new(),
        };
        let outcome = Outcome::of_all(verdicts.iter().map(|verdict| verdict.outcome));
        Ok(Checked { outcome: Some(outcome), verdicts, left_out })
    }

    /// Why nothing is judged yet: the conversation goes on, or nobody can tell whether it does.
    pub fn not_now(&self, logged: &Logged, routed: Routed) -> Option<Verdict> {
        let (outcome, why) = match self.goes_on(logged, routed.scenario?) {
            Ok(false) => return None,
            Ok(true) => (Outcome::NotApplicable, "the conversation goes on after this answer".to_owned()),
            Err(why) => {
                (Outcome::CannotJudge, format!("cannot tell whether the conversation goes on: {why}"))
            }
        };
        Some(Verdict::of_check("conversation", outcome, why))
    }

    /// What was said, as judges are shown it.
    pub fn transcript(&self, logged: &Logged) -> Transcript {
        let turns = logged.turns();
        let cost = turns
            .iter()
            .map(|turn| self.project.price(turn.answer.model.as_ref()?, turn.answer.usage?))
            .sum();
        Transcript {
            case: logged.identity(),
            repeat: 0,
            turns,
            error: logged.answer.as_ref().err().cloned(),
            cost,
        }
    }

    /// The case that an answer is one to, for judges: the seed's, or one like those of its scenario that has the
    /// request's own words.
    pub fn case(&self, logged: &Logged, routed: Routed, rules: &Rules) -> Option<Case> {
        if let Some(seed) = routed.seed {
            return Some(self.seeds[seed].clone());
        }
        let scenario = routed.scenario?;
        let like = self.seeds.iter().find(|case| case.scenario == scenario)?;
        let id = logged.identity();
        Some(Case {
            id,
            family: id,
            name: id.to_string(),
            row_id: None,
            input: logged.first_input().clone(),
            row: crate::suite::Row::default(),
            knobs: crate::suite::Row::default(),
            expect: rules.expect.clone(),
            truth: None,
            ..like.clone()
        })
    }
}

impl Rules {
    fn of(expect: Arc<[Expect]>, left_out: usize, context: &JudgeContext) -> Result<Self, JudgeError> {
        let quick: Vec<Expect> = expect.iter().map(quick).filter(|entry| !is_bare(entry)).collect();
        let asks = expect.iter().any(asks);
        let quick = if quick.is_empty() { None } else { Some(Arc::new(Judges::compile(&quick, context)?)) };
        Ok(Self { expect, asks, left_out, quick })
    }
}

impl General {
    fn of(suite: &Suite, at: usize, context: &Arc<JudgeContext>) -> Result<Self, ExpectedError> {
        let scenario = &suite.scenarios[at];
        let scope = Scope::default().with(PARAMS, suite.params.values());
        let (mut expect, mut of_input, mut left_out) = (Vec::new(), Vec::new(), 0);
        for entry in scenario.spec.expect.iter().flat_map(OneOrMany::as_slice) {
            // The loader has seen that it is a template.
            let template =
                serde_json::to_value(entry).ok().and_then(|value| JsonTemplate::parse(&value).ok());
            let Some(template) = template else {
                left_out += 1;
                continue;
            };
            let heads: Vec<String> = template
                .templates()
                .into_iter()
                .flat_map(Template::variables)
                .map(|path| path.split('.').next().unwrap_or_default().to_owned())
                .collect();
            if heads.iter().all(|head| head == PARAMS) {
                let filled =
                    template.render(&scope).ok().and_then(|value| serde_json::from_value(value).ok());
                match filled {
                    Some(entry) => expect.push(entry),
                    None => left_out += 1,
                }
            } else if heads.iter().all(|head| head == PARAMS || head == "input") {
                of_input.push(template);
            } else {
                left_out += 1;
            }
        }
        let id = || scenario.id.clone();
        let rules = Rules::of(expect.into(), left_out, context)
            .map_err(|error| ExpectedError::Judge { scenario: id(), error })?;
        let script = Script::new(&scenario.spec.conversation, scenario.spec.max_turns, context)
            .map_err(|error| ExpectedError::Script { scenario: id(), error })?;
        Ok(Self { rules, of_input, script })
    }
}

/// An entry without what asks a model or a program, and without what is only measured.
fn quick(entry: &Expect) -> Expect {
    let not = entry.not.as_deref().map(quick).filter(|not| !is_bare(not)).map(Box::new);
    Expect {
        command: None,
        judge: None,
        reference: None,
        relevant: None,
        measures: None,
        not,
        ..entry.clone()
    }
}

/// Whether an entry, without what is only measured, says nothing.
fn is_bare(entry: &Expect) -> bool {
    *entry == Expect { at: entry.at, ignore_case: entry.ignore_case, ..Expect::default() }
}

fn asks(entry: &Expect) -> bool {
    entry.command.is_some() || entry.judge.is_some() || entry.not.as_deref().is_some_and(asks)
}

/// An input as it is compared: white space at the ends aside, anything but a text as JSON with sorted keys.
fn canonical(input: &Value) -> String {
    match input {
        Value::String(text) => format!("\"{}", text.trim()),
        other => {
            let mut sorted = other.clone();
            sorted.sort_all_objects();
            sorted.to_string()
        }
    }
}

/// What a future comes to that waits for nothing.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
