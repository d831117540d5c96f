//! `holdline code review`: what is to be read, one failure after the other. Every answer is on the disk before the
//! next failure is shown.

use super::desk::{Desk, Named, outside_ci, proposed};
use crate::cli::{CliError, CliResult, Place, typed};
use crate::distil::coding::{Code, Codes, Item, Proposal, Proposals, proposals_path};
use crate::distil::taxonomy::Taxonomy;
use crate::exit::Exit;
use crate::report::coding::{categories, item_page};
use crate::report::escape::for_log;
use crate::report::number::count;
use std::io::{BufRead, Write};

/// Arguments of `holdline code review`.
#[derive(Debug, clap::Args)]
pub struct ReviewArgs {
    /// The suite; all without it.
    suite: Option<String>,
    /// Only what was sorted into this category, and is to be read again.
    #[arg(long, value_name = "ID")]
    category: Option<String>,
}

/// Goes through what is to be read.
pub fn run(place: &Place, args: &ReviewArgs) -> CliResult {
    outside_ci("sort failures")?;
    through(place, args.suite.as_deref(), args.category.as_deref())
}

/// Goes through what was sorted into a category, and is to be read again.
pub fn of_category(place: &Place, category: &str) -> CliResult {
    through(place, None, Some(category))
}

/// What came of it, counted.
#[derive(Default)]
struct Came {
    sorted: usize,
    agreed: usize,
    left: usize,
}

fn through(place: &Place, suite: Option<&str>, category: Option<&str>) -> CliResult {
    let desk = Desk::open(place)?;
    let taxonomy = desk.taxonomy()?;
    let mut queue: Vec<(&Named, Item)> = Vec::new();
    for suite in desk.only(suite)? {
        let coding = desk.coding(&desk.codes(suite)?);
        let was = |item: &Item| item.code.as_ref().and_then(|code| code.category.clone());
        let wanted = |item: &Item| category.is_none_or(|wanted| was(item).as_deref() == Some(wanted));
        let items = desk.reading(suite, &coding)?.pending;
        queue.extend(items.into_iter().filter(wanted).map(|item| (suite, item)));
    }
    if queue.is_empty() {
        place
            .print("Nothing is to be read: every failure has a category, under its definition of today.\n")?;
        return Ok(Exit::Held);
    }
    let mut session = Session { place, desk: &desk, taxonomy, done: Vec::new(), came: Came::default() };
    session.run(&queue, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())?;
    let Came { sorted, agreed, left } = session.came;
    let mut text = format!("{} sorted, {left} left\n", count(sorted, "failure", "failures"));
    if agreed > 0 {
        text = format!(
            "{} sorted ({agreed} as a model proposed), {left} left\n",
            count(sorted, "failure", "failures")
        );
    }
    place.print(&text)?;
    Ok(Exit::Held)
}

struct Session<'d> {
    place: &'d Place,
    desk: &'d Desk,
    taxonomy: &'d Taxonomy,
    /// What was answered, to be undone: the place in the queue, and whether a model had proposed it.
    done: Vec<(usize, bool)>,
    came: Came,
}

enum Answer {
    /// A category by its id, and whether a model had proposed it.
    Category(String, bool),
    Skip,
    Undo,
    Quit,
}

