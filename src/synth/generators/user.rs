//! The simulated user: what a user with a persona and a goal says next in a conversation.

use crate::expand::Promise;
use crate::synth::draft::{Brief, Draft};
use crate::synth::generator::{Generator, GeneratorOption, Given, Makes, OptionTakes, WorksOn};
use crate::synth::shape::{Member, Shape, Takes};
use serde_json::Value;

/// What a simulated user says next.
pub static USER: Generator = Generator {
    name: "user",
    version: 1,
    what: "A simulated user with a persona and a goal, who talks to the application until served or at the last turn.",
    prompt: include_str!("../prompts/user.md"),
    makes: Makes::Turns,
    promise: Promise::Own,
    works_on: WorksOn::Conversation,
    options: &[
        GeneratorOption {
            name: "persona",
            what: "Who the user is and how they write. Default: an ordinary user of the application.",
            takes: OptionTakes::Text { required: false },
        },
        GeneratorOption {
            name: "goal",
            what: "What the user wants to have at the end, and what they know.",
            takes: OptionTakes::Text { required: true },
        },
        GeneratorOption {
            name: "patience",
            what: "How soon they give up.",
            takes: OptionTakes::Word(&[
                (
                    "ordinary",
                    "you answer what you are asked, and give up when you are asked the same a third time",
                ),
                ("low", "you say little, and give up when an answer does not bring you nearer to your goal"),
                ("high", "you try again in other words for as long as you are answered"),
            ]),
        },
    ],
    shape,
    drafts: |brief, item| Ok(vec![Draft::new(brief, item.text("text"))]),
};

/// How a user feels about the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// They want more.
    GoesOn,
    /// They have what they came for.
    Served,
    /// They will not get it here.
    GivesUp,
}

/// What the user does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Whether they go on.
    pub state: State,
    /// What they say; nothing is sent of it unless they go on.
    pub text: String,
}

/// The words of the states, in a reply.
const STATES: [(&str, State); 3] =
    [("go_on", State::GoesOn), ("served", State::Served), ("gave_up", State::GivesUp)];

fn shape(_: &Brief, _: &Given) -> Shape {
    let state = Takes::Word(STATES.map(|(word, _)| word.to_owned()).to_vec());
    let what =
        "`served` where the goal is reached in full, `gave_up` where you would leave, otherwise `go_on`";
    Shape {
        approach: "what the last answer gave you of your goal, what is still missing, and what you know that was asked for",
        members: vec![
            Member::new("state", state, what),
            Member::new("text", Takes::Any, "what you write next; empty unless `state` is `go_on`"),
        ],
        many: false,
    }
}

/// What a reply to the user's prompt says, or what is wrong with it, in words for the model.
pub fn next(brief: &Brief, reply: &Value) -> Result<Next, String> {
    let given = USER.given(brief).map_err(|error| error.to_string())?;
    let items = shape(brief, &given).read(reply)?;
    let item = items.first().ok_or("the reply is empty")?;
    let word = item.text("state");
    let state = STATES.iter().find(|(known, _)| *known == word).map_or(State::GoesOn, |(_, state)| *state);
    let text = item.text("text").to_owned();
    match state {
        State::GoesOn if text.is_empty() => {
            Err("`text` is empty and `state` is `go_on`: write what you say next".into())
        }
        State::Served | State::GivesUp if brief.conversation.is_empty() => {
            Err("nothing was said yet: `state` is `go_on`, and `text` the first message".into())
        }
        state => Ok(Next { state, text }),
    }
}
