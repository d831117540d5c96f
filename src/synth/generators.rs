//! The generators: one file each, with a prompt file of the same name.

pub mod adversarial;
pub mod edge_cases;
pub mod evolve;
pub mod grounded;
pub mod hallucinated;
pub mod instruction_response;
pub mod paraphrase;
pub mod queries;
pub mod question_answer;
pub mod responses;
#[cfg(test)]
mod tests;
pub mod user;

use super::draft::{Brief, Draft};
use super::generator::Generator;
use super::shape::{Item, Member, Takes};

/// All of them, in the order in which they are listed.
pub static ALL: &[&Generator] = &[
    &queries::QUERIES,
    &paraphrase::PARAPHRASE,
    &evolve::EVOLVE,
    &edge_cases::EDGE_CASES,
    &adversarial::ADVERSARIAL,
    &question_answer::QUESTION_ANSWER,
    &grounded::GROUNDED,
    &responses::RESPONSES,
    &hallucinated::HALLUCINATED,
    &instruction_response::INSTRUCTION_RESPONSE,
    &user::USER,
];

/// The member for what the scenario's expectation reads of a row, where it reads anything.
fn columns(brief: &Brief) -> Vec<Member> {
    columns_but(brief, &[])
}

/// The same without columns that the generator fills in by itself.
fn columns_but(brief: &Brief, own: &[&str]) -> Vec<Member> {
    let wanted = |column: &&String| !own.contains(&column.as_str());
    let columns: Vec<String> = brief.scenario.columns.iter().filter(wanted).cloned().collect();
    let what = "what is right for this message, under each of these names: the answer will be held to it";
    if columns.is_empty() { Vec::new() } else { vec![Member::new("row", Takes::Row(columns), what)] }
}

/// A case of its own with its columns: the member `text` is what is asked.
fn case(brief: &Brief, item: &Item) -> Draft {
    with_row(Draft::new(brief, item.text("text")), item)
}

/// A draft with the columns that the model gave.
fn with_row(draft: Draft, item: &Item) -> Draft {
    item.row().fold(draft, |draft, (column, value)| draft.with(column, value.as_str()))
}
