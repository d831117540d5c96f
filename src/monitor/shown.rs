//! Answers as they are shown and written: scrubbed already, cut at a limit.

use super::record::{Logged, text_of};
use super::report::Example;
use super::window::{Failing, Sampled};
use crate::judge::{Outcome, Verdict};
use crate::report::escape::shortened;
use crate::suite::Suite;
use serde_json::{Map, Value, json};

/// Characters of a text that an example shows.
const SHOWN: usize = 400;

/// A failing answer as an example.
pub fn example(failing: &Failing, suite: &Suite) -> Example {
    let Failing { logged, routed, checked } = failing;
    let output = match &logged.answer {
        Ok(answer) => shortened(&answer.output, SHOWN),
        Err(error) => shortened(&error.message, SHOWN),
    };
    Example {
        line: logged.line,
        scenario: routed.scenario.map(|at| suite.scenarios[at].id.clone()),
        route: routed.how,
        input: shortened(&text_of(&logged.input), SHOWN),
        output,
        reason: why(&checked.verdicts).unwrap_or_else(|| "there is no answer, but an error".to_owned()),
    }
}

/// Why verdicts fail an answer, or leave it without one.
fn why(verdicts: &[Verdict]) -> Option<String> {
    let of = |outcome| verdicts.iter().find(move |verdict| verdict.outcome == outcome);
    let told = of(Outcome::Fail).or_else(|| of(Outcome::JudgeError)).or_else(|| of(Outcome::CannotJudge))?;
    Some(format!("{}: {}", told.judge, told.reason))
}

/// A failing answer as a line of a `recorded` file.
pub fn failing_line(failing: &Failing, suite: &Suite, log: &str) -> Value {
    let scenario = failing.routed.scenario.map(|at| suite.scenarios[at].id.as_str());
    let why = why(&failing.checked.verdicts);
    line(&failing.logged, scenario, failing.checked.outcome, why, log)
}

/// A sampled answer as a line of a `recorded` file.
pub fn sampled_line(sampled: &Sampled, verdicts: &[Verdict], suite: &Suite, log: &str) -> Value {
    let scenario = sampled.routed.scenario.map(|at| suite.scenarios[at].id.as_str());
    let outcome = (!verdicts.is_empty()).then(|| Outcome::of_all(verdicts.iter().map(|of| of.outcome)));
    line(&sampled.logged, scenario, outcome, why(verdicts), log)
}

fn line(
    logged: &Logged,
    scenario: Option<&str>,
    outcome: Option<Outcome>,
    why: Option<String>,
    log: &str,
) -> Value {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), logged.identity().to_string().into());
    fields.insert("input".to_owned(), logged.input.clone());
    if !logged.before.is_empty() {
        fields.insert("before".to_owned(), json!(logged.before));
    }
    match &logged.answer {
        // Fields of an answer are those of the file.
        Ok(answer) => match serde_json::to_value(answer) {
            Ok(Value::Object(answer)) => fields.extend(answer),
            _ => drop(fields.insert("output".to_owned(), answer.output.clone().into())),
        },
        Err(error) => drop(fields.insert("error".to_owned(), json!(error))),
    }
    fields.extend(scenario.map(|scenario| ("scenario".to_owned(), scenario.into())));
    fields.extend(outcome.map(|outcome| ("outcome".to_owned(), json!(outcome))));
    fields.extend(why.map(|why| ("reason".to_owned(), why.into())));
    fields.insert("from".to_owned(), format!("{log}:{}", logged.line).into());
    Value::Object(fields)
}
