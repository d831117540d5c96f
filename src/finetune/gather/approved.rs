//! Which cases and variants people approved for training, and which gate.

use super::Wanted;
use crate::expand::{Case, CaseId, Expansion, FamilyId};
use crate::finetune::example::{Answer, Source};
use crate::finetune::gating::Gating;
use crate::judge::References;
use crate::session::{SessionError, case_errors};
use crate::suite::variants::{Approved, Variant};
use crate::suite::{Diagnostics, Suite};
use crate::synth::answer::{Answered, REFERENCE};
use serde_json::Value;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// The tags by which a scenario of a suite says that a person approved its cases for training.
pub const TAGS: [&str; 2] = ["approved:training", "approved:both"];

/// Column of answers that are wrong: a text, or a list.
const REJECTED: &str = "rejected";

/// A case or variant that people approved for training.
#[derive(Debug, Clone)]
pub struct ApprovedCase {
    /// The suite.
    pub suite: String,
    /// Id of the scenario.
    pub scenario: String,
    /// The family.
    pub family: FamilyId,
    /// Where it stands.
    pub place: String,
    /// What is asked first.
    pub input: Value,
    /// Whether more is said than the input.
    pub has_turns: bool,
    /// Answers that stand with it.
    pub answers: Vec<Answer>,
    /// Passages that it is grounded in.
    pub contexts: Vec<String>,
    /// Its licence.
    pub licence: Option<String>,
}

/// What people approved.
#[derive(Debug, Default)]
pub struct Approvals {
    /// The cases and variants that are approved for training, of the suites that are wanted.
    pub cases: BTreeMap<CaseId, ApprovedCase>,
    /// Variants of the suites that are wanted that are not.
    pub refused: HashSet<CaseId>,
    /// The families of the cases that labels are about.
    pub families: HashMap<CaseId, (String, FamilyId)>,
    asked_for: HashSet<CaseId>,
}

impl Approvals {
    /// Nothing yet; the families of these cases will be known.
    pub fn new(asked_for: impl Iterator<Item = CaseId>) -> Self {
        Self { asked_for: asked_for.collect(), ..Self::default() }
    }

    /// Goes through the cases of a suite, and through the variants that are none because they are for training
    /// alone.
    pub fn visit(
        &mut self,
        root: &Path,
        suite: &Suite,
        wanted: &Wanted,
        gating: &mut Gating,
    ) -> Result<(), SessionError> {
        let gates = Gating::is_gate(suite);
        if gates {
            gating.add_suite(suite);
        }
        let is_wanted = wanted.has_suite(&suite.name);
        let lines = lines(suite);
        expand(root, suite, &mut |case| {
            if gates {
                gating.add(suite, &case);
            }
            if self.asked_for.contains(&case.id) {
                self.families.insert(case.id, (suite.name.clone(), case.family));
            }
            if is_wanted {
                self.case(suite, &case, &lines);
            }
        })?;
        if is_wanted && let Some(for_training) = for_training(suite) {
            expand(root, &for_training, &mut |case| {
                if case.provenance.pedigree.is_some() {
                    self.case(suite, &case, &lines);
                }
            })?;
        }
        Ok(())
    }

    /// Keeps a case that is approved for training.
    fn case(&mut self, suite: &Suite, case: &Case, lines: &Lines<'_>) {
        let is_reviewed = case.provenance.pedigree.is_some();
        let variant = lines.get(&case.provenance.place.line).filter(|_| is_reviewed);
        let approved = variant.and_then(|variant| variant.review.as_ref()).map(|review| review.approved);
        let by_review = matches!(approved, Some(Approved::Training | Approved::Both));
        if by_review || case.tags.iter().any(|tag| TAGS.contains(&tag.as_str())) {
            let of = approved_case(suite, case, variant.copied());
            match self.cases.entry(case.id) {
                // A case for both may have an answer in a line for training alone.
                Entry::Occupied(known) => known.into_mut().answers.extend(of.answers),
                Entry::Vacant(new) => drop(new.insert(of)),
            }
        } else if variant.is_some() {
            self.refused.insert(case.id);
        }
    }
}

/// Hands every case of a suite to `each`.
fn expand(root: &Path, suite: &Suite, each: &mut dyn FnMut(Case)) -> Result<(), SessionError> {
    if let Err(errors) = Expansion::new(suite).and_then(|expansion| expansion.visit(each)) {
        let mut out = Diagnostics::default();
        case_errors(root, &errors, &mut out);
        out.or(())?;
    }
    Ok(())
}

/// The variants of a suite by their lines.
type Lines<'s> = HashMap<u32, &'s Variant>;

fn lines(suite: &Suite) -> Lines<'_> {
    let variants = suite.scenarios.iter().flat_map(|scenario| &scenario.variants);
    variants.map(|placed| (placed.line, &placed.variant)).collect()
}

/// The suite with those variants as its only ones that are for training alone, as if they were cases: so that they
/// get what every case gets, an identity, a family, and expectations that are filled in. They stand apart from its
/// cases, which may say the same.
fn for_training(suite: &Suite) -> Option<Suite> {
    let mut apart = suite.clone();
    apart.spec.expand.total = None;
    let mut any = false;
    for scenario in &mut apart.scenarios {
        scenario.spec.expand = Vec::new();
        scenario.spec.total = None;
        scenario.variants.retain(|placed| !placed.variant.is_case());
        for review in scenario.variants.iter_mut().filter_map(|placed| placed.variant.review.as_mut()) {
            review.approved = Approved::Both;
            any = true;
        }
    }
    any.then_some(apart)
}

fn approved_case(suite: &Suite, case: &Case, variant: Option<&Variant>) -> ApprovedCase {
    let scenario = &suite.scenarios[case.scenario];
    let row = variant.map(|variant| &variant.row);
    let column = |name: &str| row.and_then(|row| row.get(name)).map(texts).unwrap_or_default();
    // What is filled in from a seed's row holds for the variant as well: whoever wrote the expectation says so.
    let good = References::of(&case.expect).map(|all| all.texts).unwrap_or_default();
    let good = good.into_iter().chain(column(REFERENCE)).map(|text| (text, true, None));
    let bad = column(REJECTED).into_iter().map(|text| (text, false, None));
    let answered = row.and_then(|row| Answered::of(&case.input, row));
    let meant = answered.as_ref().and_then(|answered| match answered.meant.as_str() {
        // Whoever approved it read what the answer was meant to be.
        "pass" => Some((answered.output.clone(), true, answered.reason.clone())),
        "fail" => Some((answered.output.clone(), false, answered.reason.clone())),
        _ => None,
    });
    let answers = meant.into_iter().chain(good).chain(bad);
    let spans = variant.into_iter().flat_map(|variant| &variant.made.sources).map(|span| span.text.clone());
    let contexts = answered.map_or_else(Vec::new, |answered| answered.contexts);
    let place = &case.provenance.place;
    ApprovedCase {
        suite: suite.name.clone(),
        scenario: scenario.id.clone(),
        family: case.family,
        place: format!("{}:{}", place.file, place.line),
        input: case.input.clone(),
        has_turns: !case.turns.is_empty() || !scenario.spec.conversation.is_empty(),
        answers: answers
            .filter(|(text, ..)| !text.trim().is_empty())
            .map(|(text, is_good, why)| Answer { text, is_good, source: Source::Variant, why })
            .collect(),
        contexts: if contexts.is_empty() { spans.collect() } else { contexts },
        licence: variant.and_then(|variant| variant.made.licence.clone()),
    }
}

/// The texts of a column: one, or a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}
