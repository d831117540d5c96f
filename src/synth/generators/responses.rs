//! Responses to a query, by style: answers for judges to be tried on.

use crate::expand::Promise;
use crate::synth::answer::{KIND, OUTPUT, REASON, REFERENCE, TAG, VERDICT};
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Item, Member, Shape, Takes};

/// Answers to a seed, right and wrong ones, in several styles.
pub static RESPONSES: Generator = Generator {
    name: "responses",
    version: 1,
    what: "Answers to a seed by style, right ones and subtly wrong ones, for judges to be tried on.",
    prompt: include_str!("../prompts/responses.md"),
    makes: Makes::Answers,
    promise: Promise::Same,
    works_on: WorksOn::Seed,
    options: &[
        GeneratorOption {
            name: "style",
            what: "What an answer does.",
            takes: OptionTakes::Words(&[
                ("complete", "it settles all that was asked"),
                ("partial", "it settles a part, and says what is still open or needed"),
                ("workaround", "what was asked cannot be had, and it offers another way to the same end"),
                ("escalation", "it hands over to a person, and says to whom and why"),
                ("redirect", "the request is out of scope: it says so, and what it can help with"),
                ("clarification", "it asks back for the one thing without which it can only guess"),
            ]),
        },
        GeneratorOption {
            name: "verdict",
            what: "Whether an answer is a right one.",
            takes: OptionTakes::Words(&[
                ("pass", "a right answer: all that is expected holds"),
                (
                    "fail",
                    "a wrong answer that looks like a right one: one thing that is expected does not hold",
                ),
            ]),
        },
    ],
    shape,
    drafts: |brief, item| Ok(vec![draft(brief, item)]),
};

fn shape(_: &Brief, given: &Given) -> Shape {
    Shape {
        approach: "what a right answer to this message must do, and the ways in which one misses it that a reader might overlook",
        members: vec![
            Member::new("aim", Takes::Text, "why this answer is right, or what exactly is wrong with it"),
            Member::new("kind", Takes::Word(given.names("style")), "its style"),
            Member::new("label", Takes::Word(given.names("verdict")), "whether it is a right answer"),
            Member::new("output", Takes::Text, "the answer itself, as the application sends it"),
        ],
        many: true,
    }
}

fn draft(brief: &Brief, item: &Item) -> Draft {
    let about = brief.about.as_ref();
    let draft = Draft::new(brief, about.map_or("", |about| about.input.as_str()));
    let mut draft = draft
        .by("style", item.text("kind"))
        .with(OUTPUT, item.text("output"))
        .with(VERDICT, item.text("label"))
        .with(KIND, item.text("kind"))
        .with(REASON, item.text("aim"));
    if let Some(reference) = about.and_then(|about| about.reference.as_ref()) {
        draft = draft.with(REFERENCE, reference.as_str());
    }
    // It asks what the seed asks, and what the seed expects must hold of an answer to it.
    draft.of = about.map(|about| about.of.clone());
    draft.promise = Promise::Same;
    draft.tags.push(TAG.to_owned());
    draft
}
