//! `holdline synth`: generators asked for a suite, and what is good of it put aside for review.

use super::begin::{case_errors, suites};
use super::models::{Absent, clients};
use super::options::{Options, SessionError};
use crate::expand::{Case, cases_of};
use crate::run::cache::Replies;
use crate::run::folder::HOME;
use crate::run::{Budget, Limits, Spending};
use crate::suite::project::{BudgetSpec, Project};
use crate::suite::schema::judge::ModelSpec;
use crate::suite::{Diagnostics, Suite};
use crate::synth::batch::Stops;
use crate::synth::candidate::{Candidate, Queue, QueueError};
use crate::synth::decision::{DecisionError, Decisions, Event, advice};
use crate::synth::engine::{Engine, EngineError};
use crate::synth::grounds::{Ground, grounds};
use crate::synth::outcome::Outcome;
use crate::synth::plan::{Plan, PlanError, Wishes};
use crate::synth::prompt::PromptFile;
use crate::synth::rotation::{ACCOUNT, Rotation};
use crate::synth::select::Sieve;
use crate::synth::weigh::Weighing;
use crate::target::Usage;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// What is to be written, and what it may take.
#[derive(Debug, Clone)]
pub struct SynthOptions {
    /// The project's root.
    pub root: PathBuf,
    /// The suite.
    pub suite: String,
    /// Models in rotation, by the project's names for them; as the project says without any.
    pub models: Vec<String>,
    /// What is wanted.
    pub wishes: Wishes,
    /// What is done with drafts that passed the filter.
    pub weighing: Arc<Weighing>,
    /// Rounds at most.
    pub rounds: usize,
    /// What it may take, in place of what the project says.
    pub budget: BudgetSpec,
    /// Ask anew what replies are on the disk for.
    pub fresh: bool,
    /// Tell generators why people rejected earlier candidates.
    pub advice: bool,
}

