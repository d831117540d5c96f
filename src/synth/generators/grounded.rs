//! Questions that documents answer, each with the words that it is answered from.

use super::{columns_but, with_row};
use crate::expand::Promise;
use crate::suite::variants::SourceSpan;
use crate::synth::answer::{CONTEXTS, REFERENCE};
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::quotation::span_of;
use crate::synth::shape::{Item, Member, Shape, Takes};
use serde_json::Value;

/// Columns that the generator fills in by itself.
const OWN: [&str; 3] = [REFERENCE, CONTEXTS, "source"];

/// Questions with their answers, from one place in documents or from two.
pub static GROUNDED: Generator = Generator {
    name: "grounded",
    version: 1,
    what: "Questions that documents answer, from one place or from two, with the words they are answered from.",
    prompt: include_str!("../prompts/grounded.md"),
    makes: Makes::Cases,
    promise: Promise::Own,
    works_on: WorksOn::Documents,
    options: &[GeneratorOption {
        name: "hops",
        what: "From how many places a question is answered.",
        takes: OptionTakes::Word(&[
            ("single", "one place in the documents answers it"),
            ("two_hop", "it is answered by two places together, and by neither alone"),
        ]),
    }],
    shape,
    drafts,
};

fn is_two_hop(given: &Given) -> bool {
    given.names("hops").iter().any(|word| word == "two_hop")
}

fn shape(brief: &Brief, given: &Given) -> Shape {
    let quote = "the words of `documents` that answer it, copied letter by letter: a sentence or two";
    let first = "the words of `documents` with the first half of the answer, copied letter by letter";
    let other = "the words of another place in `documents` with the other half, copied letter by letter";
    let mut members = if is_two_hop(given) {
        vec![Member::new("first_quote", Takes::Text, first), Member::new("other_quote", Takes::Text, other)]
    } else {
        vec![Member::new("first_quote", Takes::Text, quote)]
    };
    members.extend([
        Member::new(
            "question",
            Takes::Input,
            "the question itself, as a user asks it who has not read the documents",
        ),
        Member::new("right_answer", Takes::Text, "the answer: what the quoted words say, and nothing else"),
    ]);
    members.extend(columns_but(brief, &OWN));
    Shape {
        approach: "what the documents say that somebody would want to know, place by place",
        members,
        many: true,
    }
}

fn drafts(brief: &Brief, item: &Item) -> Result<Vec<Draft>, String> {
    let quotes = [item.text("first_quote"), item.text("other_quote")];
    let sources: Vec<SourceSpan> = quotes
        .into_iter()
        .filter(|quote| !quote.is_empty())
        .map(|quote| span_of(&brief.documents, quote))
        .collect();
    if let [one, other] = sources.as_slice()
        && one.file == other.file
        && one.start < other.end
        && other.start < one.end
    {
        return Err("`first_quote` and `other_quote` are of the same place: quote two places".into());
    }
    let mut files: Vec<&str> = sources.iter().map(|source| source.file.as_str()).collect();
    files.dedup();
    let source = match files.as_slice() {
        [one] => Value::from(*one),
        several => Value::from(several.to_vec()),
    };
    let contexts: Vec<&str> = sources.iter().map(|source| source.text.as_str()).collect();
    let hops = if sources.len() > 1 { "two_hop" } else { "single" };
    let mut draft = with_row(Draft::new(brief, item.text("question")), item)
        .by("hops", hops)
        .with(REFERENCE, item.text("right_answer"))
        .with(CONTEXTS, contexts)
        .with("source", source);
    draft.sources = sources;
    Ok(vec![draft])
}
