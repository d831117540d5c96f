//! Pairs of answers to a question that documents answer: a correct one, and one with something made up.

use crate::expand::Promise;
use crate::synth::answer::{CONTEXTS, KIND, OUTPUT, REASON, REFERENCE, TAG, VERDICT};
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::quotation::span_of;
use crate::synth::shape::{Item, Member, Shape, Takes};

/// Correct and hallucinated answers, in pairs.
pub static HALLUCINATED: Generator = Generator {
    name: "hallucinated",
    version: 1,
    what: "Pairs of answers from documents: one that is correct, and one in which a thing is made up.",
    prompt: include_str!("../prompts/hallucinated.md"),
    makes: Makes::Answers,
    promise: Promise::Own,
    works_on: WorksOn::Documents,
    options: &[GeneratorOption {
        name: "slip",
        what: "What is made up.",
        takes: OptionTakes::Words(&[
            ("entity", "a name, place, product or role is another one"),
            ("number", "an amount, date, limit or unit is another one"),
            ("unsupported", "a clause is added that sounds right and that the documents do not say"),
            ("contradiction", "one statement says the opposite of what the documents say"),
            ("overreach", "a condition or an exception is left out, so that it holds for more than it does"),
        ]),
    }],
    shape,
    drafts,
};

fn shape(_: &Brief, given: &Given) -> Shape {
    let right = "a correct answer in two or three sentences: all of it follows from the documents";
    let wrong = "the same answer with one thing made up, as fluent and as long as the correct one";
    Shape {
        approach: "what of the documents a hurried writer would get wrong, place by place",
        members: vec![
            Member::new(
                "first_quote",
                Takes::Text,
                "the words of `documents` that answer it, copied letter by letter",
            ),
            Member::new("question", Takes::Input, "a question that they answer, as a user asks it"),
            Member::new("right_answer", Takes::Text, right),
            Member::new("slip", Takes::Word(given.names("slip")), "what is made up in the other answer"),
            Member::new("wrong_answer", Takes::Text, wrong),
            Member::new(
                "wrong_part",
                Takes::Text,
                "the words of the other answer that are made up, and what is right instead",
            ),
        ],
        many: true,
    }
}

fn drafts(brief: &Brief, item: &Item) -> Result<Vec<Draft>, String> {
    let (right, wrong) = (item.text("right_answer"), item.text("wrong_answer"));
    if right.split_whitespace().eq(wrong.split_whitespace()) {
        return Err("`right_answer` and `wrong_answer` say the same".into());
    }
    let source = span_of(&brief.documents, item.text("first_quote"));
    let passages: Vec<&str> = brief.documents.iter().map(|passage| passage.text.as_str()).collect();
    let answer = |verdict: &str, kind: &str, output: &str, reason: &str| {
        let mut draft = Draft::new(brief, item.text("question"))
            .with(OUTPUT, output)
            .with(VERDICT, verdict)
            .with(KIND, kind)
            .with(REASON, reason)
            .with(REFERENCE, right)
            .with(CONTEXTS, passages.clone());
        draft.sources = vec![source.clone()];
        draft.tags.push(TAG.to_owned());
        draft
    };
    Ok(vec![
        answer("pass", "correct", right, "all of it follows from the documents"),
        answer("fail", item.text("slip"), wrong, item.text("wrong_part")),
    ])
}
