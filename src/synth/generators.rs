//! The generators: one file each, with a prompt file of the same name.

pub mod queries;

use super::draft::{Brief, Draft};
use super::generator::Generator;
use super::shape::{Item, Member, Takes};

/// All of them, in the order in which they are listed.
pub static ALL: &[&Generator] = &[&queries::QUERIES];

/// The member for what the scenario's expectation reads of a row, where it reads anything.
fn columns(brief: &Brief) -> Vec<Member> {
    let columns = &brief.scenario.columns;
    let what = "what is right for this message, under each of these names: the answer will be held to it";
    if columns.is_empty() { Vec::new() } else { vec![Member::new("row", Takes::Row(columns.clone()), what)] }
}

/// A case of its own with its columns: the member `text` is what is asked.
fn case(brief: &Brief, item: &Item) -> Draft {
    let draft = Draft::new(brief, item.text("text"));
    item.row().fold(draft, |draft, (column, value)| draft.with(column, value.as_str()))
}
