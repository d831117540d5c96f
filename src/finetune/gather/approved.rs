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
        let (whole, variants) = with_training(suite);
        let gates = Gating::is_gate(suite);
        let is_wanted = wanted.has_suite(&suite.name);
        if gates {
            gating.add_suite(suite);
        }
        let each = &mut |case: Case| {
            let pedigree = case.provenance.pedigree.is_some();
            let variant = pedigree.then(|| variants.get(&case.provenance.place.line)).flatten();
            let approved = variant.and_then(|(_, approved)| *approved);
            if gates && approved != Some(Approved::Training) {
                gating.add(suite, &case);
            }
            if self.asked_for.contains(&case.id) {
                self.families.insert(case.id, (suite.name.clone(), case.family));
            }
            if !is_wanted {
                return;
            }
            let by_review = matches!(approved, Some(Approved::Training | Approved::Both));
            if by_review || case.tags.iter().any(|tag| TAGS.contains(&tag.as_str())) {
                let of = approved_case(suite, &case, variant.map(|(variant, _)| *variant));
                self.cases.insert(case.id, of);
            } else if variant.is_some() {
                self.refused.insert(case.id);
            }
        };
        if let Err(errors) = Expansion::new(&whole).and_then(|expansion| expansion.visit(each)) {
            let mut out = Diagnostics::default();
            case_errors(root, &errors, &mut out);
            out.or(())?;
        }
        Ok(())
    }
}

/// The variants of a suite by their lines, each with what it was approved for.
type Lines<'s> = HashMap<u32, (&'s Variant, Option<Approved>)>;

/// The suite with those variants as cases that are for training alone, so that they get what every case gets:
/// an identity, a family, and expectations that are filled in.
fn with_training(suite: &Suite) -> (Suite, Lines<'_>) {
    let mut whole = suite.clone();
    for placed in whole.scenarios.iter_mut().flat_map(|scenario| &mut scenario.variants) {
        if let Some(review) = placed.variant.review.as_mut().filter(|of| of.approved == Approved::Training) {
            review.approved = Approved::Both;
        }
    }
    let variants = suite.scenarios.iter().flat_map(|scenario| &scenario.variants);
    let lines = variants.map(|placed| {
        let approved = placed.variant.review.as_ref().map(|review| review.approved);
        (placed.line, (&placed.variant, approved))
    });
    (whole, lines.collect())
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
