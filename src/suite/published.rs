//! Keeps the JSON schemas in `schema/` equal to the types they describe.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// Compares `published` with the schema of `T`, and writes it anew when `HOLDLINE_WRITE_SCHEMA` is set.
pub(crate) fn check<T: JsonSchema>(file: &str, published: &str, title: &str) {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    // TOML has no null: an absent key is the only way to say nothing.
    let mut schema = schema.to_value();
    without_null(&mut schema);
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("HOLDLINE_WRITE_SCHEMA").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(file);
        std::fs::write(path, text).unwrap();
    } else {
        assert_eq!(
            published.replace("\r\n", "\n"),
            text,
            "schema/{file} is out of date: run `HOLDLINE_WRITE_SCHEMA=1 cargo test published_schema`"
        );
    }
}

fn without_null(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(without_null),
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            if let Some(Value::Array(branches)) = object.get_mut("anyOf") {
                branches.retain(|branch| *branch != json!({ "type": "null" }));
                if branches.len() == 1 {
                    let branch = object.remove("anyOf").unwrap();
                    object.insert("allOf".into(), branch);
                }
            }
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".into(), only);
                }
            }
            object.values_mut().for_each(without_null);
        }
        _ => {}
    }
}
