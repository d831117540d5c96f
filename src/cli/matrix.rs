//! `holdline run --matrix`: every combination of some parameters' values, each a run of its own, in one table.

use super::{CliError, CliResult, Place};
use crate::baseline::UpdateMode;
use crate::compare::{Comparison, Side};
use crate::exit::Exit;
use crate::gate::Decision;
use crate::report::compare::{View, json, markdown, terminal};
use crate::report::escape::terminal_line;
use crate::report::{OutputError, Outputs, Record, SuiteRecord, number, terminal as page};
use crate::run::folder;
use crate::session::{self, Options, Setting, suites};
use std::str::FromStr;

/// Most combinations.
const MOST: usize = 64;

/// A parameter with the values it takes in turn: `NAME=V1,V2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    name: String,
    values: Vec<String>,
}

impl FromStr for Axis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let setting: Setting = text.parse().map_err(|_| "write NAME=V1,V2,…".to_owned())?;
        let values: Vec<String> = setting.value.split(',').map(str::to_owned).collect();
        for (at, value) in values.iter().enumerate() {
            if value.is_empty() {
                return Err("a value is empty: write NAME=V1,V2,…".into());
            }
            if values[..at].contains(value) {
                return Err(format!("`{value}` is listed twice"));
            }
        }
        Ok(Self { name: setting.name, values })
    }
}

/// Runs every combination, one after the other, and shows what they come to.
pub(super) fn run(
    place: &Place,
    options: &mut Options,
    axes: &[Axis],
    outputs: Outputs,
    quiet: bool,
) -> CliResult {
    if outputs.junit.is_some() {
        return Err(CliError::Usage(
            "--junit: a matrix is several runs, and a JUnit report tells of one; leave it out, or run each \
             combination with --set"
                .into(),
        ));
    }
    let combinations = combinations(axes)?;
    let given = options.set.clone();
    // Nothing of a matrix becomes a baseline, and none of its runs is removed for another of them.
    options.update = UpdateMode::No;
    options.keep = folder::KEPT.max(combinations.len());
    let with = |combination: &[Setting]| given.iter().chain(combination).cloned().collect::<Vec<_>>();
    // A value that cannot be set must cost no run.
    for combination in &combinations {
        options.set = with(combination);
        suites(options)?;
    }
    let outputs = outputs.open()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let ran = runtime.block_on(session::until_signalled(async |stop| {
        options.stop = stop;
        let mut records = Vec::with_capacity(combinations.len());
        for (at, combination) in combinations.iter().enumerate() {
            if *options.stop.borrow() {
                break;
            }
            if !quiet {
                eprintln!("{} of {}: {}", at + 1, combinations.len(), terminal_line(&told(combination)));
            }
            options.set = with(combination);
            records.push(session::run(options).await?);
        }
        Ok::<_, CliError>(records)
    }));
    let Some(records) = ran else {
        eprintln!("stopped at once; what came to its end is in .holdline/runs");
        return Ok(Exit::Undecided);
    };
    let records = records?;
    let sides = records.iter().zip(&combinations).map(|(record, of)| Side::of_run(told(of), record));
    let sides: Vec<Side> = sides.collect();
    let table = (sides.len() > 1).then(|| Comparison::of(&sides));
    if let Some(path) = &outputs.json {
        json::write_matrix(&records, table.as_ref(), path)?;
    }
    if let (Some(path), Some(table)) = (&outputs.markdown, &table) {
        markdown::write(table, View::default(), path).map_err(OutputError::from)?;
    }
    match (&table, records.as_slice()) {
        (Some(table), _) => place.print(&terminal::render(table, View::default(), place.style))?,
        (None, [one]) => place.print(&page::render(one, place.style))?,
        (None, _) => {}
    }
    let exit = if records.len() < combinations.len() {
        Exit::strongest(records.iter().map(|record| Exit::from(record.decision)).chain([Exit::Undecided]))
    } else {
        Exit::strongest(records.iter().map(|record| Exit::from(record.decision)))
    };
    place.print(&last_line(&records, table.as_ref(), combinations.len(), exit))?;
    Ok(exit)
}

