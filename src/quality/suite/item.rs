//! A case as its quality is judged: only what can be seen before anything is asked.

use crate::expand::{Case, CaseId, FamilyId, Provenance};
use crate::run::Plan;
use crate::suite::as_text;
use crate::suite::schema::Origin;
use serde::Serialize;

/// Who made a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A user of the application, or of one like it.
    Real,
    /// A person, for the suite.
    Written,
    /// A program: a template, an operator or a model.
    Synthetic,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Identity of the case.
    pub id: CaseId,
    /// The seed it comes from.
    pub family: FamilyId,
    /// Id of its scenario.
    pub scenario: String,
    /// The label expected, where there is exactly one.
    pub label: Option<String>,
    /// The answer expected word for word, where one is.
    pub answer: Option<String>,
    /// What is asked.
    pub text: String,
    /// Who made the text.
    pub source: Source,
    /// The template it comes from.
    pub template: Option<String>,
    /// Names and values of the knobs it was made with.
    pub knobs: Vec<(String, String)>,
}

/// The cases of a plan, or why they cannot be read back.
pub fn items(plan: &Plan) -> std::io::Result<Vec<Item>> {
    plan.cases
        .iter()
        .map(|case| {
            let case = case?;
            let scenario = &plan.suite.scenarios[case.scenario];
            let from_template = !case.knobs.columns.is_empty();
            let template = scenario.spec.template.as_ref().filter(|_| from_template);
            Ok(Item {
                id: case.id,
                family: case.family,
                scenario: scenario.id.clone(),
                label: case.truth.clone(),
                answer: answer(&case),
                text: as_text(&case.input),
                source: source(&case.provenance),
                template: template.map(|texts| texts.as_slice().join("\n")),
                knobs: case
                    .knobs
                    .columns
                    .iter()
                    .cloned()
                    .zip(case.knobs.values.iter().map(as_text))
                    .collect(),
            })
        })
        .collect()
}

/// Who made a text.
const fn source(provenance: &Provenance) -> Source {
    match provenance.origin {
        Origin::Written => Source::Written,
        Origin::Real | Origin::Production | Origin::Failure => Source::Real,
        Origin::Template | Origin::Operator | Origin::Document | Origin::Table | Origin::Model => {
            Source::Synthetic
        }
    }
}

fn answer(case: &Case) -> Option<String> {
    case.expect.iter().find_map(|expect| expect.equals.as_ref()).map(as_text)
}
