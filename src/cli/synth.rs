//! `holdline synth`: models write candidates for a suite.

mod dry_run;
mod prompts;
mod talk;
mod transform;
mod weighing;

use super::progress::bar;
use super::{CliError, CliResult, Place};
use crate::baseline::in_ci;
use crate::cli::limits::Limits;
use crate::exit::Exit;
use crate::report::escape::{for_log, terminal, terminal_line};
use crate::report::synth::{json, page, warning};
use crate::session::synth::{Synth, SynthError, SynthOptions, Written};
use crate::session::until_signalled;
use crate::suite::passages;
use crate::suite::schema::ChunkSpec;
use crate::suite::variants::SourceSpan;
use crate::synth::generator::{Generator, find};
use crate::synth::generators::queries::KNOBS;
use crate::synth::plan::{BATCH, Wishes};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use weighing::WeighingArgs;

/// Arguments of `holdline synth`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, on its own")]
pub struct SynthArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// The suite to write for.
    #[arg(required_unless_present = "list")]
    suite: Option<String>,
    /// Print the generators: what each makes, what it promises, and its options. Asks nothing.
    #[arg(long)]
    list: bool,
    /// Only for this scenario, by its id or name; may be repeated. Default: all of the suite.
    #[arg(long, value_name = "SCENARIO")]
    scenario: Vec<String>,
    /// What to have written; may be repeated. Default: `queries`.
    #[arg(long, value_name = "NAME")]
    generator: Vec<String>,
    /// Candidates wanted in all, shared out evenly over generators and scenarios.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    count: u32,
    /// A model in rotation, as `[models]` names it; may be repeated. Default: those of `[synth] models`, or the
    /// only one there is.
    #[arg(long, value_name = "NAME")]
    model: Vec<String>,
    /// What is to vary, with its values; may be repeated. Knobs of a scenario's template vary too.
    #[arg(long, value_name = "NAME=VALUE,…")]
    knob: Vec<Knob>,
    /// Somebody who asks, in a few words: a value of the knob `persona`; may be repeated.
    #[arg(long, value_name = "TEXT")]
    persona: Vec<String>,
    /// Documents to be grounded in, below the project's root: a file, a folder, or a pattern such as
    /// `docs/**/*.md`; may be repeated.
    #[arg(long, value_name = "PATTERN")]
    docs: Vec<String>,
    /// An option of the generators; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    option: Vec<Setting>,
    /// Tells one asking from another: another number asks for others.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u16,
    /// Ask so often at most: what was rejected or did not come is asked for again.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=50))]
    rounds: u8,
    /// Candidates that one request asks for at most.
    #[arg(long, value_name = "N", default_value_t = BATCH, value_parser = batch)]
    batch: usize,
    /// Share of the combinations of knobs that is to have a candidate, such as `0.9`: as many are asked for as that
    /// takes.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    coverage: Option<f64>,
    #[command(flatten)]
    weighing: WeighingArgs,
    #[command(flatten)]
    limits: Limits,
    /// Ask anew what replies are on the disk for.
    #[arg(long)]
    fresh: bool,
    /// Do not tell generators why people rejected earlier candidates.
    #[arg(long)]
    no_advice: bool,
    /// Print the requests that would be sent; ask nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write what came of it as JSON; with `--dry-run` all requests.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What else can be done.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// Print what a generator tells a model, or write a copy into the project that is used in its place.
    Prompts(prompts::PromptsArgs),
    /// Have simulated users talk to the application, each with a persona and a goal, and put what they said aside
    /// for review. The application is asked.
    Talk(talk::TalkArgs),
    /// Say seeds in another way, by rule or by a model: shorter, another tone, step by step, another form, or only what
    /// stands between markers; and put what passes the filter aside for review.
    Transform(transform::TransformArgs),
}

/// A knob of the command line.
#[derive(Debug, Clone)]
struct Knob {
    name: String,
    values: Vec<String>,
}

impl FromStr for Knob {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Setting { name, value } = text.parse()?;
        let values: Vec<String> = value.split(',').map(|value| value.trim().to_owned()).collect();
        if values.iter().any(String::is_empty) {
            return Err(format!("`{name}` has an empty value: write `{name}=one,other`"));
        }
        Ok(Self { name, values })
    }
}

/// A name with a value.
#[derive(Debug, Clone)]
struct Setting {
    name: String,
    value: String,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
        let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
        if name.is_empty() || value.is_empty() {
            return Err("write NAME=VALUE, neither of them empty".to_owned());
        }
        Ok(Self { name, value })
    }
}

fn batch(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=crate::synth::generator::MOST_COUNT) => Ok(number),
        _ => Err(format!("write a number from 1 to {}", crate::synth::generator::MOST_COUNT)),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("write a number above 0 and up to 1".to_owned()),
    }
}

impl From<SynthError> for CliError {
    fn from(error: SynthError) -> Self {
        use crate::synth::engine::EngineError;
        use crate::synth::prompt::PromptError;
        use crate::synth::requests::RequestError;
        match error {
            SynthError::Session(error) => Self::Session(error),
            SynthError::Engine(EngineError::Request(RequestError::Prompt(PromptError::File(wrong)))) => {
                Self::Suites(wrong)
            }
            other => Self::Usage(other.to_string()),
        }
    }
}

