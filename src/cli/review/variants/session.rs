//! One candidate after the other, with what the person answers; every decision is on the disk before the next
//! candidate is shown.

use super::answer::{Answer, HELP, reason, reasons};
use super::editor;
use crate::cli::typed::line;
use crate::report::candidate::page;
use crate::report::escape::{terminal, terminal_line};
use crate::report::number::count;
use crate::report::page::Style;
use crate::suite::schema::{Expect, OneOrMany};
use crate::suite::variants::{Approved, Variant};
use crate::synth::candidate::Candidate;
use crate::synth::reviewing::{Acceptance, Edited, ReviewError, Reviewing};
use crate::synth::statement;
use serde_json::Value;
use std::io::{self, BufRead, Write};

/// How candidates are gone through.
pub(super) struct Session {
    /// How pages look.
    pub style: Style,
    /// Whether the person's editor may be started.
    pub may_edit: bool,
}

/// What comes after an answer.
enum Next {
    /// The same candidate is asked about again.
    Again,
    /// The next one.
    On,
    /// This one, which waits again.
    Back(crate::expand::CaseId),
    /// No more.
    End,
}

/// What a person did to a candidate that is not accepted yet.
#[derive(Default)]
struct Draft {
    edited: Option<Edited>,
    expect: Option<OneOrMany<Box<Expect>>>,
}

