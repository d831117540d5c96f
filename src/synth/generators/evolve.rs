//! Evolution: a seed made into a harder or another request of its kind.

use super::{case, columns};
use crate::expand::Promise;
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Item, Member, Shape, Takes};

/// Requests that grew out of a seed.
///
/// What comes of it asks for something else than the seed: it is a seed of its own, held to what the scenario
/// expects.
pub static EVOLVE: Generator = Generator {
    name: "evolve",
    version: 1,
    what: "A seed grown: deeper, more concrete, constrained, compared, or another one beside it.",
    prompt: include_str!("../prompts/evolve.md"),
    makes: Makes::Cases,
    promise: Promise::Own,
    works_on: WorksOn::Seed,
    options: &[GeneratorOption {
        name: "direction",
        what: "How it grows.",
        takes: OptionTakes::Words(&[
            ("deeper", "it asks for the why, the consequence or the next step behind the request"),
            ("concrete", "general words become a particular thing, place, time or amount"),
            ("constrained", "a condition is added that a right answer must respect"),
            ("compared", "two things or ways are weighed against each other"),
            ("breadth", "another request of the same kind and difficulty, on a rarer subject"),
        ]),
    }],
    shape,
    drafts: |brief, item| Ok(vec![draft(brief, item)]),
};

fn shape(brief: &Brief, given: &Given) -> Shape {
    let change = Member::new("change", Takes::Any, "what is added or changed, in a few words");
    let direction = Takes::Word(given.names("direction"));
    let direction = Member::new("direction", direction, "which of the directions it is");
    let text = Member::new("text", Takes::Input, "the new message itself");
    Shape {
        approach: "what the message asks for, and what would make it a different request for the application",
        members: [vec![change, direction], columns(brief), vec![text]].concat(),
        many: true,
    }
}

fn draft(brief: &Brief, item: &Item) -> Draft {
    case(brief, item).by("direction", item.text("direction"))
}