impl Session<'_> {
    fn run(
        &mut self,
        queue: &[(&Named, Item)],
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> Result<(), CliError> {
        self.write(output, &categories(self.taxonomy, self.place.style))?;
        let mut at = 0;
        loop {
            let Some((suite, item)) = queue.get(at) else {
                // The last one can be taken back like every other.
                if !self.at_the_end(input, output)? {
                    break;
                }
                at = self.undo(queue, output)?.unwrap_or(at);
                continue;
            };
            let proposals = Proposals::open(&self.desk.root, &proposals_path(&suite.0))?;
            let proposal = item
                .failure
                .as_ref()
                .and_then(|failure| proposals.for_failure(failure, self.taxonomy))
                .cloned();
            let numbers = (at + 1, queue.len());
            let page = item_page(&suite.0, item, proposal.as_ref(), self.taxonomy, numbers, self.place.style);
            self.write(output, &format!("\n{page}"))?;
            match self.ask(proposal.as_ref(), input, output)? {
                Answer::Category(id, agreed) => {
                    let mut codes = self.desk.codes(suite)?;
                    let coding = self.desk.coding(&codes);
                    let category = self.desk.category(&id)?;
                    let code = Code {
                        proposed: proposal.as_ref().map(proposed),
                        ..self.desk.assignment(item, Some((category, &coding)))
                    };
                    codes.add(vec![code])?;
                    self.done.push((at, agreed));
                    at += 1;
                }
                Answer::Skip => at += 1,
                Answer::Undo => at = self.undo(queue, output)?.unwrap_or(at),
                Answer::Quit => break,
            }
        }
        self.came = Came {
            sorted: self.done.len(),
            agreed: self.done.iter().filter(|(_, agreed)| *agreed).count(),
            left: queue.len() - self.done.len(),
        };
        Ok(())
    }

    /// Takes the last answer back, and gives its place in the queue; nothing where there was none.
    fn undo(&mut self, queue: &[(&Named, Item)], output: &mut dyn Write) -> Result<Option<usize>, CliError> {
        let Some((last, _)) = self.done.pop() else {
            self.write(output, "nothing was sorted yet\n")?;
            return Ok(None);
        };
        let (suite, item) = &queue[last];
        let mut codes = self.desk.codes(suite)?;
        self.take_back(&mut codes, item)?;
        Ok(Some(last))
    }

    /// Whether the last answer is to be taken back once everything was read.
    fn at_the_end(&self, input: &mut dyn BufRead, output: &mut dyn Write) -> Result<bool, CliError> {
        if self.done.is_empty() {
            return Ok(false);
        }
        write!(output, "\nThat was all. [u to take the last answer back, Enter to end] ")?;
        output.flush()?;
        let typed = typed::line(input)?;
        writeln!(output)?;
        Ok(typed.is_some_and(|typed| matches!(typed.to_lowercase().as_str(), "u" | "undo")))
    }

    /// Takes the last assignment of a case back: its line, where it is still the last of the file, or else by a line
    /// that says what held before.
    fn take_back(&self, codes: &mut Codes, item: &Item) -> Result<(), CliError> {
        let is_last =
            codes.lines.last().is_some_and(|code| code.about == self.desk.assignment(item, None).about);
        if is_last && codes.take_back(1)? {
            return Ok(());
        }
        let before = item.code.clone().unwrap_or_else(|| self.desk.assignment(item, None));
        Ok(codes.add(vec![before])?)
    }

    fn write(&self, output: &mut dyn Write, text: &str) -> Result<(), CliError> {
        Ok(output.write_all(for_log(text, self.place.log).as_bytes())?)
    }

    fn ask(
        &self,
        proposal: Option<&Proposal>,
        input: &mut dyn BufRead,
        output: &mut dyn Write,
    ) -> Result<Answer, CliError> {
        let accept = proposal.and_then(|proposal| proposal.category.as_deref());
        let first = if accept.is_some() { "a, " } else { "" };
        loop {
            write!(output, "[{first}number or id of a category, s, u, q, ?] ")?;
            output.flush()?;
            let Some(typed) = typed::line(input)? else {
                writeln!(output)?;
                return Ok(Answer::Quit);
            };
            match typed.to_lowercase().as_str() {
                "a" | "accept" if accept.is_some() => {
                    return Ok(Answer::Category(accept.unwrap_or_default().to_owned(), true));
                }
                "s" | "skip" => return Ok(Answer::Skip),
                "u" | "undo" => return Ok(Answer::Undo),
                "q" | "quit" => return Ok(Answer::Quit),
                "?" | "" => {
                    self.write(output, &categories(self.taxonomy, self.place.style))?;
                    continue;
                }
                other => {
                    if let Some(id) = self.chosen(other) {
                        return Ok(Answer::Category(id.to_owned(), Some(id) == accept));
                    }
                }
            }
            let shown = crate::report::escape::terminal_line(&typed);
            writeln!(output, "`{shown}` is no answer; `?` lists the categories")?;
        }
    }

    /// The category of a number or an id, or of the only id that begins so.
    fn chosen(&self, typed: &str) -> Option<&str> {
        let tree = self.taxonomy.tree();
        if let Ok(number) = typed.parse::<usize>() {
            return tree.get(number.checked_sub(1)?).map(|(_, category)| category.id.as_str());
        }
        if let Some(category) = self.taxonomy.get(typed) {
            return Some(&category.id);
        }
        let mut begin = tree.iter().filter(|(_, category)| category.id.starts_with(typed));
        match (begin.next(), begin.next()) {
            (Some((_, one)), None) if typed.chars().count() > 1 => Some(&one.id),
            _ => None,
        }
    }
}
