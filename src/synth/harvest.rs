//! What replies come to: drafts, of which each passes the filter or is rejected with a reason, and all are counted.

use super::ask::JsonReply;
use super::candidate::Candidate;
use super::draft::Draft;
use super::generator::Generator;
use super::outcome::{Barren, Example, Round};
use super::plan::Unit;
use super::requests::Request;
use super::select::{Sieve, Yields};
use crate::expand::{CaseId, Reason};
use crate::model::{Spent, Unanswered, UnansweredKind};
use crate::suite::Suite;
use crate::suite::schema::Origin;
use crate::suite::variants::{GeneratorRef, Made, MadeBy, ModelMade, Variant};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// Rejected drafts that are told of for each reason.
const EXAMPLES: usize = 3;

/// A unit with what came of it.
#[derive(Debug)]
pub(super) struct Work {
    pub unit: Unit,
    /// Candidates asked for.
    pub asked: usize,
    /// Candidates let in.
    pub delivered: usize,
    rejected: BTreeMap<Reason, usize>,
    error: Option<String>,
}

impl Work {
    pub fn new(unit: Unit) -> Self {
        Self { unit, asked: 0, delivered: 0, rejected: BTreeMap::new(), error: None }
    }

    /// What was asked about, where nothing came of it.
    pub fn barren(&self, suite: &Suite) -> Option<Barren> {
        let unit = &self.unit;
        let passage =
            |of: &crate::suite::variants::SourceSpan| format!("{}:{}-{}", of.file, of.start, of.end);
        (self.asked > 0 && self.delivered == 0).then(|| Barren {
            generator: unit.generator.name.to_owned(),
            scenario: suite.scenarios[unit.scenario].id.clone(),
            about: unit.about.as_ref().map(|seed| seed.input.clone()),
            knobs: unit.knobs.clone(),
            passages: unit.documents.iter().map(passage).collect(),
            asked: self.asked,
            rejected: self.rejected.clone(),
            error: self.error.clone(),
        })
    }
}

/// What replies came to so far.
#[derive(Debug)]
pub(super) struct Harvest<'a> {
    suite: &'a Suite,
    sieve: Sieve,
    /// What waits for review since an earlier run.
    waiting: &'a [Candidate],
    /// Of that, what no reply so far has made again.
    before: HashSet<CaseId>,
    /// Of that, what the filter knows.
    known: HashSet<CaseId>,
    pub yields: Yields,
    /// Candidates asked for whose requests got no reply that could be used.
    pub errors: BTreeMap<UnansweredKind, usize>,
    /// Candidates let in that waited already.
    pub waited: usize,
    pub examples: BTreeMap<Reason, Vec<Example>>,
    pub candidates: Vec<Candidate>,
}

/// A reply that was read, or why there is none.
type Read = Result<Vec<(Draft, Variant)>, Unanswered>;

impl<'a> Harvest<'a> {
    pub fn new(suite: &'a Suite, sieve: Sieve, waiting: &'a [Candidate]) -> Self {
        Self {
            suite,
            sieve,
            waiting,
            before: waiting.iter().map(|candidate| candidate.id).collect(),
            known: HashSet::new(),
            yields: Yields::default(),
            errors: BTreeMap::new(),
            waited: 0,
            examples: BTreeMap::new(),
            candidates: Vec::new(),
        }
    }

    /// The texts that were let in of a scenario, oldest first.
    pub fn texts(&self, scenario: &str) -> Vec<&str> {
        let of = self.candidates.iter().filter(|candidate| candidate.variant.scenario == scenario);
        of.filter_map(|candidate| candidate.variant.input.as_str()).collect()
    }

    /// Takes what came of a round, in the order of its requests.
    pub fn take(
        &mut self,
        works: &mut [Work],
        replies: Vec<(Request, Option<Result<JsonReply, Unanswered>>)>,
    ) -> Round {
        let before = self.yields.all.clone();
        let read: Vec<(Request, Read)> =
            replies.into_iter().map(|(request, reply)| self.read(request, reply)).collect();
        self.know_the_rest(&read);
        for (request, read) in read {
            let work = &mut works[request.unit];
            let (generator, model, asked) = (request.generator, &request.job.model, request.brief.count);
            self.yields.request(generator.name, model, asked);
            work.asked += asked;
            let variants = match read {
                Ok(variants) => variants,
                Err(unanswered) => {
                    *self.errors.entry(unanswered.kind).or_default() += asked;
                    work.error = Some(unanswered.to_string());
                    continue;
                }
            };
            self.sieve.begin(&self.suite.scenarios[work.unit.scenario].id, generator.name);
            self.sieve.with_documents(&work.unit.documents);
            for (draft, variant) in variants {
                self.one(work, (generator, model), draft, variant);
            }
        }
        let now = &self.yields.all;
        Round { asked: now.requested - before.requested, delivered: now.delivered - before.delivered }
    }

