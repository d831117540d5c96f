//! `holdline synth talk`: simulated users talk to the application of a suite, and what they said is put aside for
//! review.

use super::models::clients;
use super::synth::{SynthError, budget, chosen, the_suite};
use crate::run::cache::Replies;
use crate::run::folder::HOME;
use crate::run::{Over, Pace, layers};
use crate::suite::project::BudgetSpec;
use crate::suite::secret::Secrets;
use crate::suite::variants::Variant;
use crate::suite::{Suite, env_names};
use crate::synth::candidate::{Candidate, Queue};
use crate::synth::draft::Brief;
use crate::synth::generators::user::USER;
use crate::synth::grounds::grounds;
use crate::synth::prompt::PromptFile;
use crate::synth::rotation::{ACCOUNT, Rotation};
use crate::synth::select::Sieve;
use crate::synth::talk::{Talk, TalkEnd, TalkError, Talked};
use crate::synth::tally::ModelTally;
use crate::target::{Context, OpenError, Served, Target, open};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// What is to be talked about, and what it may take.
#[derive(Debug, Clone)]
pub struct TalkOptions {
    /// The project's root.
    pub root: PathBuf,
    /// The suite.
    pub suite: String,
    /// The scenario, by its id or name; the suite may have no other.
    pub scenario: Option<String>,
    /// Who the users are; an ordinary one where none is named.
    pub personas: Vec<String>,
    /// What they want; at least one.
    pub goals: Vec<String>,
    /// How soon they give up, as the generator `user` has it.
    pub patience: Option<String>,
    /// Conversations in all: personas and goals in turn.
    pub count: usize,
    /// Most messages of a user, at least 1.
    pub most: u32,
    /// Models that play the users, in turn, by the project's names for them; as the project says without any.
    pub models: Vec<String>,
    /// Tells one asking from another.
    pub seed: u16,
    /// What the models may take, in place of what the project says.
    pub budget: BudgetSpec,
    /// Ask anew what replies are on the disk for.
    pub fresh: bool,
}

