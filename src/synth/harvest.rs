//! What replies come to: drafts, of which each passes the filter or is rejected with a reason, and all are counted.

use super::answer::REFERENCE;
use super::ask::JsonReply;
use super::candidate::Candidate;
use super::draft::{Brief, Draft};
use super::generator::Generator;
use super::outcome::{Barren, Example};
use super::plan::Unit;
use super::requests::Request;
use super::select::scores::Scored;
use super::select::{Rejection, Sieve, Yields};
use crate::expand::Reason;
use crate::model::{Spent, Unanswered, UnansweredKind};
use crate::suite::Suite;
use crate::suite::as_text;
use crate::suite::schema::Origin;
use crate::suite::variants::{GeneratorRef, Made, MadeBy, ModelMade, Variant};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

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
    pub(super) suite: &'a Suite,
    sieve: Sieve,
    /// What waits for review since an earlier run.
    waiting: &'a [Candidate],
    /// Of that, what no reply so far has made again, by what it says.
    before: HashSet<String>,
    /// Of that, what the filter knows, by what it says.
    known: HashSet<String>,
    pub yields: Yields,
    /// Candidates asked for whose requests got no reply that could be used.
    pub errors: BTreeMap<UnansweredKind, usize>,
    /// Candidates made again that waited already and were not looked at again.
    pub again: usize,
    pub examples: BTreeMap<Reason, Vec<Example>>,
    /// What was let in.
    pub kept: Vec<Kept>,
    /// What of that was let in since it was last weighed: from this place on.
    pub fresh: usize,
}

/// A candidate that was let in.
#[derive(Debug)]
pub(super) struct Kept {
    pub candidate: Candidate,
    pub draft: Draft,
    /// What its generator was told.
    pub brief: Arc<Brief>,
    /// The place of its unit.
    pub work: usize,
    pub generator: &'static Generator,
    /// The model that was asked.
    pub model: String,
    /// Whether it waited already.
    pub waited: bool,
    /// Its scores, where it was scored.
    pub scored: Option<Scored>,
}

/// A reply that was read, or why there is none.
type Read = Result<Vec<(Draft, Variant)>, Unanswered>;

impl<'a> Harvest<'a> {
    pub fn new(suite: &'a Suite, sieve: Sieve, waiting: &'a [Candidate]) -> Self {
        Self {
            suite,
            sieve,
            waiting,
            before: waiting.iter().map(|candidate| said(&candidate.variant)).collect(),
            known: HashSet::new(),
            yields: Yields::default(),
            errors: BTreeMap::new(),
            again: 0,
            examples: BTreeMap::new(),
            kept: Vec::new(),
            fresh: 0,
        }
    }

    /// The texts that were let in of a scenario, oldest first.
    pub fn texts(&self, scenario: &str) -> Vec<&str> {
        let all = self.kept.iter().map(|kept| &kept.candidate.variant);
        all.filter(|variant| variant.scenario == scenario)
            .filter_map(|variant| variant.input.as_str())
            .collect()
    }

    /// Takes what came of a round, in the order of its requests.
    pub fn take(
        &mut self,
        works: &mut [Work],
        replies: Vec<(Request, Option<Result<JsonReply, Unanswered>>)>,
    ) {
        self.fresh = self.kept.len();
        let read: Vec<(Request, Read)> =
            replies.into_iter().map(|(request, reply)| Self::read(request, reply)).collect();
        self.know_the_rest(&read);
        for (request, read) in read {
            let (generator, model, asked) = (request.generator, &request.job.model, request.brief.count);
            let work = &mut works[request.unit];
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
            let brief = Arc::new(request.brief);
            for (draft, variant) in variants {
                self.one(works, (request.unit, generator, model), &brief, (draft, variant));
            }
        }
    }

    /// What waits and what the replies of this round do not make again is there already. What they do make again
    /// an earlier run let in, which was stopped: it is decided anew, and alike.
    fn know_the_rest(&mut self, read: &[(Request, Read)]) {
        let made = read.iter().filter_map(|(_, read)| read.as_ref().ok()).flatten();
        let made: HashSet<String> = made.map(|(_, variant)| said(variant)).collect();
        for Candidate { variant, .. } in self.waiting {
            let said = said(variant);
            if !made.contains(&said) && self.before.contains(&said) && self.known.insert(said) {
                self.sieve.know(variant, "candidate");
            }
        }
    }

    fn one(
        &mut self,
        works: &mut [Work],
        (at, generator, model): (usize, &'static Generator, &str),
        brief: &Arc<Brief>,
        (draft, variant): (Draft, Variant),
    ) {
        let (work, says) = (&mut works[at], said(&variant));
        if self.known.contains(&says) && self.before.remove(&says) {
            self.yields.count(generator.name, model, Ok(()));
            self.again += 1;
            work.delivered += 1;
            return;
        }
        match self.sieve.examine(&draft, None) {
            Ok(passed) => {
                self.yields.count(generator.name, model, Ok(()));
                work.delivered += 1;
                let candidate = Candidate::new(&self.suite.name, variant);
                let mut candidate = Candidate { nearest: passed.nearest, ..candidate };
                candidate.variant.made.passed = passed.passed;
                self.kept.push(Kept {
                    candidate,
                    draft,
                    brief: brief.clone(),
                    work: at,
                    generator,
                    model: model.to_owned(),
                    waited: self.before.remove(&says),
                    scored: None,
                });
            }
            Err(rejection) => {
                self.yields.count(generator.name, model, Err(rejection.reason));
                self.tell(work, &draft.input, rejection);
            }
        }
    }

    /// Notes why something is not kept.
    pub fn tell(&mut self, work: &mut Work, input: &Value, rejection: Rejection) {
        *work.rejected.entry(rejection.reason).or_default() += 1;
        let examples = self.examples.entry(rejection.reason).or_default();
        if examples.len() < EXAMPLES {
            examples.push(Example { text: as_text(input), why: rejection.why });
        }
    }

    /// What a reply says, as drafts and as the variants that they would be.
    fn read(request: Request, reply: Option<Result<JsonReply, Unanswered>>) -> (Request, Read) {
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

/// What a variant says, whatever reference answer was found for it.
fn said(variant: &Variant) -> String {
    let row: BTreeMap<_, _> = variant.row.iter().filter(|(column, _)| *column != REFERENCE).collect();
    json!([variant.scenario, variant.input, variant.turns, variant.of, row]).to_string()
}
