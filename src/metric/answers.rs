//! What came of asking cases, in columns.

use super::NamedOutcomes;
use super::column::{Blocks, Column, Numbers, Pairs};
use super::observation::Observation;
use super::scores::Scores;
use super::words::{Index, Words, count};
use crate::judge::Outcome;
use crate::suite::metric_names::scores::{RANKING, TEXT};
use std::collections::HashMap;
use std::num::NonZero;

/// What came of asking a case once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerFacts<'a> {
    /// What it came to.
    pub outcome: Outcome,
    /// The label answered; `None` where none was, or there is no answer.
    pub label: Option<&'a str>,
    /// The number answered, where one is expected and one was read.
    pub number: Option<f64>,
    /// What it scores beside references.
    pub scores: Scores<'a>,
    /// Whether there is an answer at all.
    pub answered: bool,
    /// Whether the answer failed to come in time.
    pub timed_out: bool,
    /// Turns answered.
    pub turns: u32,
    /// Milliseconds of each request that was timed.
    pub latencies_ms: &'a [f64],
    /// Milliseconds to the first token, for each request of a stream.
    pub first_token_ms: &'a [f64],
    /// Tokens read and written by all its turns, where every one told.
    pub tokens: Option<(u64, u64)>,
    /// Cost of all its turns, where known.
    pub cost: Option<f64>,
}

impl AnswerFacts<'static> {
    /// What is known of an answer that was never asked for.
    pub const NOT_ASKED: Self = Self {
        outcome: Outcome::Skipped,
        label: None,
        number: None,
        scores: Scores { text: None, ranking: None, named: NamedOutcomes::NONE },
        answered: false,
        timed_out: false,
        turns: 0,
        latencies_ms: &[],
        first_token_ms: &[],
        tokens: None,
        cost: None,
    };
}

impl<'a> AnswerFacts<'a> {
    /// What an answer was seen to be.
    pub(super) fn of(answer: &Observation<'a>) -> Self {
        Self {
            outcome: answer.outcome,
            label: answer.label,
            number: answer.numbers.and_then(|numbers| numbers.answered),
            scores: Scores { named: answer.named, ..Scores::default() },
            answered: answer.answered,
            timed_out: answer.timed_out,
            turns: answer.turns.map_or(count(answer.latencies_ms.len()), |(turns, _)| turns),
            latencies_ms: answer.latencies_ms,
            first_token_ms: answer.first_token_ms,
            tokens: answer.tokens,
            cost: answer.cost,
        }
    }
}

impl AnswerFacts<'_> {
    /// Time of all its requests together, in milliseconds, where every one was timed.
    pub fn latency_ms(&self) -> Option<f64> {
        let all = !self.latencies_ms.is_empty() && self.latencies_ms.len() == self.turns as usize;
        all.then(|| self.latencies_ms.iter().sum())
    }
}

/// Answers, one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers {
    digests: Vec<Digest>,
    labels: Column<Index>,
    numbers: Numbers,
    texts: Blocks<{ TEXT.len() }>,
    rankings: Blocks<{ RANKING.len() }>,
    named: Column<NonZero<u64>>,
    supported: Numbers,
    /// Of answers of one turn.
    latencies: Numbers,
    first_tokens: Numbers,
    /// Of all others.
    times: HashMap<u32, Times>,
    tokens: Pairs,
    costs: Numbers,
}

/// Milliseconds of each request, and to each first token.
type Times = (Box<[f64]>, Box<[f64]>);

#[derive(Debug, Clone, Copy)]
struct Digest {
    outcome: Outcome,
    answered: bool,
    timed_out: bool,
    turns: u32,
}

impl Answers {
    /// Number of answers.
    pub fn len(&self) -> usize {
        self.digests.len()
    }

    /// What an answer came to.
    pub fn outcome(&self, at: usize) -> Outcome {
        self.digests[at].outcome
    }

    /// Adds an answer.
    pub fn push(&mut self, answer: &AnswerFacts<'_>, words: &mut Words) {
        let empty = Digest { outcome: Outcome::Skipped, answered: false, timed_out: false, turns: 0 };
        self.digests.push(empty);
        self.set(self.digests.len() - 1, answer, words);
    }

    /// Puts an answer in its place.
    pub fn set(&mut self, at: usize, answer: &AnswerFacts<'_>, words: &mut Words) {
        self.digests[at] = Digest {
            outcome: answer.outcome,
            answered: answer.answered,
            timed_out: answer.timed_out,
            turns: answer.turns,
        };
        self.labels.set(at, answer.label.map(|label| words.index(label)));
        self.numbers.set(at, answer.number);
        self.texts.set(at, answer.scores.text);
        self.rankings.set(at, answer.scores.ranking);
        self.named.set(at, answer.scores.named.packed());
        self.supported.set(at, answer.scores.named.supported());
        let (latencies, first) = (answer.latencies_ms, answer.first_token_ms);
        let inline = latencies.len() <= 1 && first.len() <= 1;
        self.latencies.set(at, latencies.first().copied().filter(|_| inline));
        self.first_tokens.set(at, first.first().copied().filter(|_| inline));
        if inline {
            self.times.remove(&count(at));
        } else {
            self.times.insert(count(at), (latencies.into(), first.into()));
        }
        self.tokens.set(at, answer.tokens);
        self.costs.set(at, answer.cost);
    }

    /// The answer at a place.
    pub fn get<'a>(&'a self, at: usize, words: &'a Words) -> AnswerFacts<'a> {
        let digest = &self.digests[at];
        let times = if digest.turns > 1 || self.latencies.slice(at).is_empty() {
            self.times.get(&count(at))
        } else {
            None
        };
        let (latencies_ms, first_token_ms) = match times {
            Some((latencies, first)) => (&**latencies, &**first),
            None => (self.latencies.slice(at), self.first_tokens.slice(at)),
        };
        AnswerFacts {
            outcome: digest.outcome,
            label: self.labels.get(at).map(|label| words.get(label)),
            number: self.numbers.get(at),
            scores: Scores {
                text: self.texts.get(at),
                ranking: self.rankings.get(at),
                named: NamedOutcomes::unpacked(self.named.get(at), self.supported.get(at)),
            },
            answered: digest.answered,
            timed_out: digest.timed_out,
            turns: digest.turns,
            latencies_ms,
            first_token_ms,
            tokens: self.tokens.get(at),
            cost: self.costs.get(at),
        }
    }
}
