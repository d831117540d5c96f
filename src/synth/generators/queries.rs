//! Queries: what users send, by the values of knobs.

use super::{case, columns};
use crate::expand::Promise;
use crate::synth::draft::Brief;
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Member, Shape, Takes};

/// Messages of users, as distinct as the count asks.
pub static QUERIES: Generator = Generator {
    name: "queries",
    version: 1,
    what: "Messages that users send for a scenario, by the values of knobs, each unlike the others.",
    prompt: include_str!("../prompts/queries.md"),
    makes: Makes::Cases,
    promise: Promise::Own,
    works_on: WorksOn::Scenario,
    options: &[
        GeneratorOption {
            name: "persona",
            what: "Who writes, in a few words.",
            takes: OptionTakes::Text { required: false },
        },
        GeneratorOption {
            name: "language",
            what: "The language to write in. Default: that of the seeds.",
            takes: OptionTakes::Text { required: false },
        },
    ],
    shape,
    drafts: |brief, item| Ok(vec![case(brief, item)]),
};

/// Knobs that fit most scenarios, with values and what these mean, for those who name none of their own. Who writes
/// (`persona`) and what for (`intent`) only the author of a suite can say.
pub const KNOBS: [(&str, &[(&str, &str)]); 5] = [
    (
        "clarity",
        &[
            ("clear", "what is wanted can be read in one way only"),
            ("vague", "what is wanted must be worked out from hints"),
            ("mixed", "what is wanted is buried between things that do not matter"),
        ],
    ),
    (
        "difficulty",
        &[
            ("easy", "every word needed is there, and it is what most people ask"),
            ("medium", "one thing must be combined or worked out"),
            ("hard", "several things must be combined, or an exception applies"),
        ],
    ),
    (
        "style",
        &[
            ("formal", "whole sentences, polite, as in a letter"),
            ("casual", "as to a friend in a chat, with contractions and small letters"),
            ("terse", "keywords and fragments, no greeting"),
            ("upset", "impatient or annoyed, and still wanting help"),
        ],
    ),
    (
        "length",
        &[
            ("short", "at most 10 words"),
            ("medium", "one or two sentences"),
            ("long", "five sentences or more, with some of the story behind it"),
        ],
    ),
    (
        "detail",
        &[
            ("none", "no names, numbers or dates"),
            ("some", "one concrete detail, such as a date, a number or a name of a thing"),
            ("many", "at least three concrete details that fit together"),
        ],
    ),
];

/// What a value of a knob means, where it is one of [`KNOBS`].
pub fn meaning(knob: &str, value: &str) -> Option<&'static str> {
    let (_, values) = KNOBS.iter().find(|(name, _)| *name == knob)?;
    values.iter().find(|(known, _)| *known == value).map(|(_, meaning)| *meaning)
}

fn shape(brief: &Brief, _: &Given) -> Shape {
    let angle = Member::new(
        "angle",
        Takes::Any,
        "who writes, in which situation, and what sets this message apart from the others, in a few words",
    );
    let text = Member::new("text", Takes::Input, "the message itself, as the user sends it");
    Shape {
        approach: "the situations and ways of asking that you will spread the messages over, in one or two sentences",
        members: [vec![angle], columns(brief), vec![text]].concat(),
        many: true,
    }
}