    /// What waits and what the replies of this round do not make again is there already. What they do make again
    /// an earlier run let in, which was stopped: it is decided anew, and alike.
    fn know_the_rest(&mut self, read: &[(Request, Read)]) {
        let made = read.iter().filter_map(|(_, read)| read.as_ref().ok()).flatten();
        let made: HashSet<CaseId> = made.map(|(_, variant)| variant.id(&self.suite.name)).collect();
        for candidate in self.waiting.iter().filter(|candidate| !made.contains(&candidate.id)) {
            if self.before.contains(&candidate.id) && self.known.insert(candidate.id) {
                self.sieve.know(&candidate.variant, "candidate");
            }
        }
    }

    fn one(&mut self, work: &mut Work, by: (&Generator, &str), draft: Draft, variant: Variant) {
        let (generator, model) = (by.0.name, by.1);
        let id = variant.id(&self.suite.name);
        if self.known.contains(&id) && self.before.remove(&id) {
            self.yields.count(generator, model, Ok(()));
            self.waited += 1;
            work.delivered += 1;
            return;
        }
        match self.sieve.examine(&draft, None) {
            Ok(passed) => {
                self.yields.count(generator, model, Ok(()));
                self.waited += usize::from(self.before.remove(&id));
                work.delivered += 1;
                let mut candidate =
                    Candidate { nearest: passed.nearest, ..Candidate::new(&self.suite.name, variant) };
                candidate.variant.made.passed = passed.passed;
                self.candidates.push(candidate);
            }
            Err(rejection) => {
                self.yields.count(generator, model, Err(rejection.reason));
                *work.rejected.entry(rejection.reason).or_default() += 1;
                let examples = self.examples.entry(rejection.reason).or_default();
                if examples.len() < EXAMPLES {
                    examples.push(Example { text: text_of(&draft.input), why: rejection.why });
                }
            }
        }
    }

    /// What a reply says, as drafts and as the variants that they would be.
    fn read(&self, request: Request, reply: Option<Result<JsonReply, Unanswered>>) -> (Request, Read) {
        let reply = reply.unwrap_or_else(|| {
            let message = "not begun, or given up".to_owned();
            Err(Unanswered { kind: UnansweredKind::NotAsked, message, spent: Spent::default() })
        });
        let read = reply.and_then(|reply| {
            // The check of its form has read it before.
            let drafts = request.generator.read(&request.brief, &reply.value).map_err(|message| {
                Unanswered { kind: UnansweredKind::Unreadable, message, spent: reply.spent }
            })?;
            let made = |draft: Draft| (draft.clone(), variant(&request, &reply, draft));
            Ok(drafts.into_iter().map(made).collect())
        });
        (request, read)
    }
}

/// What a draft would be, with who wrote it.
fn variant(request: &Request, reply: &JsonReply, draft: Draft) -> Variant {
    let generator = request.generator;
    Variant {
        scenario: request.brief.scenario.id.clone(),
        input: draft.input,
        turns: draft.turns,
        of: draft.of,
        promise: draft.promise,
        expect: draft.expect,
        row: draft.row,
        knobs: draft.knobs,
        tags: draft.tags,
        made: Made {
            generator: Some(GeneratorRef { name: generator.name.to_owned(), version: generator.version }),
            model: Some(ModelMade {
                model: reply.model.clone(),
                answered: reply.answered.clone(),
                prompt: reply.prompt.clone(),
                sampling: reply.sampling.clone(),
                reply: reply.reply.clone(),
            }),
            sources: draft.sources,
            ..Made::new(MadeBy::Model, Origin::Model)
        },
        truth: draft.truth,
        review: None,
    }
}

fn text_of(input: &Value) -> String {
    input.as_str().map_or_else(|| input.to_string(), str::to_owned)
}
