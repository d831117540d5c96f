//! What the metrics and the gate see of every case and every answer of a suite: numbers and short words, in
//! columns, since a suite may have a million cases. Texts are on the disk.

use super::Measured;
use super::Variant;
use super::answers::{AnswerFacts, Answers};
use super::column::{Column, Numbers};
use super::observation::Observation;
use super::words::{Index, Words, count, index, place};
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
    /// What of it is measured beside its verdicts.
    pub measured: Measured,
    /// The most turns that its script allows; `None` for cases that are no conversation.
    pub most_turns: Option<u32>,
}

impl<'a> CaseFacts<'a> {
    /// What an answer tells of its case, with the identity of its seed.
    fn of(answer: &Observation<'a>) -> Self {
        Self {
            id: answer.family,
            family: answer.family,
            scenario: answer.scenario,
            variant: answer.variant,
            knobs: answer.knobs,
            tags: answer.tags,
            must_pass: MustPass::No,
            quarantined: false,
            truth: answer.truth,
            expected: answer.numbers.map(|numbers| numbers.expected),
            measured: Measured { named: answer.named.set(), ..Measured::default() },
            most_turns: answer.turns.map(|(_, most)| most),
        }
    }
}

/// All cases of a run of a suite with their answers, and those for which flagged cases were asked again.
///
/// A case asked once takes 32 bytes, and a million of them 32 MB: 8 for its identity, 4 for its kind, 4
/// for where its answers begin, 8 for the digest of its answer and 8 for its time. What no case of a suite has
/// takes nothing; what some have takes, for every case before the last that has it, 8 bytes for the identity
/// of the seed where there are variants, 4 for knobs, 8 for a number expected and 8 for one answered, 40 for
/// scores beside a reference text and 152 for those of what was retrieved, 8 for what entries of `expect` came to
/// that say what they measure, 8 for the share of its claims that are supported, 4 for a label answered, 8 for the time to a first token, 8 for tokens, 8 for a
/// cost, and 1 where anything is in quarantine. Each further answer takes what the first does, without identity,
/// kind and beginning.
#[derive(Debug, Clone, Default)]
pub struct Table {
    ids: Vec<CaseId>,
    /// Empty until the first case that is not its own seed.
    families: Vec<FamilyId>,
    /// The place of each case's kind.
    kind_of: Vec<u32>,
    kinds: Vec<Kind>,
    known_kinds: HashMap<Kind, u32>,
    quarantined: Column<()>,
    /// Where the answers of each case begin.
    begins: Vec<u32>,
    answers: Answers,
    expected: Numbers,
    words: Words,
    tags: Vec<Arc<[String]>>,
    known_tags: HashMap<Arc<[String]>, Index>,
    variants: Vec<(String, Promise)>,
    knobs_of: Column<Index>,
    knobs: Vec<Row>,
    /// Places among the answers of confirmations, by case.
    confirmed: HashMap<u32, Vec<u32>>,
    confirmations: Answers,
}

/// What many cases have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Kind {
    scenario: u32,
    variant: Option<Index>,
    tags: Option<Index>,
    truth: Option<Index>,
    measured: Measured,
    most_turns: u32,
    must_pass: MustPass,
}

