//! The check of the output against a JSON Schema (Cargo feature `json-schema`).
//!
//! The schema is a file relative to the suite, or a table. Nothing is fetched: a `$ref` beyond the
//! schema itself is an error. Its patterns run in linear time.

use super::check::Check;
use crate::judge::context::JudgeContext;
use crate::judge::error::CheckError;
use serde_json::Value;

/// A check that the output satisfies a JSON Schema.
#[cfg(not(feature = "json-schema"))]
pub(super) fn schema(_spec: &Value, _context: &JudgeContext) -> Result<Box<dyn Check>, CheckError> {
    Err(CheckError::NoSchemaValidator)
}

#[cfg(feature = "json-schema")]
pub(super) use validating::schema;

#[cfg(feature = "json-schema")]
mod validating {
    use super::{Check, CheckError, JudgeContext, Value};
    use crate::judge::checks::check::{Ruling, Subject};
    use crate::judge::reason;
    use jsonschema::{PatternOptions, Validator};
    use std::io::Read;
    use std::path::Path;
    use std::sync::Arc;

    /// Largest schema file read, in bytes.
    const LARGEST: u64 = 4 << 20;

    /// Faults of an output that a reason shows.
    const SHOWN: usize = 3;

    #[derive(Debug)]
    struct Schema {
        /// The file, where it is one.
        file: Option<String>,
        validator: Arc<Validator>,
    }

    /// A check that the output satisfies a JSON Schema.
    pub(in crate::judge::checks) fn schema(
        spec: &Value,
        context: &JudgeContext,
    ) -> Result<Box<dyn Check>, CheckError> {
        let (file, key) = match spec {
            Value::String(file) => (Some(file.clone()), format!("file {file}")),
            table => (None, format!("table {table}")),
        };
        let validator = context.schemas.get_or_make(&key, || match &file {
            Some(file) => compile(&read(&context.folder.join(file))?),
            None => compile(spec),
        })?;
        Ok(Box::new(Schema { file, validator }))
    }

    fn read(path: &Path) -> Result<Value, CheckError> {
        let fault = |message: String| CheckError::SchemaFile { path: path.into(), message };
        let file = std::fs::File::open(path).map_err(|error| fault(error.to_string()))?;
        let mut text = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut text).map_err(|error| fault(error.to_string()))?;
        if text.len() as u64 > LARGEST {
            return Err(fault(format!("it is larger than {} MiB", LARGEST >> 20)));
        }
        serde_json::from_slice(&text).map_err(|error| fault(format!("it is not JSON: {error}")))
    }

    fn compile(schema: &Value) -> Result<Arc<Validator>, CheckError> {
        jsonschema::options()
            .offline()
            .with_pattern_options(PatternOptions::regex())
            .build(schema)
            .map(Arc::new)
            .map_err(|error| CheckError::Schema(reason::plain(&error.to_string())))
    }

    impl Check for Schema {
        fn wanted(&self, inverted: bool) -> String {
            let not = if inverted { "not " } else { "" };
            let which = self.file.as_deref().map_or_else(|| "the schema".to_owned(), reason::start);
            format!("JSON {not}satisfying {which}")
        }

        fn rule(&self, subject: &Subject<'_>) -> Ruling {
            let document = match subject.json() {
                Err(instead) => return Ruling::Fails(instead.into()),
                Ok(document) => document,
            };
            let mut errors = self.validator.iter_errors(document);
            let faults: Vec<String> = errors
                .by_ref()
                .take(SHOWN)
                .map(|error| {
                    let pointer = error.instance_path().as_str();
                    let place = if pointer.is_empty() { "the whole".into() } else { reason::code(pointer) };
                    format!("at {place}: {}", reason::plain(&error.to_string()))
                })
                .collect();
            let output = reason::output(subject.output());
            if faults.is_empty() {
                return Ruling::Holds(output);
            }
            let more = if errors.next().is_some() { "; and more" } else { "" };
            Ruling::Fails(format!("{}{more}; in {output}", faults.join("; ")))
        }
    }
}

#[cfg(all(test, not(feature = "json-schema")))]
mod tests {
    use super::super::trial::refused;

    #[test]
    fn a_build_without_the_validator_says_so() {
        assert_eq!(
            refused("json_schema = { type = 'object' }"),
            "`json_schema`: this build of Holdline has no JSON Schema validator; \
             build it with the Cargo feature `json-schema`"
        );
    }
}

#[cfg(all(test, feature = "json-schema"))]
mod tests {
    use super::super::trial::{expect, fails, holds, refused, says};
    use crate::judge::{JudgeContext, Judges};

    const MEETING: &str = "json_schema = { type = 'object', required = ['who'], properties = { minutes = { type = 'integer' } } }";

    #[test]
    fn an_output_satisfies_the_schema_or_its_faults_are_named() {
        holds(MEETING, &says("{\"who\": 1, \"minutes\": 30}"));
        assert_eq!(
            fails(MEETING, &says("{\"who\": 1, \"minutes\": \"x\"}")),
            "expected JSON satisfying the schema, got at `/minutes`: \"x\" is not of type \"integer\"; \
             in `{\"who\": 1, \"minutes\": \"x\"}`"
        );
        assert!(fails(MEETING, &says("{}")).contains("at the whole: \"who\" is a required property"));
        assert!(fails(MEETING, &says("no")).contains("which is not JSON"));
    }

    #[test]
    fn a_schema_that_cannot_be_used_is_refused() {
        assert!(
            refused("json_schema = { type = 'nothing' }").contains("not a JSON Schema that can be used here")
        );
        assert!(
            refused("json_schema = { '$ref' = 'http://127.0.0.1:9/x.json' }").contains("not a JSON Schema")
        );
        assert!(
            refused("json_schema = 'no-such-file.json'")
                .contains("cannot read the schema ./no-such-file.json")
        );
    }

    #[test]
    fn a_schema_file_is_relative_to_the_suite() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("answer.json"), "{\"type\": \"array\"}").unwrap();
        std::fs::write(folder.path().join("broken.json"), "{").unwrap();
        let context = JudgeContext::new("/nowhere", folder.path());
        assert!(Judges::compile(&[expect("json_schema = 'answer.json'")], &context).is_ok());
        let error = Judges::compile(&[expect("json_schema = 'broken.json'")], &context).unwrap_err();
        assert!(error.to_string().contains("it is not JSON: EOF"), "{error}");
    }

    #[test]
    fn a_pattern_of_a_schema_takes_linear_time() {
        let started = std::time::Instant::now();
        fails("json_schema = { pattern = '^(a+)+$' }", &says(&format!("\"{}b\"", "a".repeat(50_000))));
        assert!(started.elapsed().as_secs() < 5);
    }
}
