//! `holdline review --variants [SUITE]`: candidates become variants of a suite, one after the other, on a terminal,
//! by answers on standard input, or by flags.

mod answer;
mod editor;
mod session;

use super::ReviewArgs;
use crate::baseline::{Signature, in_ci};
use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::report::candidate;
use crate::report::escape::terminal_line;
use crate::report::number::count;
use crate::session::{Options, suites};
use crate::suite::bare_name;
use crate::suite::schema::OneOrMany;
use crate::suite::variants::Approved;
use crate::synth::decision::Rejected;
use crate::synth::reviewing::{Acceptance, ReviewError, Reviewing, suites_with_candidates};
use crate::synth::statement;
use session::Session;
use std::fmt::Write as _; // to strings, which cannot fail
use std::io::{BufRead, IsTerminal, Write};

/// Candidates that are listed.
const LISTED: usize = 40;

/// Stands for all candidates that wait.
const ALL: &str = "all";

/// What to do with candidates.
#[derive(Debug, clap::Args)]
pub struct VariantArgs {
    /// Go through the candidates for variants of the suite, which `holdline synth` and others put aside.
    #[arg(long)]
    variants: bool,
    /// Accept these candidates, by id or the beginning of one; `all` that wait.
    #[arg(long, value_name = "ID", num_args = 1.., requires = "variants")]
    accept: Vec<String>,
    /// What they may be used for.
    #[arg(long, value_enum, value_name = "FOR", requires = "accept")]
    approve: Option<Approve>,
    /// What must hold of the answer, where the candidates do not say: a label, or a table in TOML or JSON.
    #[arg(long, value_name = "EXPECTATION", requires = "accept")]
    expect: Option<String>,
    /// Reject these candidates.
    #[arg(long, value_name = "ID", num_args = 1.., requires = "reason", conflicts_with = "accept")]
    reject: Vec<String>,
    /// Why they are rejected.
    #[arg(long, value_name = "REASON", requires = "reject")]
    reason: Option<Rejected>,
    /// What else is worth knowing, kept with the decision.
    #[arg(long, value_name = "TEXT", requires = "variants")]
    note: Option<String>,
    /// Take the last decision back, whenever it was made.
    #[arg(long, requires = "variants", conflicts_with_all = ["accept", "reject"])]
    undo: bool,
    /// Count why candidates were rejected.
    #[arg(long, requires = "variants", conflicts_with_all = ["accept", "reject", "undo"])]
    reasons: bool,
}

/// What candidates may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Approve {
    /// To be asked as cases.
    Evaluation,
    /// To train on, and never as cases.
    Training,
    /// Both; what gates is refused by `holdline export` all the same.
    Both,
}

impl From<Approve> for Approved {
    fn from(approve: Approve) -> Self {
        match approve {
            Approve::Evaluation => Self::Evaluation,
            Approve::Training => Self::Training,
            Approve::Both => Self::Both,
        }
    }
}

impl VariantArgs {
    /// Whether it is variants that are reviewed.
    pub(super) const fn is_meant(&self) -> bool {
        self.variants
    }
}

/// The command.
pub(super) fn command(place: &Place, args: &ReviewArgs) -> CliResult {
    let wanted = &args.of_variants;
    if args.baseline.is_some() {
        return Err(CliError::Usage("`--baseline` says nothing with `--variants`; leave it out".into()));
    }
    if wanted.reasons {
        return reasons(place, args.suite.as_deref());
    }
    if in_ci(|name| std::env::var(name).ok()) {
        return Err(CliError::Usage(
            "CI reads what was reviewed and reviews nothing: run this where the result is committed from"
                .into(),
        ));
    }
    let names = match &args.suite {
        Some(suite) => vec![suite.clone()],
        None => suites_with_candidates(&place.root),
    };
    if names.is_empty() {
        place.print("No candidate waits; `holdline synth SUITE` makes some.\n")?;
        return Ok(Exit::Held);
    }
    let decides = !wanted.accept.is_empty() || !wanted.reject.is_empty() || wanted.undo;
    if decides && names.len() > 1 {
        return Err(CliError::Usage(format!(
            "several suites have candidates; name one of {}",
            names.join(", ")
        )));
    }
    for name in names {
        let mut reviewing = open(place, &name)?;
        if wanted.undo {
            undo(place, &mut reviewing)?;
        } else if decides {
            decide(place, wanted, &mut reviewing)?;
        } else if !go_through(place, &mut reviewing)? {
            break;
        }
    }
    Ok(Exit::Held)
}

fn open(place: &Place, name: &str) -> Result<Reviewing, CliError> {
    let mut options = Options::new(place.root.clone(), false);
    options.only = vec![name.to_owned()];
    let (_, suites) = suites(&options)?;
    let suite = suites.into_iter().find(|suite| suite.name == bare_name(name));
    let suite =
        suite.ok_or_else(|| CliError::Usage(format!("there is no suite `{}`", terminal_line(name))))?;
    let by = Signature::now("", &place.root).by;
    Ok(Reviewing::open(&place.root, suite, by, options.today)?)
}

