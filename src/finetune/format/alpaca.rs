//! Alpaca's `instruction`, `input` and `output`: what is asked, the passages to answer from, and the answer.

use super::{Row, good, json_line};
use crate::finetune::example::{Example, Left};
use serde::Serialize;

#[derive(Serialize)]
struct Asked<'a> {
    instruction: &'a str,
    input: &'a str,
    output: &'a str,
}

pub(super) fn rows(example: &Example) -> Result<Vec<Row>, Left> {
    let instruction = example.only_text().ok_or(Left::SeveralTurns)?;
    let input = example.contexts.join("\n\n");
    let row = |answer: &crate::finetune::Answer| {
        let row = Asked { instruction, input: &input, output: &answer.text };
        let row = json_line(&row, answer.source.word().to_owned());
        Row { text: row.text.trim_end().to_owned(), ..row }
    };
    Ok(good(example)?.into_iter().map(row).collect())
}
