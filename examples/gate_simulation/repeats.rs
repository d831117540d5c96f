//! The second question: the same on runs of real applications, drawn again within each item.

use super::bars::{Bars, FULL_DRAWS, percent};
use super::cell::number;
use super::gate::{Application, decide};
use super::parallel::count;
use super::table::Page;
use holdline::expand::stream::Stream;
use holdline::gate::CONFIRMATIONS;
use holdline::gate::procedure::{Groups, Layout, Scores, Values};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The bar of GATE.md.
const BAR: f64 = 0.06;

#[derive(Debug, thiserror::Error)]
pub enum RepeatsError {
    #[error("cannot start gzip to read {path}: {source}")]
    Gzip { path: PathBuf, source: std::io::Error },
    #[error("gzip cannot read {path}: {message}")]
    Unpack { path: PathBuf, message: String },
    #[error("{path}: {source}")]
    Csv { path: PathBuf, source: csv::Error },
    #[error("{path}: a row has no item, model and verdict")]
    Row { path: PathBuf },
}

/// The verdicts of an item's runs, of each of its cases.
type Item = Vec<Vec<bool>>;

/// A data set: items whose cases were each asked several times.
struct Repeats {
    items: Vec<Item>,
}

impl Repeats {
    fn read(path: &Path) -> Result<Self, RepeatsError> {
        let at = || path.to_owned();
        let packed = Command::new("gzip").arg("-dc").arg("--").arg(path).output();
        let packed = packed.map_err(|source| RepeatsError::Gzip { path: at(), source })?;
        if !packed.status.success() {
            let message = String::from_utf8_lossy(&packed.stderr).trim().to_owned();
            return Err(RepeatsError::Unpack { path: at(), message });
        }
        let mut items: BTreeMap<String, BTreeMap<String, Vec<bool>>> = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(packed.stdout.as_slice());
        for row in reader.records() {
            let row = row.map_err(|source| RepeatsError::Csv { path: at(), source })?;
            let (Some(item), Some(task), Some(verdict)) = (row.get(0), row.get(2), row.get(4)) else {
                return Err(RepeatsError::Row { path: at() });
            };
            let cases = items.entry(item.to_owned()).or_default();
            cases.entry(task.to_owned()).or_default().push(verdict == "1");
        }
        Ok(Self { items: items.into_values().map(|cases| cases.into_values().collect()).collect() })
    }
}

/// How a suite is drawn from a data set.
struct Suite<'r> {
    name: &'static str,
    data: &'r Repeats,
    /// Items, drawn anew each time, and scenarios of as many items each.
    items: usize,
    scenarios: usize,
    /// Runs of the baseline.
    runs: usize,
}

impl Suite<'_> {
    fn cases_an_item(&self) -> usize {
        self.data.items.first().map_or(0, Vec::len)
    }

    fn cases(&self) -> usize {
        self.items * self.cases_an_item()
    }
}

/// A suite as it was drawn. Two runs more are drawn for asking again, where the data has them.
struct Drawn<'r> {
    suite: &'r Suite<'r>,
    stream: Stream,
    order: Vec<usize>,
    layout: Layout,
    scores: Scores,
    /// What each case comes to when it is asked again, and how often each scenario has been.
    again: Vec<Vec<bool>>,
    asked: Vec<usize>,
}

impl<'r> Drawn<'r> {
    fn new(suite: &'r Suite<'r>, seed: u64) -> Self {
        let per_item = suite.cases_an_item();
        let name = format!("{} {} {}", suite.name, suite.items, suite.runs);
        let of = |groups: usize| {
            let cases = (0..suite.cases()).map(|case| number(case / per_item * groups / suite.items));
            Groups::new(&cases.collect::<Vec<u32>>(), groups)
        };
        // Twenty scenarios are the clusters themselves.
        let clusters = if suite.scenarios < 20 { of(suite.items) } else { of(suite.scenarios) };
        Self {
            suite,
            stream: Stream::new(&[b"gate simulation", b"repeats", &seed.to_le_bytes(), name.as_bytes()]),
            order: Vec::new(),
            layout: Layout { clusters, scenarios: of(suite.scenarios) },
            scores: Scores {
                base: suite.runs,
                cand: 1,
                values: Values::Flags(Vec::new()),
                graded: Vec::new(),
            },
            again: Vec::new(),
            asked: Vec::new(),
        }
    }

