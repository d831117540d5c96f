//! `holdline review [SUITE]`: shows what waits, suite by suite, and asks what to do with it.

mod variants;

use super::pending::{PendingError, select};
use super::typed::line;
use super::{CliResult, Place, note};
use crate::baseline::{Beside, Review, Signature, Store, compare};
use crate::exit::Exit;
use crate::report::review::render;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

/// Arguments of `holdline review`.
#[derive(Debug, clap::Args)]
pub struct ReviewArgs {
    /// The suite; all that wait without it.
    suite: Option<String>,
    /// Folder of the baselines.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    of_variants: variants::VariantArgs,
}

/// The command.
pub(super) fn command(place: &Place, args: &ReviewArgs) -> CliResult {
    if args.of_variants.is_meant() {
        return variants::command(place, args);
    }
    let store = place.store(args.baseline.as_ref())?;
    let options = ReviewOptions {
        suite: args.suite.as_deref(),
        interactive: std::io::stdin().is_terminal(),
        width: place.style.width,
        colour: place.style.colour,
    };
    let sign = |reason: &str| Signature::now(reason, &place.root);
    let keep = |suite: &str, case: &str, text: &str| {
        note::add_in(&place.root, suite, case, text).map_err(|error| error.to_string())
    };
    let (input, output) = (&mut std::io::stdin().lock(), &mut std::io::stdout().lock());
    run_noting(&store, &sign, &keep, input, output, &options)?;
    Ok(Exit::Held)
}

const HELP: &str = "  a  accept: the run becomes the baseline; a reason is asked for and kept
  r  reject: the pending baseline is removed, the accepted one stays
  n  note: write down what went wrong with a case; it is asked again then
  s  skip: decide later
  q  quit: decide about this and all others later
";

/// How a review is shown.
#[derive(Debug, Clone, Copy)]
pub struct ReviewOptions<'a> {
    /// The suite to review; all that wait without it.
    pub suite: Option<&'a str>,
    /// Whether somebody is there to answer: standard input is a terminal.
    pub interactive: bool,
    /// Characters in a line.
    pub width: usize,
    /// Whether to colour.
    pub colour: bool,
}

/// What came of a review.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reviewed {
    /// Suites accepted.
    pub accepted: Vec<String>,
    /// Suites rejected.
    pub rejected: Vec<String>,
    /// Suites left for later.
    pub skipped: Vec<String>,
}

enum Answer {
    Accept,
    Reject,
    Note,
    Skip,
    Quit,
}

/// Keeps a note on a case of a suite, and says where, or why it cannot: the suite, the case as it was typed, and
/// the note.
pub type Noting<'a> = dyn Fn(&str, &str, &str) -> Result<String, String> + 'a;

/// Shows each suite that waits and does what is answered. `sign` makes the signature for a reason. Notes are not
/// kept.
pub fn run(
    store: &Store,
    sign: &dyn Fn(&str) -> Signature,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    options: &ReviewOptions<'_>,
) -> Result<Reviewed, PendingError> {
    run_noting(store, sign, &|_, _, _| Err("notes cannot be kept here".into()), input, output, options)
}

/// As [`run`], with somebody who keeps notes.
pub fn run_noting(
    store: &Store,
    sign: &dyn Fn(&str) -> Signature,
    keep: &Noting<'_>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    options: &ReviewOptions<'_>,
) -> Result<Reviewed, PendingError> {
    let mut reviewed = Reviewed::default();
    let mut quit = false;
    for suite in select(store, options.suite)? {
        if quit {
            reviewed.skipped.push(suite);
            continue;
        }
        let Some((review, notes)) = load(store, &suite)? else { continue };
        output.write_all(render(&review, options.width, options.colour).as_bytes())?;
        for note in notes {
            writeln!(output, "note: {note}")?;
        }
        if !options.interactive {
            writeln!(
                output,
                "Nobody is there to answer: `holdline accept {suite} --reason \"…\"` accepts this, \
                 `holdline reject {suite}` removes it.\n"
            )?;
            reviewed.skipped.push(suite);
            continue;
        }
        match ask(&suite, keep, input, output)? {
            Answer::Accept => {
                if let Some(reason) = reason(input, output)? {
                    store.accept(&suite, &sign(&reason))?;
                    writeln!(output, "accepted {suite}")?;
                    reviewed.accepted.push(suite);
                } else {
                    writeln!(output, "skipped {suite}: no reason was given")?;
                    reviewed.skipped.push(suite);
                }
            }
            Answer::Reject => {
                store.reject(&suite)?;
                writeln!(output, "rejected {suite}")?;
                reviewed.rejected.push(suite);
            }
            // Notes are taken before there is an answer.
            Answer::Skip | Answer::Note => reviewed.skipped.push(suite),
            Answer::Quit => {
                reviewed.skipped.push(suite);
                quit = true;
            }
        }
        writeln!(output)?;
    }
    Ok(reviewed)
}

