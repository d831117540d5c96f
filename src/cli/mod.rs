//! The `holdline` command: one file a command.

pub mod accept;
mod baseline_runs;
mod bazel;
mod cache;
mod check;
mod code;
mod compare;
mod distil;
mod doctor;
mod dry_run;
mod expand;
mod explain;
mod export;
mod init;
mod judge;
mod limits;
mod list;
mod matrix;
mod merge;
mod monitor;
mod neighbours;
mod note;
mod pending;
mod progress;
mod promote;
mod quality;
pub mod reject;
mod rejudge;
mod reporting;
pub mod review;
mod run;
mod schema;
mod shards;
mod show;
mod synth;
mod table;
mod typed;

pub use pending::PendingError;

use crate::baseline::{Store, in_ci};
use crate::exit::Exit;
use crate::report::escape::for_log;
use crate::report::unnamed::told;
use crate::report::{Style, escape};
use crate::run::Selection;
use crate::run::folder::below;
use crate::session::{Options, Setting, unnamed};
use crate::suite::project::{Project, find_root};
use crate::synth::reviewing::ReviewError;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a command comes to, or why it could not be carried out.
pub type CliResult = Result<Exit, CliError>;

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Mistakes in the user's files.
    #[error("{0}")]
    Suites(#[from] crate::suite::Diagnostics),
    /// The run could not be begun or was given up.
    #[error(transparent)]
    Session(#[from] crate::session::SessionError),
    /// A pending baseline cannot be shown, accepted or rejected.
    #[error(transparent)]
    Pending(#[from] PendingError),
    /// A recorded plan cannot be read or written.
    #[error(transparent)]
    Plan(#[from] crate::expand::lock::LockError),
    /// The cache of answers cannot be read or written.
    #[error(transparent)]
    Cache(#[from] crate::run::cache::StoreError),
    /// Cases cannot be asked beside a suite.
    #[error(transparent)]
    Neighbours(#[from] crate::session::neighbours::NeighboursError),
    /// Cases cannot be promoted.
    #[error(transparent)]
    Promote(#[from] crate::session::promote::PromoteError),
    /// A record cannot be read or written.
    #[error(transparent)]
    Record(#[from] crate::report::json::JsonError),
    /// An output cannot be written.
    #[error(transparent)]
    Output(#[from] crate::report::OutputError),
    /// The summary for GitHub cannot be written.
    #[error(transparent)]
    Github(#[from] crate::report::github::GithubError),
    /// A file of notes or of assignments cannot be added to.
    #[error(transparent)]
    Ledger(#[from] crate::distil::ledger::LedgerError),
    /// The command line makes no sense as it stands.
    #[error("{0}")]
    Usage(String),
    /// A decision about a candidate cannot be made.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// A set to train on cannot be made.
    #[error(transparent)]
    Export(crate::finetune::ExportError),
    /// Standard output or a file cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] std::io::Error),
}

/// A regression gate for applications that call language models.
///
/// Exit codes: 0 gate held, 1 regression, 2 wrong usage or configuration, 3 cannot decide,
/// 4 budget or time used up, 70 bug.
#[derive(Debug, Parser)]
#[command(name = "holdline", version, max_term_width = 100)]
struct Cli {
    /// The project's root. Default: the nearest folder upwards with `holdline.toml` or `suites/`.
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

/// The suites and the cases that a command is about.
#[derive(Debug, clap::Args)]
struct Which {
    /// Suites; without any all but those in `live`, which need a model.
    suites: Vec<String>,
    /// Only cases whose name or input contains this; may be repeated. A part of a suite cannot gate.
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,
    /// Only cases with this tag; may be repeated. A part of a suite cannot gate.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
}

impl Which {
    /// The cases.
    fn selection(&self) -> Selection {
        Selection { filters: self.filter.clone(), tags: self.tag.clone(), ids: None }
    }
}

/// The parameters that are set for a command.
#[derive(Debug, clap::Args)]
struct Set {
    /// Set a parameter that the suites declare under `[params]`; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<Setting>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask the cases, judge the answers, compare with the baseline, decide.
    Run(Box<run::RunArgs>),
    /// Put the shards of a run together and decide over all of them at once.
    Merge(merge::MergeArgs),
    /// Check the suites without running anything.
    Check(check::CheckArgs),
    /// Print the cases.
    List(list::ListArgs),
    /// Say what the suites' inputs become: variants, templates, and what was rejected.
    Expand(expand::ExpandArgs),
    /// Set two or more runs side by side, with the cases that tell them apart.
    Compare(compare::CompareArgs),
    /// Say what failed, in groups that say the same, the one to look at first on top.
    Distil(distil::DistilArgs),
    /// Go through what changed since the baselines, or through candidates for variants, and accept or reject it.
    Review(review::ReviewArgs),
    /// Accept pending baselines.
    Accept(accept::AcceptArgs),
    /// Reject pending baselines.
    Reject(reject::RejectArgs),
    /// Judge the accepted answers with today's judges, without asking the application.
    Rejudge(rejudge::RejudgeArgs),
    /// Print everything about one case, from the newest run that asked it.
    Show(show::ShowArgs),
    /// Write a note on a case: what went wrong first. Notes stand beside the suite and are to be committed.
    Note(note::NoteArgs),
    /// Sort failures into the categories of `suites/taxonomy.toml`.
    #[command(subcommand)]
    Code(code::Code),
    /// Say why a finding is what it is, and what would change it.
    Explain(explain::ExplainArgs),
    /// Reduce a failing case, and say what fails around it and why.
    Neighbours(neighbours::NeighboursArgs),
    /// Keep cases: failures, their neighbours, questions from production.
    Promote(promote::PromoteArgs),
    /// Say whether the project is in order and, with `--aa`, how its gate behaves when nothing has changed.
    Doctor(doctor::DoctorArgs),
    /// Print what a judge is asked, or measure it on answers that people labelled.
    #[command(subcommand)]
    Judge(judge::Judge),
    /// Have models write candidates for a suite: filtered, counted, and put aside for review. Not in CI.
    Synth(Box<synth::SynthArgs>),
    /// Say how good data is, before anything is asked with it.
    #[command(subcommand)]
    Quality(quality::Quality),
    /// Judge answers logged in production, and say how they drift.
    Monitor(Box<monitor::MonitorArgs>),
    /// Write a set to train a model on, of what people approved for training and nothing that gates.
    Export(Box<export::ExportArgs>),
    /// Say what the cache of answers holds, or keep it small.
    Cache(cache::CacheArgs),
    /// Print a table drawn from a column specification.
    Table(table::TableArgs),
    /// Print the JSON schema of suite files.
    Schema(schema::SchemaArgs),
    /// Write a first suite and say what to do next.
    Init(init::InitArgs),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// What every command works with.
#[derive(Debug)]
pub struct Place {
    /// The project's root.
    pub root: PathBuf,
    /// How results look on standard output.
    pub style: Style,
    /// Whether a CI service reads what is printed.
    pub log: bool,
}

impl Place {
    /// Prints a result.
    fn print(&self, text: &str) -> std::io::Result<()> {
        std::io::stdout().lock().write_all(for_log(text, self.log).as_bytes())
    }

    /// The project file, or its defaults.
    fn project(&self) -> Result<Project, CliError> {
        Ok(Project::load(&self.root)?)
    }

    /// Tells on standard error of the suites that nobody named and that need a model, and which are left out of
    /// what is done, in a verb.
    fn note_unnamed(&self, options: &Options, project: &Project, verb: &str) -> Result<(), CliError> {
        let suites = unnamed(options, project)?;
        if let Some(text) = told(suites.iter().map(String::as_str), verb) {
            eprintln!("{}", for_log(&escape::terminal_line(&text), self.log));
        }
        Ok(())
    }

    /// Tells on standard error of baselines whose suite is none of `suites`, which are all there are.
    fn note_orphans<'a>(
        &self,
        folder: Option<&PathBuf>,
        suites: impl Iterator<Item = &'a str>,
    ) -> Result<(), CliError> {
        let suites = suites.map(str::to_owned).collect();
        for path in self.store(folder)?.unreferenced(&suites).map_err(PendingError::from)? {
            let path = escape::terminal_line(&path.display().to_string());
            let text = format!("note: {path} belongs to no suite; remove it, or bring its suite back");
            eprintln!("{}", for_log(&text, self.log));
        }
        Ok(())
    }

    /// The baselines in the folder named, or in the project's own.
    fn store(&self, folder: Option<&PathBuf>) -> Result<Store, CliError> {
        let folder = match folder {
            Some(folder) => below(&self.root, folder),
            None => below(&self.root, self.project()?.baselines.as_ref()),
        };
        Ok(Store::new(folder, in_ci(|name| std::env::var(name).ok())))
    }
}

/// Parses the command line, runs the command, and says what to exit with.
pub fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no mistake; a closed pipe is nobody's loss.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Held };
        }
    };
    let place = Place {
        // A root named is made whole, so that programs started within it find what lies below it.
        root: match &cli.root {
            Some(root) => std::path::absolute(root).unwrap_or_else(|_| root.clone()),
            None => find_root(Path::new(".")),
        },
        style: style(cli.color, &std::io::stdout()),
        log: escape::is_ci_log(|name| std::env::var(name).ok()),
    };
    let result = match cli.command {
        Command::Run(args) => run::run(&place, *args),
        Command::Merge(args) => merge::run(&place, &args),
        Command::Check(args) => check::run(&place, &args),
        Command::List(args) => list::run(&place, &args),
        Command::Expand(args) => expand::run(&place, &args),
        Command::Compare(args) => compare::run(&place, &args),
        Command::Distil(args) => distil::run(&place, &args),
        Command::Review(args) => review::command(&place, &args),
        Command::Accept(args) => accept::command(&place, &args),
        Command::Reject(args) => reject::command(&place, &args),
        Command::Rejudge(args) => rejudge::run(&place, &args),
        Command::Show(args) => show::run(&place, &args),
        Command::Note(args) => note::run(&place, &args),
        Command::Code(what) => code::run(&place, &what),
        Command::Explain(args) => explain::run(&place, &args),
        Command::Neighbours(args) => neighbours::run(&place, &args),
        Command::Promote(args) => promote::run(&place, &args),
        Command::Doctor(args) => doctor::run(&place, &args),
        Command::Judge(what) => judge::run(&place, &what),
        Command::Synth(args) => synth::run(&place, &args),
        Command::Quality(what) => quality::run(&place, &what),
        Command::Monitor(args) => monitor::run(&place, &args),
        Command::Export(args) => export::run(&place, &args),
        Command::Cache(args) => cache::run(&place, &args),
        Command::Table(args) => table::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Init(args) => init::run(&place, &args),
        Command::Completions { shell } => {
            // Written to memory first: the generator panics where a stream cannot be written.
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "holdline", &mut text);
            std::io::stdout().lock().write_all(&text).map(|()| Exit::Held).map_err(CliError::from)
        }
    };
    match result {
        Ok(exit) => exit,
        // Nobody reads any more; that is no failure of the command.
        Err(
            CliError::Write(error)
            | CliError::Pending(PendingError::Io(error))
            | CliError::Review(ReviewError::Terminal(error)),
        ) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Held,
        Err(error) => {
            report_error(&error, style(cli.color, &std::io::stderr()), place.log);
            Exit::Usage
        }
    }
}

/// Mistakes in files come with snippets; everything else is a line with its causes.
fn report_error(error: &CliError, style: Style, log: bool) {
    use crate::session::SessionError;
    use crate::session::neighbours::NeighboursError;
    use crate::session::promote::PromoteError;
    let text = match error {
        CliError::Suites(diagnostics)
        | CliError::Session(SessionError::Suites(diagnostics))
        | CliError::Promote(
            PromoteError::Suites(diagnostics) | PromoteError::Session(SessionError::Suites(diagnostics)),
        )
        | CliError::Neighbours(NeighboursError::Session(SessionError::Suites(diagnostics)))
        | CliError::Review(ReviewError::Variants(diagnostics)) => {
            diagnostics.render(style.width, style.colour)
        }
        other => format!("error: {}", crate::exit::chain(other)),
    };
    eprintln!("{}", for_log(&text, log));
}

/// How pages look on a stream, by the wish of the command line.
fn style(when: Colour, stream: &impl std::io::IsTerminal) -> Style {
    let style = Style::of(stream);
    match when {
        Colour::Auto => style,
        Colour::Always => Style { colour: true, ..style },
        Colour::Never => Style { colour: false, ..style },
    }
}
