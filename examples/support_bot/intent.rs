//! What a message asks for: the intent whose cues it has most of.

use crate::message;
use crate::reply::{Kind, Topic};
use crate::rules::Rule;
use crate::tidy::Vocabulary;
use serde::Deserialize;

const INTENTS: &str = include_str!("intents.toml");

/// How an intent is answered.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// With a text; its places are filled from the policy.
    Answer(String),
    /// By a rule that needs to know more.
    Rule(Rule),
}

/// Something that customers ask for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Intent {
    pub topic: Topic,
    /// Of the answer; a rule says itself of which kind its answer is.
    #[serde(default = "complete")]
    pub kind: Kind,
    /// Goes before whatever else the message asks for.
    #[serde(default)]
    pub first: bool,
    /// Each is words that must all occur, in any order; `a|b` is either word.
    cues: Vec<String>,
    #[serde(flatten)]
    pub means: Means,
}

const fn complete() -> Kind {
    Kind::Complete
}

#[derive(Deserialize)]
struct File {
    intent: Vec<Intent>,
}

/// Reads what messages ask for.
pub struct Reader {
    intents: Vec<(Intent, Vec<Cue>)>,
    vocabulary: Vocabulary,
}

/// Words of a cue, each with its alternatives, as stems.
struct Cue(Vec<Vec<String>>);

impl Cue {
    fn of(text: &str) -> Self {
        Self(text.split(' ').map(|word| word.split('|').map(message::stem).collect()).collect())
    }

    /// How many words of the cue occur, where all do.
    fn weight(&self, stems: &[String]) -> Option<usize> {
        let occurs = |choices: &Vec<String>| choices.iter().any(|choice| stems.contains(choice));
        self.0.iter().all(occurs).then_some(self.0.len())
    }
}

impl Reader {
    /// Reads the intents that come with the bot.
    pub fn shipped() -> Result<Self, toml::de::Error> {
        let intents = toml::from_str::<File>(INTENTS)?.intent;
        let vocabulary =
            Vocabulary::of(intents.iter().flat_map(|intent| intent.cues.iter().map(String::as_str)));
        let with_cues = |intent: Intent| {
            let cues = intent.cues.iter().map(|cue| Cue::of(cue)).collect();
            (intent, cues)
        };
        Ok(Self { intents: intents.into_iter().map(with_cues).collect(), vocabulary })
    }

    /// All intents, for those who check their texts.
    pub fn intents(&self) -> impl Iterator<Item = &Intent> {
        self.intents.iter().map(|(intent, _)| intent)
    }

    /// The message with its slips mended.
    pub fn mend(&self, text: &str) -> String {
        self.vocabulary.mend(text)
    }

    /// The intent that goes first, or else the one with the longest cue that occurs; of several the one
    /// that stands first in the file.
    pub fn read(&self, text: &str, wanted: impl Fn(&Intent) -> bool) -> Option<&Intent> {
        let stems = message::stems(text);
        let mut best: Option<(&Intent, (bool, usize))> = None;
        for (intent, cues) in self.intents.iter().filter(|(intent, _)| wanted(intent)) {
            let Some(weight) = cues.iter().filter_map(|cue| cue.weight(&stems)).max() else { continue };
            let rank = (intent.first, weight);
            if best.is_none_or(|(_, before)| rank > before) {
                best = Some((intent, rank));
            }
        }
        best.map(|(intent, _)| intent)
    }
}
