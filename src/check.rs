//! Is this one output good enough to show? The expectations of a suite, asked while the application runs.
//!
//! ```no_run
//! # async fn answer(_: &str) -> String { String::new() }
//! # async fn shown() -> Result<String, Box<dyn std::error::Error>> {
//! use holdline::Answer;
//! use holdline::check::Checker;
//!
//! let checker = Checker::load(".", "support")?;
//! let input = "Where is my order?";
//! let answer = Answer { output: answer(input).await, ..Answer::default() };
//! let shown = checker.check(Some("tells-where-an-order-is"), input, &answer).await;
//! if shown.may_show() {
//!     return Ok(answer.output);
//! }
//! eprintln!("not shown: {}", shown.reasons.join("; "));
//! Ok("I will hand you over to a person.".to_owned())
//! # }
//! ```
//!
//! It fails closed: an error, a verdict that did not come, a request like no scenario is never good.

use crate::baseline::{Store, in_ci};
use crate::judge::model::{Asks, Network};
use crate::judge::{JudgeContext, Judges, Outcome, Verdict};
use crate::monitor::{BAR, Expected, ExpectedError, Logged, Route, Routed};
use crate::run::folder::below;
use crate::session::{self, Options, SessionError};
use crate::target::Answer;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Why outputs cannot be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum CheckerError {
    /// The suite cannot be loaded, or its judges cannot be made ready.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// What it expects cannot be used.
    #[error("suite `{suite}`: {error}")]
    Expected {
        /// Its name.
        suite: String,
        /// What is wrong.
        error: Box<ExpectedError>,
    },
    /// A judge is not there to be asked: its model is not described, or its key is not set.
    #[error("{0}")]
    NoJudge(String),
}

/// Whether an output is good enough to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Good {
    /// Everything that was looked at holds, and something was.
    Yes,
    /// Something that is expected does not hold.
    No,
    /// Nobody can tell.
    CannotTell,
}

/// What was said of an output.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Shown {
    /// Whether it is good enough.
    pub good: Good,
    /// The id of the scenario that it was held to; none where it is like none.
    pub scenario: Option<String>,
    /// The verdicts, those of judges that only report among them.
    pub verdicts: Vec<Verdict>,
    /// Why it is not good, or cannot be told; and what was not looked at. Untrusted: holds parts of the output.
    pub reasons: Vec<String>,
}

impl Shown {
    /// Whether it may be shown: only where it is known to be good.
    pub fn may_show(&self) -> bool {
        self.good == Good::Yes
    }

    fn cannot_tell(scenario: Option<String>, why: impl Into<String>) -> Self {
        Self { good: Good::CannotTell, scenario, verdicts: Vec::new(), reasons: vec![why.into()] }
    }
}

/// The expectations of a suite, ready to be asked about outputs. To be shared by all tasks of an application.
#[derive(Debug)]
pub struct Checker {
    root: PathBuf,
    expected: Mutex<Expected>,
    /// The judges and programs, where they may be asked.
    asked: Option<JudgeContext>,
}

impl Checker {
    /// The expectations of a suite of the project at `root`. Reads files and asks nothing.
    pub fn load(root: impl AsRef<Path>, suite: &str) -> Result<Self, CheckerError> {
        let root = root.as_ref().to_owned();
        let mut options = Options::new(root.clone(), true);
        options.only.push(suite.to_owned());
        let (project, suites) = session::suites(&options)?;
        let none = || SessionError::Usage(format!("there is no suite `{suite}`"));
        let suite = Arc::new(suites.into_iter().next().ok_or_else(none)?);
        let expected = Expected::of(suite.clone(), Arc::new(project), BAR)
            .map_err(|error| CheckerError::Expected { suite: suite.name.clone(), error: Box::new(error) })?;
        Ok(Self { root, expected: Mutex::new(expected), asked: None })
    }

    /// The same with the suite's judges that are models, and programs that decide: each check may then ask them, which
    /// takes time and money. Keys come from the environment.
    pub fn with_judges(self) -> Result<Self, CheckerError> {
        let expected = self.expected.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (suite, project) = (expected.suite().clone(), expected.project().clone());
        let lookup = |name: &str| std::env::var(name).ok();
        let store = Store::new(below(&self.root, project.baselines.as_ref()), in_ci(lookup));
        let asks: Arc<dyn Asks> = Arc::new(Network);
        let seats = session::seats(&suite, &project, &asks, &store, lookup)?
            .map_err(|problem| CheckerError::NoJudge(problem.message))?;
        let asked = Some(JudgeContext::of(&suite).with_seats(seats));
        Ok(Self { root: self.root, expected: Mutex::new(expected), asked })
    }