    fn draw(&mut self, number: u64) {
        let mut stream = self.stream.at(number);
        self.order.clear();
        self.order.extend(0..self.suite.data.items.len());
        self.again.clear();
        self.asked = vec![0; self.suite.scenarios];
        let runs = self.suite.runs + 1;
        let mut flags = Vec::with_capacity(self.suite.cases());
        let mut verdicts = Vec::new();
        for place in 0..self.suite.items {
            let other = place + stream.index(self.order.len() - place);
            self.order.swap(place, other);
            for case in &self.suite.data.items[self.order[place]] {
                verdicts.clone_from(case);
                let wanted = verdicts.len().min(runs + CONFIRMATIONS as usize);
                for run in 0..wanted {
                    let other = run + stream.index(verdicts.len() - run);
                    verdicts.swap(run, other);
                }
                flags.push(verdicts[..runs].iter().rev().fold(0, |mask, run| mask << 1 | u32::from(*run)));
                self.again.push(verdicts[runs..wanted].to_vec());
            }
        }
        self.scores.values = Values::Flags(flags);
    }
}

impl Application for Drawn<'_> {
    fn scores(&self) -> &Scores {
        &self.scores
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn ask_again(&mut self, scenario: usize) -> Option<Vec<bool>> {
        let run = self.asked[scenario];
        self.asked[scenario] += 1;
        let said = |case: &u32| self.again[*case as usize].get(run).copied();
        self.layout.scenarios.of(scenario).iter().map(said).collect()
    }
}

/// Draws the data sets of a folder, holds them to the bar and tells of them.
pub fn answer(
    folder: &Path,
    draws: u64,
    seed: u64,
    bars: &mut Bars,
    page: &mut Page,
) -> Result<(), RepeatsError> {
    let cruxeval = Repeats::read(&folder.join("cruxeval_codellama7b_10samples.csv.gz"))?;
    let airline = Repeats::read(&folder.join("taubench_airline_gpt4o_4trials.csv.gz"))?;
    let of = |items, scenarios, runs| Suite { name: "CRUXEval", data: &cruxeval, items, scenarios, runs };
    let air = |runs| Suite { name: "tau-bench airline", data: &airline, items: 50, scenarios: 10, runs };
    let suites = [
        of(25, 5, 1),
        of(25, 5, 5),
        of(100, 10, 1),
        of(100, 10, 5),
        of(500, 10, 1),
        of(500, 10, 5),
        of(800, 40, 1),
        of(800, 40, 5),
        air(1),
        air(3),
    ];
    let counts = count(
        &suites,
        draws,
        |suite| Drawn::new(suite, seed),
        |drawn, number| {
            drawn.draw(number);
            let said = decide(drawn);
            [said.blocks(), said.suite, !said.confirmed.is_empty(), !said.flagged.is_empty()]
        },
    );
    page.heading("The same on real repeated outputs");
    page.say(&format!(
        "Runs of one unchanged system, drawn again within each item without replacement: 800 items of CRUXEval with two tasks each, ten samples of one model at temperature 0.2; 50 tasks of tau-bench (airline), four runs of an agent. Items are the families, and blocks of items the scenarios; 20 of these or more are the clusters. Which items a suite has is drawn anew as well. {draws} draws of each; bar: at most {} of builds.",
        percent(BAR, 0)
    ));
    let mut rows = Vec::new();
    for (suite, counts) in suites.iter().zip(counts) {
        let shares = counts.map(|count| count as f64 / draws.max(1) as f64);
        let what = format!("{}, {} cases, {} scenarios", suite.name, suite.cases(), suite.scenarios);
        let line = format!("re-drawn, {what}, {} of the baseline", suite.runs);
        bars.at_most(&line, shares[0], BAR, draws, FULL_DRAWS);
        let told = shares.map(|share| percent(share, 2));
        rows.push([vec![what, suite.runs.to_string()], told.to_vec()].concat());
    }
    let head = [
        "suite",
        "runs of the baseline",
        "blocked",
        "suite regressed",
        "scenario confirmed",
        "scenario flagged at first",
    ];
    page.table(&head, &rows);
    Ok(())
}
