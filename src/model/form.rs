//! The ways to ask a model for a reply in JSON, and where in a completion that reply stands.

use super::chat::{ChatRequest, Completion};
use crate::suite::schema::judge::Structure;
use serde_json::{Map, Value, json};

/// What a reply must look like.
#[derive(Debug, Clone, PartialEq)]
pub struct Form<'a> {
    /// What the reply is called: the name of the schema, and of the tool that a model calls with it. Letters,
    /// digits, `_` and `-`, up to 64 of them, as endpoints ask.
    pub name: &'a str,
    /// What the tool does, in a sentence.
    pub what: &'a str,
    /// The JSON schema of the reply, an object.
    pub schema: Value,
}

/// The ways to ask for JSON, in the order in which they are tried.
pub(super) const WAYS: [Structure; 3] = [Structure::Schema, Structure::Tool, Structure::Object];

impl Form<'_> {
    /// Asks for the reply in a way.
    pub(super) fn put(&self, way: Structure, request: &mut ChatRequest) {
        request.further.extend(self.members(way));
    }

    fn members(&self, way: Structure) -> Map<String, Value> {
        let Self { name, what, schema } = self;
        let members = match way {
            Structure::Schema => json!({
                "response_format": {
                    "type": "json_schema",
                    "json_schema": { "name": name, "strict": true, "schema": schema },
                },
            }),
            Structure::Tool => json!({
                "tools": [{
                    "type": "function",
                    "function": { "name": name, "description": what, "parameters": schema },
                }],
                "tool_choice": { "type": "function", "function": { "name": name } },
            }),
            Structure::Object => json!({ "response_format": { "type": "json_object" } }),
        };
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// What a model wrote: its text, or the arguments of the tool it called.
    pub(super) fn words(&self, completion: &Completion) -> String {
        match completion.calls.as_slice() {
            [call] if call.name == self.name => call.written.clone(),
            _ => completion.text.clone(),
        }
    }
}
