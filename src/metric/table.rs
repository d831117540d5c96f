//! What the metrics and the gate see of every case and every answer of a suite: numbers and short words, in
//! columns, since a suite may have a million cases. Texts are on the disk.

use super::Variant;
use super::column::{Column, Numbers};
use super::observation::Observation;
use crate::expand::{CaseId, FamilyId, Promise};
use crate::judge::{self, Outcome, roll_up};
use crate::suite::Row;
use crate::suite::schema::MustPass;
use std::collections::HashMap;
use std::sync::Arc;

/// What is known of a case before it is asked.
#[derive(Debug, Clone, Copy)]
pub struct CaseFacts<'a> {
    /// Identity.
    pub id: CaseId,
    /// Identity of its seed: its own where it is one.
    pub family: FamilyId,
    /// Index of its scenario in the suite.
    pub scenario: usize,
    /// How it was made from its seed; `None` for a seed.
    pub variant: Option<Variant<'a>>,
    /// The values of its template's knobs, by name.
    pub knobs: Option<&'a Row>,
    /// Its tags.
    pub tags: &'a [String],
    /// Whether its failures fail the build.
    pub must_pass: MustPass,
    /// Whether it is out of the gate for a time.
    pub quarantined: bool,
    /// The one label expected, where there is exactly one.
    pub truth: Option<&'a str>,
    /// The number expected, where there is exactly one.
    pub expected: Option<f64>,
    /// The most turns that its script allows; `None` for cases that are no conversation.
    pub most_turns: Option<u32>,
}

/// What came of asking a case once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerFacts<'a> {
    /// What it came to.
    pub outcome: Outcome,
    /// The label answered; `None` where none was, or there is no answer.
    pub label: Option<&'a str>,
    /// The number answered, where one is expected and one was read.
    pub number: Option<f64>,
    /// Whether there is an answer at all.
    pub answered: bool,
    /// Whether the answer failed to come in time.
    pub timed_out: bool,
    /// Whether the answer to an adversarial variant holds what it must not; `None` for other cases, and
    /// where there is no answer to look into.
    pub leaked: Option<bool>,
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
        answered: false,
        timed_out: false,
        leaked: None,
        turns: 0,
        latencies_ms: &[],
        first_token_ms: &[],
        tokens: None,
        cost: None,
    };
}

impl AnswerFacts<'_> {
    /// Time of all its requests together, in milliseconds, where every one was timed.
    pub fn latency_ms(&self) -> Option<f64> {
        let all = !self.latencies_ms.is_empty() && self.latencies_ms.len() == self.turns as usize;
        all.then(|| self.latencies_ms.iter().sum())
    }
}

/// All cases of a run of a suite with their answers, and those for which flagged cases were asked again.
#[derive(Debug, Clone, Default)]
pub struct Table {
    facts: Vec<Facts>,
    /// Where the answers of each case begin.
    begins: Vec<u32>,
    answers: Answers,
    expected: Numbers,
    words: Words,
    tags: Vec<Arc<[String]>>,
    variants: Vec<(String, Promise)>,
    knobs: Vec<Row>,
    /// Places among the answers of confirmations, by case.
    confirmed: HashMap<u32, Vec<u32>>,
    confirmations: Answers,
}

/// What is kept of [`CaseFacts`]. Indices are from 1; 0 stands for none.
#[derive(Debug, Clone, Copy)]
struct Facts {
    id: CaseId,
    family: FamilyId,
    scenario: u32,
    variant: u32,
    knobs: u32,
    tags: u32,
    truth: u32,
    most_turns: u32,
    must_pass: MustPass,
    quarantined: bool,
}

/// Answers, one after the other.
#[derive(Debug, Clone, Default)]
struct Answers {
    digests: Vec<Digest>,
    labels: Column<u32>,
    numbers: Numbers,
    /// Of answers of one turn.
    latencies: Numbers,
    first_tokens: Numbers,
    /// Of all others.
    times: HashMap<u32, Times>,
    tokens: Column<(u64, u64)>,
    costs: Numbers,
}

/// Milliseconds of each request, and to each first token.
type Times = (Box<[f64]>, Box<[f64]>);

#[derive(Debug, Clone, Copy)]
struct Digest {
    outcome: Outcome,
    answered: bool,
    timed_out: bool,
    leaked: Option<bool>,
    turns: u32,
}

