//! One thing said to the application with the answers that people know of: good ones, and bad ones.

use crate::expand::{CaseId, FamilyId};
use crate::suite::as_text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Who says something in a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What the application is told about itself.
    System,
    /// The one who asks.
    User,
    /// The application.
    Assistant,
}

/// Something said in a dialogue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Said {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

impl Said {
    /// Something that the user says: a text as it is, any other value as JSON.
    pub fn by_user(input: &Value) -> Self {
        Self { role: Role::User, content: as_text(input) }
    }

    /// Something that the application says.
    pub fn by_assistant(content: &str) -> Self {
        Self { role: Role::Assistant, content: content.to_owned() }
    }
}

/// Where an answer was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// With a reviewed variant.
    Variant,
    /// Among answers that people labelled for a judge.
    Label,
    /// Among the answers accepted with a baseline: it passed.
    Baseline,
    /// Among the answers of a run: it failed.
    Failure,
}

impl Source {
    /// Its word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Variant => "variant",
            Self::Label => "label",
            Self::Baseline => "baseline",
            Self::Failure => "failure",
        }
    }
}

/// An answer, and whether it is one to give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// What is answered. It may come from an application or a model: untrusted.
    pub text: String,
    /// Whether it is a good one.
    pub is_good: bool,
    /// Where it was found.
    pub source: Source,
    /// Why it is good or bad, where somebody said so.
    pub why: Option<String>,
}

/// A dialogue up to the answer, with what is known of answers to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Identity of the case or variant; of an answer that was labelled, its own or that of the case it answers.
    pub id: CaseId,
    /// The seed it comes from: what is split and what is kept apart from cases that gate.
    pub family: FamilyId,
    /// Name of the suite or of the judge that it is from.
    pub suite: String,
    /// Id of its scenario; empty where it has none.
    pub scenario: String,
    /// Where it stands, for people: `suites/support.variants.jsonl:3`.
    pub place: String,
    /// What is said before the answer; ends with the user.
    pub dialogue: Vec<Said>,
    /// Passages that the answer is to rest on.
    pub contexts: Vec<String>,
    /// The answers.
    pub answers: Vec<Answer>,
    /// Under which licence it is, where somebody said so.
    pub licence: Option<String>,
    /// How many answers of runs to it passed, and how many were graded, where it was asked.
    pub tally: Option<(usize, usize)>,
}

impl Example {
    /// What the user says in it, in the order of the turns.
    pub fn user_texts(&self) -> impl Iterator<Item = &str> {
        self.dialogue.iter().filter(|said| said.role == Role::User).map(|said| said.content.as_str())
    }

    /// The answers that are good, or those that are bad.
    pub fn answers_that_are(&self, good: bool) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |answer| answer.is_good == good)
    }

    /// The text that was said, where it is only one.
    pub fn only_text(&self) -> Option<&str> {
        match self.dialogue.as_slice() {
            [only] if only.role == Role::User => Some(&only.content),
            _ => None,
        }
    }
}

/// Why something that could be an example is not exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Nobody approved it for training.
    NotApproved,
    /// Nobody knows an answer to it that is good or bad.
    NoAnswer,
    /// What the application answers between the turns is not known.
    NoMiddle,
    /// The same answer is called good and bad.
    Disputed,
    /// The answer was cut when it was kept.
    Cut,
    /// People disagree about the answer.
    Disagreed,
    /// The format needs a good answer, and there is none.
    NoGood,
    /// The format needs a good and a bad answer, and there are not both.
    NoPair,
    /// The format has room for one question only.
    SeveralTurns,
    /// It holds a zero character, which the format cannot carry.
    Zero,
    /// There are more of its difficulty than the balance allows.
    Balance,
}

impl Left {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotApproved => "not_approved",
            Self::NoAnswer => "no_answer",
            Self::NoMiddle => "no_middle",
            Self::Disputed => "disputed",
            Self::Cut => "cut",
            Self::Disagreed => "disagreed",
            Self::NoGood => "no_good",
            Self::NoPair => "no_pair",
            Self::SeveralTurns => "several_turns",
            Self::Zero => "zero",
            Self::Balance => "balance",
        }
    }

    /// What it means, in words that follow a count.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::NotApproved => "not approved for training",
            Self::NoAnswer => "without an answer that is known to be good or bad",
            Self::NoMiddle => "with turns between which the application's answers are not known",
            Self::Disputed => "with an answer that is called good and bad",
            Self::Cut => "with an answer that was cut when it was kept",
            Self::Disagreed => "with an answer about which people disagree",
            Self::NoGood => "without a good answer, which this format needs",
            Self::NoPair => "without a good and a bad answer, which this format needs",
            Self::SeveralTurns => "with several turns, which this format has no room for",
            Self::Zero => "with a zero character, which this format cannot carry",
            Self::Balance => "over the balance of difficulties",
        }
    }
}

/// How many were left out, by reason.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeftOut(pub BTreeMap<Left, usize>);

impl LeftOut {
    /// Counts one.
    pub fn add(&mut self, why: Left) {
        *self.0.entry(why).or_default() += 1;
    }

    /// How many there are in all.
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// What was left out, in words: `3 not approved for training, 1 without …`.
    pub fn told(&self) -> String {
        if self.0.is_empty() {
            return "nobody approved anything for training".to_owned();
        }
        let each: Vec<String> = self.0.iter().map(|(why, n)| format!("{n} {}", why.meaning())).collect();
        each.join(", ")
    }
}