/// Has candidates written.
pub fn run(place: &Place, args: &SynthArgs) -> CliResult {
    if args.list {
        place.print(&crate::report::generators::page())?;
        return Ok(Exit::Held);
    }
    match &args.what {
        Some(What::Prompts(args)) => return prompts::run(place, args),
        Some(What::Talk(args)) => return talk::run(place, args),
        Some(What::Transform(args)) => return transform::run(place, args),
        None => {}
    }
    let lookup = |name: &str| std::env::var(name).ok();
    if in_ci(lookup) {
        let why = "CI reads what was reviewed and never generates: run `holdline synth` on your machine, review \
                   what comes, and commit it";
        return Err(CliError::Usage(why.to_owned()));
    }
    let synth = match Synth::open(options(place, args)?, lookup) {
        Err(SynthError::Absent(missing))
            if matches!(missing, crate::session::models::Absent::Unset { .. }) =>
        {
            eprintln!(
                "{}",
                for_log(&format!("cannot ask: {}", terminal_line(&missing.to_string())), place.log)
            );
            return Ok(Exit::Undecided);
        }
        opened => opened?,
    };
    let known: Vec<(&str, Vec<&str>)> = KNOBS
        .iter()
        .map(|(name, values)| (*name, values.iter().map(|(value, _)| *value).collect()))
        .collect();
    for one in &synth.plan().warnings {
        eprintln!("{}", for_log(&terminal(&warning(one, &known)), place.log));
    }
    let runtime = tokio::runtime::Runtime::new()?;
    if args.dry_run {
        return dry_run::run(place, &synth, &runtime, args.json.as_deref());
    }
    // Opened before anything is asked, so that a bad path costs nothing.
    if let Some(path) = &args.json {
        write(path, "{}\n")?;
    }
    let currency = synth.project.currency.clone();
    let shown = bar("{spinner} {pos} replies {elapsed}", 0);
    let each = |_| shown.inc(1);
    let written = runtime.block_on(until_signalled(async |stop| synth.write(stop, &each).await));
    shown.finish_and_clear();
    let Some(written) = written else {
        eprintln!("stopped at once; what was answered is kept, and the same command goes on");
        return Ok(Exit::Undecided);
    };
    let written = written?;
    if let Some(path) = &args.json {
        write(path, &(serde_json::to_string_pretty(&json(&written, &currency)).unwrap_or_default() + "\n"))?;
    }
    place.print(&page(&written, &currency))?;
    Ok(written.exit())
}

fn options(place: &Place, args: &SynthArgs) -> Result<SynthOptions, CliError> {
    let names = if args.generator.is_empty() { &["queries".to_owned()][..] } else { &args.generator };
    let mut generators: Vec<&'static Generator> = Vec::new();
    for name in names {
        let generator = find(name).map_err(|error| CliError::Usage(error.to_string()))?;
        if !generators.iter().any(|known| known.name == generator.name) {
            generators.push(generator);
        }
    }
    let mut knobs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for Knob { name, values } in &args.knob {
        knobs.entry(name.clone()).or_default().extend(values.iter().cloned());
    }
    if !args.persona.is_empty() {
        knobs.entry("persona".to_owned()).or_default().extend(args.persona.iter().cloned());
    }
    let mut options = BTreeMap::new();
    for Setting { name, value } in &args.option {
        if options.insert(name.clone(), value.clone()).is_some() {
            return Err(CliError::Usage(format!("`--option {name}=…` is there twice: keep one")));
        }
    }
    Ok(SynthOptions {
        root: place.root.clone(),
        // Without one nothing but other things are done.
        suite: args.suite.clone().unwrap_or_default(),
        models: args.model.clone(),
        wishes: Wishes {
            scenarios: args.scenario.clone(),
            generators,
            count: args.count as usize,
            batch: args.batch,
            knobs,
            options,
            documents: documents(place, &args.docs)?,
            advice: Vec::new(),
            seed: args.seed,
            coverage: args.coverage,
        },
        weighing: Arc::new(args.weighing.weighing(&place.root)?),
        rounds: args.rounds.into(),
        budget: args.limits.into(),
        fresh: args.fresh,
        advice: !args.no_advice,
    })
}

/// The passages of the documents named, each once.
fn documents(place: &Place, named: &[String]) -> Result<Vec<SourceSpan>, CliError> {
    let mut all: Vec<SourceSpan> = Vec::new();
    for named in named {
        let new = passages(&place.root, named, ChunkSpec::default())?;
        let before: Vec<String> = all.iter().map(|passage| passage.file.clone()).collect();
        all.extend(new.into_iter().filter(|passage| !before.contains(&passage.file)));
    }
    Ok(all)
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    std::fs::write(path, text)
        .map_err(|error| CliError::Usage(format!("{} cannot be written: {error}", path.display())))
}

impl Written {
    /// What the command ends with: 2 where a limit cannot be kept, 3 where nothing came, it was stopped or replies
    /// cannot be kept, 4 where the budget or the time is used up.
    fn exit(&self) -> Exit {
        use crate::synth::outcome::End;
        match self.outcome.end {
            End::Untold { .. } => Exit::Usage,
            End::Broken { .. } | End::Stopped => Exit::Undecided,
            End::Budget { .. } | End::Time => Exit::Exhausted,
            End::Reached | End::Rounds | End::StoppedRising if self.outcome.yields.all.delivered == 0 => {
                Exit::Undecided
            }
            End::Reached | End::Rounds | End::StoppedRising => Exit::Held,
        }
    }
}
