//! The answers that are kept beside the baseline of a suite, each with the case of today that it answers.

use crate::baseline::{Answers, Baseline, Beside, Extent, KeptAnswer, Store, Timings};
use crate::expand::{Case, CaseId};
use crate::judge::Outcome;
use crate::metric::Table;
use crate::run::{ExecuteError, Plan};
use crate::session::SessionError;
use crate::suite::Suite;
use crate::suite::schema::Expect;
use crate::target::{AllSaid, Said, TargetError, TargetErrorKind};
use serde_json::Value;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The keys of `expect` that look at nothing but input, output and label.
const PLAIN: [&str; 19] = [
    "at",
    "characters",
    "contains",
    "contains_all",
    "contains_any",
    "equals",
    "excludes",
    "ignore_case",
    "json",
    "json_schema",
    "label",
    "matches",
    "number",
    "one_of",
    "reference",
    "sentences",
    "starts_with",
    // Where there is no script there is one turn.
    "turns",
    "words",
];

/// Per cent of the cases of a suite that may be left out of what is judged anew.
const MOST_LEFT_OUT: usize = 2;

/// Why nothing is offered where so many of the cases are left out.
pub fn too_many(left_out: usize, cases: usize) -> Option<String> {
    (left_out * 100 > MOST_LEFT_OUT * cases).then(|| {
        format!(
            "{left_out} of {cases} cases cannot be judged anew, and at most {MOST_LEFT_OUT} % may be left out"
        )
    })
}

/// Whether of a case too little was kept to judge it anew: nobody answered, and it cannot be judged.
pub fn is_left_out(table: &Table, at: usize) -> bool {
    table.outcome(at) == Outcome::CannotJudge && !table.answer(at, 0).answered
}

/// What is kept beside baselines, by suite.
#[derive(Default)]
pub struct KeptRuns {
    suites: BTreeMap<String, KeptRun>,
}

/// What is kept beside the baseline of one suite.
pub struct KeptRun {
    /// Id of the accepted run.
    run: String,
    said: Arc<AllSaid>,
    /// The answers, by the cases of today.
    answers: HashMap<CaseId, KeptAnswer>,
    /// The accepted times, by the cases of today.
    timings: Option<Timings>,
    /// How many cases cannot be judged anew, by the reason.
    left_out: BTreeMap<String, usize>,
}

impl KeptRuns {
    /// Adds what is kept for a suite.
    pub fn insert(&mut self, suite: &str, run: KeptRun) {
        self.suites.insert(suite.to_owned(), run);
    }

    /// What is kept for a suite.
    pub fn of(&self, suite: &str) -> Option<&KeptRun> {
        self.suites.get(suite)
    }
}

impl KeptRun {
    /// What is kept beside a baseline for the cases of a plan, or why there is nothing.
    pub fn of(store: &Store, plan: &Plan, baseline: &Baseline) -> Result<Result<Self, String>, SessionError> {
        let answers = match store.answers(&baseline.suite, &baseline.run)? {
            Beside::Found(answers) => answers,
            Beside::Absent => return Ok(Err("no answers are stored beside its baseline".to_owned())),
            Beside::Ignored(why) => return Ok(Err(why)),
        };
        let timings = store.timings(&baseline.suite, &baseline.run)?.found();
        let index = Index::of(&answers);
        let (mut said, mut kept, mut times) = (AllSaid::new(), HashMap::new(), Vec::new());
        let mut left_out = BTreeMap::new();
        for case in plan.cases.iter() {
            let case = case.map_err(ExecuteError::Cases)?;
            let scenario = &plan.suite.scenarios[case.scenario].id;
            let found = index.find(scenario, &case);
            let ms = found.ok().and_then(|(id, _)| timings.as_ref()?.latency_ms.get(id));
            times.extend(ms.map(|ms| (case.id, ms)));
            let again = found.and_then(|(_, answer)| {
                kept.insert(case.id, answer.clone());
                said_again(&plan.suite, &case, answer, ms)
            });
            if let Err(why) = again {
                *left_out.entry(why.to_owned()).or_default() += 1;
            }
            said.insert(case.id, again.map_err(str::to_owned));
        }
        let timings = timings.map(|timings| timings.of_cases(times));
        Ok(Ok(Self { run: baseline.run.clone(), said: Arc::new(said), answers: kept, timings, left_out }))
    }

    /// Id of the accepted run.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// How many cases cannot be judged anew, by the reason.
    pub const fn left_out(&self) -> &BTreeMap<String, usize> {
        &self.left_out
    }

    /// What was said in each case.
    pub fn said(&self) -> Arc<AllSaid> {
        self.said.clone()
    }

    /// What the answer to a case came to when it was accepted.
    pub fn outcome(&self, case: CaseId) -> Option<Outcome> {
        self.answers.get(&case).map(|answer| answer.outcome)
    }

    /// The answer to a case under what it comes to now, as it is kept on.
    pub fn kept_on(&self, now: KeptAnswer, case: CaseId) -> KeptAnswer {
        match self.answers.get(&case) {
            None => now,
            Some(answer) => {
                KeptAnswer { name: now.name, outcome: now.outcome, reason: now.reason, ..answer.clone() }
            }
        }
    }

    /// The accepted times, for a run; `None` where there are none.
    pub fn timings(&self, run: &str) -> Option<Timings> {
        self.timings.as_ref().map(|timings| timings.for_run(run))
    }

