//! The fourth question: whether a scenario that is lost entirely is named.

use super::bars::{Bars, percent};
use super::cell::{Cell, Shared};
use super::gate::decide;
use super::parallel::count;
use super::table::Page;
use super::unchanged::RUNS;
use super::world::World;

/// Draws that the bar is for.
const DRAWS: u64 = 1_000;
const CASES: usize = 1_000;

/// Loses one scenario of twenty and looks whether it is named.
pub fn answer(draws: u64, seed: u64, bars: &mut Bars, page: &mut Page) {
    let draws = draws.min(DRAWS);
    let cells: Vec<Cell> = RUNS
        .iter()
        .map(|runs| Cell { loses: true, shared: Shared::Scenario(0.0), ..Cell::single(CASES, 0.9, *runs) })
        .collect();
    let counts = count(
        &cells,
        draws,
        |cell| World::new(cell, seed),
        |world, number| {
            world.draw(number);
            let said = decide(world);
            let named = said.confirmed.iter().any(|scenario| Some(*scenario) == world.lost);
            [named, said.confirmed.len() > 1, said.suite]
        },
    );
    page.heading("Is a scenario named that is lost entirely?");
    page.say(&format!(
        "20 scenarios of 50 cases, base 0.9; the candidate fails every case of one of them. {draws} draws. Bar: named in all of them. The test of the whole suite has scenarios as its clusters, of which one alone changed for the worse."
    ));
    let rows: Vec<Vec<String>> = cells
        .iter()
        .zip(counts)
        .map(|(cell, counts)| {
            let [named, others, suite] = counts.map(|count| count as f64 / draws.max(1) as f64);
            let what = format!("the lost scenario is named, {} of the baseline", cell.runs);
            bars.at_least(&what, named, 1.0, draws, draws);
            let told = format!("{} of {draws}", counts[0]);
            vec![cell.runs.to_string(), told, percent(others, 1), percent(suite, 1)]
        })
        .collect();
    page.table(
        &["runs of the baseline", "named", "another is named as well", "the suite's own test regressed"],
        &rows,
    );
}
