//! Pairs of a good and a bad answer to one question, as texts.

use super::{Row, json_line, pairs, sources};
use crate::finetune::example::{Example, Left};
use serde::Serialize;

#[derive(Serialize)]
struct Pair<'a> {
    prompt: &'a str,
    chosen: &'a str,
    rejected: &'a str,
}

pub(super) fn rows(example: &Example) -> Result<Vec<Row>, Left> {
    let prompt = example.only_text().ok_or(Left::SeveralTurns)?;
    let row = |pair: (&crate::finetune::Answer, &crate::finetune::Answer)| {
        json_line(&Pair { prompt, chosen: &pair.0.text, rejected: &pair.1.text }, sources(pair))
    };
    Ok(pairs(example)?.into_iter().map(row).collect())
}