    /// Whether accepting `next` after the baseline that all this is kept beside would change what anybody
    /// compares with: a verdict, a case, what is expected of it, the way of judging, or, where the suite is not
    /// the same, a metric.
    pub fn changes(&self, old: &Baseline, next: &Baseline, table: &Table) -> bool {
        let flipped = (0..table.len()).any(|at| {
            let before = self.outcome(table.id(at)).filter(|_| !is_left_out(table, at));
            before.is_some_and(|before| before != table.outcome(at))
        });
        let expected = || {
            next.cases
                .iter()
                .any(|(id, case)| old.cases.get(id).is_none_or(|before| before.expected() != case.expected()))
        };
        // The accepted run may have asked more than once, or its answers tell of less than it knew itself.
        let is_alike = || {
            (0..table.len()).all(|at| table.repeats(at) == 1)
                && self.answers.values().all(|answer| answer.extent == Extent::Whole)
        };
        !next.fingerprints.measure_as(&old.fingerprints)
            || flipped
            || next.cases.len() != old.cases.len()
            || expected()
            || next.fingerprints.suite != old.fingerprints.suite && is_alike() && next.metrics != old.metrics
    }
}

/// Answers by what they are found by.
struct Index<'a> {
    answers: &'a Answers,
    /// By the scenario's id and the input; none where several fit and differ.
    by_input: HashMap<(&'a str, String), Option<CaseId>>,
}

type Found<'a> = Result<(CaseId, &'a KeptAnswer), &'static str>;

impl<'a> Index<'a> {
    fn of(answers: &'a Answers) -> Self {
        let mut by_input = HashMap::new();
        for (id, answer) in &answers.cases {
            let scenario = answer.name.split_once("::").map_or("", |(scenario, _)| scenario);
            match by_input.entry((scenario, answer.input.to_string())) {
                Entry::Vacant(place) => drop(place.insert(Some(*id))),
                Entry::Occupied(mut place) => {
                    let same = |other: &KeptAnswer| {
                        (&other.output, &other.label, &other.rest)
                            == (&answer.output, &answer.label, &answer.rest)
                    };
                    if !place.get().and_then(|other| answers.cases.get(&other)).is_some_and(same) {
                        place.insert(None);
                    }
                }
            }
        }
        Self { answers, by_input }
    }

    /// The answer to a case: by its id, else, where what is expected of it has changed and its id with that, by
    /// its scenario and input.
    fn find(&self, scenario: &str, case: &Case) -> Found<'a> {
        let (id, answer) = match self.answers.cases.get_key_value(&case.id) {
            Some((id, answer)) => (*id, answer),
            None => match self.by_input.get(&(scenario, case.input.to_string())) {
                None => return Err("no answer to it is stored"),
                Some(None) => return Err("several stored answers fit it"),
                Some(Some(id)) => (*id, &self.answers.cases[id]),
            },
        };
        // Of an answer that was cut it may be the input.
        if answer.extent != Extent::Cut && answer.input != case.input {
            return Err("its stored answer is to another input");
        }
        Ok((id, answer))
    }
}

/// What was said in a case, to be judged anew. The time that was accepted for it is that of its one turn; of
/// several turns nobody knows the time of each.
fn said_again(
    suite: &Suite,
    case: &Case,
    answer: &KeptAnswer,
    ms: Option<f64>,
) -> Result<Said, &'static str> {
    if answer.extent == Extent::Cut {
        return Err("its stored answer was cut");
    }
    if answer.extent == Extent::Outline {
        let is_scripted =
            !case.turns.is_empty() || !suite.scenarios[case.scenario].spec.conversation.is_empty();
        if is_scripted || !case.expect.iter().all(is_plain) {
            return Err("only output and label of its answer are stored, and more is expected of it");
        }
    }
    let error = answer.rest.error.clone();
    let unsaid = || TargetError::new(TargetErrorKind::NotRecorded, answer.reason.clone());
    let error = error.or_else(|| (answer.outcome == Outcome::TargetError).then(unsaid));
    let mut turns = answer.turns();
    if turns.is_empty() && error.is_none() {
        return Err("no answer to it is stored");
    }
    if let [turn] = turns.as_mut_slice() {
        turn.answer.latency_ms = ms;
    }
    Ok(Said { turns, error })
}

/// Whether nothing but input, output and label can decide whether it holds.
fn is_plain(expect: &Expect) -> bool {
    let other = Expect { not: None, ..expect.clone() };
    let Ok(Value::Object(keys)) = serde_json::to_value(other) else { return false };
    keys.keys().all(|key| PLAIN.contains(&key.as_str())) && expect.not.as_deref().is_none_or(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expect(toml: &str) -> Expect {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn two_per_cent_may_be_left_out_and_no_more() {
        for (left_out, cases, refused) in
            [(0, 25, false), (1, 25, true), (1, 49, true), (1, 50, false), (2, 100, false), (3, 100, true)]
        {
            assert_eq!(too_many(left_out, cases).is_some(), refused, "{left_out} of {cases}");
        }
    }

    #[test]
    fn what_looks_at_more_than_the_output_is_not_plain() {
        for plain in [
            "",
            "equals = 'a'\nignore_case = true\nat = 'every'",
            "label = ['x']\nwords = { max = 3 }\nturns = { max = 1 }\nnot = { contains = 'a', not = { matches = 'b' } }",
            "reference = 'a'\nnumber = { value = 3 }",
        ] {
            assert!(is_plain(&expect(plain)), "{plain}");
        }
        for other in [
            "cites = {}",
            "calls = { name = 'x' }",
            "latency = { max = '1s' }",
            "cost = { max = 1 }",
            "command = { run = ['x'] }",
            "relevant = ['d1']",
            "label = 'x'\nnot = { not = { calls = { name = 'x' } } }",
        ] {
            assert!(!is_plain(&expect(other)), "{other}");
        }
    }
}
