//! Instructions with a response to each, for training.

use crate::expand::Promise;
use crate::synth::answer::{KIND, OUTPUT, TAG, VERDICT};
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Item, Member, Shape, Takes};

/// Instructions, the material they are about, and a response to each.
pub static INSTRUCTION_RESPONSE: Generator = Generator {
    name: "instruction_response",
    version: 1,
    what: "Instructions as the scenario has them, each with a response to learn from.",
    prompt: include_str!("../prompts/instruction_response.md"),
    makes: Makes::Answers,
    promise: Promise::Own,
    works_on: WorksOn::Scenario,
    options: &[
        GeneratorOption {
            name: "task",
            what: "What kind of instruction.",
            takes: OptionTakes::Words(&[
                ("answer", "a question to be answered"),
                ("extract", "something to be found in a text that is given"),
                ("summarise", "a text that is given, to be made shorter"),
                ("rewrite", "a text that is given, to be said in another way or form"),
                ("classify", "a text that is given, to be put under one of several heads"),
                ("plan", "something to be done, to be laid out step by step"),
                ("refuse", "something outside the scenario, to be declined with what can be done instead"),
            ]),
        },
        GeneratorOption {
            name: "language",
            what: "The language to write in. Default: that of the seeds.",
            takes: OptionTakes::Text { required: false },
        },
    ],
    shape,
    drafts: |brief, item| Ok(vec![draft(brief, item)]),
};

fn shape(_: &Brief, given: &Given) -> Shape {
    let material = "the text that the instruction is about; empty where it needs none";
    Shape {
        approach: "the situations that you will spread the instructions over, and what makes a response a good one",
        members: vec![
            Member::new("instruction", Takes::Input, "the instruction itself, as a user writes it"),
            Member::new("material", Takes::Any, material),
            Member::new("output", Takes::Text, "the response: what the best answer would be"),
            Member::new("task", Takes::Word(given.names("task")), "which kind of instruction it is"),
        ],
        many: true,
    }
}

fn draft(brief: &Brief, item: &Item) -> Draft {
    let (instruction, material) = (item.text("instruction"), item.text("material"));
    let input =
        if material.is_empty() { instruction.to_owned() } else { format!("{instruction}\n\n{material}") };
    let mut draft = Draft::new(brief, &input)
        .by("task", item.text("task"))
        .with(OUTPUT, item.text("output"))
        .with(VERDICT, "pass")
        .with(KIND, item.text("task"));
    draft.tags.push(TAG.to_owned());
    draft
}
