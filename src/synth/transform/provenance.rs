//! A variant with one of its texts transformed: what it was is kept, what was done is added, and it has to be
//! reviewed again.

use super::by_model::ByModel;
use super::rules::ByRule;
use crate::expand::{Case, Promise};
use crate::suite::schema::Origin;
use crate::suite::variants::{Made, MadeBy, SeedRef, Truth, Variant};
use serde_json::Value;
use std::collections::BTreeMap;

/// The text of a variant that is transformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// What is asked first.
    Input,
    /// A column of its row, such as `reference`.
    Column(String),
}

/// What transformed a text.
#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// A rule.
    Rule(ByRule),
    /// A model.
    Model(ByModel),
}

impl How {
    /// The text that came of it.
    pub fn text(&self) -> &str {
        match self {
            Self::Rule(done) => &done.text,
            Self::Model(done) => &done.text,
        }
    }
}

/// A seed or a variant of the suite as a variant, to be transformed: it belongs to the seed's family and promises
/// the same as it, or what the case it is made of promises.
pub fn of_case(scenario: &str, case: &Case, seed: &Case) -> Variant {
    let lineage = case.provenance.lineage.as_deref();
    let pedigree = case.provenance.pedigree.as_deref();
    let mut made =
        pedigree.map_or_else(|| Made::new(MadeBy::Rule, Origin::Operator), |pedigree| pedigree.made.clone());
    if pedigree.is_none() {
        made.chain = lineage.map(|lineage| lineage.chain.clone()).unwrap_or_default();
    }
    made.from = Some(format!("case {}", case.id));
    let promise = lineage.map_or(Promise::Same, |lineage| lineage.promise);
    let expect: Vec<_> = case.expect.iter().cloned().map(Box::new).collect();
    Variant {
        scenario: scenario.to_owned(),
        input: case.input.clone(),
        turns: case.turns.clone(),
        of: Some(SeedRef::of(seed.row_id.as_deref(), &seed.input)),
        promise,
        // What the seed expects needs not be said again.
        expect: (promise != Promise::Same).then_some(crate::suite::schema::OneOrMany::Many(expect)),
        row: BTreeMap::new(),
        knobs: BTreeMap::new(),
        tags: Vec::new(),
        made,
        truth: pedigree.map_or(Truth::Rule, |pedigree| pedigree.truth),
        review: None,
    }
}

/// The text of a part; `None` where it has none, or it is no text.
pub fn text_of<'v>(variant: &'v Variant, part: &Part) -> Option<&'v str> {
    match part {
        Part::Input => variant.input.as_str(),
        Part::Column(name) => variant.row.get(name)?.as_str(),
    }
}

/// A variant with a part transformed. Its chain grows by the steps of a rule; a model is named with what it was
/// asked. Scores and filters of before say nothing of the new text and are left out, and so is its review.
pub fn transformed(variant: &Variant, suite: &str, part: &Part, how: How) -> Variant {
    let mut new = variant.clone();
    let text = Value::String(how.text().to_owned());
    match part {
        Part::Input => new.input = text,
        Part::Column(name) => {
            new.row.insert(name.clone(), text);
        }
    }
    if new.made.from.is_none() {
        new.made.from = Some(format!("variant {}", variant.id(suite)));
    }
    match how {
        How::Rule(done) => {
            // What a model wrote stays a model's words.
            if new.made.by != MadeBy::Model {
                new.made.by = MadeBy::Rule;
            }
            new.made.chain.extend(done.chain);
        }
        How::Model(done) => {
            let earlier = new.made.generator.replace(done.generator);
            if let Some(earlier) = earlier {
                new.made.chain.push(crate::expand::Applied {
                    op: earlier.name,
                    version: earlier.version,
                    edits: Vec::new(),
                });
            }
            (new.made.by, new.made.origin, new.made.model) = (MadeBy::Model, Origin::Model, Some(done.model));
            // That its meaning stayed the same is what a model says.
            if new.truth == Truth::Rule {
                new.truth = Truth::Model;
            }
        }
    }
    new.made.scores.clear();
    new.made.passed.clear();
    new.review = None;
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::Applied;
    use crate::suite::variants::{Approved, GeneratorRef, ModelMade, Reviewed};
    use serde_json::json;

    fn variant() -> Variant {
        Variant {
            scenario: "s".into(),
            input: json!("Could you book it?"),
            turns: Vec::new(),
            of: Some(SeedRef::Row("7".into())),
            promise: Promise::Same,
            expect: None,
            row: BTreeMap::from([("reference".into(), json!("Yes, <b>booked</b>"))]),
            knobs: BTreeMap::new(),
            tags: vec!["t".into()],
            made: Made {
                generator: Some(GeneratorRef { name: "paraphrase".into(), version: 1 }),
                model: Some(ModelMade {
                    model: "a".into(),
                    answered: None,
                    prompt: "p".into(),
                    sampling: json!({}),
                    reply: "r".into(),
                }),
                scores: BTreeMap::from([("realism".into(), 1.0)]),
                passed: vec!["schema".into()],
                ..Made::new(MadeBy::Model, Origin::Model)
            },
            truth: Truth::Model,
            review: Some(Reviewed {
                by: "Ada".into(),
                date: "2026-01-02".parse().unwrap(),
                approved: Approved::Both,
                note: None,
                edited_from: None,
            }),
        }
    }

    #[test]
    fn a_rule_adds_its_steps_and_nothing_is_reviewed_any_more() {
        let step = Applied { op: "fragment".into(), version: 1, edits: Vec::new() };
        let how = How::Rule(ByRule { text: "Book it".into(), chain: vec![step.clone()] });
        let old = variant();
        let new = transformed(&old, "suite", &Part::Input, how);
        assert_eq!(new.input, json!("Book it"));
        assert_eq!(
            (&new.of, new.promise, &new.tags, new.truth),
            (&old.of, old.promise, &old.tags, old.truth)
        );
        assert_eq!(
            (new.made.by, &new.made.model, &new.made.generator),
            (MadeBy::Model, &old.made.model, &old.made.generator)
        );
        assert_eq!(new.made.chain, [step]);
        assert_eq!(new.made.from, Some(format!("variant {}", old.id("suite"))));
        assert!(new.made.scores.is_empty() && new.made.passed.is_empty() && new.review.is_none());
    }

    #[test]
    fn a_model_is_named_and_who_was_before_it_is_a_step() {
        let model = ModelMade {
            model: "b".into(),
            answered: None,
            prompt: "q".into(),
            sampling: json!({}),
            reply: "s".into(),
        };
        let done = ByModel {
            text: "Yes".into(),
            generator: GeneratorRef { name: "shorter".into(), version: 1 },
            model: model.clone(),
        };
        let new = transformed(&variant(), "suite", &Part::Column("reference".into()), How::Model(done));
        assert_eq!(new.row["reference"], json!("Yes"));
        assert_eq!(new.input, variant().input);
        assert_eq!(new.made.model, Some(model));
        assert_eq!(new.made.chain[0].op, "paraphrase");
        assert_eq!(new.made.generator.unwrap().name, "shorter");
    }

    #[test]
    fn what_is_no_text_has_none() {
        let of = Variant { input: json!({ "a": 1 }), ..variant() };
        assert_eq!(text_of(&of, &Part::Input), None);
        assert_eq!(text_of(&of, &Part::Column("reference".into())), Some("Yes, <b>booked</b>"));
        assert_eq!(text_of(&of, &Part::Column("other".into())), None);
    }
}
