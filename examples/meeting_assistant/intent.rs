//! What a request is about, as the classifier sees it, and the phrases it learns that from.

use crate::classifier::Classifier;
use crate::tidy::Vocabulary;
use std::collections::BTreeMap;

const PHRASES: &str = include_str!("phrases.toml");
/// Fewest letters of a word that is mistyped for training.
const SWAPPED_FROM: usize = 4;

/// One of the assistant's three agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    Scheduling,
    Summary,
    Documents,
}

impl Agent {
    pub const ALL: [Self; 3] = [Self::Scheduling, Self::Summary, Self::Documents];

    /// Its name in answers and in the phrases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scheduling => "scheduling",
            Self::Summary => "summary",
            Self::Documents => "documents",
        }
    }

    /// What it does, as the assistant offers it.
    pub const fn offer(self) -> &'static str {
        match self {
            Self::Scheduling => "schedule or move a meeting",
            Self::Summary => "summarise a meeting",
            Self::Documents => "find a document",
        }
    }
}

/// How likely a request is to be each of the things it could be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The likeliest agent.
    pub agent: Agent,
    /// Its probability.
    pub first: f32,
    /// The second likeliest agent.
    pub second: Agent,
    /// How far the second is behind the first.
    pub lead: f32,
    /// Probability that the request does not say enough.
    pub unclear: f32,
    /// Probability that it is for none of the agents.
    pub outside: f32,
    /// Probability that it is after the assistant's instructions.
    pub probing: f32,
    /// Share of the request that training has seen.
    pub known: f32,
}

/// Reads requests.
pub struct Reader {
    classifier: Classifier,
    /// The words that requests are made of.
    pub vocabulary: Vocabulary,
}

impl Reader {
    /// Learns from the phrases that come with the assistant.
    pub fn train() -> Result<Self, toml::de::Error> {
        let phrases: BTreeMap<String, Vec<String>> = toml::from_str(PHRASES)?;
        let written = phrases.iter().flat_map(|(label, texts)| texts.iter().map(move |text| (text, label)));
        let mistyped: Vec<(String, &String)> =
            written.clone().map(|(text, label)| (mistyped(text), label)).collect();
        let vocabulary = Vocabulary::of(written.clone().map(|(text, _)| text.as_str()));
        let written = written.map(|(text, label)| (text.as_str(), label.as_str()));
        let mistyped = mistyped.iter().map(|(text, label)| (text.as_str(), label.as_str()));
        Ok(Self { classifier: Classifier::train(written.chain(mistyped)), vocabulary })
    }

    /// Says what a request is likely to be.
    pub fn read(&self, text: &str) -> Reading {
        let guess = self.classifier.guess(text);
        let probability = |label: &str| {
            guess.ranked.iter().find(|(name, _)| *name == label).map_or(0.0, |(_, probability)| *probability)
        };
        let mut agents = Agent::ALL.map(|agent| (agent, probability(agent.name())));
        agents.sort_by(|a, b| b.1.total_cmp(&a.1));
        let [(agent, first), (second, behind), _] = agents;
        Reading {
            agent,
            first,
            second,
            lead: first - behind,
            unclear: probability("unclear"),
            outside: probability("out_of_scope"),
            probing: probability("probing"),
            known: guess.known,
        }
    }
}

/// A text as a hurried hand types it: in each longer word two neighbouring letters change places.
/// Which ones depends on the word's place, so that no piece of a word is always spoilt.
fn mistyped(text: &str) -> String {
    let swap = |(place, word): (usize, &str)| {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() >= SWAPPED_FROM {
            let at = 1 + place % (letters.len() - 2);
            letters.swap(at, at + 1);
        }
        letters.into_iter().collect::<String>()
    };
    text.split_whitespace().enumerate().map(swap).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_words_have_two_letters_swapped() {
        assert_eq!(mistyped("move my weekly meeting"), "mvoe my weelky meetnig");
    }

    #[test]
    fn a_mistyped_request_reads_like_the_one_that_was_meant() {
        let reader = Reader::train().unwrap();
        assert_eq!(reader.read("schedlue a meetign wiht Nora").agent, Agent::Scheduling);
        assert_eq!(reader.read("sumarise teh meetign").agent, Agent::Summary);
        assert_eq!(reader.read("opne the contarct").agent, Agent::Documents);
    }
}
