//! `--show`: the variants of a scenario, with what was changed marked.

use super::{DONE, visit};
use crate::cli::{CliError, CliResult, Place};
use crate::expand::edit::Edit;
use crate::expand::stream::Stream;
use crate::expand::{Case, Promise};
use crate::report::escape::{shortened, terminal_line};
use crate::suite::Suite;
use crate::suite::as_text;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::nearest::nearest;
use serde_json::Value;
use std::fmt::Write as _; // to strings, which cannot fail

/// Characters of a text that are shown.
const MAX_SHOWN: usize = 400;

/// Prints the variants of a scenario: each below its seed, or a sample of them.
pub(super) fn print(place: &Place, suites: &[Suite], wanted: &str, sample: Option<usize>) -> CliResult {
    let mut found = false;
    for suite in suites {
        let named = |index: usize| {
            let scenario = &suite.scenarios[index];
            scenario.id == wanted || scenario.spec.name == wanted || wanted == "*"
        };
        if !(0..suite.scenarios.len()).any(named) {
            continue;
        }
        found = true;
        let mut cases = Vec::new();
        visit(place, suite, &mut |case| {
            if named(case.scenario) {
                cases.push(case);
            }
        })?;
        if let Some(count) = sample {
            cases = drawn(&cases, count);
        }
        let mut parent = None;
        for case in &cases {
            place.print(&shown(case, parent, place.style.colour))?;
            if case.provenance.lineage.is_none() {
                parent = Some(case);
            }
        }
    }
    if found {
        return DONE;
    }
    let ids = || suites.iter().flat_map(|suite| suite.scenarios.iter().map(|scenario| scenario.id.as_str()));
    let help = match nearest(wanted, ids()) {
        Some(meant) => format!("did you mean {}?", quote(meant)),
        None => format!("there are {}", quote_all(ids())),
    };
    Err(CliError::Usage(format!("there is no scenario {}; {help}", quote(wanted))))
}

/// Variants drawn among all, each with its seed before it.
fn drawn(cases: &[Case], count: usize) -> Vec<Case> {
    let mut places: Vec<usize> =
        (0..cases.len()).filter(|at| cases[*at].provenance.lineage.is_some()).collect();
    Stream::new(&[b"sample"]).shuffle(&mut places);
    places.truncate(count);
    places.sort_unstable();
    let mut out: Vec<Case> = Vec::new();
    for at in places {
        let seed = cases.iter().find(|case| case.id == cases[at].family);
        if let Some(seed) = seed.filter(|seed| out.iter().all(|case| case.id != seed.id)) {
            out.push(seed.clone());
        }
        out.push(cases[at].clone());
    }
    out
}

fn shown(case: &Case, seed: Option<&Case>, colour: bool) -> String {
    let mut out = String::new();
    let text = as_text(&case.input);
    let Some(lineage) = case.provenance.lineage.as_deref() else {
        let _ = writeln!(out, "\n{}  {}", case.id, terminal_line(&shortened(&text, MAX_SHOWN)));
        return out;
    };
    // The edits of the last step lead to the text; those of earlier ones lie in texts that are gone.
    let edits = lineage.chain.last().map(|applied| applied.edits.as_slice()).unwrap_or_default();
    let promise = match lineage.promise {
        Promise::Same => "same",
        Promise::Changed => "changed",
        Promise::Own => "own",
    };
    let _ = writeln!(
        out,
        "  {}  {:<22} {promise:<8} {}",
        case.id,
        lineage.operators(),
        marked(&text, edits, colour)
    );
    if seed.is_some_and(|seed| seed.id == case.family && seed.expect != case.expect) {
        let expect = serde_json::to_value(&*case.expect).unwrap_or_default();
        let _ = writeln!(out, "  {:49}expects {}", "", terminal_line(&without_null(&expect).to_string()));
    }
    out
}

/// A text with its changed parts in brackets, or in colour.
fn marked(text: &str, edits: &[Edit], colour: bool) -> String {
    let (open, close) = if colour { ("\u{1b}[1;33m", "\u{1b}[0m") } else { ("⟦", "⟧") };
    if text.chars().count() > MAX_SHOWN {
        return terminal_line(&shortened(text, MAX_SHOWN));
    }
    let (mut out, mut done) = (String::new(), 0);
    for edit in edits {
        if let (Some(kept), Some(new)) = (text.get(done..edit.to.start), text.get(edit.to.clone())) {
            let _ = write!(out, "{}{open}{}{close}", terminal_line(kept), terminal_line(new));
            done = edit.to.end;
        }
    }
    out += &terminal_line(text.get(done..).unwrap_or_default());
    out
}

fn without_null(value: &Value) -> Value {
    match value {
        Value::Array(list) => Value::Array(list.iter().map(without_null).collect()),
        Value::Object(object) => Value::Object(
            object
                .iter()
                .filter(|(key, value)| {
                    !value.is_null() && (*key != "ignore_case" || **value != Value::Bool(false))
                })
                .map(|(key, value)| (key.clone(), without_null(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}
