//! Paraphrases: a seed said in another structure, with its meaning kept.

use crate::expand::Promise;
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Item, Member, Shape, Takes};

/// The same request, built differently.
pub static PARAPHRASE: Generator = Generator {
    name: "paraphrase",
    version: 1,
    what: "A seed said again: the structure changes, the meaning stays, and what the seed expects must hold.",
    prompt: include_str!("../prompts/paraphrase.md"),
    makes: Makes::Cases,
    promise: Promise::Same,
    works_on: WorksOn::Seed,
    options: &[GeneratorOption {
        name: "structure",
        what: "What of the structure changes.",
        takes: OptionTakes::Words(&[
            ("order", "what came last comes first: the reason before the request, or after it"),
            ("mood", "a question becomes a statement of what is wanted or a request, or the other way round"),
            (
                "voice",
                "another subject does the doing: active becomes passive, or a thing becomes the subject",
            ),
            ("split", "one sentence becomes several"),
            ("join", "several sentences become one"),
            ("words", "other words and another part of speech: a verb becomes a noun, a noun a clause"),
        ]),
    }],
    shape,
    drafts: |brief, item| Ok(vec![draft(brief, item)]),
};

fn shape(_: &Brief, given: &Given) -> Shape {
    Shape {
        approach: "what the message says, part by part, and so what every paraphrase must say",
        members: vec![
            Member::new("change", Takes::Any, "what you change in the structure, in a few words"),
            Member::new("structure", Takes::Word(given.names("structure")), "which of the changes it is"),
            Member::new("text", Takes::Input, "the paraphrase itself"),
        ],
        many: true,
    }
}

fn draft(brief: &Brief, item: &Item) -> Draft {
    let mut draft = Draft::new(brief, item.text("text")).by("structure", item.text("structure"));
    draft.of = brief.about.as_ref().map(|about| about.of.clone());
    draft.promise = Promise::Same;
    draft
}
