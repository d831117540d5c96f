//! The first question: how often a build is blocked whose application did not change.

use super::bars::{Bars, FULL_DRAWS, percent};
use super::cell::{Cell, Shared};
use super::gate::{Application, decide};
use super::parallel::{Counts, count};
use super::rivals::{self, RULES};
use super::table::{Page, mean_and_most, summary};
use super::world::World;
use std::fmt::Write as _;

/// What is counted of a draw: the gate blocks; the suite regressed; a scenario was confirmed; a scenario was
/// flagged; and each of the other rules.
pub const COUNTED: usize = 4 + RULES.len();

/// The bars of GATE.md: over all cells, and for each.
const MEAN_BAR: f64 = 0.06;
const CELL_BAR: f64 = 0.075;

pub const CASES: [usize; 3] = [50, 200, 1000];
pub const VARIANTS: [usize; 3] = [1, 5, 20];
const BASES: [f64; 4] = [0.7, 0.9, 0.98, 1.0];
const SHARED: [Shared; 4] =
    [Shared::Family(0.3), Shared::Family(0.7), Shared::Scenario(0.1), Shared::Scenario(0.3)];
pub const RUNS: [usize; 2] = [1, 5];

/// A cell and what came of it.
pub struct Found {
    pub cell: Cell,
    pub draws: u64,
    counts: Counts<COUNTED>,
}

impl Found {
    /// How often the gate blocked.
    pub fn blocked(&self) -> f64 {
        self.share(0)
    }

    /// How often the suite regressed.
    pub fn suite(&self) -> f64 {
        self.share(1)
    }

    /// How often another rule blocked.
    pub fn rule(&self, rule: usize) -> f64 {
        self.share(4 + rule)
    }

    fn share(&self, of: usize) -> f64 {
        self.counts[of] as f64 / self.draws.max(1) as f64
    }
}

/// Draws cells and counts what the gate and the other rules say.
pub fn draw(cells: &[Cell], draws: u64, seed: u64) -> Vec<Found> {
    let counts = count(
        cells,
        draws,
        |cell| World::new(cell, seed),
        |world, number| {
            world.draw(number);
            let said = decide(world);
            let [any, two, z, mcnemar] = rivals::blocks(world.scores());
            let scenario = !said.confirmed.is_empty();
            [said.blocks(), said.suite, scenario, !said.flagged.is_empty(), any, two, z, mcnemar]
        },
    );
    cells.iter().zip(counts).map(|(cell, counts)| Found { cell: *cell, draws, counts }).collect()
}

/// Every cell of the grid.
pub fn grid() -> Vec<Cell> {
    let mut cells = Vec::new();
    for shared in SHARED {
        for runs in RUNS {
            for base in BASES {
                for variants in VARIANTS {
                    for cases in CASES {
                        let single = Cell::single(cases, base, runs);
                        cells.push(Cell { variants, shared, ..single });
                    }
                }
            }
        }
    }
    cells
}

/// Holds the cells to their bars and tells of them.
pub fn tell(found: &[Found], bars: &mut Bars, page: &mut Page) {
    let (mean, most) = summary(found.iter().map(Found::blocked));
    let draws = found.first().map_or(0, |found| found.draws);
    let cells = found.len();
    let all = draws * cells as u64;
    bars.at_most("false blocks, mean over cells", mean, MEAN_BAR, all, FULL_DRAWS * cells as u64);
    for of in found {
        let what = format!("false blocks, {}", describe(&of.cell));
        bars.at_most(&what, of.blocked(), CELL_BAR, draws, FULL_DRAWS);
    }
    let unsteady = || found.iter().filter(|found| found.cell.base < 1.0);
    let (unsteady_mean, _) = summary(unsteady().map(Found::blocked));
    page.heading("How often does it block when nothing changed?");
    page.say(&format!(
        "{cells} cells, {draws} draws of each. Bars: at most {} of builds over all cells, and {} in any. Found: **{}** over all cells ({} over those whose applications ever fail, base below 1), **{}** in the worst.",
        percent(MEAN_BAR, 0),
        percent(CELL_BAR, 1),
        percent(mean, 2),
        percent(unsteady_mean, 2),
        percent(most, 2),
    ));
    page.say("Blocked builds in per cent, mean over 1, 5 and 20 variants a seed and bases 0.7, 0.9 and 0.98, and in brackets the worst of these cells:");
    by_noise(found, page);
    page.say("The same by base, and by what blocks (all cells of a row; a scenario counts when asking again did not refute its flag):");
    by_base(found, page);
    page.say("The five worst cells:");
    worst(found, page);
}