impl Table {
    /// The table of cases with what the metrics see of every answer to them, for tests and simulations. What is
    /// known of a case is that of its first answer, and its identity that of its seed; a case without an answer
    /// is left out.
    pub fn of<'a>(cases: impl IntoIterator<Item = impl AsRef<[Observation<'a>]>>) -> Self {
        let mut table = Self::default();
        for case in cases {
            let answers = case.as_ref();
            let Some(first) = answers.first() else { continue };
            let at = table.len();
            table.push(&CaseFacts::of(first), count(answers.len()));
            for (repeat, answer) in (0..).zip(answers) {
                table.set(at, repeat, &AnswerFacts::of(answer));
            }
        }
        table
    }

    /// Adds a case, to be asked so many times; until its answers are set, none was asked for.
    ///
    /// # Panics
    /// With more than four thousand million answers, which no memory holds.
    pub fn push(&mut self, case: &CaseFacts<'_>, repeats: u32) {
        let at = self.ids.len();
        let kind = Kind {
            scenario: count(case.scenario),
            variant: case.variant.map(|variant| self.variant(variant)),
            tags: self.tags_of(case.tags),
            truth: case.truth.map(|truth| self.words.index(truth)),
            measured: case.measured,
            most_turns: case.most_turns.unwrap_or(0),
            must_pass: case.must_pass,
        };
        if self.families.is_empty() && case.family != case.id {
            self.families = self.ids.clone();
        }
        if !self.families.is_empty() || case.family != case.id {
            self.families.push(case.family);
        }
        self.ids.push(case.id);
        let kind = self.kind(kind);
        self.kind_of.push(kind);
        self.knobs_of.set(at, case.knobs.map(|knobs| last_or_new(&mut self.knobs, knobs)));
        self.quarantined.set(at, case.quarantined.then_some(()));
        self.expected.set(at, case.expected);
        self.begins.push(count(self.answers.len()));
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

    /// Adds what came of asking a case again, before the one that stands at `order` or behind the last.
    pub fn confirm(&mut self, case: usize, order: usize, answer: &AnswerFacts<'_>) {
        let at = count(self.confirmations.len());
        self.confirmations.push(answer, &mut self.words);
        let places = self.confirmed.entry(count(case)).or_default();
        places.insert(order.min(places.len()), at);
    }

    /// Forgets what came of asking cases again.
    pub fn clear_confirmations(&mut self) {
        self.confirmed.clear();
        self.confirmations = Answers::default();
    }

    /// Says whether a case is out of the gate for a time.
    pub fn set_quarantined(&mut self, case: usize, quarantined: bool) {
        self.quarantined.set(case, quarantined.then_some(()));
    }

    /// Number of cases.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// What is known of a case.
    pub fn case(&self, at: usize) -> CaseFacts<'_> {
        let kind = self.kind_at(at);
        CaseFacts {
            id: self.ids[at],
            family: self.family(at),
            scenario: kind.scenario as usize,
            variant: kind.variant.map(|at| {
                let (family, promise) = &self.variants[place(at)];
                Variant { family, promise: *promise }
            }),
            knobs: self.knobs_of.get(at).map(|at| &self.knobs[place(at)]),
            tags: kind.tags.map_or(&[], |at| &self.tags[place(at)]),
            must_pass: kind.must_pass,
            quarantined: self.is_quarantined(at),
            truth: kind.truth.map(|truth| self.words.get(truth)),
            expected: self.expected.get(at),
            measured: kind.measured,
            most_turns: (kind.most_turns > 0).then_some(kind.most_turns),
        }
    }

    /// Identity of a case.
    pub fn id(&self, at: usize) -> CaseId {
        self.ids[at]
    }

    /// Identity of the seed of a case: its own where it is one.
    pub fn family(&self, at: usize) -> FamilyId {
        self.families.get(at).copied().unwrap_or(self.ids[at])
    }

    /// Index of the scenario of a case in the suite.
    pub fn scenario(&self, at: usize) -> usize {
        self.kind_at(at).scenario as usize
    }

    /// What of a case is measured beside its verdicts.
    pub fn measured(&self, at: usize) -> Measured {
        self.kind_at(at).measured
    }

    /// Whether a case was made from a seed.
    pub fn is_variant(&self, at: usize) -> bool {
        self.kind_at(at).variant.is_some()
    }

    /// Whether a case is out of the gate for a time.
    pub fn is_quarantined(&self, at: usize) -> bool {
        self.quarantined.get(at).is_some()
    }

    /// Families of operators that variants were made by, one for each promise that it makes.
    pub fn operators(&self) -> impl Iterator<Item = &str> {
        self.variants.iter().map(|(family, _)| family.as_str())
    }

    /// How often a case was to be asked.
    pub fn repeats(&self, at: usize) -> usize {
        self.range(at).len()
    }

    /// The place of an answer among all answers: case by case, repeat by repeat. `None` for a repeat that was
    /// not to be asked.
    pub fn place(&self, at: usize, repeat: u32) -> Option<usize> {
        let range = self.range(at);
        let place = range.start + repeat as usize;
        (place < range.end).then_some(place)
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

    /// What each repeat of a case came to, in their order.
    pub fn outcomes(&self, at: usize) -> impl ExactSizeIterator<Item = Outcome> + Clone {
        self.range(at).map(|at| self.answers.outcome(at))
    }

    /// What a repeat of a case came to.
    ///
    /// # Panics
    /// As [`answer`](Self::answer).
    pub fn outcome_of(&self, at: usize, repeat: usize) -> Outcome {
        assert!(repeat < self.repeats(at), "case {at} has no repeat {repeat}");
        self.answers.outcome(self.range(at).start + repeat)
    }

    /// What a case came to, from what all its answers came to.
    pub fn outcome(&self, at: usize) -> Outcome {
        roll_up(self.outcomes(at))
    }

    /// The repeat that stands for its case: the first with the outcome of the case. 0 without answers.
    pub fn representative(&self, at: usize) -> usize {
        let outcome = self.outcome(at);
        self.outcomes(at).position(|of| of == outcome).unwrap_or(0)
    }

    /// What came of asking a case again, in the order of asking.
    pub fn confirmations(&self, at: usize) -> impl ExactSizeIterator<Item = AnswerFacts<'_>> + Clone {
        let places = self.confirmed.get(&count(at)).map_or(&[][..], Vec::as_slice);
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
            named: answer.scores.named,
            knobs: case.knobs,
            tags: case.tags,
            outcome: answer.outcome,
            truth: case.truth,
            label: answer.label,
            numbers: case.expected.map(|expected| judge::Numbers { expected, answered: answer.number }),
            answered: answer.answered,
            timed_out: answer.timed_out,
            turns: case.most_turns.map(|most| (answer.turns, most)),
            latencies_ms: answer.latencies_ms,
            first_token_ms: answer.first_token_ms,
            tokens: answer.tokens,
            cost: answer.cost,
        }
    }

    fn range(&self, at: usize) -> std::ops::Range<usize> {
        let end = self.begins.get(at + 1).map_or(self.answers.len(), |end| *end as usize);
        self.begins[at] as usize..end
    }

    fn kind_at(&self, at: usize) -> &Kind {
        &self.kinds[self.kind_of[at] as usize]
    }

    /// The place of a kind, which is mostly that of the case before.
    fn kind(&mut self, kind: Kind) -> u32 {
        if let Some(last) = self.kind_of.last().filter(|last| self.kinds[**last as usize] == kind) {
            return *last;
        }
        let next = count(self.kinds.len());
        let kinds = &mut self.kinds;
        *self.known_kinds.entry(kind).or_insert_with(|| {
            kinds.push(kind);
            next
        })
    }

    fn variant(&mut self, variant: Variant<'_>) -> Index {
        let is =
            |(family, promise): &(String, Promise)| family == variant.family && *promise == variant.promise;
        let at = self.variants.iter().position(is).unwrap_or_else(|| {
            self.variants.push((variant.family.to_owned(), variant.promise));
            self.variants.len() - 1
        });
        index(at)
    }

    fn tags_of(&mut self, tags: &[String]) -> Option<Index> {
        if tags.is_empty() {
            return None;
        }
        if let Some(at) = self.known_tags.get(tags) {
            return Some(*at);
        }
        let (tags, at): (Arc<[String]>, _) = (tags.into(), index(self.tags.len()));
        self.tags.push(tags.clone());
        self.known_tags.insert(tags, at);
        Some(at)
    }
}