impl Table {
    /// Adds a case, to be asked so many times; until its answers are set, none was asked for.
    ///
    /// # Panics
    /// With more than four thousand million answers, which no memory holds.
    pub fn push(&mut self, case: &CaseFacts<'_>, repeats: u32) {
        let at = self.facts.len();
        let facts = Facts {
            id: case.id,
            family: case.family,
            scenario: index(case.scenario),
            variant: case.variant.map_or(0, |variant| self.variant(variant)),
            knobs: case.knobs.map_or(0, |knobs| last_or_new(&mut self.knobs, knobs)),
            tags: self.tags_of(case.tags),
            truth: case.truth.map_or(0, |truth| self.words.index(truth)),
            most_turns: case.most_turns.unwrap_or(0),
            must_pass: case.must_pass,
            quarantined: case.quarantined,
        };
        self.facts.push(facts);
        self.expected.set(at, case.expected);
        self.begins.push(index(self.answers.digests.len()));
        for _ in 0..repeats {
            self.answers.push(&AnswerFacts::NOT_ASKED, &mut self.words);
        }
    }

    /// Sets what came of a repeat of a case. One that was not to be asked is left out.
    pub fn set(&mut self, case: usize, repeat: u32, answer: &AnswerFacts<'_>) {
        let range = self.range(case);
        let at = range.start + repeat as usize;
        if at < range.end {
            self.answers.set(at, answer, &mut self.words);
        }
    }

    /// Adds what came of asking a case again.
    pub fn confirm(&mut self, case: usize, answer: &AnswerFacts<'_>) {
        let at = index(self.confirmations.digests.len());
        self.confirmations.push(answer, &mut self.words);
        self.confirmed.entry(index(case)).or_default().push(at);
    }

    /// Forgets what came of asking cases again.
    pub fn clear_confirmations(&mut self) {
        self.confirmed.clear();
        self.confirmations = Answers::default();
    }

    /// Says whether a case is out of the gate for a time.
    pub fn set_quarantined(&mut self, case: usize, quarantined: bool) {
        self.facts[case].quarantined = quarantined;
    }

    /// Number of cases.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// What is known of a case.
    pub fn case(&self, at: usize) -> CaseFacts<'_> {
        let facts = &self.facts[at];
        let place = |index: u32| (index as usize).checked_sub(1);
        CaseFacts {
            id: facts.id,
            family: facts.family,
            scenario: facts.scenario as usize,
            variant: place(facts.variant).map(|at| {
                let (family, promise) = &self.variants[at];
                Variant { family, promise: *promise }
            }),
            knobs: place(facts.knobs).map(|at| &self.knobs[at]),
            tags: place(facts.tags).map_or(&[], |at| &self.tags[at]),
            must_pass: facts.must_pass,
            quarantined: facts.quarantined,
            truth: self.words.get(facts.truth),
            expected: self.expected.get(at),
            most_turns: (facts.most_turns > 0).then_some(facts.most_turns),
        }
    }

    /// Identity of a case.
    pub fn id(&self, at: usize) -> CaseId {
        self.facts[at].id
    }

    /// Identity of a case's seed.
    pub fn family(&self, at: usize) -> FamilyId {
        self.facts[at].family
    }

    /// Index of a case's scenario in the suite.
    pub fn scenario(&self, at: usize) -> usize {
        self.facts[at].scenario as usize
    }

    /// How often a case was to be asked.
    pub fn repeats(&self, at: usize) -> usize {
        self.range(at).len()
    }

    /// What came of a repeat of a case, from 0.
    ///
    /// # Panics
    /// Where there is no such case, or it was not to be asked so often.
    pub fn answer(&self, at: usize, repeat: usize) -> AnswerFacts<'_> {
        assert!(repeat < self.repeats(at), "case {at} has no repeat {repeat}");
        self.answers.get(self.range(at).start + repeat, &self.words)
    }

    /// What came of each repeat of a case, in their order.
    pub fn answers(&self, at: usize) -> impl ExactSizeIterator<Item = AnswerFacts<'_>> + Clone {
        self.range(at).map(|at| self.answers.get(at, &self.words))
    }

    /// What a case came to, from what all its answers came to.
    pub fn outcome(&self, at: usize) -> Outcome {
        roll_up(self.range(at).map(|at| self.answers.digests[at].outcome))
    }

    /// The repeat that stands for its case: the first with the outcome of the case. 0 without answers.
    pub fn representative(&self, at: usize) -> usize {
        let outcome = self.outcome(at);
        self.range(at).position(|at| self.answers.digests[at].outcome == outcome).unwrap_or(0)
    }

    /// What came of asking a case again, in the order of asking.
    pub fn confirmations(&self, at: usize) -> impl ExactSizeIterator<Item = AnswerFacts<'_>> + Clone {
        let places = self.confirmed.get(&index(at)).map_or(&[][..], Vec::as_slice);
        places.iter().map(|at| self.confirmations.get(*at as usize, &self.words))
    }

    /// Whether any case was asked again.
    pub fn is_confirmed(&self) -> bool {
        !self.confirmed.is_empty()
    }

    /// What the metrics see of a repeat of a case.
    ///
    /// # Panics
    /// As [`answer`](Self::answer).
    pub fn observation(&self, at: usize, repeat: usize) -> Observation<'_> {
        let (case, answer) = (self.case(at), self.answer(at, repeat));
        Observation {
            scenario: case.scenario,
            family: case.family,
            variant: case.variant,
            leaked: answer.leaked,
            knobs: case.knobs,
            tags: case.tags,
            outcome: answer.outcome,
            truth: case.truth,
            label: answer.label,
            numbers: case.expected.map(|expected| judge::Numbers { expected, answered: answer.number }),
            answered: answer.answered,
            timed_out: answer.timed_out,
            turns: case.most_turns.map(|most| (answer.turns, most)),
            latencies_ms: answer.latencies_ms.to_vec(),
            first_token_ms: answer.first_token_ms.to_vec(),
            tokens: answer.tokens,
            cost: answer.cost,
        }
    }

    fn range(&self, at: usize) -> std::ops::Range<usize> {
        let end = self.begins.get(at + 1).map_or(self.answers.digests.len(), |end| *end as usize);
        self.begins[at] as usize..end
    }

    fn variant(&mut self, variant: Variant<'_>) -> u32 {
        let is =
            |(family, promise): &(String, Promise)| family == variant.family && *promise == variant.promise;
        let at = self.variants.iter().position(is).unwrap_or_else(|| {
            self.variants.push((variant.family.to_owned(), variant.promise));
            self.variants.len() - 1
        });
        index(at + 1)
    }

    fn tags_of(&mut self, tags: &[String]) -> u32 {
        if tags.is_empty() {
            return 0;
        }
        // Cases with the same tags mostly follow each other; a few lists back is far enough to look.
        let at = self.tags.iter().rposition(|list| **list == *tags).unwrap_or_else(|| {
            self.tags.push(tags.into());
            self.tags.len() - 1
        });
        index(at + 1)
    }
}