    /// Whether an answer is good enough to show to whoever asked `input`.
    ///
    /// It is held to the scenario of that id or name; without one, to that of the seed which says the same, or which
    /// the input is like. What cannot be told of is never good: no scenario, nothing that can be checked, a judge that
    /// gives no verdict.
    pub async fn check(&self, scenario: Option<&str>, input: impl Into<Value>, answer: &Answer) -> Shown {
        let logged = Logged {
            line: 0,
            id: None,
            scenario: scenario.map(str::to_owned),
            conversation: None,
            input: input.into(),
            before: Vec::new(),
            answer: Ok(answer.clone()),
            time: None,
            said: BTreeMap::new(),
        };
        let ready = match self.ready(&logged) {
            Ok(ready) => ready,
            Err(shown) => return shown,
        };
        let Ready { id, mut verdicts, left_out, ask } = ready;
        let mut reasons = Vec::new();
        match ask {
            None => {}
            Some(Ask::NotAllowed) => reasons.push("no judge and no program was asked".to_owned()),
            Some(Ask::Of { judges, case, transcript }) => match judges.judge(&case, &transcript).await {
                Some(said) => verdicts = said,
                None => return Shown::cannot_tell(Some(id), "no budget was left to ask a judge with"),
            },
        }
        if left_out > 0 {
            reasons.push(format!("{left_out} of the expectations need a seed's row, and were not looked at"));
        }
        said(id, verdicts, reasons)
    }

    /// What can be told at once, and what is to be asked then.
    fn ready(&self, logged: &Logged) -> Result<Ready, Shown> {
        let mut expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(named) = logged.scenario.as_deref().filter(|named| expected.scenario(named).is_none()) {
            return Err(Shown::cannot_tell(None, format!("there is no scenario `{named}` in this suite")));
        }
        let routed = expected.route(logged);
        let Routed { scenario: Some(scenario), how, .. } = routed else {
            return Err(Shown::cannot_tell(None, "the request is like no scenario"));
        };
        debug_assert!(how != Route::Unlike, "that is of no scenario");
        let id = expected.suite().scenarios[scenario].id.clone();
        let unusable = |error: ExpectedError| Shown::cannot_tell(Some(id.clone()), error.to_string());
        let checked = expected.check(logged, routed).map_err(unusable)?;
        let rules = expected.rules(logged, routed).map_err(unusable)?;
        let is_final = expected.not_now(logged, routed).is_none();
        let ask = match (rules.filter(|rules| rules.asks && is_final), &self.asked) {
            (None, _) => None,
            (Some(_), None) => Some(Ask::NotAllowed),
            (Some(rules), Some(context)) => {
                let judges = Judges::compile(&rules.expect, context)
                    .map_err(|error| Shown::cannot_tell(Some(id.clone()), error.to_string()))?;
                let no_case = || Shown::cannot_tell(Some(id.clone()), "the scenario has no case");
                let case = expected.case(logged, routed, &rules).ok_or_else(no_case)?;
                Some(Ask::Of { judges, case: Box::new(case), transcript: expected.transcript(logged) })
            }
        };
        Ok(Ready { id, verdicts: checked.verdicts, left_out: checked.left_out, ask })
    }
}

/// What can be told at once.
struct Ready {
    id: String,
    verdicts: Vec<Verdict>,
    left_out: usize,
    ask: Option<Ask>,
}

/// Whether judges and programs are asked.
enum Ask {
    /// They would be, and may not.
    NotAllowed,
    /// They are, with the checks.
    Of { judges: Judges, case: Box<crate::expand::Case>, transcript: crate::run::Transcript },
}

/// What verdicts come to.
fn said(id: String, verdicts: Vec<Verdict>, mut reasons: Vec<String>) -> Shown {
    let counted: Vec<&Verdict> = verdicts.iter().filter(|verdict| verdict.counts()).collect();
    let outcome = Outcome::of_all(counted.iter().map(|verdict| verdict.outcome));
    let good = match outcome {
        Outcome::Pass => Good::Yes,
        Outcome::Fail => Good::No,
        _ => Good::CannotTell,
    };
    let mut why: Vec<String> = counted
        .iter()
        .filter(|verdict| verdict.outcome != Outcome::Pass && verdict.outcome != Outcome::Skipped)
        .map(|verdict| format!("{}: {}", verdict.judge, verdict.reason))
        .collect();
    if counted.is_empty() {
        why.push("nothing that is expected could be checked".to_owned());
    }
    why.append(&mut reasons);
    Shown { good, scenario: Some(id), verdicts, reasons: why }
}