/// The knobs of variants are those of their seed, which precedes them.
fn last_or_new(knobs: &mut Vec<Row>, row: &Row) -> Index {
    let same = |last: &Row| last.columns == row.columns && last.values == row.values;
    if !knobs.last().is_some_and(same) {
        knobs.push(row.clone());
    }
    index(knobs.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::super::{NamedOutcomes, NamedSet, Scores};
    use super::*;
    use crate::suite::schema::NamedMetric;

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
            measured: measured(),
            most_turns: None,
        }
    }

    fn measured() -> Measured {
        Measured { reference: true, relevant: None, named: NamedSet::default().with(NamedMetric::Tone) }
    }

    const ANSWER: AnswerFacts<'static> = AnswerFacts {
        outcome: Outcome::Pass,
        label: Some("a"),
        number: Some(0.25),
        scores: Scores {
            text: Some(&[1.0, 0.5, 0.25, 0.0, 0.75]),
            ranking: None,
            named: NamedOutcomes::NONE,
        },
        answered: true,
        timed_out: false,
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
        assert_eq!(case.measured, measured());
        assert!(table.case(1).tags.is_empty() && table.case(1).truth.is_none());
        let seen = table.observation(0, 0);
        assert_eq!((seen.label, seen.latencies_ms), (Some("a"), &[7.0][..]));
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
        table.confirm(1, 0, &AnswerFacts { outcome: Outcome::Fail, ..ANSWER });
        table.confirm(1, 0, &ANSWER);
        let seen: Vec<Outcome> = table.confirmations(1).map(|answer| answer.outcome).collect();
        assert_eq!(seen, [Outcome::Pass, Outcome::Fail]);
        assert_eq!((table.confirmations(0).len(), table.answer(1, 0)), (0, AnswerFacts::NOT_ASKED));
        table.clear_confirmations();
        assert!(!table.is_confirmed());
    }
}
