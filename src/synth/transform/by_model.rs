//! Transformations by a model: shorter, another tone, step by step, another form. What comes is a draft like any
//! other, and goes through the same filter.

use super::{NotDone, Transform};
use crate::expand::Promise;
use crate::suite::variants::{GeneratorRef, ModelMade};
use crate::synth::ask::{AsksJson, JsonAsk, JsonForm, JsonReply};
use crate::synth::draft::Brief;
use crate::synth::select::asked::{Prompt, object_of, scope};
use serde_json::json;

const PROMPT: &str = include_str!("prompts/transform.md");
/// Most characters that may come.
const LONGEST: usize = 100_000;

/// What a model made of a text, and what it was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ByModel {
    /// The text. Untrusted.
    pub text: String,
    /// Who was asked to do it.
    pub generator: GeneratorRef,
    /// The model.
    pub model: ModelMade,
}

/// Asks a model to transform a text; `None` asks the one whose turn it is. `promise` says whether the meaning
/// must stay. An extraction is never asked of a model: it would not say what stands there.
pub async fn by_model(
    asks: &dyn AsksJson,
    brief: &Brief,
    text: &str,
    transform: &Transform,
    promise: Promise,
    model: Option<&str>,
) -> Result<ByModel, NotDone> {
    let Some(task) = task(transform) else { return Err(NotDone::NeedsRule) };
    let form = form();
    let scope = scope(brief).with("task", task).with("same", promise == Promise::Same);
    let prompt = Prompt { purpose: transform.purpose(), text: PROMPT };
    let messages = prompt.messages(&scope, &json!({ "text": text }));
    let reply: JsonReply =
        asks.ask(JsonAsk { purpose: prompt.purpose, messages, form: &form, sample: 0, model }).await?;
    let made = reply.value["text"].as_str().unwrap_or_default().trim().to_owned();
    if made == text.trim() {
        return Err(NotDone::Nothing);
    }
    if let Transform::Shorter { most_words: Some(most) } = transform {
        let words = made.split_whitespace().count();
        if words > *most {
            return Err(NotDone::TooLong { words, most: *most });
        }
    }
    let JsonReply { model, answered, prompt, sampling, reply, .. } = reply;
    Ok(ByModel {
        text: made,
        generator: GeneratorRef { name: transform.name().to_owned(), version: transform.version() },
        model: ModelMade { model, answered, prompt, sampling, reply },
    })
}

/// What a reply must look like.
pub fn form() -> JsonForm {
    let text = json!({ "type": "string", "minLength": 1, "maxLength": LONGEST });
    JsonForm::new("transformed", object_of(&[("approach", json!({ "type": "string" })), ("text", text)]))
        .checked(|value| match value["text"].as_str().map(str::trim) {
            Some("") | None => Err("`text` is empty".into()),
            Some(_) => Ok(()),
        })
}

/// What is to be done, in words; `None` where no model is asked.
fn task(transform: &Transform) -> Option<String> {
    Some(match transform {
        Transform::Shorter { most_words: None } => {
            "Say it in about half as many words, as somebody in a hurry would.".into()
        }
        Transform::Shorter { most_words: Some(most) } => {
            format!("Say it in at most {most} words, as somebody in a hurry would.")
        }
        Transform::Tone(tone) => format!("Say it in another tone: {}.", tone.words()),
        Transform::Steps => {
            "Say it step by step: a numbered list, one step a line, in the order in which they are to be done or thought.".into()
        }
        Transform::Reformat(form) => format!("Put it into another form: {}.", super::form_words(*form)),
        Transform::Extract(_) => return None,
    })
}