impl Session {
    /// Goes through what waits; false where the person wants no more.
    pub fn run(
        &self,
        reviewing: &mut Reviewing,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> Result<bool, ReviewError> {
        let mut left: Vec<Candidate> = reviewing.waiting().into_iter().cloned().collect();
        left.reverse();
        let all = left.len();
        let name = terminal_line(&reviewing.suite.name);
        said(writeln!(output, "{name}: {} to be reviewed\n{HELP}", count(all, "candidate", "candidates")))?;
        let (mut made, mut skipped, mut goes_on) = (0_usize, 0_usize, true);
        while let Some(candidate) = left.pop() {
            let mut draft = Draft::default();
            said(self.show(reviewing, &candidate, (all.saturating_sub(left.len()), all), output))?;
            loop {
                match self.answer(reviewing, &candidate, &mut draft, input, output)? {
                    (Next::Again, _) => continue,
                    (Next::On, was_decided) => {
                        made += usize::from(was_decided);
                        skipped += usize::from(!was_decided);
                    }
                    (Next::Back(id), _) => {
                        made = made.saturating_sub(1);
                        left.push(candidate);
                        left.extend(reviewing.waiting().into_iter().find(|of| of.id == id).cloned());
                    }
                    (Next::End, _) => {
                        left.push(candidate);
                        goes_on = false;
                    }
                }
                break;
            }
            if !goes_on {
                break;
            }
        }
        let (accepted, rejected) = reviewing.decided();
        let waits = reviewing.waiting().len();
        let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        said(writeln!(
            output,
            "{name}: {made} decided now{skipped}; {accepted} accepted and {rejected} rejected in all, {waits} of {} wait",
            count(reviewing.total(), "candidate", "candidates")
        ))?;
        Ok(goes_on)
    }

    fn show(
        &self,
        reviewing: &Reviewing,
        candidate: &Candidate,
        at: (usize, usize),
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let tried = reviewing.try_out(&reviewed(candidate));
        output.write_all(page(candidate, &tried, at, self.style).as_bytes())
    }

    /// Asks about a candidate and does what is answered; with it whether that was a decision.
    fn answer(
        &self,
        reviewing: &mut Reviewing,
        candidate: &Candidate,
        draft: &mut Draft,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> Result<(Next, bool), ReviewError> {
        let Some(typed) = said(ask("[a/t/b/e/x/r/s/u/q/?] ", input, output))? else {
            return Ok((Next::End, false));
        };
        match Answer::read(&typed) {
            None => said(output.write_all(HELP.as_bytes()))?,
            Some(Answer::Quit) => return Ok((Next::End, false)),
            Some(Answer::Skip) => return Ok((Next::On, false)),
            Some(Answer::Undo) => match reviewing.undo() {
                Ok(undone) => {
                    said(writeln!(output, "{} waits again\n", undone.candidate))?;
                    return Ok((Next::Back(undone.candidate), false));
                }
                Err(error @ (ReviewError::NothingToUndo(_) | ReviewError::Moved { .. })) => {
                    said(writeln!(output, "{}", terminal(&error.to_string())))?;
                }
                Err(other) => return Err(other),
            },
            Some(Answer::Reject(why)) => return reject(reviewing, candidate, why, input, output),
            Some(Answer::State(typed)) => {
                if let Some(stated) = said(state(reviewing, typed, input, output))? {
                    draft.expect = Some(stated);
                }
            }
            Some(Answer::Edit(typed)) => said(self.edit(candidate, typed, draft, input, output))?,
            Some(Answer::Accept(approved, note)) => {
                return accept(reviewing, candidate, (approved, note), draft, input, output);
            }
        }
        Ok((Next::Again, false))
    }

    /// Takes other words for a candidate: those typed, those that come back from the editor, or those of a line.
    fn edit(
        &self,
        candidate: &Candidate,
        typed: Option<String>,
        draft: &mut Draft,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let now = draft.edited.clone().unwrap_or_else(|| Edited::of(&candidate.variant));
        let by_line = |text: String| Edited { input: Value::String(text), ..now.clone() };
        let lookup = |name: &str| std::env::var(name).ok();
        let edited = match typed {
            Some(text) => by_line(text),
            None if self.may_edit && !editor::editor(lookup).is_empty() => {
                let Edited { input, turns, row } = now;
                let variant = Variant { input, turns, row, ..candidate.variant.clone() };
                match editor::edit(&variant, &editor::editor(lookup)) {
                    Ok(edited) => edited,
                    Err(error) => return writeln!(output, "{}", terminal(&error.to_string())),
                }
            }
            None => match ask("what it asks instead (empty: as it is): ", input, output)? {
                Some(text) if !text.is_empty() => by_line(text),
                _ => return Ok(()),
            },
        };
        writeln!(
            output,
            "  asks now    {}",
            terminal(&crate::finetune::Said::by_user(&edited.input).content)
        )?;
        draft.edited = Some(edited);
        Ok(())
    }
}

/// A candidate as it would be once it is reviewed, to be tried.
fn reviewed(candidate: &Candidate) -> Variant {
    candidate.variant.clone()
}

fn accept(
    reviewing: &mut Reviewing,
    candidate: &Candidate,
    (approved, note): (Approved, Option<String>),
    draft: &mut Draft,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<(Next, bool), ReviewError> {
    if draft.expect.is_none() && reviewing.needs_statement(&candidate.variant) {
        match said(state(reviewing, None, input, output))? {
            Some(stated) => draft.expect = Some(stated),
            None => return Ok((Next::Again, false)),
        }
    }
    let how = Acceptance { approved, note, edited: draft.edited.clone(), expect: draft.expect.clone() };
    match reviewing.accept(candidate.id, how) {
        Ok(accepted) => {
            let path = terminal_line(&accepted.path);
            said(writeln!(output, "accepted: case {} in {path}", accepted.case))?;
            for note in &accepted.notes {
                said(writeln!(output, "note: {}", terminal_line(note)))?;
            }
            said(writeln!(output))?;
            Ok((Next::On, true))
        }
        Err(ReviewError::Trial(error)) => {
            said(writeln!(output, "not accepted: {}", terminal(&error.to_string())))?;
            Ok((Next::Again, false))
        }
        Err(other) => Err(other),
    }
}

fn reject(
    reviewing: &mut Reviewing,
    candidate: &Candidate,
    typed: Option<String>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<(Next, bool), ReviewError> {
    let typed = if let Some(typed) = typed {
        typed
    } else {
        let prompt = format!("{}why, and words if you like: ", reasons());
        said(ask(&prompt, input, output))?.unwrap_or_default()
    };
    let Some((why, note)) = reason(&typed) else {
        said(writeln!(output, "{}write one of the numbers", reasons()))?;
        return Ok((Next::Again, false));
    };
    reviewing.reject(candidate.id, why, note)?;
    said(writeln!(output, "rejected: {}\n", why.code()))?;
    Ok((Next::On, true))
}

/// What must hold of the answer, as the person says; `None` where that is nothing.
fn state(
    reviewing: &Reviewing,
    typed: Option<String>,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> io::Result<Option<OneOrMany<Box<Expect>>>> {
    let labels = &reviewing.suite.spec.labels;
    let mut typed = typed;
    // An empty line is a change of mind.
    loop {
        let text = if let Some(typed) = typed.take() {
            typed
        } else {
            let known = match labels.as_slice() {
                [] => String::new(),
                labels => format!("one of {}, or ", terminal_line(&labels.join(", "))),
            };
            let prompt =
                format!("what must hold: {known}a table such as {{ contains = \"…\" }} (empty: not now): ");
            match ask(&prompt, input, output)? {
                Some(text) if !text.is_empty() => text,
                _ => return Ok(None),
            }
        };
        match statement::read(&text, labels) {
            Ok(stated) => {
                writeln!(output, "  expects now {}", terminal_line(&text))?;
                return Ok(Some(stated));
            }
            Err(error) => writeln!(output, "{}", terminal(&error.to_string()))?,
        }
    }
}

fn ask(prompt: &str, input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<Option<String>> {
    write!(output, "{prompt}")?;
    output.flush()?;
    let typed = line(input)?;
    if typed.is_none() {
        writeln!(output)?;
    }
    Ok(typed)
}

/// What came of writing to the person.
fn said<T>(result: io::Result<T>) -> Result<T, ReviewError> {
    result.map_err(ReviewError::Terminal)
}
