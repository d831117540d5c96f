//! The third and the fifth question: how often a true drop is seen, and what other rules would do.

use super::bars::{Bars, FULL_POWER_DRAWS, percent};
use super::cell::{Cell, Shared};
use super::rivals::RULES;
use super::table::Page;
use super::unchanged::{CASES, Found, RUNS};

const BASE: f64 = 0.9;
const DROPS: [f64; 2] = [0.02, 0.05];

/// Of 50, 200 and 1000 cases: how often a drop of 5 points must be seen with five runs of the baseline.
const BARS: [f64; 3] = [0.37, 0.85, 0.99];

/// The cells of the question.
pub fn grid() -> Vec<Cell> {
    let mut cells = Vec::new();
    for drop in DROPS {
        for runs in RUNS {
            for cases in CASES {
                cells.push(Cell { drop, ..Cell::single(cases, BASE, runs) });
            }
        }
    }
    cells
}

/// Holds the powers to their bars and tells of them.
pub fn tell(found: &[Found], bars: &mut Bars, page: &mut Page) {
    page.heading("How often does it see a drop?");
    let draws = found.first().map_or(0, |found| found.draws);
    page.say(&format!(
        "Single cases, base {BASE}, independent noise, one run of the candidate, the drift guard on; {draws} draws of each. The bars are for a drop of 5 points against five runs of the baseline."
    ));
    let mut rows = Vec::new();
    for drop in DROPS {
        for runs in RUNS {
            let cells = of(found, drop, runs);
            let mut row = vec![format!("{} points, {runs} of the baseline", drop * 100.0)];
            for (cell, bar) in cells.iter().zip(BARS) {
                let barred = (drop - 0.05).abs() < 1e-9 && runs == 5;
                let told = if barred {
                    let what = format!("power at {} cases", cell.cell.cases);
                    bars.at_least(&what, cell.suite(), bar, draws, FULL_POWER_DRAWS);
                    format!(" (bar {})", percent(bar, 0))
                } else {
                    String::new()
                };
                row.push(format!("{}{told}", percent(cell.suite(), 1)));
            }
            rows.push(row);
        }
    }
    page.table(&["drop, runs", "50 cases", "200 cases", "1000 cases"], &rows);
}

fn of(found: &[Found], drop: f64, runs: usize) -> Vec<&Found> {
    found.iter().filter(|found| (found.cell.drop - drop).abs() < 1e-9 && found.cell.runs == runs).collect()
}

/// Sets the other rules beside the gate: `unchanged` are the cells without a change, `dropped` those of
/// [`grid`].
pub fn beside(unchanged: &[Found], dropped: &[Found], page: &mut Page) {
    page.heading("What would other rules do?");
    page.say("Blocked builds in per cent at base 0.9, at 50 / 200 / 1000 cases: without a change, where a block is false, and with a drop, where it is right. The other rules compare one run with one run.");
    let alike = |variants: usize, icc: f64, runs: usize| {
        let is = move |found: &&Found| {
            let cell = found.cell;
            let base = (cell.base - BASE).abs() < 1e-9;
            base && cell.variants == variants && cell.shared == Shared::Family(icc) && cell.runs == runs
        };
        unchanged.iter().filter(is).collect::<Vec<&Found>>()
    };
    let row = |name: &str, runs: usize, share: &dyn Fn(&Found) -> f64| {
        let shares = |cells: Vec<&Found>| {
            let shares: Vec<String> =
                cells.iter().map(|found| format!("{:.1}", share(found) * 100.0)).collect();
            shares.join(" / ")
        };
        vec![
            name.to_owned(),
            shares(alike(1, 0.3, runs)),
            shares(alike(5, 0.7, runs)),
            shares(alike(20, 0.7, runs)),
            shares(of(dropped, DROPS[0], runs)),
            shares(of(dropped, DROPS[1], runs)),
        ]
    };
    let mut rows: Vec<Vec<String>> =
        RULES.iter().enumerate().map(|(rule, name)| row(name, 1, &|found| found.rule(rule))).collect();
    rows.push(row("the gate, one run against one", 1, &Found::blocked));
    rows.push(row("the gate, five runs against one", 5, &Found::blocked));
    let head = [
        "rule",
        "unchanged, single cases",
        "unchanged, 5 variants a seed, ICC 0.7",
        "unchanged, 20 variants a seed, ICC 0.7",
        "2 points lost",
        "5 points lost",
    ];
    page.table(&head, &rows);
}
