//! Where a case comes from that is to be promoted: the cases of the suites, what waits for review, a file of
//! recorded answers.

use super::{PromoteError, Wanted};
use crate::distil::promote::{seed_of, variant_of};
use crate::distil::scrub::Scrubber;
use crate::distil::{Distilled, gather_newest};
use crate::expand::{CaseId, Promise};
use crate::judge::Outcome;
use crate::report::escape::terminal_line;
use crate::report::{CaseRecord, json};
use crate::session::neighbours::{Plans, records_of_neighbours};
use crate::session::{Options, SessionError, records};
use crate::suite::as_text;
use crate::suite::schema::Origin;
use crate::suite::variants::{Made, MadeBy, Truth, Variant};
use crate::synth::candidate::Queue;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

/// Fewest characters by which what waits is known.
const SHORTEST: usize = 4;
/// Longest line of a file of recorded answers, in bytes.
const MAX_LINE: u64 = 16 << 20;

/// Where cases are looked for.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Ids, beginnings of ids, or parts of names or inputs; of a file also numbers of lines.
    pub cases: Vec<String>,
    /// A file of recorded answers, in place of the suites.
    pub from: Option<PathBuf>,
    /// The scenario they are to belong to, as `scenario` or `suite::scenario`. Without it their own.
    pub scenario: Option<String>,
}

/// What was found.
pub struct Gathered {
    /// The suites.
    pub plans: Plans,
    /// The cases.
    pub wanted: Vec<Wanted>,
    /// What is worth knowing of what is not among them.
    pub notes: Vec<String>,
}

/// Finds the cases. Nothing is asked.
pub fn gather(options: &Options, source: &Source) -> Result<Gathered, PromoteError> {
    let plans = Plans::load(options)?;
    let scenario = source
        .scenario
        .as_deref()
        .map(|name| plans.scenario(name))
        .transpose()
        .map_err(PromoteError::Usage)?;
    let (mut wanted, mut notes) = (Vec::with_capacity(source.cases.len()), Vec::new());
    match &source.from {
        Some(path) => {
            let Some(scenario) = scenario else {
                return Err(PromoteError::Usage(
                    "--from: say by `--scenario` which behaviour the answers show".to_owned(),
                ));
            };
            let lines = lines(&options.root, path)?;
            for text in &source.cases {
                wanted.push(recorded(&plans, &lines, path, text, scenario)?);
            }
        }
        None => {
            for text in &source.cases {
                match group(options, &plans, text)? {
                    None => wanted.push(named(options, &plans, text, scenario)?),
                    Some(OfGroup { cases, left_out }) => {
                        for case in cases {
                            wanted.push(named(options, &plans, &case.to_string(), scenario)?);
                        }
                        notes.extend(left_out);
                    }
                }
            }
        }
    }
    Ok(Gathered { plans, wanted, notes })
}

/// The cases of a group that can be promoted.
struct OfGroup {
    cases: Vec<CaseId>,
    /// What is told of the others.
    left_out: Option<String>,
}

/// The cases of a group of failures of the newest run that operators made, where a text names one, and what is
/// told of the others. Cases go before groups.
fn group(options: &Options, plans: &Plans, text: &str) -> Result<Option<OfGroup>, PromoteError> {
    let is_hex = text.len() >= SHORTEST && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex || !plans.places(text).is_empty() {
        return Ok(None);
    }
    let Some(gathered) = gather_newest(records(&options.root), None).map_err(SessionError::from)? else {
        return Ok(None);
    };
    let distilled = Distilled::of(gathered);
    let Ok(group) = distilled.group(text) else { return Ok(None) };
    let all: Vec<CaseId> = distilled.failures_of(group).map(|failure| failure.case).collect();
    let is_made = |id: &CaseId| plans.known.iter().flatten().any(|of| of.id == *id && of.is_made);
    let made: Vec<CaseId> = all.iter().copied().filter(is_made).collect();
    let left_out = all.len() - made.len();
    if made.is_empty() {
        let told = format!("every case of group {} stands in its suite already", group.id);
        return Err(PromoteError::Twin(told));
    }
    let note =
        format!("{left_out} of {} cases of group {} stand in their suite already", all.len(), group.id);
    Ok(Some(OfGroup { cases: made, left_out: (left_out > 0).then_some(note) }))
}

