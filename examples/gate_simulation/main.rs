//! What the gate's procedure must show, simulated: how often it blocks a build when nothing changed, on a model
//! of noise and on real repeated outputs; how often it sees a drop; and what other rules would do.
//!
//! ```sh
//! cargo run --release --example gate_simulation -- [--draws N] [--power-draws N] [--seed S]
//!     [--repeats DIR] [--markdown PATH] [--csv PATH]
//! ```
//!
//! `--draws` is for each cell without a change (20,000), `--power-draws` for each with a drop (2,000). With fewer
//! than these the bars are wider by what chance does to so few. `--repeats` is a folder of real repeated outputs
//! (`../shared/data/repeats`); without it that question is skipped, and said to be. The tables go to standard
//! output, and with `--markdown` between the two marks of a page. Every draw has a random stream of its own, so
//! that the same seed gives the same numbers on any number of threads. Ends with 1 when a bar is missed, and
//! with 2 when it cannot begin or write.

mod bars;
mod cell;
mod gate;
mod lost;
mod noise;
mod options;
mod parallel;
mod power;
mod repeats;
mod rivals;
mod table;
mod unchanged;
mod world;

use bars::Bars;
use options::Options;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use table::Page;

/// What the tables stand between in the page.
const BEGIN: &str = "<!-- tables: begin -->";
const END: &str = "<!-- tables: end -->";

#[derive(Debug, thiserror::Error)]
enum SimulationError {
    #[error(transparent)]
    Options(#[from] options::OptionsError),
    #[error(transparent)]
    Repeats(#[from] repeats::RepeatsError),
    #[error("cannot read or write {path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{0} has no `{BEGIN}` with `{END}` after it")]
    Marks(PathBuf),
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Answers all questions, and whether every bar was kept.
fn run() -> Result<bool, SimulationError> {
    let options = Options::parse(std::env::args().skip(1))?;
    // A page that cannot be written must not be found out after minutes.
    if let Some(path) = &options.markdown {
        place(path, "")?;
    }
    let clock = Instant::now();
    let mut bars = Bars::default();
    let mut page = Page::default();
    page.say(&format!("Made by `{}`.", options.command()));
    let unchanged = unchanged::draw(&unchanged::grid(), options.draws, options.seed);
    unchanged::tell(&unchanged, &mut bars, &mut page);
    eprintln!("cells without a change: {:.0} s", clock.elapsed().as_secs_f64());
    if options.repeats.is_dir() {
        repeats::answer(&options.repeats, options.draws, options.seed, &mut bars, &mut page)?;
    } else {
        let folder = options.repeats.display();
        eprintln!("SKIPPED: no real repeated outputs at {folder} (--repeats DIR names another folder)");
        page.say("The question about real repeated outputs was skipped: the data is not there.");
    }
    let dropped = unchanged::draw(&power::grid(), options.power_draws, options.seed);
    power::tell(&dropped, &mut bars, &mut page);
    lost::answer(options.draws, options.seed, &mut bars, &mut page);
    power::beside(&unchanged, &dropped, &mut page);

    bars.tell(&mut page);
    println!("{}", page.text());
    eprintln!("all: {:.0} s", clock.elapsed().as_secs_f64());
    if let Some(path) = &options.markdown {
        write(path, &place(path, page.text())?)?;
    }
    if let Some(path) = &options.csv {
        write(path, &unchanged::csv(&unchanged))?;
    }
    Ok(bars.kept())
}

/// The page with this text between its marks.
fn place(path: &Path, text: &str) -> Result<String, SimulationError> {
    let page =
        fs::read_to_string(path).map_err(|source| SimulationError::File { path: path.to_owned(), source })?;
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| SimulationError::Marks(path.to_owned()))?;
    Ok(format!("{before}{BEGIN}\n\n{text}\n\n{END}{after}"))
}

fn write(path: &Path, text: &str) -> Result<(), SimulationError> {
    fs::write(path, text).map_err(|source| SimulationError::File { path: path.to_owned(), source })
}
