//! What the procedure must show, and whether it does.

use super::table::Page;

/// Draws of a cell with which a rate is held to its bar as it stands. With fewer, what chance alone does is
/// let through.
pub const FULL_DRAWS: u64 = 20_000;

/// Draws of a cell with which a power is held to its bar as it stands.
pub const FULL_POWER_DRAWS: u64 = 2_000;

/// The 99.9 % point of the normal distribution.
const Z: f64 = 3.090_232_306_167_813;

/// Bars, held to one after another.
#[derive(Debug, Default)]
pub struct Bars {
    lines: Vec<(bool, String)>,
}

impl Bars {
    /// Holds a rate over so many draws to the most that it may be.
    pub fn at_most(&mut self, what: &str, rate: f64, bar: f64, draws: u64, full: u64) {
        let most = if draws < full { bar + chance(bar, draws) } else { bar };
        self.add(rate <= most, format!("{what}: {}, at most {}", percent(rate, 2), percent(most, 2)));
    }

    /// Holds a rate over so many draws to the least that it may be.
    pub fn at_least(&mut self, what: &str, rate: f64, bar: f64, draws: u64, full: u64) {
        let least = if draws < full { bar - chance(bar, draws) } else { bar };
        self.add(rate >= least, format!("{what}: {}, at least {}", percent(rate, 2), percent(least, 2)));
    }

    fn add(&mut self, kept: bool, line: String) {
        self.lines.push((kept, line));
    }

    /// Whether all were kept.
    pub fn kept(&self) -> bool {
        self.lines.iter().all(|(kept, _)| *kept)
    }

    /// Tells how many were kept, and which were not.
    pub fn tell(&self, page: &mut Page) {
        let count = self.lines.len();
        let missed: Vec<&str> =
            self.lines.iter().filter(|(kept, _)| !kept).map(|(_, line)| line.as_str()).collect();
        page.heading("Which bars are missed?");
        if missed.is_empty() {
            page.say(&format!("None of {count}."));
        } else {
            page.say(&format!("{} of {count}:", missed.len()));
            page.list(&missed);
        }
    }
}

/// How far so few draws may be off by chance.
fn chance(rate: f64, draws: u64) -> f64 {
    Z * (rate * (1.0 - rate) / draws.max(1) as f64).sqrt()
}

/// A share in per cent.
pub fn percent(share: f64, decimals: usize) -> String {
    format!("{:.decimals$} %", share * 100.0)
}
