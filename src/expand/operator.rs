//! What an operator is: it makes a variant of a text and says what the variant promises.

use super::edit::{Edit, Rewrite};
use super::protect::Guard;
use super::stream::Stream;
use super::words::Text;
use crate::suite::Row;
use crate::suite::schema::Expect;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// An operator: one file under `operators/`, registered by name.
#[derive(Debug)]
pub struct Operator {
    /// Its name in suites: lower case with `_`.
    pub name: &'static str,
    /// Raised with every change of what it makes: variants of another version are other cases.
    pub version: u32,
    /// The family it belongs to.
    pub family: Family,
    /// What its variants promise.
    pub promise: Promise,
    /// What it does, in a line.
    pub what: &'static str,
    /// How much of a text it changes.
    pub reach: Reach,
    /// The protected spans that it is its purpose to change.
    pub touches: &'static [Guard],
    /// Whether a suite must say, by `label` or `expect`, what holds of the variants.
    pub needs_statement: bool,
    /// The options that it takes.
    pub options: &'static [Choice],
    /// Makes a variant, or finds nothing to do. It draws from the stream alone, so that the same stream
    /// makes the same variant.
    pub vary: fn(&Subject<'_>, &mut Stream) -> Option<Draft>,
}

/// A group of operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Slips of the fingers, of spelling and of scanning.
    Typing,
    /// Case, punctuation, white space, emoji.
    Surface,
    /// Other words and forms for the same request.
    Grammar,
    /// Characters that look alike, or are not seen.
    Unicode,
    /// The same request in another setting.
    Context,
    /// Names, places, numbers and dates swapped, in the expectation too.
    Entity,
    /// The meaning changed in a stated way.
    Meaning,
    /// Requests close to another one.
    HardNegatives,
    /// Answers with their source: the correct one and hallucinated ones.
    Grounded,
    /// Attempts to make the application leave its task.
    Adversarial,
    /// Far less, or far more, than a request.
    Terse,
    /// Requests outside the application's scope.
    OffTopic,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Typing,
        Self::Surface,
        Self::Grammar,
        Self::Unicode,
        Self::Context,
        Self::Entity,
        Self::Meaning,
        Self::HardNegatives,
        Self::Grounded,
        Self::Adversarial,
        Self::Terse,
        Self::OffTopic,
    ];

    /// Its name in suites.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Typing => "typing",
            Self::Surface => "surface",
            Self::Grammar => "grammar",
            Self::Unicode => "unicode",
            Self::Context => "context",
            Self::Entity => "entity",
            Self::Meaning => "meaning",
            Self::HardNegatives => "hard_negatives",
            Self::Grounded => "grounded",
            Self::Adversarial => "adversarial",
            Self::Terse => "terse",
            Self::OffTopic => "off_topic",
        }
    }
}

/// What a variant promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// The verdict and the label of the seed must hold.
    Same,
    /// They change in the way that is stated.
    Changed,
    /// The variant carries its own expectation.
    Own,
}

/// How much of a text an operator changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Some of its words: held to the edit budget.
    Words,
    /// The look of all of it, by purpose.
    Whole,
    /// It adds to the text, or replaces it.
    Around,
}

/// An option of an operator.
#[derive(Debug)]
pub struct Choice {
    /// Its key.
    pub name: &'static str,
    /// What it does, in a line.
    pub what: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether it must be given.
    pub required: bool,
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// A list of texts, at least one.
    Texts,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of these words, at least one.
    AnyOf(&'static [&'static str]),
    /// A whole number from the one to the other.
    Count(u64, u64),
    /// `true` or `false`.
    Flag,
    /// An expectation: a table as under `expect`.
    Expect,
}

/// The options given to an operator, of the types that it takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings(pub BTreeMap<String, Value>);

impl Settings {
    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A list of texts; empty where it is not given.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
    }

    /// A count.
    pub fn count(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
    }

    /// A flag; false where it is not given.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// An expectation.
    pub fn expect(&self, name: &str) -> Option<Expect> {
        Expect::deserialize(self.0.get(name)?).ok()
    }
}

/// What an operator works on.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The text, its words and its protected spans.
    pub text: &'a Text<'a>,
    /// The options given.
    pub settings: &'a Settings,
    /// The columns of the seed's row.
    pub row: &'a Row,
    /// What must hold of an answer to the seed.
    pub expect: &'a [Expect],
    /// A text that stands in the application's instructions and that no answer may hold, where the suite
    /// names one.
    pub canary: Option<&'a str>,
}

/// A variant as an operator makes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// What was changed, in order. For a text that is wholly new: one edit from all to all.
    pub edits: Vec<Edit>,
    /// Texts to put for others in the expectation and in the row, whole words only: for entities that an
    /// answer is expected to repeat.
    pub swaps: Vec<(String, String)>,
    /// What must hold beside.
    pub adds: Vec<Expect>,
    /// What must hold instead; `None`: what the promise says.
    pub expect: Option<Vec<Expect>>,
}

impl Draft {
    /// The outcome of a rewriting; `None` where nothing was changed.
    pub fn of(rewrite: Rewrite<'_>) -> Option<Self> {
        let (text, edits) = rewrite.finish()?;
        Some(Self { text, edits, ..Self::default() })
    }

    /// A text that takes the place of the whole one.
    pub fn whole(before: &str, text: String) -> Self {
        let edits = vec![Edit { from: 0..before.len(), to: 0..text.len() }];
        Self { text, edits, ..Self::default() }
    }
}
