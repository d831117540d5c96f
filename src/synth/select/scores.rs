//! How good a draft is, by axis, in the words of a model: five described levels, told with their reasons.

use super::asked::{Prompt, object_of, scope, shown};
use super::sieve::Rejection;
use crate::expand::Reason;
use crate::model::Unanswered;
use crate::synth::ask::{AsksJson, JsonAsk, JsonForm};
use crate::synth::draft::{Brief, Draft};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PROMPT: Prompt = Prompt { purpose: "scores@1", text: include_str!("prompts/scores.md") };

/// Levels of an axis.
const LEVELS: u8 = 5;

/// What a draft is rated by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Whether a user of the application would write it.
    Realism,
    /// Whether it can be told what is wanted.
    Clarity,
    /// How hard it is to answer well. More is not better.
    Difficulty,
    /// Whether it tests the behaviour that it was written for.
    InScope,
}

impl Axis {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Realism, Self::Clarity, Self::Difficulty, Self::InScope];
    /// Those of which more is better: the mean of these is the quality of a draft.
    pub const QUALITY: [Self; 3] = [Self::Realism, Self::Clarity, Self::InScope];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Realism => "realism",
            Self::Clarity => "clarity",
            Self::Difficulty => "difficulty",
            Self::InScope => "in_scope",
        }
    }

    /// The axis of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|axis| axis.name() == name)
    }

    const fn what(self) -> &'static str {
        match self {
            Self::Realism => "whether a user of this application would write it, in these words",
            Self::Clarity => "whether a reader can tell what is wanted",
            Self::Difficulty => "how hard it is for a good assistant to do the right thing",
            Self::InScope => "whether it tests the behaviour named above",
        }
    }

    const fn levels(self) -> [&'static str; LEVELS as usize] {
        match self {
            Self::Realism => [
                "nobody would write this: it is about the test, holds placeholders, or makes no sense",
                "it reads like an exercise: complete, tidy and lifeless",
                "a user might write it, though one word or detail is out of place",
                "a user would write it",
                "it could be taken from the logs of this application, with the details, the gaps and the tone of a person in a situation",
            ],
            Self::Clarity => [
                "nobody can tell what is wanted",
                "several readings are as likely as each other",
                "one reading is the likeliest, with guessing",
                "what is wanted is clear, with a detail missing",
                "what is wanted is clear in every detail",
            ],
            Self::Difficulty => [
                "a search for one word would answer it",
                "one obvious step answers it",
                "two or three steps, or one rule that must be known",
                "several conditions, or a trap that a hasty reader falls into",
                "an expert has to think, and most assistants would get it wrong",
            ],
            Self::InScope => [
                "it is about something else",
                "it touches the subject, and the behaviour does not come into it",
                "it may or may not bring the behaviour about",
                "it brings the behaviour about, beside other things",
                "it is just what the behaviour is about",
            ],
        }
    }
}

/// A level that was given, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// From 1 to 5.
    pub level: u8,
    /// Why. Untrusted.
    pub reason: String,
}

impl Level {
    /// The level as a score: 1 is 0, 3 is ½, 5 is 1.
    pub fn score(&self) -> f64 {
        f64::from(self.level.clamp(1, LEVELS) - 1) / f64::from(LEVELS - 1)
    }
}

/// The scores of a draft.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scored {
    /// By axis.
    pub levels: BTreeMap<Axis, Level>,
    /// The model that rated, as the project calls it.
    pub model: String,
}

impl Scored {
    /// The score on an axis, 0 to 1; `None` where it was not rated.
    pub fn score(&self, axis: Axis) -> Option<f64> {
        self.levels.get(&axis).map(Level::score)
    }

    /// The sum over all axes that were rated.
    pub fn sum(&self) -> f64 {
        self.levels.values().map(Level::score).sum()
    }