impl Answers {
    fn push(&mut self, answer: &AnswerFacts<'_>, words: &mut Words) {
        let empty =
            Digest { outcome: Outcome::Skipped, answered: false, timed_out: false, leaked: None, turns: 0 };
        self.digests.push(empty);
        self.set(self.digests.len() - 1, answer, words);
    }

    fn set(&mut self, at: usize, answer: &AnswerFacts<'_>, words: &mut Words) {
        self.digests[at] = Digest {
            outcome: answer.outcome,
            answered: answer.answered,
            timed_out: answer.timed_out,
            leaked: answer.leaked,
            turns: answer.turns,
        };
        self.labels.set(at, answer.label.map(|label| words.index(label)));
        self.numbers.set(at, answer.number);
        let (latencies, first) = (answer.latencies_ms, answer.first_token_ms);
        let inline = latencies.len() <= 1 && first.len() <= 1;
        self.latencies.set(at, latencies.first().copied().filter(|_| inline));
        self.first_tokens.set(at, first.first().copied().filter(|_| inline));
        if inline {
            self.times.remove(&index(at));
        } else {
            self.times.insert(index(at), (latencies.into(), first.into()));
        }
        self.tokens.set(at, answer.tokens);
        self.costs.set(at, answer.cost);
    }

    fn get<'a>(&'a self, at: usize, words: &'a Words) -> AnswerFacts<'a> {
        let digest = &self.digests[at];
        let times = if digest.turns > 1 || self.latencies.slice(at).is_empty() {
            self.times.get(&index(at))
        } else {
            None
        };
        let (latencies_ms, first_token_ms) = match times {
            Some((latencies, first)) => (&**latencies, &**first),
            None => (self.latencies.slice(at), self.first_tokens.slice(at)),
        };
        AnswerFacts {
            outcome: digest.outcome,
            label: self.labels.get(at).and_then(|label| words.get(label)),
            number: self.numbers.get(at),
            answered: digest.answered,
            timed_out: digest.timed_out,
            leaked: digest.leaked,
            turns: digest.turns,
            latencies_ms,
            first_token_ms,
            tokens: self.tokens.get(at),
            cost: self.costs.get(at),
        }
    }
}

/// Short words, each kept once; indices are from 1.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    all: Vec<Arc<str>>,
    known: HashMap<Arc<str>, u32>,
}

