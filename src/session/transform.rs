//! `holdline synth transform`: seeds and reviewed variants of a suite said in another way, by rule or by a model, and
//! what passes the filter put aside for review.

use super::models::clients;
use super::synth::{SynthError, budget, chosen, the_suite};
use crate::expand::protect::Protector;
use crate::expand::{Case, CaseId, Reason};
use crate::model::UnansweredKind;
use crate::run::cache::Replies;
use crate::run::folder::HOME;
use crate::suite::Suite;
use crate::suite::project::{BudgetSpec, Project};
use crate::suite::variants::Variant;
use crate::synth::candidate::{Candidate, Queue};
use crate::synth::decision::{DecisionError, Decisions, Event};
use crate::synth::draft::{Brief, Draft};
use crate::synth::grounds::grounds;
use crate::synth::plan::scenario;
use crate::synth::rotation::Rotation;
use crate::synth::select::{Sieve, Yields};
use crate::synth::tally::ModelTally;
use crate::synth::transform::{
    How, NotDone, Part, Transform, by_model, by_rule, of_case, text_of, transformed,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::Instant;

/// What counts as the model where a rule did it.
pub const RULE: &str = "rule";

/// What is to be transformed, and how.
#[derive(Debug, Clone)]
pub struct TransformOptions {
    /// The project's root.
    pub root: PathBuf,
    /// The suite.
    pub suite: String,
    /// Its scenarios, by id or name; all without any.
    pub scenarios: Vec<String>,
    /// What is done; each for itself.
    pub transforms: Vec<Transform>,
    /// Models that do it, by the project's names for them; by rule without any.
    pub models: Vec<String>,
    /// Whether the reviewed variants of the suite are transformed too, and not its seeds alone.
    pub variants: bool,
    /// What the models may take, in place of what the project says.
    pub budget: BudgetSpec,
    /// Ask anew what replies are on the disk for.
    pub fresh: bool,
}

/// Why nothing could be transformed.
#[derive(Debug, thiserror::Error)]
pub enum TransformsError {
    /// The suite, the project or a model cannot be used.
    #[error(transparent)]
    Synth(#[from] SynthError),
    /// Decisions of people cannot be read.
    #[error(transparent)]
    Decisions(#[from] DecisionError),
    /// No rule can do it.
    #[error("no rule can do `{0}`: name a model that does with `--model`")]
    NeedsModel(&'static str),
    /// No model is asked to do it.
    #[error("`{0}` is done by rule, and never by a model: leave `--model` out")]
    NeedsRule(&'static str),
}

/// What came of it.
#[derive(Debug)]
pub struct Transforms {
    /// The suite.
    pub suite: String,
    /// Texts that were to be transformed.
    pub texts: usize,
    /// What became of them, by transformation and by model.
    pub yields: Yields,
    /// Those of which nothing could be made, by transformation and by why, in words.
    pub undone: BTreeMap<(&'static str, String), usize>,
    /// The first of what was rejected for each reason: its text and why. Untrusted.
    pub examples: BTreeMap<Reason, (String, String)>,
    /// Candidates put aside that were not there yet.
    pub new: usize,
    /// What each model was asked.
    pub models: Vec<(String, ModelTally)>,
    /// Why no more was asked, in words.
    pub cut: Option<String>,
    /// Whether somebody stopped it.
    pub stopped: bool,
}

/// A case that is transformed, with its seed.
struct Work<'c> {
    case: &'c Case,
    seed: &'c Case,
}

/// Transforms, one text after the other. The environment is read by `lookup`; `each` hears of every text.
pub async fn transforms(
    options: &TransformOptions,
    lookup: impl Fn(&str) -> Option<String>,
    stop: watch::Receiver<bool>,
    each: &(dyn Fn() + Sync),
) -> Result<Transforms, TransformsError> {
    let by_models = !options.models.is_empty();
    for transform in &options.transforms {
        match transform {
            Transform::Extract(_) if by_models => return Err(TransformsError::NeedsRule(transform.name())),
            _ if !by_models && !transform.has_rule() => {
                return Err(TransformsError::NeedsModel(transform.name()));
            }
            _ => {}
        }
    }
    let (project, suite, cases) = the_suite(&options.root, &options.suite)?;
    let project = Arc::new(project);
    let rotation = if by_models { Some(rotation(options, &project, lookup)?) } else { None };
    let mut places = HashSet::new();
    for name in &options.scenarios {
        places.insert(scenario(&suite, name).map_err(SynthError::from)?);
    }
    let works = works(&cases, options.variants, |place| places.is_empty() || places.contains(&place));
    let mut queue = Queue::open(&options.root, &suite.name).map_err(SynthError::from)?;
    let mut sieve = Sieve::new(&suite, &cases);
    let there = known(options, &suite.name, &queue, &mut sieve)?;
    let grounds = grounds(&suite, &cases);
    let found = Transforms {
        suite: suite.name.clone(),
        texts: works.len(),
        yields: Yields::default(),
        undone: BTreeMap::new(),
        examples: BTreeMap::new(),
        new: 0,
        models: Vec::new(),
        cut: None,
        stopped: false,
    };
    let limit = options.budget.max_time.or(project.budget.max_time);
    let deadline = limit.map(|limit| Instant::now() + limit.get());
    let mut bench =
        Bench { suite: &suite, rotation: rotation.as_ref(), sieve, there, found, candidates: Vec::new() };
    'all: for (number, work) in works.iter().enumerate() {
        let brief = Brief {
            suite: suite.name.clone(),
            feature: suite.spec.feature.clone(),
            scenario: grounds[work.case.scenario].brief.clone(),
            count: 1,
            ..Brief::default()
        };
        for transform in &options.transforms {
            bench.found.stopped = *stop.borrow();
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                bench.found.cut = Some("the time is used up (`max_time`)".to_owned());
            }
            if bench.found.stopped || bench.found.cut.is_some() {
                break 'all;
            }
            bench.one(number, work, &brief, transform).await;
        }
        each();
    }
    let Bench { mut found, candidates, .. } = bench;
    found.new = queue.add(candidates).map_err(SynthError::from)?;
    if let Some(rotation) = &rotation {
        found.models = rotation.tally().all().into_iter().collect();
        found.cut = found.cut.or_else(|| rotation.broken().map(str::to_owned));
    }
    Ok(found)
}

/// What texts are transformed with, and what came of it so far.
struct Bench<'a> {
    suite: &'a Suite,
    rotation: Option<&'a Rotation>,
    sieve: Sieve,
    there: HashSet<CaseId>,
    found: Transforms,
    candidates: Vec<Candidate>,
}

impl Bench<'_> {
    /// Transforms one text in one way, and lets in what passes.
    async fn one(&mut self, number: usize, work: &Work<'_>, brief: &Brief, transform: &Transform) {
        let (suite, of) = (self.suite, &self.suite.scenarios[work.case.scenario]);
        let variant = of_case(&of.id, work.case, work.seed);
        let Some(text) = text_of(&variant, &Part::Input) else { return };
        let model = self.rotation.map_or(RULE, |rotation| rotation.turn(number)).to_owned();
        self.found.yields.request(transform.name(), &model, 1);
        let done = match self.rotation {
            None => {
                let patterns = [suite.spec.expand.protect.as_slice(), &of.spec.protect].concat();
                // A suite with a bad pattern does not load.
                let protector = Protector::new(&patterns).unwrap_or_default();
                by_rule(text, transform, &protector).map(How::Rule)
            }
            Some(rotation) => {
                let asked = by_model(rotation, brief, text, transform, variant.promise, Some(&model));
                asked.await.map(How::Model)
            }
        };
        let how = match done {
            Ok(how) => how,
            Err(NotDone::Unanswered(unanswered)) if unanswered.kind == UnansweredKind::NotAsked => {
                self.found.cut = Some(unanswered.message);
                return;
            }
            Err(why) => {
                *self.found.undone.entry((transform.name(), why.to_string())).or_default() += 1;
                return;
            }
        };
        let new = transformed(&variant, &suite.name, &Part::Input, how);
        if self.there.contains(&new.id(&suite.name)) {
            // An earlier run let it in.
            self.found.yields.count(transform.name(), &model, Ok(()));
            return;
        }
        self.sieve.begin(&of.id, transform.name());
        match self.sieve.examine(&draft_of(&new), Some(text)) {
            Ok(passed) => {
                self.found.yields.count(transform.name(), &model, Ok(()));
                let mut candidate = Candidate { nearest: passed.nearest, ..Candidate::new(&suite.name, new) };
                candidate.variant.made.passed = passed.passed;
                self.candidates.push(candidate);
            }
            Err(rejection) => {
                self.found.yields.count(transform.name(), &model, Err(rejection.reason));
                let shown = new.input.as_str().unwrap_or_default().to_owned();
                self.found.examples.entry(rejection.reason).or_insert((shown, rejection.why));
            }
        }
    }
}

fn rotation(
    options: &TransformOptions,
    project: &Arc<Project>,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Rotation, SynthError> {
    let names = chosen(project, &options.models)?;
    let clients = clients(project, names.iter().map(String::as_str), lookup)??;
    let limits = budget(project, options.budget, &names)?;
    let seats = names.iter().filter_map(|name| Some((name.clone(), clients.get(name)?.clone()))).collect();
    let replies = Replies::new(&options.root.join(HOME).join("synth"));
    let rotation = Rotation::new(seats, replies, Arc::new(limits), project.clone());
    Ok(if options.fresh { rotation.anew() } else { rotation })
}

/// The seeds whose inputs are texts, and the reviewed variants where they are wanted; never what operators make, of
/// which there is no end.
fn works(cases: &[Case], variants: bool, is_wanted: impl Fn(usize) -> bool) -> Vec<Work<'_>> {
    let seeds: HashMap<CaseId, &Case> =
        cases.iter().filter(|case| case.provenance.lineage.is_none()).map(|case| (case.id, case)).collect();
    let of = |case: &&Case| {
        let is_reviewed = case.provenance.pedigree.is_some();
        let is_seed = case.provenance.lineage.is_none();
        is_wanted(case.scenario) && case.input.is_string() && if is_reviewed { variants } else { is_seed }
    };
    let work = |case| Some(Work { case, seed: *seeds.get(&case.family)? });
    cases.iter().filter(of).filter_map(work).collect()
}

/// Makes the filter know what waits and what people rejected; the ids of what waits.
fn known(
    options: &TransformOptions,
    suite: &str,
    queue: &Queue,
    sieve: &mut Sieve,
) -> Result<HashSet<CaseId>, TransformsError> {
    let decisions = Decisions::open(&options.root, suite)?;
    let decided = decisions.by_candidate();
    let mut there = HashSet::new();
    for candidate in queue.candidates() {
        match decided.get(&candidate.id) {
            None => {
                sieve.know(&candidate.variant, "candidate");
                there.insert(candidate.id);
            }
            Some(Event::Reject { .. }) => sieve.reject(&candidate.variant),
            Some(_) => {}
        }
    }
    Ok(there)
}

fn draft_of(variant: &Variant) -> Draft {
    let Variant { input, turns, of, promise, expect, row, knobs, tags, truth, .. } = variant.clone();
    // The sources of a question stay what they were; no document was shown.
    Draft { input, turns, of, promise, expect, row, knobs, sources: Vec::new(), tags, truth }
}