/// Why nothing could be asked.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// The suite or the project cannot be used.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// What is wanted makes no sense.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The project describes no model.
    #[error(
        "no model writes cases yet: describe one in holdline.toml, and try again\n\n    \
         [models.writer]\n    base_url = \"https://api.example.com/v1\"\n    model = \"a-model\"\n    \
         api_key = \"${{env:WRITER_KEY}}\"\n    temperature = 1.0\n"
    )]
    NoModel,
    /// The project describes several models, and nobody says which of them write.
    #[error(
        "which model is to write? holdline.toml describes `{}`: name one or several with `--model`, or for good with `[synth] models = [\"{}\"]`",
        .0.join("`, `"), .0.first().map_or("", String::as_str)
    )]
    WhichModel(Vec<String>),
    /// A model cannot be asked.
    #[error(transparent)]
    Absent(#[from] Absent),
    /// What waits for review cannot be read or written.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// What was decided about candidates cannot be read.
    #[error(transparent)]
    Decision(#[from] DecisionError),
    /// Asking could not be begun.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<Diagnostics> for SynthError {
    fn from(wrong: Diagnostics) -> Self {
        Self::Session(wrong.into())
    }
}

/// A suite, and everything that is needed to write for it.
#[derive(Debug)]
pub struct Synth {
    /// The project.
    pub project: Arc<Project>,
    /// The suite.
    pub suite: Suite,
    /// The names of the models in rotation, in their order.
    pub models: Vec<String>,
    options: SynthOptions,
    cases: Vec<Case>,
    grounds: Vec<Ground>,
    plan: Plan,
    prompts: BTreeMap<&'static str, PromptFile>,
    rotation: Arc<Rotation>,
    queue: Queue,
    /// What of the queue nobody decided about.
    waiting: Vec<Candidate>,
    /// What of it people rejected.
    rejected: Vec<Candidate>,
}

/// What came of it, and how many candidates are new in the queue.
#[derive(Debug)]
pub struct Written {
    /// What came of asking.
    pub outcome: Outcome,
    /// Candidates that were put aside now.
    pub new: usize,
    /// Candidates in the queue, decided or not.
    pub queued: usize,
}

impl Synth {
    /// Reads everything and makes the plan. Nothing is asked. The environment is read by `lookup`.
    pub fn open(
        mut options: SynthOptions,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, SynthError> {
        let (project, suite, cases) = the_suite(&options.root, &options.suite)?;
        let grounds = grounds(&suite, &cases);
        if options.advice {
            options.wishes.advice = advice(&options.root, &suite.name)?;
        }
        let plan = Plan::of(&suite, &grounds, &options.wishes)?;
        let mut prompts = BTreeMap::new();
        for generator in &options.wishes.generators {
            if let Some(own) = PromptFile::own(&options.root, &project.suites, generator)? {
                prompts.insert(generator.name, own);
            }
        }
        let models = chosen(&project, &options.models)?;
        let scorer = options.weighing.scorer.iter();
        let asked: Vec<&str> = models.iter().chain(scorer).map(String::as_str).collect();
        let clients = clients(&project, asked.into_iter(), lookup)??;
        let budget = budget(&project, options.budget, &models)?;
        let project = Arc::new(project);
        let seats =
            models.iter().filter_map(|name| Some((name.clone(), clients.get(name)?.clone()))).collect();
        let replies = Replies::new(&options.root.join(HOME).join("synth"));
        let rotation = Rotation::new(seats, replies, Arc::new(budget), project.clone());
        let beside = clients.into_iter().filter(|(name, _)| !models.contains(name)).collect();
        let rotation = rotation.with(beside);
        let rotation = Arc::new(if options.fresh { rotation.anew() } else { rotation });
        let queue = Queue::open(&options.root, &suite.name)?;
        let decisions = Decisions::open(&options.root, &suite.name)?;
        let decided = decisions.by_candidate();
        let with = |is: fn(Option<&Event>) -> bool| -> Vec<Candidate> {
            let all = queue.candidates().iter();
            all.filter(|candidate| is(decided.get(&candidate.id).copied())).cloned().collect()
        };
        let waiting = with(|event| event.is_none());
        let rejected = with(|event| matches!(event, Some(Event::Reject { .. })));
        Ok(Self {
            project,
            suite,
            models,
            options,
            cases,
            grounds,
            plan,
            prompts,
            rotation,
            queue,
            waiting,
            rejected,
        })
    }

    /// The models.
    pub fn rotation(&self) -> &Rotation {
        &self.rotation
    }

    /// How it is shared out.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What would ask.
    pub fn engine(&self) -> Engine<'_> {
        let at_once = self.models.iter().filter_map(|model| self.project.models.get(model));
        Engine {
            suite: &self.suite,
            grounds: &self.grounds,
            wishes: &self.options.wishes,
            plan: self.plan.clone(),
            rotation: self.rotation.clone(),
            at_once: at_once.map(|model| model.concurrency).sum(),
            prompts: self.prompts.clone(),
            waiting: &self.waiting,
            weighing: self.options.weighing.clone(),
            rounds: self.options.rounds,
        }
    }

    /// Asks, and puts aside what is good.
    pub async fn write(
        mut self,
        stop: watch::Receiver<bool>,
        each: &(dyn Fn(usize) + Sync),
    ) -> Result<Written, SynthError> {
        let limit = self.options.budget.max_time.or(self.project.budget.max_time);
        let deadline = limit.map(|limit| tokio::time::Instant::now() + limit.get());
        let mut sieve = Sieve::new(&self.suite, &self.cases);
        for candidate in &self.rejected {
            sieve.reject(&candidate.variant);
        }
        let mut outcome = self.engine().run(sieve, &Stops { deadline, stop }, each).await?;
        let new = self.queue.add(std::mem::take(&mut outcome.candidates))?;
        Ok(Written { outcome, new, queued: self.queue.candidates().len() })
    }
}

/// The project, its suite of this name, and the suite's cases.
pub(super) fn the_suite(root: &Path, name: &str) -> Result<(Project, Suite, Vec<Case>), SynthError> {
    let mut of_suite = Options::new(root.to_owned(), false);
    of_suite.only = vec![name.to_owned()];
    let (project, mut all) = suites(&of_suite)?;
    if all.len() != 1 {
        return Err(SessionError::Usage(format!("`{name}` names {} suites; name one", all.len())).into());
    }
    let suite = all.remove(0);
    let cases = cases_of(&suite).map_err(|errors| {
        let mut out = Diagnostics::default();
        case_errors(root, &errors, &mut out);
        out
    })?;
    Ok((project, suite, cases))
}

/// The models that write.
pub(super) fn chosen(project: &Project, said: &[String]) -> Result<Vec<String>, SynthError> {
    let known = || project.models.keys().cloned().collect::<Vec<_>>();
    let named = if said.is_empty() { &project.synth.models } else { said };
    if !named.is_empty() {
        let mut once: Vec<String> = Vec::new();
        for name in named {
            if !once.contains(name) {
                once.push(name.clone());
            }
        }
        return Ok(once);
    }
    match known().as_slice() {
        [] => Err(SynthError::NoModel),
        [only] => Ok(vec![only.clone()]),
        several => Err(SynthError::WhichModel(several.to_vec())),
    }
}

/// What asking may take, or why a limit could not be kept.
pub(super) fn budget(project: &Project, said: BudgetSpec, models: &[String]) -> Result<Budget, SessionError> {
    let of_project = project.budget;
    if let Some((key, nothing)) = said.nothing() {
        return Err(SessionError::Usage(format!("`{key}` cannot be {nothing}: nothing could be asked")));
    }
    let limits = Limits {
        cost: said.max_cost.or(of_project.max_cost),
        tokens: said.max_tokens.or(of_project.max_tokens),
    };
    if limits.cost.is_some() && project.prices.is_empty() {
        let why = "`max_cost` cannot be kept, since holdline.toml has no [prices]";
        return Err(SessionError::Usage(why.to_owned()));
    }
    let budget = Budget::new(&project.currency, limits);
    let guesses = models.iter().map(|model| guess(project, project.models.get(model)?, limits));
    // One that nobody can guess is asked alone.
    let guess = guesses.collect::<Option<Vec<Spending>>>().map(|guesses| {
        guesses.into_iter().fold(Spending::default(), |most, one| Spending {
            cost: most.cost.max(one.cost),
            tokens: most.tokens.max(one.tokens),
        })
    });
    budget.suite(ACCOUNT, Limits::default(), guess);
    Ok(budget)
}

/// What a request to a model may take before any has told: the longest reply.
fn guess(project: &Project, model: &ModelSpec, limits: Limits) -> Option<Spending> {
    let most = u64::from(model.max_tokens?);
    let cost = project.price(&model.model, Usage { input_tokens: 0, output_tokens: most });
    if limits.cost.is_some() && cost.is_none() {
        return None;
    }
    Some(Spending { cost: cost.unwrap_or_default(), tokens: most })
}