/// What all of it comes to.
fn last_line(records: &[Record], table: Option<&Comparison>, planned: usize, exit: Exit) -> String {
    let asked: usize = records.iter().flat_map(|record| &record.suites).map(SuiteRecord::asked).sum();
    let seconds = records.iter().map(|record| record.seconds).sum();
    let mut parts = Vec::new();
    for (what, decision) in [
        ("regressed", Decision::Regressed),
        ("undecided", Decision::Undecided),
        ("out of time", Decision::Exhausted),
    ] {
        let those = records.iter().enumerate().filter(|(_, record)| record.decision == decision);
        let letters: Vec<&str> =
            those.map(|(at, _)| table.map_or("A", |table| table.arms[at].letter.as_str())).collect();
        if !letters.is_empty() {
            parts.push(format!("{what}: {}", letters.join(", ")));
        }
    }
    let what = if parts.is_empty() { "no combination regressed".to_owned() } else { parts.join("; ") };
    let look = match records {
        [first, .., last] => {
            format!("answers beside each other: holdline compare {} {} --answers\n", first.run, last.run)
        }
        _ => String::new(),
    };
    let of = if records.len() < planned { format!("{} of ", records.len()) } else { String::new() };
    format!(
        "\n{of}{}: {what} ({} in {}; exit code {}; nothing of a matrix is offered as a baseline)\n{look}",
        number::count(planned, "combination", "combinations"),
        number::count(asked, "case", "cases"),
        number::seconds(seconds),
        exit.code()
    )
}

/// `APP_VERSION = 2, MODEL = small`.
fn told(combination: &[Setting]) -> String {
    let parts: Vec<String> = combination.iter().map(|of| format!("{} = {}", of.name, of.value)).collect();
    parts.join(", ")
}

/// Every combination, the last parameter changing fastest.
fn combinations(axes: &[Axis]) -> Result<Vec<Vec<Setting>>, CliError> {
    for (at, axis) in axes.iter().enumerate() {
        if axes[..at].iter().any(|earlier| earlier.name == axis.name) {
            let name = terminal_line(&axis.name);
            return Err(CliError::Usage(format!(
                "--matrix: `{name}` is given twice; list all its values at once"
            )));
        }
    }
    let count = axes.iter().fold(1_usize, |count, axis| count.saturating_mul(axis.values.len()));
    if count > MOST {
        return Err(CliError::Usage(format!(
            "--matrix: {count} combinations are more than {MOST}; list fewer values"
        )));
    }
    let mut all = vec![Vec::new()];
    for axis in axes {
        let longer = |of: &Vec<Setting>| {
            let of = of.clone();
            axis.values.iter().map(move |value| {
                let setting = Setting { name: axis.name.clone(), value: value.clone() };
                of.iter().cloned().chain([setting]).collect::<Vec<_>>()
            })
        };
        all = all.iter().flat_map(longer).collect();
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes(texts: &[&str]) -> Vec<Axis> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn combinations_come_in_the_order_given() {
        let all = combinations(&axes(&["B=2,1", "A=x,y"])).unwrap();
        let told: Vec<String> = all.iter().map(|one| super::told(one)).collect();
        assert_eq!(told, ["B = 2, A = x", "B = 2, A = y", "B = 1, A = x", "B = 1, A = y"]);
    }

    #[test]
    fn sixty_four_combinations_are_the_most() {
        let eight = "1,2,3,4,5,6,7,8";
        let two = [format!("A={eight}"), format!("B={eight}")];
        assert_eq!(combinations(&axes(&[&two[0], &two[1]])).unwrap().len(), 64);
        let error = combinations(&axes(&[&two[0], &two[1], "C=1,2"])).unwrap_err().to_string();
        assert_eq!(error, "--matrix: 128 combinations are more than 64; list fewer values");
        assert!(combinations(&axes(&["A=1", "A=2"])).is_err());
    }

    #[test]
    fn an_axis_lists_values_that_differ() {
        for text in ["A", "A=", "A=1,", "=1", "A=1,1"] {
            assert!(text.parse::<Axis>().is_err(), "{text}");
        }
    }
}
