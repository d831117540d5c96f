//! Seeds become cases: expectations are filled in, and each case gets its identity and its name.

use super::case::{Case, CaseId, Provenance};
use super::expectation::{Expectations, Filled, Filling, canonical};
use crate::suite::params::PARAMS;
use crate::suite::slug::slug;
use crate::suite::template::{JsonTemplate, Template, TemplateError};
use crate::suite::{Params, Place, Scenario, Seed, SeedsError, Suite};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why the cases of a suite cannot be made. The loader finds what can be found in the file alone;
/// these depend on the values of rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// An expectation cannot be filled in for a row.
    #[error("the expectation cannot be filled in for this row: {error}")]
    Template {
        /// Where the row stands.
        place: Place,
        /// What is wrong.
        error: TemplateError,
    },
    /// An expectation, filled in, is not one any more.
    #[error("{error}")]
    Shape {
        /// Where the row stands.
        place: Place,
        /// What is wrong.
        error: String,
    },
    /// An entry of `expand` that makes no sense.
    #[error("{message}")]
    Entry {
        /// Where its scenario begins.
        place: Place,
        /// What is wrong.
        message: String,
    },
    /// The rows of a data file cannot be told any more.
    #[error("{error}")]
    Seeds {
        /// Where the scenario begins that they are of.
        place: Place,
        /// What is wrong.
        error: SeedsError,
    },
    /// A reviewed variant of a seed that the scenario does not have.
    #[error(
        "this variant is of a seed that scenario `{scenario}` does not have any more; put the seed back, name another under `of`, or take the line out"
    )]
    NoSeed {
        /// Where the variant stands.
        place: Place,
        /// The scenario.
        scenario: String,
    },
    /// Two cases that cannot be told apart.
    #[error(
        "this case is the same as the one at {}:{} (id {id}); remove one, or give the rows an `id`",
        first.file, first.line
    )]
    Duplicate {
        /// Their id.
        id: CaseId,
        /// Where the first stands.
        first: Place,
        /// Where the second stands.
        second: Place,
    },
}

impl ExpandError {
    /// Where the case stands that cannot be made.
    pub const fn place(&self) -> &Place {
        match self {
            Self::Template { place, .. }
            | Self::Shape { place, .. }
            | Self::Entry { place, .. }
            | Self::Seeds { place, .. }
            | Self::NoSeed { place, .. }
            | Self::Duplicate { second: place, .. } => place,
        }
    }
}

/// A seed with what defines it.
pub(super) struct SeedCase {
    /// The case that it is itself.
    pub case: Case,
    /// Its expectation.
    pub filled: Arc<Filled>,
    /// Its words, readable, without the id; `None` where there is nothing readable.
    pub slug: Option<String>,
}

/// The case that a seed is.
pub(super) fn seed_case(
    suite: &Suite,
    index: usize,
    script: &str,
    seed: Cow<'_, Seed>,
    expectations: &mut Expectations,
) -> Result<SeedCase, ExpandError> {
    let scenario = &suite.scenarios[index];
    let filling = Filling { input: &seed.input, row: &seed.row, knobs: &seed.knobs, place: &seed.place };
    let filled = expectations.fill_in(&seed.expect, filling)?;
    let id = identity(suite, scenario, &seed, script, &filled.canonical);
    let slug = readable(&seed);
    let Seed { id: row_id, input, row, knobs, tags, origin, place, .. } = seed.into_owned();
    let case = Case {
        id,
        family: id,
        scenario: index,
        name: name(slug.as_deref(), id),
        row_id,
        input,
        turns: Vec::new(),
        row,
        knobs,
        expect: filled.expect.clone(),
        truth: filled.truth.clone(),
        tags,
        must_pass: scenario.spec.must_pass,
        provenance: Provenance { origin, place, lineage: None, pedigree: None },
    };
    Ok(SeedCase { case, filled, slug })
}

/// The script of a scenario's conversation, as far as it defines its cases: what it says, and the values of
/// the parameters that it names. Empty without one.
pub(super) fn script_of(scenario: &Scenario, params: &Params) -> String {
    if scenario.spec.conversation.is_empty() {
        return String::new();
    }
    let script = serde_json::to_value(&scenario.spec.conversation).unwrap_or_default();
    let mut named = BTreeMap::new();
    // A conversation that cannot be read is told elsewhere.
    if let Ok(template) = JsonTemplate::parse(&script) {
        for path in template.templates().into_iter().flat_map(Template::variables) {
            match path.strip_prefix(PARAMS).map(|rest| rest.strip_prefix('.')) {
                Some(Some(name)) => named.extend(params.values().get_key_value(name)),
                Some(None) if path == PARAMS => named.extend(params.values()),
                _ => {}
            }
        }
    }
    let named = if named.is_empty() { String::new() } else { format!("#{}", serde_json::json!(named)) };
    format!("{}#{}{named}", canonical(&script), scenario.spec.max_turns.unwrap_or_default())
}

/// The identity of a seed. Every part is labelled, so that a part that later versions add changes
/// only the cases that have it.
fn identity(suite: &Suite, scenario: &Scenario, seed: &Seed, script: &str, expectation: &str) -> CaseId {
    let input;
    let row: [&[u8]; 2] = if let Some(id) = &seed.id {
        [b"row", id.as_bytes()]
    } else {
        input = canonical(&seed.input);
        [b"input", input.as_bytes()]
    };
    let mut parts: Vec<&[u8]> = vec![b"suite", suite.name.as_bytes(), b"scenario", scenario.id.as_bytes()];
    parts.extend(row);
    parts.extend::<[&[u8]; 2]>([b"expect", expectation.as_bytes()]);
    let knobs;
    if let Some(template) = &seed.template {
        knobs = canonical(&json!(seed.knobs));
        parts.extend::<[&[u8]; 4]>([b"template", template.as_bytes(), b"knobs", knobs.as_bytes()]);
    }
    if !script.is_empty() {
        parts.extend::<[&[u8]; 2]>([b"conversation", script.as_bytes()]);
    }
    CaseId::of(&parts)
}

/// What of a seed people recognise, fit for a name.
fn readable(seed: &Seed) -> Option<String> {
    match (&seed.id, &seed.input) {
        (Some(row), _) => slug(row),
        (None, Value::String(text)) => slug(text),
        (None, other) => slug(&other.to_string()),
    }
}

/// A name that people recognise, made unique by the id. It holds no result, so it never changes
/// while the case stays the same.
pub(super) fn name(slug: Option<&str>, id: CaseId) -> String {
    // An input of emoji or punctuation alone has nothing readable.
    slug.map_or_else(|| id.to_string(), |readable| format!("{readable}-{id}"))
}
