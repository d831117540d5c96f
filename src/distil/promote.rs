//! What becomes of a case that is to stay: a variant for the file beside the suite, what it adds to what is there,
//! and the twin that makes it needless.

use crate::expand::similar::jaccard;
use crate::expand::{Case, CaseId, Promise, Reason};
use crate::metric::knob_groups;
use crate::suite::as_text;
use crate::suite::schema::{Expect, OneOrMany, Origin};
use crate::suite::variants::{Made, MadeBy, SeedRef, Truth, Variant};
use crate::suite::{Place, Row, Suite};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Similarity of two texts, by their sequences of five characters, from which they are nearly the same: as the
/// filter of variants has it.
const NEAR: f64 = 0.8;

/// What of a suite's cases is known, to tell what is new.
#[derive(Debug, Clone)]
pub struct KnownCase {
    /// Its id.
    pub id: CaseId,
    /// Its seed's.
    pub family: CaseId,
    /// Index of its scenario.
    pub scenario: usize,
    /// The id of its row, where it has one.
    pub row_id: Option<String>,
    /// What is asked first, as a text.
    pub text: String,
    /// What the user says next.
    pub turns: Vec<String>,
    /// Whether it was made by operators, of which another version makes another case.
    pub is_made: bool,
    /// Where it, or its seed, stands.
    pub place: Place,
    /// The operators that made it.
    pub operators: String,
    /// Its knobs.
    pub knobs: Row,
}

impl KnownCase {
    /// What is known of a case.
    pub fn of(case: &Case) -> Self {
        let lineage = case.provenance.lineage.as_deref();
        Self {
            id: case.id,
            family: case.family,
            scenario: case.scenario,
            row_id: case.row_id.clone(),
            text: as_text(&case.input),
            turns: case.turns.clone(),
            is_made: case.provenance.pedigree.is_none()
                && (lineage.is_some() || case.provenance.origin == Origin::Template),
            place: case.provenance.place.clone(),
            operators: lineage.map(crate::expand::Lineage::operators).unwrap_or_default(),
            knobs: case.knobs.clone(),
        }
    }
}

/// A variant that asks what a case asks, and expects what it expects. `seed` is the seed that the suite has for it;
/// without one it is a seed of its own.
pub fn variant_of(suite: &Suite, case: &Case, seed: Option<&Case>) -> Variant {
    let lineage = case.provenance.lineage.as_deref();
    let chain = lineage.map(|lineage| lineage.chain.clone()).unwrap_or_default();
    let by = if chain.is_empty() { MadeBy::Rule } else { MadeBy::Operator };
    let seed = seed.filter(|seed| seed.id != case.id);
    let same = seed.is_some_and(|seed| seed.expect == case.expect);
    let promise = match (lineage, same) {
        (_, true) => Promise::Same,
        (Some(lineage), false) if seed.is_some() => match lineage.promise {
            // It says what must hold by itself.
            Promise::Same => Promise::Own,
            other => other,
        },
        _ => Promise::Own,
    };
    Variant {
        scenario: suite.scenarios[case.scenario].id.clone(),
        input: case.input.clone(),
        turns: case.turns.clone(),
        of: seed.map(|seed| SeedRef::of(seed.row_id.as_deref(), &seed.input)),
        promise,
        expect: (!same).then(|| stated(&case.expect)),
        row: if seed.is_some() { BTreeMap::new() } else { columns(&case.row) },
        knobs: if seed.is_some() { BTreeMap::new() } else { columns(&case.knobs) },
        tags: Vec::new(),
        made: Made { chain, ..Made::new(by, Origin::Failure) },
        truth: Truth::Rule,
        review: None,
    }
}

fn columns(row: &Row) -> BTreeMap<String, Value> {
    row.columns.iter().cloned().zip(row.values.iter().cloned()).collect()
}

/// Expectations that are filled in already, as they can be written where templates are read.
fn stated(expect: &[Expect]) -> OneOrMany<Box<Expect>> {
    let literal = |entry: &Expect| {
        let value = serde_json::to_value(entry).map(literal).and_then(serde_json::from_value::<Expect>);
        Box::new(value.unwrap_or_else(|_| entry.clone()))
    };
    match expect {
        [one] => OneOrMany::One(literal(one)),
        many => OneOrMany::Many(many.iter().map(literal).collect()),
    }
}

/// A value of which nothing is filled in: what looks like a template in its texts is written as one that says just
/// that.
fn literal(value: Value) -> Value {
    match value {
        Value::String(text) if ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark)) => {
            let marked = text.replace('{', "{{ \"{\" }}");
            Value::String(marked)
        }
        Value::Array(list) => Value::Array(list.into_iter().map(literal).collect()),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, literal(value))).collect(),
        other => other,
    }
}

/// A case that is there already and asks nearly the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Twin {
    /// Its id.
    pub id: CaseId,
    /// What it asks.
    pub text: String,
    /// Where it, or its seed, stands.
    pub place: Place,
    /// How much of their sequences of five characters the two share, from 0 to 1.
    pub similarity: f64,
    /// Why the other is needless.
    pub reason: Reason,
}

