//! What came of the cases of a plan so far: numbers in a table, and where in the journal the texts stand.

use super::journal::{Journal, JournalError, LineReader};
use super::judged::Judged;
use super::plan::Plan;
use super::{Graded, ReadBack, Retried, Script, Transcript};
use crate::expand::{Case, CaseId, Family, Lineage};
use crate::judge::{Numbers, Outcome, References, Verdict};
use crate::metric::{
    AnswerFacts, CaseFacts, Measured, NamedOutcomes, NamedSet, RankingScores, Scores, Table, Variant,
    ranking_scores, text_scores,
};
use crate::suite::schema::{Expect, NamedMetric};
use crate::target::TargetErrorKind;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// Stands for an answer that is not in the journal.
const NOWHERE: u64 = u64::MAX;

/// The answers to the selected cases of a plan. Cases are named by their place in the selection.
#[derive(Debug, Default)]
pub struct Answered {
    /// What is known of cases and answers.
    pub table: Table,
    /// How often answers came only after several attempts.
    pub retried: Retried,
    /// What the judges that are models came to.
    pub judged: Judged,
    /// Where in the journal each answer stands.
    lines: Vec<u64>,
    /// Where the answers stand that came when cases were asked again, by case: repeat and place.
    again: HashMap<usize, Vec<(u32, u64)>>,
}

impl Answered {
    /// The selected cases of a plan, none of them asked yet. `over` is how often every case is to be asked,
    /// whatever the suite says; `scripts` has one for each scenario.
    pub fn new(plan: &Plan, over: Option<u32>, scripts: &[Arc<Script>]) -> io::Result<Self> {
        let mut table = Table::default();
        let mut reader = plan.cases.reader();
        for &index in &*plan.selected {
            let index = index as usize;
            let (facts, scenario) = (reader.facts(index)?, plan.cases.scenario(index));
            let nothing = not_asked(plan.cases.id(index), 0).transcript;
            let lineage = facts.lineage.as_deref();
            let case = CaseFacts {
                id: plan.cases.id(index),
                family: plan.cases.family(index),
                scenario,
                variant: lineage.map(|of| Variant { family: &of.family, promise: of.promise }),
                knobs: (!facts.knobs.columns.is_empty()).then_some(&facts.knobs),
                tags: &facts.tags,
                must_pass: facts.must_pass,
                quarantined: false,
                truth: facts.truth.as_deref(),
                expected: Numbers::of(&facts.expect, &nothing).map(|numbers| numbers.expected),
                measured: measured(&facts.expect, is_adversarial(lineage)),
                most_turns: match facts.turns {
                    0 => scripts.get(scenario).and_then(|script| script.most_turns()),
                    said => u32::try_from(said).ok().and_then(|said| said.checked_add(1)),
                },
            };
            table.push(&case, plan.suite.repeats_of(scenario, over));
        }
        let answers = (0..table.len()).map(|at| table.repeats(at)).sum();
        Ok(Self { table, lines: vec![NOWHERE; answers], ..Self::default() })
    }

    /// Whether a repeat of a case is there.
    pub fn has(&self, case: usize, repeat: u32) -> bool {
        match self.table.place(case, repeat) {
            Some(place) => self.lines[place] != NOWHERE,
            None => self.again.get(&case).is_some_and(|there| there.iter().any(|(of, _)| *of == repeat)),
        }
    }

    /// What the first repeat of a case came to, where it is there.
    pub fn outcome(&self, case: usize) -> Option<Outcome> {
        self.has(case, 0).then(|| self.table.answer(case, 0).outcome)
    }