impl Words {
    /// The index of a word, which is taken up where it is new.
    pub(crate) fn index(&mut self, word: &str) -> u32 {
        if let Some(index) = self.known.get(word) {
            return *index;
        }
        let word: Arc<str> = word.into();
        self.all.push(word.clone());
        let at = index(self.all.len());
        self.known.insert(word, at);
        at
    }

    /// The word of an index; none of 0.
    pub(crate) fn get(&self, index: u32) -> Option<&str> {
        (index as usize).checked_sub(1).map(|at| &*self.all[at])
    }
}

/// The knobs of variants are those of their seed, which precedes them.
fn last_or_new(knobs: &mut Vec<Row>, row: &Row) -> u32 {
    let same = |last: &Row| last.columns == row.columns && last.values == row.values;
    if !knobs.last().is_some_and(same) {
        knobs.push(row.clone());
    }
    index(knobs.len())
}

fn index(at: usize) -> u32 {
    u32::try_from(at).expect("fewer than four thousand million")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts<'a>(id: u8, tags: &'a [String], truth: Option<&'a str>) -> CaseFacts<'a> {
        let id = CaseId::of(&[&[id]]);
        CaseFacts {
            id,
            family: id,
            scenario: 3,
            variant: Some(Variant { family: "typing", promise: Promise::Same }),
            knobs: None,
            tags,
            must_pass: MustPass::Every,
            quarantined: false,
            truth,
            expected: Some(0.5),
            most_turns: None,
        }
    }

    const ANSWER: AnswerFacts<'static> = AnswerFacts {
        outcome: Outcome::Pass,
        label: Some("a"),
        number: Some(0.25),
        answered: true,
        timed_out: false,
        leaked: Some(false),
        turns: 1,
        latencies_ms: &[7.0],
        first_token_ms: &[2.0],
        tokens: Some((3, 4)),
        cost: Some(0.125),
    };

    #[test]
    fn what_is_put_in_comes_out() {
        let tags = ["x".to_owned(), "y".to_owned()];
        let mut table = Table::default();
        table.push(&facts(1, &tags, Some("a")), 1);
        table.push(&facts(2, &[], None), 3);
        assert_eq!(table.len(), 2);
        assert_eq!(table.answer(1, 2), AnswerFacts::NOT_ASKED);
        let turns = AnswerFacts {
            turns: 3,
            latencies_ms: &[1.0, 2.0],
            first_token_ms: &[],
            outcome: Outcome::Fail,
            ..ANSWER
        };
        table.set(0, 0, &ANSWER);
        table.set(1, 1, &turns);
        table.set(1, 9, &ANSWER);
        assert_eq!((table.answer(0, 0), table.answer(1, 1)), (ANSWER, turns));
        assert_eq!(table.answers(1).len(), 3);
        assert_eq!((ANSWER.latency_ms(), turns.latency_ms()), (Some(7.0), None));
        let case = table.case(0);
        assert_eq!((case.tags, case.truth, case.scenario), (&tags[..], Some("a"), 3));
        assert_eq!(case.variant, Some(Variant { family: "typing", promise: Promise::Same }));
        assert_eq!((case.must_pass, case.expected), (MustPass::Every, Some(0.5)));
        assert!(table.case(1).tags.is_empty() && table.case(1).truth.is_none());
        let seen = table.observation(0, 0);
        assert_eq!((seen.label, seen.latencies_ms), (Some("a"), vec![7.0]));
        assert_eq!(seen.numbers, Some(judge::Numbers { expected: 0.5, answered: Some(0.25) }));
    }

    #[test]
    fn a_case_comes_to_what_most_of_its_answers_came_to() {
        let mut table = Table::default();
        table.push(&facts(1, &[], None), 3);
        table.set(0, 0, &AnswerFacts { outcome: Outcome::Fail, ..ANSWER });
        table.set(0, 1, &ANSWER);
        table.set(0, 2, &ANSWER);
        assert_eq!((table.outcome(0), table.representative(0)), (Outcome::Pass, 1));
    }

    #[test]
    fn confirmations_stand_apart_from_the_answers() {
        let mut table = Table::default();
        table.push(&facts(1, &[], None), 1);
        table.push(&facts(2, &[], None), 1);
        table.confirm(1, &ANSWER);
        table.confirm(1, &AnswerFacts { outcome: Outcome::Fail, ..ANSWER });
        let seen: Vec<Outcome> = table.confirmations(1).map(|answer| answer.outcome).collect();
        assert_eq!(seen, [Outcome::Pass, Outcome::Fail]);
        assert_eq!((table.confirmations(0).len(), table.answer(1, 0)), (0, AnswerFacts::NOT_ASKED));
        table.clear_confirmations();
        assert!(!table.is_confirmed());
    }
}
