//! Reads a reply that must be one JSON object and nothing else, more strictly than JSON libraries do: a key that
//! is there twice is an error, for who could say which of the two was meant?

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Most bytes of a reply that are looked at.
const MOST: usize = 1 << 20;

/// The one JSON object that a text is; or what is wrong with it, in words for whoever wrote it. Nothing is looked
/// for in prose, within fences, or in a part of the text.
pub fn object(text: &str) -> Result<Value, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("the reply is empty".to_owned());
    }
    if text.len() > MOST {
        return Err(format!("the reply has {} bytes and may have {MOST}", text.len()));
    }
    if !text.starts_with('{') {
        return Err("the reply is not a JSON object alone".to_owned());
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    Once.deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| format!("the reply is not as asked: {error}"))
}

/// Any JSON value whose objects have every key once.
struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Once)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Once)?;
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{}` is there twice", super::excerpt(&key))));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn one_object_alone_is_read() {
        let text = " {\"a\": [1, -2, 0.5, null, true, \"x\"], \"b\": {\"a\": 1}} \n";
        assert_eq!(object(text), Ok(json!({ "a": [1, -2, 0.5, null, true, "x"], "b": { "a": 1 } })));
    }

    #[test]
    fn anything_else_is_refused_in_words() {
        for (text, why) in [
            ("", "empty"),
            (" \n", "empty"),
            ("Here it is: {}", "not a JSON object alone"),
            ("```json\n{}\n```", "not a JSON object alone"),
            ("[]", "not a JSON object alone"),
            ("{} {}", "trailing characters"),
            ("{} I hope this helps.", "trailing characters"),
            ("{\"a\": NaN}", "expected value"),
            ("{\"a\": 1e999}", "out of range"),
            ("{\"a\": 1, \"b\": 2, \"a\": 3}", "the key `a` is there twice"),
            ("{\"x\": [{\"a\": 1, \"a\": 1}]}", "the key `a` is there twice"),
            ("{\"a\": ", "EOF"),
        ] {
            let said = object(text).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
        assert!(object(&format!("{{\"a\": \"{}\"}}", "x".repeat(5 << 20))).unwrap_err().contains("may have"));
        assert!(object(&format!("{{\"a\": {}}}", "[".repeat(100_000))).is_err());
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_a_library_reads(text in any::<String>(), number in any::<f64>(), whole in any::<i64>()) {
            let value = json!({ "text": text, "list": [number, whole], &*format!("k{text}"): null });
            prop_assert_eq!(object(&value.to_string()), Ok(value));
        }
    }
}
