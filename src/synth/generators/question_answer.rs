//! Questions on a topic, each with its answer.

use super::{columns_but, with_row};
use crate::expand::Promise;
use crate::synth::answer::REFERENCE;
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Item, Member, Shape, Takes};

/// Questions with a reference answer, from a topic.
pub static QUESTION_ANSWER: Generator = Generator {
    name: "question_answer",
    version: 1,
    what: "Questions on a topic, each with its answer as `{{ row.reference }}`.",
    prompt: include_str!("../prompts/question_answer.md"),
    makes: Makes::Cases,
    promise: Promise::Own,
    works_on: WorksOn::Scenario,
    options: &[
        GeneratorOption {
            name: "topic",
            what: "What the questions are about, in a few words.",
            takes: OptionTakes::Text { required: true },
        },
        GeneratorOption {
            name: "kind",
            what: "What kind of question.",
            takes: OptionTakes::Words(&[
                ("fact", "it asks for one fact"),
                ("reason", "it asks why or how something is so"),
                ("procedure", "it asks how something is done, step by step"),
                ("comparison", "it asks what sets two things apart, or which of them fits"),
                ("calculation", "the answer must be worked out from what the question says"),
            ]),
        },
    ],
    shape,
    drafts: |brief, item| Ok(vec![draft(brief, item)]),
};

fn shape(brief: &Brief, given: &Given) -> Shape {
    Shape {
        approach: "the parts of the topic that you will spread the questions over",
        members: [
            vec![
                Member::new("kind", Takes::Word(given.names("kind")), "which kind of question it is"),
                Member::new("question", Takes::Input, "the question itself, as a user asks it"),
                Member::new("reasoning", Takes::Any, "how the answer follows, step by step"),
                Member::new("right_answer", Takes::Text, "the answer: complete, and as short as that allows"),
            ],
            columns_but(brief, &[REFERENCE]),
        ]
        .concat(),
        many: true,
    }
}

fn draft(brief: &Brief, item: &Item) -> Draft {
    let draft = with_row(Draft::new(brief, item.text("question")), item);
    draft.by("kind", item.text("kind")).with(REFERENCE, item.text("right_answer"))
}