    /// Takes in what came of a case, which stands in the journal at this place. A repeat beyond those that
    /// the plan asks for is an answer to a case that was asked again.
    pub fn take(&mut self, at: usize, case: &Case, graded: &Graded, line: u64) {
        let answers = || graded.transcript.turns.iter().map(|turn| &turn.answer);
        let latencies: Vec<f64> = answers().filter_map(|answer| answer.latency_ms).collect();
        let first_tokens: Vec<f64> = answers().filter_map(|answer| answer.first_token_ms).collect();
        let references = References::of(&case.expect).unwrap_or_default();
        let text = text_of(graded).and_then(|answer| text_scores(answer, &references.texts));
        let ranking = ranking_of(graded, &references);
        let named = named_of(is_adversarial(case.provenance.lineage.as_deref()), &graded.verdicts);
        let facts = AnswerFacts {
            scores: Scores { text: text.as_ref(), ranking: ranking.as_ref(), named },
            latencies_ms: &latencies,
            first_token_ms: &first_tokens,
            ..answer_facts(case, graded)
        };
        self.judged.add(graded);
        let repeat = graded.transcript.repeat;
        if let Some(place) = self.table.place(at, repeat) {
            self.table.set(at, repeat, &facts);
            self.lines[place] = line;
            self.retried.add(&graded.transcript);
        } else {
            // In the order of the repeats, whichever came first.
            let there = self.again.entry(at).or_default();
            if let Err(order) = there.binary_search_by_key(&repeat, |(of, _)| *of) {
                there.insert(order, (repeat, line));
                self.table.confirm(at, order, &facts);
            }
        }
    }

    /// Forgets a repeat of a case, as if it had not been asked.
    pub fn forget(&mut self, at: usize, repeat: u32) {
        if let Some(place) = self.table.place(at, repeat) {
            self.table.set(at, repeat, &AnswerFacts::NOT_ASKED);
            self.lines[place] = NOWHERE;
        }
    }

    /// Forgets what came of asking cases again.
    pub fn forget_confirmations(&mut self) {
        self.again.clear();
        self.table.clear_confirmations();
    }

    /// How many answers are there, those to cases that were asked again left out.
    pub fn count(&self) -> usize {
        self.lines.iter().filter(|line| **line != NOWHERE).count()
    }

    /// The repeats for which a case was asked again, in their order, and what each came to.
    pub fn confirmed(&self, case: usize) -> Vec<(u32, Outcome)> {
        let repeats = self.again.get(&case).map_or(&[][..], Vec::as_slice);
        let outcomes = self.table.confirmations(case).map(|answer| answer.outcome);
        repeats.iter().map(|(repeat, _)| *repeat).zip(outcomes).collect()
    }

    /// Reads answers back from the journal.
    pub const fn reader<'a>(&'a self, journal: &'a Journal) -> AnswerReader<'a> {
        AnswerReader { answered: self, lines: journal.reader() }
    }
}

/// Reads answers back from the journal, mostly in the order in which they came.
#[derive(Debug)]
pub struct AnswerReader<'a> {
    answered: &'a Answered,
    lines: LineReader<'a>,
}

impl AnswerReader<'_> {
    /// What came of a repeat of a case; nothing was asked where the journal has nothing.
    pub fn get<G: ReadBack>(&mut self, at: usize, repeat: u32) -> Result<G, JournalError> {
        let line = self.answered.table.place(at, repeat).map_or(NOWHERE, |place| self.answered.lines[place]);
        if line == NOWHERE {
            let nothing = G::of(not_asked(self.answered.table.id(at), repeat));
            return nothing.map_err(|error| self.lines.journal().io(error.into()));
        }
        self.lines.graded(line)
    }

    /// What came of all repeats of a case, in their order.
    pub fn all<G: ReadBack>(&mut self, at: usize) -> Result<Vec<G>, JournalError> {
        let repeats = u32::try_from(self.answered.table.repeats(at)).unwrap_or(u32::MAX);
        (0..repeats).map(|repeat| self.get(at, repeat)).collect()
    }

    /// What came of the repeat that stands for the case.
    pub fn representative<G: ReadBack>(&mut self, at: usize) -> Result<G, JournalError> {
        let repeat = self.answered.table.representative(at);
        self.get(at, u32::try_from(repeat).unwrap_or(u32::MAX))
    }

    /// What came of asking a case again.
    pub fn confirmations<G: ReadBack>(&mut self, at: usize) -> Result<Vec<G>, JournalError> {
        let there = self.answered.again.get(&at).map_or(&[][..], Vec::as_slice);
        there.iter().map(|(_, line)| self.lines.graded(*line)).collect()
    }
}

