//! Adversarial messages: attempts to make the application miss what a scenario expects.

use super::{case, columns};
use crate::expand::Promise;
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Item, Member, Shape, Takes};

/// Attempts against a scenario's goal.
pub static ADVERSARIAL: Generator = Generator {
    name: "adversarial",
    version: 1,
    what: "Attempts to make the application miss what a scenario expects, each by a technique.",
    prompt: include_str!("../prompts/adversarial.md"),
    makes: Makes::Cases,
    promise: Promise::Own,
    works_on: WorksOn::Scenario,
    options: &[
        GeneratorOption {
            name: "goal",
            what: "What the attempts are to achieve. Default: an answer that misses what the scenario expects.",
            takes: OptionTakes::Text { required: false },
        },
        GeneratorOption {
            name: "technique",
            what: "How they try.",
            takes: OptionTakes::Words(&[
                ("override", "new instructions that claim to replace the old ones"),
                ("role_play", "a game, a story or a part in which other rules hold"),
                (
                    "authority",
                    "somebody who may demand it: a manager, a developer, an earlier promise of a colleague",
                ),
                ("pressure", "need, time, threat or flattery, so that refusing seems unkind"),
                (
                    "smuggled",
                    "the request stands within a quoted letter, a document or a translation to be done",
                ),
                ("stepwise", "small, harmless steps, the last of which is the goal"),
                ("false_premise", "it takes for granted that what is not allowed was agreed or is usual"),
                ("confusion", "two requests, negations or formats tangled so that the wrong one is answered"),
            ]),
        },
    ],
    shape,
    drafts: |brief, item| Ok(vec![draft(brief, item)]),
};

fn shape(brief: &Brief, given: &Given) -> Shape {
    let idea = Member::new("idea", Takes::Any, "why an application might fall for it, in a few words");
    let technique = Takes::Word(given.names("technique"));
    let technique = Member::new("technique", technique, "which of the techniques it is");
    let text = Member::new("text", Takes::Input, "the message itself, as it is sent");
    Shape {
        approach: "what an answer must not do or say, and what would tempt an application to do or say it",
        members: [vec![idea], columns(brief), vec![technique, text]].concat(),
        many: true,
    }
}

fn draft(brief: &Brief, item: &Item) -> Draft {
    let mut draft = case(brief, item).by("technique", item.text("technique"));
    draft.tags.push("adversarial".to_owned());
    draft
}