    /// The mean of the axes of which more is better; `None` where none of them was rated.
    pub fn quality(&self) -> Option<f64> {
        let scores: Vec<f64> = Axis::QUALITY.into_iter().filter_map(|axis| self.score(axis)).collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// The scores by the names of their axes, as provenance keeps them.
    pub fn by_name(&self) -> BTreeMap<String, f64> {
        self.levels.iter().map(|(axis, level)| (axis.name().to_owned(), level.score())).collect()
    }

    /// The reasons by the names of their axes.
    pub fn reasons(&self) -> BTreeMap<String, String> {
        self.levels.iter().map(|(axis, level)| (axis.name().to_owned(), level.reason.clone())).collect()
    }
}

/// The least score on each axis that a draft must have.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds(pub BTreeMap<Axis, f64>);

impl Default for Thresholds {
    /// Realism and scope of the middle level. Clarity has none, since unclear requests are asked for on purpose,
    /// and difficulty has none, since both easy and hard ones are.
    fn default() -> Self {
        Self(BTreeMap::from([(Axis::Realism, 0.5), (Axis::InScope, 0.5)]))
    }
}

impl Thresholds {
    /// Whether scores reach every threshold; an axis that has one and was not rated is not reached.
    pub fn hold(&self, scored: &Scored) -> Result<(), Rejection> {
        // What is about something else is told as that first.
        let order = [Axis::InScope, Axis::Realism, Axis::Clarity, Axis::Difficulty];
        for axis in order {
            let Some(least) = self.0.get(&axis) else { continue };
            let score = scored.score(axis);
            if score.is_none_or(|score| score < least - 1e-9) {
                let reason = if axis == Axis::InScope { Reason::OutOfScope } else { Reason::LowScore };
                let said = scored.levels.get(&axis).map_or("not rated", |level| level.reason.as_str());
                let score = score.map_or_else(|| "no score".to_owned(), |score| format!("{score:.2}"));
                return Err(Rejection::new(
                    reason,
                    format!("{}: {score}, at least {least:.2}: {said}", axis.name()),
                ));
            }
        }
        Ok(())
    }
}

/// What a reply with scores must look like.
pub fn form(axes: &[Axis]) -> JsonForm {
    let score = json!({ "type": "integer", "minimum": 1, "maximum": LEVELS });
    let level = object_of(&[("reasoning", json!({ "type": "string" })), ("score", score)]);
    let members: Vec<(&str, Value)> = axes.iter().map(|axis| (axis.name(), level.clone())).collect();
    JsonForm::new("scores", object_of(&members))
}

/// Asks a model to rate a draft on these axes; `None` asks the one whose turn it is. A model that rates what it
/// wrote itself is kinder to it: name another one.
pub async fn score(
    asks: &dyn AsksJson,
    brief: &Brief,
    draft: &Draft,
    axes: &[Axis],
    model: Option<&str>,
) -> Result<Scored, Unanswered> {
    let form = form(axes);
    let messages = PROMPT.messages(&instructions(brief, axes), &shown(draft));
    let ask = JsonAsk { purpose: PROMPT.purpose, messages, form: &form, sample: 0, model };
    let reply = asks.ask(ask).await?;
    Ok(Scored { levels: read(&reply.value, axes), model: reply.model })
}

fn instructions(brief: &Brief, axes: &[Axis]) -> crate::suite::template::Scope {
    let described: Vec<Value> = axes
        .iter()
        .map(|axis| json!({ "name": axis.name(), "what": axis.what(), "levels": axis.levels() }))
        .collect();
    let names: Vec<String> = axes.iter().map(|axis| format!("`{}`", axis.name())).collect();
    scope(brief).with("axes", described).with("names", names.join(", "))
}

/// The levels of a reply that is of the form.
fn read(value: &Value, axes: &[Axis]) -> BTreeMap<Axis, Level> {
    let level = |axis: &Axis| {
        let said = value.get(axis.name())?;
        let level = u8::try_from(said["score"].as_u64()?).ok()?;
        let reason = said["reasoning"].as_str().unwrap_or_default().trim().to_owned();
        Some((*axis, Level { level, reason }))
    };
    axes.iter().filter_map(level).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::synth::select) fn scored(levels: &[(Axis, u8)]) -> Scored {
        let level = |(axis, level): &(Axis, u8)| (*axis, Level { level: *level, reason: "so".into() });
        Scored { levels: levels.iter().map(level).collect(), model: "m".into() }
    }

    /// Levels 5, 2 and 4 are 1, ¼ and ¾; difficulty is no quality.
    #[test]
    fn levels_become_scores() {
        let of = scored(&[(Axis::Realism, 5), (Axis::Clarity, 2), (Axis::Difficulty, 1), (Axis::InScope, 4)]);
        assert_eq!(of.score(Axis::Clarity), Some(0.25));
        assert_eq!(of.quality(), Some(2.0 / 3.0));
        assert!((of.sum() - 2.0).abs() < 1e-15);
        assert!((of.by_name()["in_scope"] - 0.75).abs() < 1e-15);
        assert_eq!(scored(&[(Axis::Difficulty, 3)]).quality(), None);
    }

    #[test]
    fn what_is_below_its_threshold_is_told_with_the_reason() {
        let thresholds = Thresholds::default();
        assert_eq!(thresholds.hold(&scored(&[(Axis::Realism, 3), (Axis::InScope, 3)])), Ok(()));
        let low = thresholds.hold(&scored(&[(Axis::Realism, 2), (Axis::InScope, 5)])).unwrap_err();
        assert_eq!(low, Rejection::new(Reason::LowScore, "realism: 0.25, at least 0.50: so"));
        let other = thresholds.hold(&scored(&[(Axis::Realism, 1), (Axis::InScope, 1)])).unwrap_err();
        assert_eq!(other.reason, Reason::OutOfScope);
        let unrated = thresholds.hold(&scored(&[(Axis::InScope, 5)])).unwrap_err();
        assert_eq!(unrated.reason, Reason::LowScore, "no score is not a good one");
    }

    #[test]
    fn a_reply_has_every_axis_and_a_level_that_there_is() {
        let axes = [Axis::Realism, Axis::InScope];
        let form = form(&axes);
        let level = |score: Value| json!({ "reasoning": " as it is ", "score": score });
        let good = json!({ "realism": level(json!(4)), "in_scope": level(json!(1)) });
        assert_eq!(form.holds(&good), Ok(()));
        assert_eq!(read(&good, &axes)[&Axis::Realism], Level { level: 4, reason: "as it is".into() });
        for bad in [
            json!({ "realism": level(json!(4)) }),
            json!({ "realism": level(json!(0)), "in_scope": level(json!(1)) }),
            json!({ "realism": level(json!(4.5)), "in_scope": level(json!(1)) }),
            json!({ "realism": level(json!("4")), "in_scope": level(json!(1)) }),
            json!({ "realism": level(json!(4)), "in_scope": level(json!(1)), "clarity": level(json!(1)) }),
        ] {
            assert!(form.holds(&bad).is_err(), "{bad}");
        }
    }
}