/// What a repeat of a case comes to that was never asked.
pub fn not_asked(case: CaseId, repeat: u32) -> Graded {
    let transcript = Transcript { case, repeat, turns: Vec::new(), error: None, cost: None };
    Graded { transcript, verdicts: Vec::new(), outcome: Outcome::Skipped }
}

/// The place in the selection of a case, by its index among all cases of the plan.
pub fn place_of(plan: &Plan, case: usize) -> Option<usize> {
    let index = u32::try_from(case).ok()?;
    if plan.is_partial() { plan.selected.binary_search(&index).ok() } else { Some(case) }
}

/// All but the times and the scores.
fn answer_facts<'a>(case: &Case, graded: &'a Graded) -> AnswerFacts<'a> {
    let transcript = &graded.transcript;
    let tokens = transcript.turns.iter().map(|turn| turn.answer.usage).collect::<Option<Vec<_>>>();
    AnswerFacts {
        outcome: graded.outcome,
        label: label_of(graded),
        number: Numbers::of(&case.expect, transcript).and_then(|numbers| numbers.answered),
        scores: Scores::default(),
        answered: transcript.error.is_none() && !transcript.turns.is_empty(),
        timed_out: transcript.error.as_ref().is_some_and(|error| error.kind == TargetErrorKind::Timeout),
        turns: u32::try_from(transcript.turns.len()).unwrap_or(u32::MAX),
        latencies_ms: &[],
        first_token_ms: &[],
        tokens: tokens.filter(|all| !all.is_empty()).map(|all| {
            all.iter().fold((0, 0), |(read, written), usage| {
                (read + usage.input_tokens, written + usage.output_tokens)
            })
        }),
        cost: transcript.cost,
    }
}

/// What of a case is measured beside its verdicts. References that cannot be read are told of when the case is
/// checked.
fn measured(expect: &[Expect], adversarial: bool) -> Measured {
    let references = References::of(expect).unwrap_or_default();
    let leaks = |entry: &Expect| adversarial && entry.excludes.is_some();
    let named = expect.iter().flat_map(|entry| {
        entry.measured().iter().copied().chain(leaks(entry).then_some(NamedMetric::LeakRate))
    });
    Measured {
        reference: !references.texts.is_empty(),
        relevant: references.any_relevant(),
        named: named.fold(NamedSet::default(), NamedSet::with),
    }
}

/// The last answer's text; none where the case has no answer.
fn text_of(graded: &Graded) -> Option<&str> {
    let last = graded.transcript.last().filter(|_| graded.transcript.error.is_none());
    last.map(|answer| answer.output.as_str())
}

/// What the last answer retrieved scores. A case that was asked and has no answer found nothing.
fn ranking_of(graded: &Graded, references: &References) -> Option<RankingScores> {
    let is_kept = graded.transcript.error.as_ref().is_none_or(|error| error.kind != TargetErrorKind::NotKept);
    let is_asked = is_kept && graded.outcome != Outcome::Skipped;
    let relevant = references.relevant.as_ref().filter(|_| is_asked)?;
    let last = graded.transcript.last().filter(|_| graded.transcript.error.is_none());
    let retrieved = last.map_or(&[][..], |answer| &answer.retrieved);
    ranking_scores(retrieved.iter().map(|one| (one.id.as_str(), one.score)), relevant)
}

/// The label of the last answer; none where the case has no answer.
fn label_of(graded: &Graded) -> Option<&str> {
    if graded.transcript.error.is_some() {
        return None;
    }
    graded.transcript.last().and_then(|answer| answer.label.as_deref())
}

/// Whether a judge is an `excludes`: by its name, or by its name and the place of its entry.
fn is_exclusion(judge: &str) -> bool {
    judge.strip_prefix("excludes").is_some_and(|place| place.is_empty() || place.starts_with('['))
}

/// Whether a case is a variant that attacks: what it must not say is told by the `excludes` of its operator.
fn is_adversarial(lineage: Option<&Lineage>) -> bool {
    lineage.is_some_and(|of| of.family.split('+').any(|family| family == Family::Adversarial.name()))
}