/// What waits for a suite against what is accepted, with what is to be said of the files beside.
/// `None` where it waits no more.
pub fn load(store: &Store, suite: &str) -> Result<Option<(Review, Vec<String>)>, PendingError> {
    let old = store.load(suite)?;
    let Some(pending) = store.pending(suite)? else { return Ok(None) };
    let new = pending.baseline;
    let old_answers = match &old {
        Some(old) => store.answers(suite, &old.run)?,
        None => Beside::Absent,
    };
    let new_answers = store.answers(suite, &new.run)?;
    let mut notes: Vec<String> =
        [&old_answers, &new_answers].iter().filter_map(|a| a.note().map(str::to_owned)).collect();
    notes.dedup();
    let (old_answers, new_answers) = (old_answers.found(), new_answers.found());
    Ok(Some((compare(old.as_ref(), &new, old_answers.as_ref(), new_answers.as_ref()), notes)))
}

/// Asks until there is an answer about the suite; notes are taken meanwhile.
fn ask(
    suite: &str,
    keep: &Noting<'_>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<Answer, PendingError> {
    loop {
        match answer(suite, input, output)? {
            Answer::Note => note_on(suite, keep, input, output)?,
            answer => return Ok(answer),
        }
    }
}

/// Takes a note. An empty line is a change of mind.
fn note_on(
    suite: &str,
    keep: &Noting<'_>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<(), PendingError> {
    let mut typed = [String::new(), String::new()];
    for (prompt, into) in ["case, by its id: ", "note: "].into_iter().zip(&mut typed) {
        write!(output, "{prompt}")?;
        output.flush()?;
        match line(input)? {
            Some(text) if !text.is_empty() => *into = text,
            _ => return Ok(()),
        }
    }
    let [case, text] = &typed;
    match keep(suite, case, text) {
        Ok(told) => writeln!(output, "{told}")?,
        Err(why) => writeln!(output, "no note was kept: {why}")?,
    }
    Ok(())
}

fn answer(suite: &str, input: &mut dyn BufRead, output: &mut dyn Write) -> Result<Answer, PendingError> {
    loop {
        write!(output, "{suite}: accept, reject, note, skip or quit? [a/r/n/s/q/?] ")?;
        output.flush()?;
        let Some(line) = line(input)? else {
            writeln!(output)?;
            return Ok(Answer::Quit);
        };
        match line.to_lowercase().as_str() {
            "a" | "accept" => return Ok(Answer::Accept),
            "r" | "reject" => return Ok(Answer::Reject),
            "n" | "note" => return Ok(Answer::Note),
            "s" | "skip" => return Ok(Answer::Skip),
            "q" | "quit" => return Ok(Answer::Quit),
            _ => output.write_all(HELP.as_bytes())?,
        }
    }
}

/// The reason for an acceptance. An empty line is asked about once more, then taken for a change of
/// mind.
fn reason(input: &mut dyn BufRead, output: &mut dyn Write) -> Result<Option<String>, PendingError> {
    for prompt in ["reason: ", "a reason is kept with every acceptance (empty to leave this for later): "] {
        write!(output, "{prompt}")?;
        output.flush()?;
        match line(input)? {
            Some(reason) if reason.is_empty() => {}
            other => return Ok(other),
        }
    }
    Ok(None)
}
