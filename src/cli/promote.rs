//! `holdline promote CASE…`: cases that stay, with what must hold of them said by a person.

use super::typed::line;
use super::{CliError, CliResult, Place, Set};
use crate::baseline::{Signature, in_ci};
use crate::exit::Exit;
use crate::report::escape::{shortened, terminal, terminal_line};
use crate::report::promote as page;
use crate::session::Options;
use crate::session::promote::{Gathered, PromoteError, Source, Stated, Wanted, gather, write};
use crate::suite::Suite;
use crate::suite::as_text;
use crate::suite::schema::{Expect, OneOrMany};
use crate::synth::statement;
use clap::ValueEnum;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

/// Longest text that is shown, in characters.
const TEXT: usize = 4_000;

/// Arguments of `holdline promote`.
///
/// A failing variant, a neighbour that waits for review, or a question from production becomes a case that stays:
/// in `suites/<suite>.variants.jsonl`, with who reviewed it. What nearly is there already is refused. Not in CI.
#[derive(Debug, clap::Args)]
pub struct PromoteArgs {
    /// Cases: ids, beginnings of ids, parts of names or inputs, or groups of `holdline distil`; with `--from` ids,
    /// numbers or words of lines.
    #[arg(required = true, value_name = "CASE")]
    cases: Vec<String>,
    /// What must hold, as in a suite: TOML such as `{ contains = "14 days" }`, or JSON.
    #[arg(long, value_name = "EXPECT", conflicts_with_all = ["label", "same"])]
    expect: Option<String>,
    /// The label that the answer must carry.
    #[arg(long, value_name = "LABEL", conflicts_with = "same")]
    label: Option<String>,
    /// What its seed expects must hold, or without a seed what its scenario expects.
    #[arg(long)]
    same: bool,
    /// The scenario that it is to belong to, as `scenario` or `suite::scenario`; without it its own.
    #[arg(long, value_name = "SCENARIO")]
    scenario: Option<String>,
    /// Take the cases from a file of recorded answers; secrets and personal data are replaced.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Where it is written.
    #[arg(long, value_enum, default_value_t = Form::Variant, value_name = "FORM")]
    r#as: Form,
    /// Why it stays; kept with it.
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    #[command(flatten)]
    params: Set,
    /// Print what was promoted as JSON.
    #[arg(long)]
    json: bool,
}

/// Where a promoted case is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A line of the file beside the suite.
    Variant,
    /// An input of the scenario in the suite file, where that can be done.
    Case,
}

/// Promotes.
pub fn run(place: &Place, args: &PromoteArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), in_ci(|name| std::env::var(name).ok()));
    if options.ci {
        return Err(PromoteError::Ci.into());
    }
    options.set.clone_from(&args.params.set);
    let mut stated = stated(args).map_err(CliError::Usage)?;
    let (input, is_terminal) = (std::io::stdin(), std::io::stdin().is_terminal());
    if stated.is_none() && !is_terminal {
        return Err(CliError::Usage(
            "say what must hold of it: `--same`, `--label LABEL` or `--expect '{ contains = \"…\" }'`"
                .to_owned(),
        ));
    }
    let source =
        Source { cases: args.cases.clone(), from: args.from.clone(), scenario: args.scenario.clone() };
    let Gathered { plans, mut wanted, notes } = gather(&options, &source)?;
    for note in notes {
        eprintln!("note: {}", terminal_line(&note));
    }
    let signature = Signature::now(&args.reason, &place.root);
    let mut kept = Vec::with_capacity(wanted.len());
    for mut one in wanted.drain(..) {
        let suite = &plans.suites[one.suite];
        let said = match &stated {
            Some(said) => Some(said.clone()),
            None => ask(&one, suite, &mut input.lock(), &mut std::io::stdout().lock())?,
        };
        let Some(said) = said else { continue };
        known_labels(&said, suite).map_err(CliError::Usage)?;
        one.state(said, &signature);
        kept.push(one);
    }
    stated.take();
    let promoted = write(&options, &plans, &kept, args.r#as == Form::Case)?;
    let text = if args.json {
        serde_json::to_string_pretty(&promoted).map_err(std::io::Error::from)? + "\n"
    } else {
        page::render(&promoted, place.style)
    };
    place.print(&text)?;
    Ok(Exit::Held)
}

/// What the arguments state of all cases; `None` where they say nothing.
fn stated(args: &PromoteArgs) -> Result<Option<Stated>, String> {
    if let Some(text) = &args.expect {
        return Ok(Some(Stated::Own(statement::read(text, &[]).map_err(|why| format!("--expect: {why}"))?)));
    }
    Ok(match &args.label {
        Some(label) => Some(labelled(label)),
        None => args.same.then_some(Stated::Same),
    })
}

fn labelled(label: &str) -> Stated {
    let label = Some(OneOrMany::One(label.to_owned()));
    Stated::Own(OneOrMany::One(Box::new(Expect { label, ..Expect::default() })))
}

/// Whether the labels that are stated are labels of the suite.
fn known_labels(stated: &Stated, suite: &Suite) -> Result<(), String> {
    let (Stated::Own(expect), labels) = (stated, &suite.spec.labels) else { return Ok(()) };
    let named = expect.as_slice().iter().filter_map(|entry| entry.label.as_ref());
    for label in named.flat_map(OneOrMany::as_slice) {
        if !labels.is_empty() && !labels.contains(label) {
            let known = labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
            return Err(format!("suite `{}` has no label `{label}`; its labels are {known}", suite.name));
        }
    }
    Ok(())
}

/// Asks what must hold of a case. `None` where it is to be left out.
fn ask(
    one: &Wanted,
    suite: &Suite,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> std::io::Result<Option<Stated>> {
    let safe = |text: &str| terminal(&shortened(text, TEXT));
    writeln!(output, "{}::{}", suite.name, one.variant.scenario)?;
    writeln!(output, "asks:     {}", safe(&as_text(&one.variant.input)))?;
    for turn in &one.variant.turns {
        writeln!(output, "then:     {}", safe(turn))?;
    }
    if let Some(answer) = &one.answer {
        writeln!(output, "answered: {}", safe(answer))?;
    }
    if let Some(what) = &one.scrubbed {
        writeln!(output, "replaced: {}", safe(what))?;
    }
    let whose = if one.variant.of.is_some() { "seed" } else { "scenario" };
    loop {
        write!(output, "what must hold? [s]ame as its {whose}, [l]abel, [e]xpectation, leave it [o]ut: ")?;
        output.flush()?;
        let Some(answer) = line(input)? else { return Ok(None) };
        match answer.to_lowercase().as_str() {
            "s" | "same" => return Ok(Some(Stated::Same)),
            "o" | "out" => return Ok(None),
            "l" | "label" => {
                write!(output, "label ({}): ", suite.spec.labels.join(", "))?;
                output.flush()?;
                let Some(label) = line(input)?.filter(|label| !label.is_empty()) else { continue };
                let said = labelled(&label);
                match known_labels(&said, suite) {
                    Ok(()) => return Ok(Some(said)),
                    Err(why) => writeln!(output, "{}", safe(&why))?,
                }
            }
            "e" | "expect" | "expectation" => {
                write!(output, "expect = ")?;
                output.flush()?;
                let Some(text) = line(input)?.filter(|text| !text.is_empty()) else { continue };
                match statement::read(&text, &[]) {
                    Ok(expect) => return Ok(Some(Stated::Own(expect))),
                    Err(why) => writeln!(output, "{}", safe(&why.to_string()))?,
                }
            }
            _ => {}
        }
    }
}
