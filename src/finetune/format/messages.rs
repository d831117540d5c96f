//! Lists of messages, as `OpenAI`'s fine-tuning and TRL read them.

use super::{Row, Writing, good, json_line, pairs as paired, sources};
use crate::finetune::example::{Example, Left, Said};
use serde::Serialize;

#[derive(Serialize)]
struct Messages {
    messages: Vec<Said>,
}

#[derive(Serialize)]
struct Pair<'a> {
    prompt: &'a [Said],
    chosen: [Said; 1],
    rejected: [Said; 1],
}

#[derive(Serialize)]
struct Labelled<'a> {
    prompt: &'a [Said],
    completion: [Said; 1],
    label: bool,
}

/// A dialogue with each good answer.
pub(super) fn rows(writing: &Writing<'_>, example: &Example) -> Result<Vec<Row>, Left> {
    let dialogue = writing.dialogue(example);
    let row = |answer: &crate::finetune::Answer| {
        let messages = dialogue.iter().cloned().chain([Said::by_assistant(&answer.text)]).collect();
        json_line(&Messages { messages }, answer.source.word().to_owned())
    };
    Ok(good(example)?.into_iter().map(row).collect())
}

/// A dialogue with a good and a bad answer.
pub(super) fn pairs(writing: &Writing<'_>, example: &Example) -> Result<Vec<Row>, Left> {
    let prompt = writing.dialogue(example);
    let row = |pair: (&crate::finetune::Answer, &crate::finetune::Answer)| {
        let [chosen, rejected] = [pair.0, pair.1].map(|answer| [Said::by_assistant(&answer.text)]);
        json_line(&Pair { prompt: &prompt, chosen, rejected }, sources(pair))
    };
    Ok(paired(example)?.into_iter().map(row).collect())
}

/// A dialogue with each answer, and whether it is good.
pub(super) fn labelled(writing: &Writing<'_>, example: &Example) -> Vec<Row> {
    let prompt = writing.dialogue(example);
    let row = |answer: &crate::finetune::Answer| {
        let completion = [Said::by_assistant(&answer.text)];
        let labelled = Labelled { prompt: &prompt, completion, label: answer.is_good };
        json_line(&labelled, answer.source.word().to_owned())
    };
    example.answers.iter().map(row).collect()
}
