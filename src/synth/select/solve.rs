//! Reference answers: a question is solved several times, a majority decides, and where it is asked for a
//! solution by another route must agree.

use super::asked::{Prompt, object_of};
use super::sieve::Rejection;
use super::vote::{LEAST, Vote, agree};
use crate::expand::Reason;
use crate::model::{Unanswered, UnansweredKind};
use crate::suite::as_text;
use crate::suite::template::Scope;
use crate::suite::variants::SourceSpan;
use crate::synth::ask::{AsksJson, JsonAsk, JsonForm};
use crate::synth::draft::Draft;
use serde_json::{Value, json};

const SOLVE: Prompt = Prompt { purpose: "solve@1", text: include_str!("prompts/solve.md") };
const OTHERWISE: Prompt =
    Prompt { purpose: "solve_by_another_route@1", text: include_str!("prompts/solve_by_another_route.md") };

/// How a question is solved.
#[derive(Debug, Clone, Copy)]
pub struct Solving<'a> {
    /// How often; fewer than [`LEAST`] counts as that.
    pub samples: u32,
    /// Whether a solution by another route must agree with the majority.
    pub second: bool,
    /// The model that is asked; without one each time the one whose turn it is, so that several have a vote.
    pub model: Option<&'a str>,
}

impl Default for Solving<'_> {
    fn default() -> Self {
        Self { samples: 3, second: false, model: None }
    }
}

/// What the solutions of a question came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Reference {
    /// A majority gives this answer.
    Agreed {
        /// The answer.
        answer: String,
        /// How many gave it.
        votes: usize,
        /// How many were asked.
        of: usize,
        /// The solution by another route, where one was asked for; it says the same.
        second: Option<String>,
    },
    /// There is no majority, or the other route leads elsewhere.
    Disagreed {
        /// The answers with their votes, most frequent first.
        answers: Vec<(String, usize)>,
        /// How many were asked.
        of: usize,
        /// The solution by another route, where one was asked for and given.
        second: Option<String>,
    },
}

impl Reference {
    /// The reference in a line: `42 (3 of 3)`, or what was said instead of one.
    pub fn told(&self) -> String {
        match self {
            Self::Agreed { answer, votes, of, second: None } => format!("{answer} ({votes} of {of})"),
            Self::Agreed { answer, votes, of, second: Some(_) } => {
                format!("{answer} ({votes} of {of}, and by another route)")
            }
            Self::Disagreed { answers, of, second } => {
                let each: Vec<String> =
                    answers.iter().map(|(answer, votes)| format!("`{answer}` {votes} of {of}")).collect();
                let said = if each.is_empty() { format!("no answer of {of}") } else { each.join(", ") };
                match second {
                    Some(second) => format!("{said}; by another route `{second}`"),
                    None => said,
                }
            }
        }
    }
}

/// Solves a question. A sample that gets no usable reply is a vote for nothing; only where nothing more may be
/// asked that is the answer, so that the question can be solved when it may.
pub async fn solve(
    asks: &dyn AsksJson,
    question: &str,
    passages: &[SourceSpan],
    solving: Solving<'_>,
) -> Result<Reference, Unanswered> {
    let samples = solving.samples.max(u32::try_from(LEAST).unwrap_or(3));
    let mut solutions = Vec::new();
    for sample in 0..samples {
        solutions.push(once(asks, SOLVE, question, passages, sample, solving.model).await?);
    }
    let vote = Vote::of(solutions.iter().map(Option::as_deref));
    let (answer, votes, of) = match vote {
        Vote::Majority { answer, votes, of } => (answer, votes, of),
        Vote::Disagreed { answers, of } => return Ok(Reference::Disagreed { answers, of, second: None }),
    };
    if !solving.second {
        return Ok(Reference::Agreed { answer, votes, of, second: None });
    }
    let second = once(asks, OTHERWISE, question, passages, 0, solving.model).await?;
    Ok(match second {
        Some(second) if agree(&second, &answer) => {
            Reference::Agreed { answer, votes, of, second: Some(second) }
        }
        second => Reference::Disagreed { answers: vec![(answer, votes)], of, second },
    })
}

/// One solution; `None` where the model found none or gave no usable reply.
async fn once(
    asks: &dyn AsksJson,
    prompt: Prompt,
    question: &str,
    passages: &[SourceSpan],
    sample: u32,
    model: Option<&str>,
) -> Result<Option<String>, Unanswered> {
    let form = form();
    let mut data = json!({ "question": question });
    if !passages.is_empty() {
        data["passages"] = passages.iter().map(|passage| passage.text.as_str()).collect();
    }
    let messages = prompt.messages(&Scope::default().with("passages", !passages.is_empty()), &data);
    match asks.ask(JsonAsk { purpose: prompt.purpose, messages, form: &form, sample, model }).await {
        Ok(reply) => Ok(solution(&reply.value)),
        Err(unanswered) if unanswered.kind == UnansweredKind::NotAsked => Err(unanswered),
        Err(_) => Ok(None),
    }
}

/// What a reply with a solution must look like.
pub fn form() -> JsonForm {
    let text = || json!({ "type": "string" });
    let status = json!({ "type": "string", "enum": ["solved", "no_solution"] });
    let schema = object_of(&[("reasoning", text()), ("solution", text()), ("status", status)]);
    JsonForm::new("solution", schema).checked(|value| {
        let solution = value["solution"].as_str().unwrap_or_default();
        if value["status"] == "solved" && solution.trim().is_empty() {
            return Err("`solution` is empty, and `status` says that there is one".into());
        }
        Ok(())
    })
}

fn solution(value: &Value) -> Option<String> {
    let solved = value["status"] == "solved";
    let solution = value["solution"].as_str()?.trim();
    (solved && !solution.is_empty()).then(|| solution.to_owned())
}

/// Holds a draft to the reference that was found: its own answer must be the same; one that has none gets it,
/// as the column `reference`.
pub fn settle(draft: &mut Draft, reference: &Reference) -> Result<(), Rejection> {
    let Reference::Agreed { answer, .. } = reference else {
        return Err(Rejection::new(Reason::Disagreed, reference.told()));
    };
    match draft.row.get("reference").map(as_text) {
        Some(own) if agree(&own, answer) => Ok(()),
        Some(own) => Err(Rejection::new(
            Reason::Disagreed,
            format!("its own answer is `{own}`, others say {}", reference.told()),
        )),
        None => {
            draft.row.insert("reference".into(), Value::String(answer.clone()));
            Ok(())
        }
    }
}
