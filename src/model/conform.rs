//! Whether a JSON value is as its schema says: for endpoints that were asked for a schema and do not enforce it.
//! Of JSON Schema it knows the words that Holdline's own schemas use; others are passed over.

use super::excerpt;
use serde_json::Value;

/// Passes a value that is as the schema says; otherwise what is wrong, and where, in words for whoever wrote it.
///
/// Known are `type`, `enum`, `const`, `anyOf`, `properties`, `required`, `additionalProperties = false`, `items`, `minItems`,
/// `maxItems`, `minLength`, `maxLength` (in characters), `minimum` and `maximum`.
pub fn conforms(schema: &Value, value: &Value) -> Result<(), String> {
    at(schema, value, "")
}

fn at(schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let here = || if place.is_empty() { "the reply".to_owned() } else { format!("`{place}`") };
    has_type(&schema["type"], value).map_err(|wanted| format!("{} is not {wanted}", here()))?;
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{} is none of {}", here(), listed(words)));
    }
    if let Some(only) = schema.get("const")
        && only != value
    {
        return Err(format!("{} is not {only}", here()));
    }
    if let Some(ways) = schema["anyOf"].as_array() {
        let mut wrong = ways.iter().map(|way| at(way, value, place));
        // Of several ways the first tells what is wrong.
        if let Some(Err(first)) = wrong.next()
            && wrong.all(|way| way.is_err())
        {
            return Err(first);
        }
    }
    match value {
        Value::Object(members) => object(schema, members, place, &here()),
        Value::Array(items) => {
            within(schema, ("minItems", "maxItems"), items.len() as f64)
                .map_err(|bound| format!("{} has {} entries and may have {bound}", here(), items.len()))?;
            let Some(schema) = schema.get("items") else { return Ok(()) };
            let mut each = items.iter().enumerate();
            each.try_for_each(|(n, item)| at(schema, item, &format!("{place}/{n}")))
        }
        Value::String(text) => {
            let length = text.chars().count();
            within(schema, ("minLength", "maxLength"), length as f64)
                .map_err(|bound| format!("{} has {length} characters and may have {bound}", here()))
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            within(schema, ("minimum", "maximum"), number)
                .map_err(|bound| format!("{} is {number} and may be {bound}", here()))
        }
        Value::Null | Value::Bool(_) => Ok(()),
    }
}

fn object(
    schema: &Value,
    members: &serde_json::Map<String, Value>,
    place: &str,
    here: &str,
) -> Result<(), String> {
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(name) {
            return Err(format!("{here} has no `{name}`"));
        }
    }
    for (name, value) in members {
        match schema["properties"].get(name) {
            Some(schema) => at(schema, value, &format!("{place}/{name}"))?,
            None if schema["additionalProperties"] == Value::Bool(false) => {
                return Err(format!("{here} has a key `{}`, which was not asked for", excerpt(name)));
            }
            None => {}
        }
    }
    Ok(())
}

/// Whether a value is of the type, or of one of several; otherwise what it should be.
fn has_type(wanted: &Value, value: &Value) -> Result<(), String> {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
        _ => true,
    };
    match wanted {
        Value::String(name) if !is(name) => Err(format!("of the type {name}")),
        Value::Array(names) if !names.iter().filter_map(Value::as_str).any(is) => {
            Err(format!("of a type of {}", listed(names)))
        }
        _ => Ok(()),
    }
}

/// Whether a number lies within bounds; otherwise those, in words.
fn within(schema: &Value, (least, most): (&str, &str), number: f64) -> Result<(), String> {
    let (least, most) = (schema[least].as_f64(), schema[most].as_f64());
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        let bound = |word: &str, bound: Option<f64>| bound.map(|bound| format!("{word} {bound}"));
        let bounds: Vec<String> =
            bound("at least", least).into_iter().chain(bound("at most", most)).collect();
        return Err(bounds.join(" and "));
    }
    Ok(())
}

fn listed(words: &[Value]) -> String {
    words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({
            "type": "object",
            "properties": {
                "queries": {
                    "type": "array", "minItems": 1, "maxItems": 2,
                    "items": {
                        "type": "object",
                        "properties": {
                            "text": { "type": "string", "minLength": 1, "maxLength": 5 },
                            "level": { "type": "integer", "minimum": 1, "maximum": 5 },
                            "kind": { "enum": ["a", "b"] },
                            "note": { "type": ["string", "null"] },
                        },
                        "required": ["text", "kind"],
                        "additionalProperties": false,
                    },
                },
            },
            "required": ["queries"],
            "additionalProperties": false,
        })
    }

    #[test]
    fn what_is_as_asked_passes_and_what_is_not_is_told_with_its_place() {
        let of = |query: Value| json!({ "queries": [query] });
        for value in [
            of(json!({ "text": "hello", "kind": "a" })),
            of(json!({ "text": "ööööö", "kind": "b", "note": null, "level": 5 })),
        ] {
            assert_eq!(conforms(&schema(), &value), Ok(()), "{value}");
        }
        for (value, why) in [
            (json!([]), "the reply is not of the type object"),
            (json!({}), "the reply has no `queries`"),
            (json!({ "queries": "x" }), "`/queries` is not of the type array"),
            (json!({ "queries": [] }), "`/queries` has 0 entries and may have at least 1 and at most 2"),
            (json!({ "queries": [1] }), "`/queries/0` is not of the type object"),
            (of(json!({ "text": "x" })), "`/queries/0` has no `kind`"),
            (
                of(json!({ "text": "", "kind": "a" })),
                "`/queries/0/text` has 0 characters and may have at least 1 and at most 5",
            ),
            (of(json!({ "text": "x", "kind": "c" })), "`/queries/0/kind` is none of \"a\", \"b\""),
            (
                of(json!({ "text": "x", "kind": "a", "level": 6 })),
                "`/queries/0/level` is 6 and may be at least 1 and at most 5",
            ),
            (
                of(json!({ "text": "x", "kind": "a", "level": 1.5 })),
                "`/queries/0/level` is not of the type integer",
            ),
            (
                of(json!({ "text": "x", "kind": "a", "note": 1 })),
                "`/queries/0/note` is not of a type of \"string\", \"null\"",
            ),
            (
                of(json!({ "text": "x", "kind": "a", "more": 1 })),
                "`/queries/0` has a key `more`, which was not asked for",
            ),
        ] {
            assert_eq!(conforms(&schema(), &value), Err(why.to_owned()), "{value}");
        }
    }

    #[test]
    fn one_of_several_ways_is_enough() {
        let schema = json!({ "anyOf": [{ "type": "string" }, { "const": 1 }] });
        assert_eq!(conforms(&schema, &json!("x")), Ok(()));
        assert_eq!(conforms(&schema, &json!(1)), Ok(()));
        assert_eq!(conforms(&schema, &json!(2)), Err("the reply is not of the type string".to_owned()));
    }
}
