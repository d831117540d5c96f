//! Edge cases: messages for a scenario that are tricky, ambiguous or rare.

use super::{case, columns};
use crate::expand::Promise;
use crate::suite::schema::{Expect, OneOrMany};
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Item, Member, Shape, Takes};

/// The word for a case that none of the labels fits.
const NO_LABEL: &str = "none";

/// Messages at the edges of a scenario.
pub static EDGE_CASES: Generator = Generator {
    name: "edge_cases",
    version: 1,
    what: "Messages at the edges of a scenario: tricky, ambiguous or rare, with the label that is right for each.",
    prompt: include_str!("../prompts/edge_cases.md"),
    makes: Makes::Cases,
    promise: Promise::Own,
    works_on: WorksOn::Scenario,
    options: &[GeneratorOption {
        name: "edge",
        what: "What makes it an edge case.",
        takes: OptionTakes::Words(&[
            ("tricky", "it looks like another request than it is, or one word turns its meaning"),
            ("ambiguous", "two readings are equally fair, and they call for different answers"),
            (
                "rare",
                "an unusual and possible situation: a limit met exactly, an exception to an exception, an odd unit or order",
            ),
        ]),
    }],
    shape,
    drafts: |brief, item| Ok(vec![draft(brief, item)]),
};

fn shape(brief: &Brief, given: &Given) -> Shape {
    let mut members = vec![
        Member::new("difficulty", Takes::Text, "what makes it hard to get right, in a sentence"),
        Member::new("edge", Takes::Word(given.names("edge")), "which kind of edge case it is"),
    ];
    if !brief.scenario.labels.is_empty() {
        let labels = brief.scenario.labels.iter().filter(|label| *label != NO_LABEL).cloned();
        let words = labels.chain([NO_LABEL.to_owned()]).collect();
        let what = "the label that is right for an answer to it; `none` where no label is";
        members.push(Member::new("label", Takes::Word(words), what));
    }
    members.extend(columns(brief));
    members.push(Member::new("text", Takes::Input, "the message itself, as the user sends it"));
    Shape {
        approach: "where the scenario ends and its neighbours begin, and which of its conditions can be met barely or twice",
        members,
        many: true,
    }
}

fn draft(brief: &Brief, item: &Item) -> Draft {
    let mut draft =
        case(brief, item).by("edge", item.text("edge")).with("difficulty", item.text("difficulty"));
    let label = item.text("label");
    // Where the label is the scenario's own, all that the scenario expects holds; another label stands alone.
    let differs = brief.scenario.label.as_deref() != Some(label);
    if !matches!(label, "" | NO_LABEL) && differs {
        let label = Some(OneOrMany::One(label.to_owned()));
        draft.expect = Some(OneOrMany::One(Box::new(Expect { label, ..Expect::default() })));
    }
    draft
}