/// Why nobody could talk.
#[derive(Debug, thiserror::Error)]
pub enum TalksError {
    /// The suite, the project or a model cannot be used.
    #[error(transparent)]
    Synth(#[from] SynthError),
    /// Which scenario is not said.
    #[error("suite `{suite}` has {count} scenarios: name one with `--scenario`")]
    WhichScenario {
        /// The suite.
        suite: String,
        /// How many it has.
        count: usize,
    },
    /// Environment variables that the suite refers to are not set.
    #[error("suite `{suite}` refers to {names}, not set: set what is missing, then run again")]
    Unset {
        /// The suite.
        suite: String,
        /// The variables.
        names: String,
    },
    /// The way to the application cannot be opened.
    #[error("suite `{suite}`: {error}")]
    Target {
        /// The suite.
        suite: String,
        /// Why not.
        error: OpenError,
    },
    /// The application did not start.
    #[error("the application did not start: {0}")]
    Start(String),
    /// The users cannot be told what to do.
    #[error(transparent)]
    Prompt(#[from] crate::synth::prompt::PromptError),
}

/// What a conversation came to.
#[derive(Debug)]
pub struct Outcome {
    /// The persona; none for an ordinary user.
    pub persona: Option<String>,
    /// The goal.
    pub goal: String,
    /// How it ended and how many messages the user wrote, or why it came to nothing.
    pub ended: Result<(TalkEnd, usize), TalkError>,
    /// Why it was not put aside: the filter's code, with words. None where it was, or where nothing came of it.
    pub rejected: Option<(&'static str, String)>,
}

/// What came of all.
#[derive(Debug)]
pub struct Talks {
    /// The suite.
    pub suite: String,
    /// Conversations wanted.
    pub wanted: usize,
    /// Those that were led, in their order.
    pub outcomes: Vec<Outcome>,
    /// Candidates put aside that were not there yet.
    pub new: usize,
    /// What each model was asked.
    pub models: Vec<(String, ModelTally)>,
    /// Why no more was asked, where a limit of the budget was reached.
    pub spent: Option<String>,
    /// Whether it was stopped.
    pub stopped: bool,
}

/// Leads conversations. The environment is read by `lookup`; `each` hears of every one that has ended.
pub async fn talks(
    options: &TalkOptions,
    lookup: impl Fn(&str) -> Option<String>,
    stop: watch::Receiver<bool>,
    each: &(dyn Fn() + Sync),
) -> Result<Talks, TalksError> {
    let (project, suite, cases) = the_suite(&options.root, &options.suite)?;
    let all = grounds(&suite, &cases);
    let at = match &options.scenario {
        None if all.len() == 1 => 0,
        None => return Err(TalksError::WhichScenario { suite: suite.name.clone(), count: all.len() }),
        Some(named) => crate::synth::plan::scenario(&suite, named).map_err(SynthError::from)?,
    };
    let own = PromptFile::own(&options.root, &project.suites, &USER).map_err(SynthError::from)?;
    let names = chosen(&project, &options.models)?;
    let clients = clients(&project, names.iter().map(String::as_str), &lookup)
        .map_err(SynthError::from)?
        .map_err(SynthError::from)?;
    let limits = budget(&project, options.budget, &names).map_err(SynthError::from)?;
    let at_once: usize =
        names.iter().filter_map(|name| project.models.get(name)).map(|of| of.concurrency).sum();
    let seats = names.iter().filter_map(|name| Some((name.clone(), clients.get(name)?.clone()))).collect();
    let replies = Replies::new(&options.root.join(HOME).join("synth"));
    let project = Arc::new(project);
    let rotation = Rotation::new(seats, replies, Arc::new(limits), project.clone());
    let rotation = Arc::new(if options.fresh { rotation.anew() } else { rotation });
    let wanted = conversations(
        options,
        &Brief {
            suite: suite.name.clone(),
            feature: suite.spec.feature.clone(),
            scenario: all[at].brief.clone(),
            count: 1,
            ..Brief::default()
        },
    );
    // Mistakes in what was said are told before the application is started.
    for (talk, ..) in &wanted {
        USER.messages(&talk.brief, own.as_ref())?;
    }
    let mut queue = Queue::open(&options.root, &suite.name).map_err(SynthError::from)?;

    let (target, served) = application(&suite, options, &lookup).await?;
    let limit = options.budget.max_time.or(project.budget.max_time);
    let deadline = limit.map(|limit| tokio::time::Instant::now() + limit.get());
    let target = layers(target, &suite, &Arc::new(Pace::new(1)), deadline);

    let count = wanted.len();
    let led = lead(
        wanted
            .into_iter()
            .map(|(talk, persona, goal)| (Talk { own: own.clone(), ..talk }, persona, goal))
            .collect(),
        (&rotation, &target),
        (deadline, stop.clone(), at_once),
        each,
    )
    .await;
    if let Some(served) = served {
        served.stop().await;
    }
    let mut sieve = Sieve::new(&suite, &cases);
    sieve.begin(&all[at].brief.id, USER.name);
    let (outcomes, candidates) = settle(led, sieve, &queue, (&suite.name, &all[at].brief.id));
    let new = queue.add(candidates).map_err(SynthError::from)?;
    let tally = rotation.tally().all();
    let of = |name: &str| (name.to_owned(), tally.get(name).cloned().unwrap_or_default());
    let late = deadline.is_some_and(|end| tokio::time::Instant::now() >= end);
    let over = rotation.budget().over(ACCOUNT).map(|over| match over {
        Over::Spent(why) | Over::Untold(why) => why,
    });
    Ok(Talks {
        suite: suite.name.clone(),
        wanted: count,
        outcomes,
        new,
        models: rotation.names().map(of).collect(),
        spent: over.or_else(|| late.then(|| "the time is used up".to_owned())),
        stopped: *stop.borrow(),
    })
}

/// The way to the application, which is started where the suite says how.
async fn application(
    suite: &Suite,
    options: &TalkOptions,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<(Arc<dyn Target>, Option<Served>), TalksError> {
    let (secrets, missing) = Secrets::gather(env_names(suite), lookup);
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        return Err(TalksError::Unset { suite: suite.name.clone(), names: names.join(", ") });
    }
    let mut context = Context {
        root: suite.root.clone(),
        folder: suite.folder(),
        secrets: Arc::new(secrets),
        serve_port: None,
        params: suite.params.clone(),
        request_timeout: suite.spec.run.request_timeout.get(),
        closures: crate::target::Closures::default(),
    };
    let served = match &suite.spec.target.serve {
        None => None,
        Some(spec) => {
            let log = options.root.join(HOME).join("synth").join(format!("{}.application.log", suite.name));
            let started = Served::start(spec, &context.root, &context.secrets, &context.params, log).await;
            Some(started.map_err(|error| TalksError::Start(crate::exit::chain(&error)))?)
        }
    };
    context.serve_port = served.as_ref().and_then(Served::port);
    let target = open(&suite.spec.target, &context)
        .map_err(|error| TalksError::Target { suite: suite.name.clone(), error })?;
    Ok((Arc::from(target), served))
}

/// What each conversation came to, and those that are to be put aside.
fn settle(
    led: Vec<Led>,
    mut sieve: Sieve,
    queue: &Queue,
    (suite, scenario): (&str, &str),
) -> (Vec<Outcome>, Vec<Candidate>) {
    for candidate in queue.candidates() {
        sieve.know(&candidate.variant, "candidate");
    }
    let known: Vec<_> = queue.candidates().iter().map(|candidate| candidate.id).collect();
    let (mut outcomes, mut candidates) = (Vec::new(), Vec::new());
    for (persona, goal, talked) in led {
        let (ended, rejected) = match talked {
            Err(error) => (Err(error), None),
            Ok(talked) => {
                let ended = (talked.end, talked.said.len());
                let put = put_aside(&mut sieve, suite, scenario, talked, &known);
                (Ok(ended), put.map(|candidate| candidates.push(candidate)).err())
            }
        };
        outcomes.push(Outcome { persona, goal, ended, rejected });
    }
    (outcomes, candidates)
}

/// A conversation with its persona and its goal.
type Wanted = (Talk, Option<String>, String);

/// Every pair of a persona and a goal, then all again with another sample.
fn conversations(options: &TalkOptions, brief: &Brief) -> Vec<Wanted> {
    let personas: Vec<Option<String>> = if options.personas.is_empty() {
        vec![None]
    } else {
        options.personas.iter().cloned().map(Some).collect()
    };
    let pairs: Vec<(Option<String>, String)> = options
        .goals
        .iter()
        .flat_map(|goal| personas.iter().map(move |persona| (persona.clone(), goal.clone())))
        .collect();
    let one = |at: usize| {
        let (persona, goal) = pairs.get(at % pairs.len().max(1))?.clone();
        let mut brief = brief.clone();
        brief.options.insert("goal".to_owned(), goal.clone());
        if let Some(persona) = &persona {
            brief.options.insert("persona".to_owned(), persona.clone());
        }
        if let Some(patience) = &options.patience {
            brief.options.insert("patience".to_owned(), patience.clone());
        }
        let again = u32::try_from(at / pairs.len().max(1)).unwrap_or(u32::MAX);
        let talk = Talk {
            brief,
            own: None,
            model: None,
            sample: (u32::from(options.seed) << 16).saturating_add(again),
            most: options.most,
            id: format!("talk-{}-{at}", options.seed),
        };
        Some((talk, persona, goal))
    };
    (0..options.count).filter_map(one).collect()
}

type Led = (Option<String>, String, Result<Talked, TalkError>);

/// Leads them, so many at a time; those that were not begun are left out, and so are those in flight when the time
/// was over.
async fn lead(
    wanted: Vec<Wanted>,
    (asks, target): (&Arc<Rotation>, &Arc<dyn Target>),
    (deadline, stop, at_once): (Option<tokio::time::Instant>, watch::Receiver<bool>, usize),
    each: &(dyn Fn() + Sync),
) -> Vec<Led> {
    let room = Arc::new(Semaphore::new(at_once.max(1)));
    let mut flying = JoinSet::new();
    for (at, (mut talk, persona, goal)) in wanted.into_iter().enumerate() {
        let (asks, target, room, stop) = (asks.clone(), target.clone(), room.clone(), stop.clone());
        // The same conversation always has the same model, whoever comes first.
        let turn = asks.turn(at).to_owned();
        talk.model = Some(turn);
        flying.spawn(async move {
            let _room = room.acquire_owned().await.ok()?;
            if *stop.borrow() {
                return None;
            }
            let leading = talk.lead(&*asks, &*target, deadline.map(tokio::time::Instant::into_std));
            let led = match deadline {
                None => leading.await,
                Some(deadline) => tokio::time::timeout_at(deadline, leading).await.ok()?,
            };
            Some((at, (persona, goal, led)))
        });
    }
    let mut led: BTreeMap<usize, Led> = BTreeMap::new();
    while let Some(joined) = flying.join_next().await {
        match joined {
            Ok(Some((at, one))) => {
                led.insert(at, one);
                each();
            }
            Ok(None) => {}
            // A panic in a task is a bug of ours and must not look like a result.
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }
    led.into_values().collect()
}

/// A conversation as a candidate, or why it is none.
fn put_aside(
    sieve: &mut Sieve,
    suite: &str,
    scenario: &str,
    talked: Talked,
    known: &[crate::expand::CaseId],
) -> Result<Candidate, (&'static str, String)> {
    let Talked { draft, made, .. } = talked;
    let variant = Variant {
        scenario: scenario.to_owned(),
        input: draft.input.clone(),
        turns: draft.turns.clone(),
        of: None,
        promise: draft.promise,
        expect: None,
        row: draft.row.clone(),
        knobs: draft.knobs.clone(),
        tags: draft.tags.clone(),
        made,
        truth: draft.truth,
        review: None,
    };
    let mut candidate = Candidate::new(suite, variant);
    // The same conversation from an earlier run waits already, and is no duplicate of itself.
    if known.contains(&candidate.id) {
        return Ok(candidate);
    }
    let passed = sieve.examine(&draft, None).map_err(|rejection| (rejection.reason.code(), rejection.why))?;
    candidate.nearest = passed.nearest;
    candidate.variant.made.passed = passed.passed;
    Ok(candidate)
}