/// A case of the suites, or one that waits for review.
fn named(
    options: &Options,
    plans: &Plans,
    text: &str,
    scenario: Option<(usize, usize)>,
) -> Result<Wanted, PromoteError> {
    if text.trim().is_empty() {
        return Err(PromoteError::Usage(
            "a case is named by its id, or a part of its name or input".to_owned(),
        ));
    }
    // By id first, wherever it is; what waits has ids of its own, and those under which it was asked.
    let places = plans.places(text);
    let is_id = places.iter().any(|(suite, at)| plans.known[*suite][*at].id.to_string().starts_with(text));
    if !is_id && let Some(waiting) = waiting(options, plans, text, scenario)? {
        return Ok(waiting);
    }
    let [(suite, at)] = places[..] else {
        return Err(PromoteError::Usage(if places.is_empty() {
            format!(
                "no case of the suites and nothing that waits for review has `{}`; `holdline list` prints the cases",
                terminal_line(text)
            )
        } else {
            plans.ambiguous(&places, text)
        }));
    };
    let known = &plans.known[suite][at];
    let moves = scenario.filter(|to| *to != (suite, known.scenario));
    if !known.is_made && moves.is_none() {
        return Err(PromoteError::Twin(format!(
            "case {} stands at {}:{} already; change there what it expects",
            known.id, known.place.file, known.place.line
        )));
    }
    let (Some(case), seed) = plans.whole(suite, known.id) else {
        return Err(PromoteError::Usage(format!("case {} cannot be made any more; try again", known.id)));
    };
    let mut variant = variant_of(&plans.suites[suite], &case, seed.as_ref());
    let mut answer = None;
    let newest = newest(&options.root, case.id);
    variant.made.origin = match &newest {
        Some((_, record)) if matches!(record.graded.outcome, Outcome::Fail | Outcome::TargetError) => {
            Origin::Failure
        }
        _ => case.provenance.origin,
    };
    if let Some((run, record)) = newest {
        variant.made.from = Some(format!("run {run}, case {}", case.id));
        answer = record.graded.transcript.last().map(|answer| answer.output.clone());
    }
    let mut wanted = Wanted {
        suite,
        scenario: case.scenario,
        variant,
        family: Some(case.family),
        pinned: Some(case.id),
        candidate: None,
        answer,
        scrubbed: None,
    };
    if let Some(to) = moves {
        move_to(plans, &mut wanted, to);
    }
    Ok(wanted)
}

/// Lets a case belong to another scenario, where it has no seed and nothing is said of it.
fn move_to(plans: &Plans, wanted: &mut Wanted, (suite, scenario): (usize, usize)) {
    let variant = &mut wanted.variant;
    variant.scenario.clone_from(&plans.suites[suite].scenarios[scenario].id);
    variant.of = None;
    variant.expect = None;
    variant.promise = Promise::Own;
    // How it was made of a seed of another scenario says nothing in this one.
    variant.made.chain.clear();
    (wanted.suite, wanted.scenario, wanted.family, wanted.pinned) = (suite, scenario, None, None);
}

/// What waits for review under this id, or was asked under it.
fn waiting(
    options: &Options,
    plans: &Plans,
    text: &str,
    scenario: Option<(usize, usize)>,
) -> Result<Option<Wanted>, PromoteError> {
    if text.len() < SHORTEST || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let mut found: Vec<(usize, usize, CaseId, Variant)> = Vec::new();
    let asked_as = format!("case {text}");
    for (suite, of) in plans.suites.iter().enumerate() {
        for candidate in Queue::open(&options.root, &of.name)?.candidates() {
            let variant = &candidate.variant;
            let is_it = candidate.id.to_string().starts_with(text)
                || variant.made.from.as_deref().is_some_and(|from| {
                    from.split(", of case ").next().is_some_and(|from| from.contains(&asked_as))
                });
            let place = of.scenarios.iter().position(|of| of.id == variant.scenario);
            if let Some(place) = place.filter(|_| is_it) {
                found.push((suite, place, candidate.id, variant.clone()));
            }
        }
    }
    // What was found twice is the same words.
    found.dedup_by(|a, b| (a.0, a.1, &a.3.input, &a.3.expect) == (b.0, b.1, &b.3.input, &b.3.expect));
    let (suite, place, candidate, mut variant) = match found.len() {
        0 => return Ok(None),
        1 => found.swap_remove(0),
        many => {
            let told =
                format!("{many} that wait for review fit `{}`: write more of the id", terminal_line(text));
            return Err(PromoteError::Usage(told));
        }
    };
    let mut replaced = None;
    if variant.made.by == MadeBy::Production {
        let mut scrubber = Scrubber::default();
        variant.input = scrubber.value(&variant.input);
        variant.turns = variant.turns.iter().map(|turn| scrubber.text(turn)).collect();
        replaced = scrubber.told();
    }
    let family =
        variant.of.as_ref().and_then(|of| seed_of(of, place, &plans.known[suite])).map(|seed| seed.id);
    let mut wanted = Wanted {
        suite,
        scenario: place,
        variant,
        family,
        pinned: None,
        candidate: Some(candidate),
        answer: None,
        scrubbed: replaced,
    };
    if let Some(to) = scenario.filter(|to| *to != (suite, place)) {
        move_to(plans, &mut wanted, to);
    }
    Ok(Some(wanted))
}

