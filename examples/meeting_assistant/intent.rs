//! What a request is about, as the classifier sees it, and the phrases it learns that from.

use crate::classifier::Classifier;
use std::collections::BTreeMap;

const PHRASES: &str = include_str!("phrases.toml");

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
pub struct Reader(Classifier);

impl Reader {
    /// Learns from the phrases that come with the assistant.
    pub fn train() -> Result<Self, toml::de::Error> {
        let phrases: BTreeMap<String, Vec<String>> = toml::from_str(PHRASES)?;
        let examples = phrases
            .iter()
            .flat_map(|(label, texts)| texts.iter().map(|text| (text.as_str(), label.as_str())));
        Ok(Self(Classifier::train(examples)))
    }

    /// Says what a request is likely to be.
    pub fn read(&self, text: &str) -> Reading {
        let guess = self.0.guess(text);
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