/// A row for each way of sharing noise and each number of runs.
fn by_noise(found: &[Found], page: &mut Page) {
    let mut rows = Vec::new();
    for shared in SHARED {
        for runs in RUNS {
            let mut row = vec![format!("{}; {}", sharing(shared), baseline(runs))];
            for cases in CASES {
                let cells = found.iter().filter(|found| {
                    let cell = found.cell;
                    cell.cases == cases && cell.shared == shared && cell.runs == runs && cell.base < 1.0
                });
                row.push(mean_and_most(cells.map(Found::blocked)));
            }
            rows.push(row);
        }
    }
    page.table(&["noise shared; baseline", "50 cases", "200 cases", "1000 cases"], &rows);
}

fn by_base(found: &[Found], page: &mut Page) {
    let mut rows = Vec::new();
    for base in BASES {
        let cells = || found.iter().filter(|found| (found.cell.base - base).abs() < 1e-9);
        let of = |what: usize| mean_and_most(cells().map(|found| found.share(what)));
        rows.push(vec![base.to_string(), of(0), of(1), of(2), of(3)]);
    }
    let head = ["base", "blocked", "suite regressed", "scenario confirmed", "scenario flagged at first"];
    page.table(&head, &rows);
}

fn worst(found: &[Found], page: &mut Page) {
    let mut order: Vec<&Found> = found.iter().collect();
    order.sort_by(|a, b| b.blocked().total_cmp(&a.blocked()));
    let row = |found: &&Found| {
        let shares = [found.blocked(), found.suite(), found.share(2)];
        let shares = shares.map(|share| percent(share, 2));
        [vec![describe(&found.cell)], shares.to_vec()].concat()
    };
    let rows: Vec<Vec<String>> = order.iter().take(5).map(row).collect();
    page.table(&["cell", "blocked", "suite regressed", "scenario confirmed"], &rows);
}

/// All cells as CSV.
pub fn csv(found: &[Found]) -> String {
    let mut text = String::from(
        "cases,variants,base,shared_in,icc,baseline_runs,draws,blocked,suite,scenario,flagged,any_drop,two_points,z_test,mcnemar\n",
    );
    for Found { cell, draws, counts } in found {
        let (place, icc) = match cell.shared {
            Shared::Family(icc) => ("family", icc),
            Shared::Scenario(icc) => ("scenario", icc),
        };
        let counts = counts.map(|count| count.to_string()).join(",");
        let Cell { cases, variants, base, runs, .. } = cell;
        let _ = writeln!(text, "{cases},{variants},{base},{place},{icc},{runs},{draws},{counts}");
    }
    text
}

/// A cell in words.
pub fn describe(cell: &Cell) -> String {
    format!(
        "{} cases, {} a seed, base {}, {}, {}",
        cell.cases,
        cell.variants,
        cell.base,
        sharing(cell.shared),
        baseline(cell.runs)
    )
}

fn sharing(shared: Shared) -> String {
    match shared {
        Shared::Family(icc) => format!("in a family, ICC {icc}"),
        Shared::Scenario(icc) => format!("in a scenario, ICC {icc}"),
    }
}

fn baseline(runs: usize) -> String {
    if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") }
}