/// Asks about each candidate that waits; false where the person wants no more.
fn go_through(place: &Place, reviewing: &mut Reviewing) -> Result<bool, CliError> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let is_terminal = std::io::stdin().is_terminal();
    // Nobody is there, and no answers are: what waits is told, and how to decide.
    if !is_terminal && input.fill_buf()?.is_empty() {
        output.write_all(waiting(reviewing).as_bytes())?;
        return Ok(true);
    }
    let session = Session { style: place.style, may_edit: is_terminal };
    Ok(session.run(reviewing, &mut input, &mut output)?)
}

/// What waits, and how to decide about it without a terminal.
fn waiting(reviewing: &Reviewing) -> String {
    let waiting = reviewing.waiting();
    let name = terminal_line(&reviewing.suite.name);
    let (accepted, rejected) = reviewing.decided();
    let mut text = format!(
        "{name}: {} of {} wait to be reviewed; {accepted} accepted, {rejected} rejected\n",
        waiting.len(),
        count(reviewing.total(), "candidate", "candidates")
    );
    for candidate in waiting.iter().take(LISTED) {
        let _ = write!(text, "  {}", candidate::line(candidate));
    }
    if waiting.len() > LISTED {
        let _ = writeln!(text, "  and {} more", waiting.len() - LISTED);
    }
    if !waiting.is_empty() {
        let _ = writeln!(
            text,
            "Nobody is there to answer: `holdline review --variants {name} --accept ID… --approve evaluation` accepts, \
             `--reject ID… --reason {}` rejects, `--undo` takes the last decision back.",
            Rejected::Unrealistic.code()
        );
    }
    text
}

fn decide(place: &Place, wanted: &VariantArgs, reviewing: &mut Reviewing) -> Result<(), CliError> {
    let given = if wanted.accept.is_empty() { &wanted.reject } else { &wanted.accept };
    // All ids are looked up before anything is decided.
    let mut ids = Vec::new();
    for id in given {
        if id == ALL {
            ids.extend(reviewing.waiting().iter().map(|candidate| candidate.id));
        } else {
            ids.push(reviewing.find(id)?.id);
        }
    }
    ids.dedup();
    if let Some(reason) = wanted.reason {
        for id in ids {
            reviewing.reject(id, reason, wanted.note.clone())?;
            place.print(&format!("rejected {id}: {}\n", reason.code()))?;
        }
        return Ok(());
    }
    let Some(approve) = wanted.approve else {
        return Err(CliError::Usage(
            "say what they may be used for: `--approve evaluation`, `training` or `both`".into(),
        ));
    };
    let expect = match &wanted.expect {
        Some(typed) => Some(
            statement::read(typed, &reviewing.suite.spec.labels)
                .map_err(|error| CliError::Usage(format!("--expect: {error}")))?,
        ),
        None => None,
    };
    let (mut accepted, mut refused) = (0, Vec::new());
    for id in &ids {
        let expect: Option<OneOrMany<_>> = expect.clone();
        let how = Acceptance { note: wanted.note.clone(), expect, ..Acceptance::of(approve.into()) };
        match reviewing.accept(*id, how) {
            Ok(done) => {
                accepted += 1;
                let mut text =
                    format!("accepted {id}: case {} in {}\n", done.case, terminal_line(&done.path));
                for note in done.notes {
                    let _ = writeln!(text, "note: {}", terminal_line(&note));
                }
                place.print(&text)?;
            }
            Err(error @ (ReviewError::Trial(_) | ReviewError::Decided(_))) => {
                refused.push(format!("\n  {id}: {error}"));
            }
            Err(other) => return Err(other.into()),
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{accepted} of {} accepted; the others cannot be accepted as they are:{}",
        count(ids.len(), "candidate", "candidates"),
        refused.concat()
    )))
}

fn undo(place: &Place, reviewing: &mut Reviewing) -> Result<(), CliError> {
    let undone = reviewing.undo()?;
    let what = if undone.was_accepted { "accepted" } else { "rejected" };
    place.print(&format!("{} was {what} and waits again\n", undone.candidate))?;
    Ok(())
}

fn reasons(place: &Place, suite: Option<&str>) -> CliResult {
    let names = match suite {
        Some(suite) => vec![bare_name(suite).to_owned()],
        None => suites_with_candidates(&place.root),
    };
    let mut text = String::new();
    for name in &names {
        let decisions =
            crate::synth::decision::Decisions::open(&place.root, name).map_err(ReviewError::from)?;
        let reasons = decisions.reasons();
        let rejected: usize = reasons.values().sum();
        let decided = decisions.counting().count();
        let _ = writeln!(
            text,
            "{}: {rejected} of {} rejected",
            terminal_line(name),
            count(decided, "decision", "decisions")
        );
        let mut sorted: Vec<_> = reasons.into_iter().collect();
        sorted.sort_by_key(|(reason, n)| (std::cmp::Reverse(*n), *reason));
        for (reason, n) in sorted {
            let _ = writeln!(text, "  {n:>5}  {:<18} {}", reason.code(), reason.meaning());
        }
    }
    if names.is_empty() {
        text.push_str("No candidate was ever put aside.\n");
    }
    place.print(&text)?;
    Ok(Exit::Held)
}