/// The twin of a variant among the cases of its scenario: one that asks the same or, in another family, nearly the
/// same. Variants of one seed, whose id is `family`, are meant to lie near each other. `pinned` is the case that the
/// variant is to keep, where operators make it: it is no twin of itself.
pub fn twin(
    suite: &Suite,
    variant: &Variant,
    family: Option<CaseId>,
    pinned: Option<CaseId>,
    known: &[KnownCase],
) -> Option<Twin> {
    let scenario = suite.scenarios.iter().position(|of| of.id == variant.scenario)?;
    let text = as_text(&variant.input);
    let near = |other: &KnownCase| {
        if other.scenario != scenario
            || other.turns != variant.turns
            || Some(other.id) == pinned && other.is_made
        {
            return None;
        }
        let is_same = other.text.trim() == text.trim();
        let similarity = if is_same { 1.0 } else { jaccard(&other.text, &text) };
        let counts = is_same || (similarity >= NEAR && Some(other.family) != family);
        let reason = if is_same { Reason::Duplicate } else { Reason::NearDuplicate };
        counts.then(|| Twin {
            id: other.id,
            text: other.text.clone(),
            place: other.place.clone(),
            similarity,
            reason,
        })
    };
    known.iter().filter_map(near).max_by(|a, b| a.similarity.total_cmp(&b.similarity).then(b.id.cmp(&a.id)))
}

/// The seed of a scenario that a reference means.
pub fn seed_of<'k>(of: &SeedRef, scenario: usize, known: &'k [KnownCase]) -> Option<&'k KnownCase> {
    let mut seeds = known.iter().filter(|case| case.scenario == scenario && case.id == case.family);
    match of {
        SeedRef::Row(id) => seeds.find(|seed| seed.row_id.as_ref() == Some(id)),
        SeedRef::Input(input) => {
            let text = as_text(input);
            seeds.find(|seed| seed.text == text)
        }
    }
}

/// A case that was promoted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Promoted {
    /// The suite.
    pub suite: String,
    /// The scenario.
    pub scenario: String,
    /// Its id as a case.
    pub id: CaseId,
    /// What it asks.
    pub text: String,
    /// What must hold, in words or as JSON.
    pub expects: String,
    /// The file that it stands in, and the line.
    pub place: Place,
    /// Whether its failures fail the build at once.
    pub must_pass: bool,
    /// The case that it keeps, which operators make as well.
    pub pinned: Option<CaseId>,
    /// What was replaced in it before it was written, in words.
    pub scrubbed: Option<String>,
    /// What it adds.
    pub adds: Adds,
}

/// The text of a suite's cases most like another, with how much the two share.
pub fn nearest<'k>(text: &str, known: &'k [KnownCase]) -> Option<(&'k KnownCase, f64)> {
    let scored = known.iter().map(|of| (of, jaccard(&of.text, text)));
    scored
        .max_by(|(a, x), (b, y)| x.total_cmp(y).then(b.id.cmp(&a.id)))
        .filter(|(_, similarity)| *similarity > 0.0)
}

/// What a promoted case adds to what its scenario has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adds {
    /// Cases of the scenario before.
    pub cases: usize,
    /// Seeds of the scenario before; one more where the case is a seed of its own.
    pub seeds: usize,
    /// Whether the case is a seed of its own.
    pub is_seed: bool,
    /// The operators that made it.
    pub operators: String,
    /// Cases of the scenario that the same operators made before.
    pub same_operators: usize,
    /// Knob values and pairs of them that no case of the scenario has.
    pub knobs: Vec<String>,
}

/// What a variant adds.
pub fn adds(suite: &Suite, variant: &Variant, known: &[KnownCase]) -> Adds {
    let scenario = suite.scenarios.iter().position(|of| of.id == variant.scenario);
    let here: Vec<&KnownCase> = known.iter().filter(|of| Some(of.scenario) == scenario).collect();
    let operators = variant.made.chain.iter().map(|of| of.op.as_str()).collect::<Vec<_>>().join("+");
    let covered: BTreeSet<String> =
        here.iter().flat_map(|of| knob_groups(&of.knobs)).map(|(_, group)| group).collect();
    let (columns, values): (Vec<String>, Vec<Value>) = variant.knobs.clone().into_iter().unzip();
    let own = Row { columns: columns.into(), values };
    Adds {
        cases: here.len(),
        seeds: here.iter().filter(|of| of.id == of.family).count(),
        is_seed: variant.of.is_none(),
        same_operators: here.iter().filter(|of| !operators.is_empty() && of.operators == operators).count(),
        operators,
        knobs: knob_groups(&own)
            .into_iter()
            .map(|(_, group)| group)
            .filter(|group| !covered.contains(group))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::template::{JsonTemplate, Scope};
    use serde_json::json;

    #[test]
    fn what_looks_like_a_template_is_written_so_that_it_says_itself() {
        let value = json!({ "contains": "say {{ input }} and {% if %}", "label": ["a", "{# b"], "words": { "max": 3 } });
        let written = literal(value.clone());
        assert_ne!(written, value);
        let read = JsonTemplate::parse(&written).unwrap().render(&Scope::default()).unwrap();
        assert_eq!(read, value);
        assert_eq!(literal(json!("{ plain }")), json!("{ plain }"));
    }
}
