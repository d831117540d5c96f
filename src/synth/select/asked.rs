//! The messages by which models are asked about what models wrote: instructions of ours, and the text in
//! question as data behind a fence.

use crate::model::fence::{NO_CODE, fenced, harmless, shorten};
use crate::model::{Message, Role};
use crate::suite::template::{Scope, Template};
use crate::synth::draft::{Brief, Draft};
use serde_json::{Map, Value, json};

/// Characters of a text that are shown; of a longer one its beginning and its end.
const MOST: usize = 20_000;

/// Instructions with their version, which is part of what a kept reply is found by.
#[derive(Debug, Clone, Copy)]
pub(in crate::synth) struct Prompt {
    /// What is asked for, with the version: `scores@1`.
    pub purpose: &'static str,
    /// The instructions, a template.
    pub text: &'static str,
}

impl Prompt {
    /// The messages: the instructions filled in, and the data.
    pub fn messages(self, scope: &Scope, data: &Value) -> Vec<Message> {
        let system = Template::parse(self.text)
            .and_then(|template| template.render_text(scope))
            .unwrap_or_else(|error| unreachable!("the prompts are tested: {error}"));
        let data = harmless(&short(data).to_string());
        let user = format!("{}\n\nReply with the JSON object alone.", fenced("MATERIAL", &data, NO_CODE));
        vec![
            Message { role: Role::System, content: system.trim_end().to_owned() },
            Message { role: Role::User, content: user },
        ]
    }
}

/// What every prompt may say of the application and the behaviour under test: words of the suite's author.
pub(in crate::synth) fn scope(brief: &Brief) -> Scope {
    Scope::default()
        .with("feature", &brief.feature)
        .with("scenario", &brief.scenario.name)
        .with("why", &brief.scenario.why)
        .with("expects", &brief.scenario.expects)
}

/// A draft as it is shown: what is asked, what follows, and the reference where there is one.
pub(super) fn shown(draft: &Draft) -> Value {
    let mut shown = Map::from_iter([("input".to_owned(), draft.input.clone())]);
    if !draft.turns.is_empty() {
        shown.insert("turns".into(), json!(draft.turns));
    }
    if let Some(reference) = draft.row.get("reference") {
        shown.insert("reference".into(), reference.clone());
    }
    Value::Object(shown)
}

/// A value with its long texts cut.
fn short(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(shorten(text, MOST).0),
        Value::Array(values) => values.iter().map(short).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), short(value))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// The schema of an object that has just these members.
pub(in crate::synth) fn object_of(members: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}