/// The newest record of a case: of runs, then of what was asked beside them.
fn newest(root: &Path, id: CaseId) -> Option<(String, CaseRecord)> {
    records(root).chain(records_of_neighbours(root)).find_map(|path| {
        // One in another format says nothing of it.
        let record = json::read(&path).ok()?;
        let case = record.suites.into_iter().flat_map(|suite| suite.cases).find(|case| case.id == id)?;
        Some((record.run, case))
    })
}

/// A line of a file of recorded answers.
struct Line {
    number: u32,
    id: Option<String>,
    input: Value,
    turns: Vec<String>,
    output: Option<String>,
}

/// The lines of a file that have an input.
fn lines(root: &Path, path: &Path) -> Result<Vec<Line>, PromoteError> {
    let failed = |error| PromoteError::Io { path: path.to_owned(), error };
    let file = std::fs::File::open(root.join(path)).map_err(failed)?;
    let mut reader = std::io::BufReader::new(file);
    let mut lines = Vec::new();
    for number in 1.. {
        let mut bytes = Vec::new();
        if reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes).map_err(failed)? == 0 {
            break;
        }
        let wrong = |what: &str| {
            PromoteError::Usage(format!("{}:{number}: {what}", terminal_line(&path.display().to_string())))
        };
        if bytes.len() as u64 == MAX_LINE {
            return Err(wrong("this line is too long to be an answer"));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|error| wrong(&format!("this is no JSON: {error}")))?;
        let text = |name: &str| value.get(name).filter(|part| !part.is_null());
        let Some(input) = text("input") else { continue };
        let turns = value.get("turns").and_then(Value::as_array).into_iter().flatten();
        lines.push(Line {
            number,
            id: text("id").map(as_text),
            input: input.clone(),
            turns: turns.filter_map(Value::as_str).map(str::to_owned).collect(),
            output: text("output").map(as_text),
        });
    }
    Ok(lines)
}

/// A case of a recorded answer, scrubbed.
fn recorded(
    plans: &Plans,
    lines: &[Line],
    path: &Path,
    text: &str,
    (suite, scenario): (usize, usize),
) -> Result<Wanted, PromoteError> {
    let shown = terminal_line(&path.display().to_string());
    let by = |is: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| is(line)).collect::<Vec<_>>();
    let mut found = by(&|line| line.id.as_deref() == Some(text));
    if found.is_empty() {
        found = by(&|line| line.number.to_string() == text);
    }
    if found.is_empty() {
        found = by(&|line| as_text(&line.input).contains(text));
    }
    let line = match found[..] {
        [line] => line,
        [] => {
            let told = format!(
                "{shown} has no line with an input and `{}` as id, number or words",
                terminal_line(text)
            );
            return Err(PromoteError::Usage(told));
        }
        [first, .., last] => {
            let told = format!(
                "{} lines of {shown} fit `{}` (lines {} to {}): name one by its number",
                found.len(),
                terminal_line(text),
                first.number,
                last.number
            );
            return Err(PromoteError::Usage(told));
        }
    };
    let mut scrubber = Scrubber::default();
    let of = &plans.suites[suite];
    let variant = Variant {
        scenario: of.scenarios[scenario].id.clone(),
        input: scrubber.value(&line.input),
        turns: line.turns.iter().map(|turn| scrubber.text(turn)).collect(),
        of: None,
        promise: Promise::Own,
        expect: None,
        row: BTreeMap::new(),
        knobs: BTreeMap::new(),
        tags: Vec::new(),
        made: Made {
            from: Some(format!("{}:{}", path.display(), line.number)),
            passed: vec!["personal_data".to_owned(), "secret".to_owned()],
            ..Made::new(MadeBy::Production, Origin::Production)
        },
        truth: Truth::Person,
        review: None,
    };
    // Shown to whoever states what must hold, and kept nowhere.
    let answer = line.output.as_deref().map(|output| scrubber.text(output));
    let mut of_input = Scrubber::default();
    of_input.value(&line.input);
    line.turns.iter().for_each(|turn| drop(of_input.text(turn)));
    let replaced = of_input.told();
    Ok(Wanted {
        suite,
        scenario,
        variant,
        family: None,
        pinned: None,
        candidate: None,
        answer,
        scrubbed: replaced,
    })
}
