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
            Value::String(file) => (Some(file.clone()), file.clone()),
            // A table's JSON text begins with a brace and cannot be taken for a file's name.
            table => (None, table.to_string()),
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
