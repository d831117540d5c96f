//! How few rows the covering arrays of published models need: `cargo bench --bench covering`. Fails when
//! a bar is missed or a pair is.

use holdline::expand::covering::{Effort, Factor, Model, generate};
use std::process::ExitCode;
use std::time::Instant;

/// How many factors have how many values.
type Levels = &'static [(usize, usize)];

/// A model and the most rows it may take.
const BARS: [(&str, Levels, usize); 7] = [
    ("3^4", &[(4, 3)], 9),
    ("3^13", &[(13, 3)], 17),
    ("4^15 3^17 2^29", &[(15, 4), (17, 3), (29, 2)], 32),
    ("4^1 3^39 2^35", &[(1, 4), (39, 3), (35, 2)], 23),
    ("2^100", &[(100, 2)], 10),
    ("10^20", &[(20, 10)], 195),
    ("9.6.5.4.3.3.3.2", &[(1, 9), (1, 6), (1, 5), (1, 4), (3, 3), (1, 2)], 54),
];
const SEED: u64 = 1;
const MOST_SECONDS: f64 = 3.0;

fn main() -> ExitCode {
    let mut missed = 0;
    println!("{:<16} | rows | bar | seconds", "model");
    for (name, groups, bar) in BARS {
        let levels: Vec<usize> = groups.iter().flat_map(|(count, levels)| vec![*levels; *count]).collect();
        let factors = levels
            .iter()
            .enumerate()
            .map(|(n, levels)| Factor::new(format!("f{n}"), (0..*levels).map(|value| value.to_string())))
            .collect();
        let start = Instant::now();
        let made = generate(&Model::new(factors, 2), SEED, Effort::default());
        let seconds = start.elapsed().as_secs_f64();
        let rows = match made {
            Ok(array) => array.rows,
            Err(error) => {
                println!("{name:<16} | {error}");
                missed += 1;
                continue;
            }
        };
        let pairs = missing_pairs(&levels, &rows);
        let held = rows.len() <= bar && pairs == 0 && seconds <= MOST_SECONDS;
        missed += usize::from(!held);
        let verdict = if held { String::new() } else { format!(" | missed; {pairs} pairs not covered") };
        println!("{name:<16} | {:>4} | {bar:>3} | {seconds:>7.2}{verdict}", rows.len());
    }
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn missing_pairs(levels: &[usize], rows: &[Vec<usize>]) -> usize {
    let mut missing = 0;
    for a in 0..levels.len() {
        for b in a + 1..levels.len() {
            let mut seen = vec![false; levels[a] * levels[b]];
            for row in rows {
                seen[row[a] * levels[b] + row[b]] = true;
            }
            missing += seen.iter().filter(|seen| !**seen).count();
        }
    }
    missing
}