/// What the entries of a case's `expect` came to that say what they measure. Each `excludes` of an adversarial
/// variant measures leaks.
fn named_of(adversarial: bool, verdicts: &[Verdict]) -> NamedOutcomes {
    let mut named = NamedOutcomes::default();
    let mut shares = Vec::new();
    for verdict in verdicts {
        let leaks = adversarial && is_exclusion(&verdict.judge);
        for of in verdict.measured().iter().copied().chain(leaks.then_some(NamedMetric::LeakRate)) {
            let share = verdict.model.as_ref().and_then(|model| model.score);
            let share = share.filter(|_| verdict.outcome.is_graded());
            match of {
                _ if !verdict.counts() => named.add_reported(of),
                // Checks beside the judge say nothing of claims.
                NamedMetric::Faithfulness if verdict.model.is_none() => {}
                NamedMetric::Faithfulness => {
                    named.add(of, verdict.outcome);
                    shares.extend(share);
                }
                // A judge may pass an answer with some claim that is not supported.
                NamedMetric::HallucinationRate if share.is_some_and(|share| share < 1.0) => {
                    named.add(of, Outcome::Fail);
                }
                _ => named.add(of, verdict.outcome),
            }
        }
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    named.with_supported((!shares.is_empty()).then_some(mean))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::model::ModelVerdict;
    use crate::suite::schema::OneOrMany;
    use NamedMetric::{Faithfulness, HallucinationRate};
    use Outcome::{CannotJudge, Fail, NotApplicable, Pass, Skipped};

    /// A verdict of an entry that measures both, by a judge with this score.
    fn claims(outcome: Outcome, score: Option<f64>, reports_only: bool) -> Verdict {
        let model = ModelVerdict { score, reports_only, ..ModelVerdict::default() };
        Verdict { model: Some(Box::new(model)), ..check(outcome) }
    }

    /// The same by a check.
    fn check(outcome: Outcome) -> Verdict {
        let measures = Some(OneOrMany::Many(vec![Faithfulness, HallucinationRate]));
        Verdict { measures, ..Verdict::of_check("grounded", outcome, "") }
    }

    /// The shares by both metrics.
    fn scores(verdicts: &[Verdict]) -> (Option<f64>, Option<f64>) {
        let named = named_of(false, verdicts);
        (named.score("faithfulness"), named.score("hallucination_rate"))
    }

    #[test]
    fn claims_that_are_not_supported_count_whether_the_entry_passes_or_not() {
        assert_eq!(scores(&[claims(Pass, Some(1.0), false)]), (Some(1.0), Some(0.0)));
        assert_eq!(scores(&[claims(Pass, Some(0.75), false)]), (Some(0.75), Some(1.0)));
        assert_eq!(scores(&[claims(Fail, Some(0.25), false)]), (Some(0.25), Some(1.0)));
        // Two turns, and an answer that says nothing.
        let turns = [claims(Pass, Some(1.0), false), claims(Fail, Some(0.5), false)];
        assert_eq!(scores(&turns), (Some(0.75), Some(1.0)));
        assert_eq!(scores(&[claims(Fail, None, false)]), (None, Some(1.0)));
    }

    #[test]
    fn what_was_not_graded_or_only_reports_is_no_score() {
        for outcome in [CannotJudge, NotApplicable, Skipped] {
            assert_eq!(scores(&[claims(outcome, Some(1.0), false)]), (None, None), "{outcome}");
        }
        assert_eq!(scores(&[claims(Fail, Some(0.5), true)]), (None, None));
        let both = [claims(Fail, Some(0.5), true), claims(Pass, Some(1.0), false)];
        assert_eq!(scores(&both), (Some(1.0), Some(0.0)), "only what counts does");
    }

    /// A check beside the judge that fails is a mistake in the answer, and says nothing of claims.
    #[test]
    fn checks_beside_the_judge_say_nothing_of_faithfulness() {
        assert_eq!(scores(&[check(Pass), claims(Pass, Some(1.0), false)]), (Some(1.0), Some(0.0)));
        assert_eq!(scores(&[check(Fail), claims(Skipped, None, false)]), (None, Some(1.0)));
    }
}
